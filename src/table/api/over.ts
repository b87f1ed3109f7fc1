import { type as types } from '../../core/types/index.js';
import { ValidationError } from '../errors.js';
import { buildAggregate, castTo } from '../expressions/index.js';
import type { FunctionResolver } from '../functions/user.js';
import type { Rel } from '../plan/rel.js';
import { literal, type OverBound, type Rex, type RexOver } from '../plan/rex.js';
import { DAY_TIME } from './functions.js';
import type { ExpressionNode } from './node.js';
import { resolve, type Scope } from './resolve.js';
import { intervalMs, type OverWindow } from './windows.js';

/** What stands for `x.sum().over('w')`: an aggregate over a window of rows. */
export function overAggregates(
  input: Rel,
  windows: readonly OverWindow[],
  functions: FunctionResolver,
): (node: ExpressionNode) => Rex | undefined {
  return (node) => {
    if (node.kind !== 'over') return undefined;
    const window = windows.find(({ alias }) => alias === node.window);
    if (window === undefined) {
      throw new ValidationError(`no window \`${node.window}\` of rows`, {
        hint: `there are: ${windows.map(({ alias }) => alias).join(', ')}`,
      });
    }
    if (node.aggregate.kind !== 'aggregate') throw new ValidationError('over() follows an aggregate');
    return overOf(node.aggregate, window, { fields: input.fields, functions });
  };
}

function overOf(node: Extract<ExpressionNode, { kind: 'aggregate' }>, window: OverWindow, scope: Scope): RexOver {
  const operands = node.operands.map((operand) => resolve(operand, scope));
  const built = buildAggregate(node.function, operands, {
    distinct: node.distinct,
    over: true,
    functions: scope.functions,
  });
  const order = window.orderBy;
  const descending = order.kind === 'order' && order.descending;
  const start = boundOf(window.preceding, 'PRECEDING');
  const end = boundOf(window.following, 'FOLLOWING');
  const rows = start.unit === 'ROWS';
  return {
    kind: 'over',
    function: built.function,
    operands: operands.map((operand, i) => castTo(operand, built.operandTypes[i] ?? operand.type)),
    distinct: node.distinct,
    ignoreNulls: false,
    partitionBy: window.partitionBy.map((key) => resolve(key, scope)),
    orderBy: [{ expression: resolve(order, scope), descending, nullsFirst: !descending }],
    frame: { unit: rows ? 'ROWS' : 'RANGE', start: start.bound, end: end.bound },
    type: built.type,
  };
}

function boundOf(
  node: ExpressionNode | undefined,
  direction: 'PRECEDING' | 'FOLLOWING',
): { readonly unit: 'ROWS' | 'RANGE'; readonly bound: OverBound } {
  if (node === undefined) {
    return { unit: 'RANGE', bound: { bound: direction === 'PRECEDING' ? 'UNBOUNDED PRECEDING' : 'CURRENT ROW' } };
  }
  const ms = intervalMs(node);
  if (ms !== undefined) return { unit: 'RANGE', bound: { bound: direction, distance: literal(ms, DAY_TIME) } };
  if (node.kind === 'call') {
    const unit = node.function.endsWith('RANGE') ? 'RANGE' : 'ROWS';
    if (node.function.startsWith('UNBOUNDED')) return { unit, bound: { bound: `UNBOUNDED ${direction}` } };
    if (node.function.startsWith('CURRENT')) return { unit, bound: { bound: 'CURRENT ROW' } };
    const [rows] = node.operands;
    if (node.function === 'ROW_INTERVAL' && rows?.kind === 'literal') {
      const distance = literal(Number(rows.value), types.bigint().notNull());
      return { unit: 'ROWS', bound: { bound: direction, distance } };
    }
  }
  throw new ValidationError(
    'a bound of a window of rows is UNBOUNDED_RANGE, UNBOUNDED_ROW, an interval, or rowInterval(n)',
  );
}
