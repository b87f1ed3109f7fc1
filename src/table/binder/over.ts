import { suggestion } from '../catalog/index.js';
import { buildAggregate, castTo, isAggregateName } from '../expressions/index.js';
import type { OverBound, OverFrame, Rex, RexOver } from '../plan/rex.js';
import type { Call, Expression } from '../sql/ast/expressions.js';
import type { Identifier } from '../sql/ast/names.js';
import type { FrameBound, OrderItem, WindowFrame, WindowSpecification } from '../sql/ast/queries.js';
import { aggregateOperands, aggregateOptions } from './aggregate-operands.js';
import type { ExpressionEnv } from './env.js';
import { bindExpr } from './mutual.js';

const RANKS = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'NTILE', 'PERCENT_RANK', 'CUME_DIST', 'LAG', 'LEAD']);

/** `f(...) OVER (...)`. */
export function bindOver(node: Call, name: string, env: ExpressionEnv): Rex {
  const { binder } = env;
  if (env.inOver === true) throw binder.invalid('Aggregate expressions cannot be nested', env.outerCall ?? node);
  if (!isAggregateName(name, binder.site(node)))
    throw binder.invalid('OVER must be applied to aggregate function', node);
  if (env.over !== true) throw binder.invalid(`Windowed aggregate expression is illegal in ${env.clause} clause`, node);
  if (env.inAggregate === true) throw binder.invalid('Aggregate expressions cannot be nested', env.outerCall ?? node);
  if (node.filter !== undefined) {
    throw binder.invalid(
      'OVER must be applied to aggregate function',
      node,
      'FILTER does not go with OVER: write SUM(CASE WHEN ... THEN x END) OVER (...)',
    );
  }
  const window = resolveWindow(node.over as Identifier | WindowSpecification, env);
  const inner: ExpressionEnv = { ...env, over: false, inOver: true, outerCall: node };
  const partitionBy = window.partitionBy.map((one) => bindExpr(one, inner));
  const orderBy = window.orderBy.map((item) => orderKey(item, bindExpr(item.expression, inner)));
  const operands = aggregateOperands(node, inner);
  const distinct = node.quantifier === 'DISTINCT';
  const options = aggregateOptions(node, inner);
  const grouped = env.aggregates === undefined || env.aggregates.grouped;
  const built = buildAggregate(name, operands, { ...binder.site(node), distinct, over: true, grouped });
  if (RANKS.has(name) && name !== 'ROW_NUMBER' && orderBy.length === 0) {
    throw binder.invalid(
      'RANK or DENSE_RANK functions require ORDER BY clause in window specification',
      node.over as WindowSpecification,
    );
  }
  if (name === 'ROW_NUMBER' && orderBy.length === 0) {
    throw binder.invalid(
      'Over Agg: The window rank function requires order by clause with non-constant fields. please re-check the over window statement.',
      node.over as WindowSpecification,
      'ROW_NUMBER() OVER (PARTITION BY a ORDER BY b)',
    );
  }
  if (RANKS.has(name) && window.frame !== undefined) {
    throw binder.invalid('ROW/RANGE not allowed with RANK, DENSE_RANK or ROW_NUMBER functions', window.frame);
  }
  const made: RexOver = {
    kind: 'over',
    function: built.function,
    operands: operands.map((operand, i) => castTo(operand, built.operandTypes[i] ?? operand.type)),
    distinct,
    ignoreNulls: options?.ignoreNulls === true,
    partitionBy,
    orderBy,
    frame: name === 'ROW_NUMBER' ? ROWS_SO_FAR : frameOf(window, orderBy, inner),
    type: built.type,
    span: node.span,
  };
  return made;
}

/** Flink's order: NULL is lowest, so it comes first when ascending and last when descending. */
export function orderKey(item: OrderItem, expression: Rex): RexOver['orderBy'][number] {
  const descending = item.direction === 'DESC';
  return { expression, descending, nullsFirst: item.nulls === undefined ? !descending : item.nulls === 'FIRST' };
}

function resolveWindow(
  over: Identifier | WindowSpecification,
  env: ExpressionEnv,
  seen: readonly string[] = [],
): WindowSpecification {
  const { binder, windows } = env;
  const named = (name: Identifier): WindowSpecification => {
    const found = windows?.get(name.name);
    if (found === undefined || seen.includes(name.name)) {
      const { hint } = suggestion(name.name, [...(windows?.keys() ?? [])], 'windows');
      throw binder.invalid(`Window '${name.name}' not found`, name, hint);
    }
    return resolveWindow(found, env, [...seen, name.name]);
  };
  if (over.kind === 'identifier') return named(over);
  if (over.base === undefined) return over;
  const base = named(over.base);
  if (over.partitionBy.length > 0)
    throw binder.invalid('PARTITION BY not allowed with existing window reference', over);
  if (over.orderBy.length > 0 && base.orderBy.length > 0) {
    throw binder.invalid('ORDER BY not allowed in both base and referenced windows', over);
  }
  if (base.frame !== undefined) throw binder.invalid('Referenced window cannot have framing declarations', over.base);
  return {
    ...base,
    orderBy: base.orderBy.length > 0 ? base.orderBy : over.orderBy,
    ...(over.frame === undefined ? {} : { frame: over.frame }),
  };
}

const ROWS_SO_FAR: OverFrame = {
  unit: 'ROWS',
  start: { bound: 'UNBOUNDED PRECEDING' },
  end: { bound: 'CURRENT ROW' },
};

function frameOf({ frame, span }: WindowSpecification, orderBy: RexOver['orderBy'], env: ExpressionEnv): OverFrame {
  const ordered = orderBy.length > 0;
  const { binder } = env;
  if (frame === undefined) {
    return {
      unit: 'RANGE',
      start: { bound: 'UNBOUNDED PRECEDING' },
      end: { bound: ordered ? 'CURRENT ROW' : 'UNBOUNDED FOLLOWING' },
    };
  }
  if (!ordered && frame.unit === 'RANGE') {
    throw binder.invalid('Window specification must contain an ORDER BY clause', { span });
  }
  const start = boundOf(frame.start, frame, env);
  const end = frame.end === undefined ? ({ bound: 'CURRENT ROW' } as const) : boundOf(frame.end, frame, env);
  checkBounds(frame, env);
  checkDistances(frame, [start, end], orderBy, env);
  return { unit: frame.unit, start, end };
}

/** RANGE measures what is ordered by: a time by an interval, a number by a number. */
function checkDistances(
  { unit, start }: WindowFrame,
  bounds: readonly OverBound[],
  orderBy: RexOver['orderBy'],
  { binder }: ExpressionEnv,
): void {
  const root = orderBy[0]?.expression.type.root;
  if (unit !== 'RANGE' || root === undefined) return;
  const time = ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(root);
  for (const bound of bounds) {
    if (!('distance' in bound) || bound.distance.type.root.startsWith('INTERVAL') === time) continue;
    throw binder.invalid('Data Type mismatch between ORDER BY and RANGE clause', start.distance ?? start);
  }
}

const PLACE = {
  'UNBOUNDED PRECEDING': 0,
  PRECEDING: 1,
  'CURRENT ROW': 2,
  FOLLOWING: 3,
  'UNBOUNDED FOLLOWING': 4,
} as const;

function checkBounds({ start, end, ...frame }: WindowFrame, { binder }: ExpressionEnv): void {
  if (start.bound === 'UNBOUNDED FOLLOWING') {
    throw binder.invalid('UNBOUNDED FOLLOWING cannot be specified for the lower frame boundary', start);
  }
  if (end?.bound === 'UNBOUNDED PRECEDING') {
    throw binder.invalid('UNBOUNDED PRECEDING cannot be specified for the upper frame boundary', end);
  }
  if (PLACE[start.bound] > PLACE[end?.bound ?? 'CURRENT ROW']) {
    throw binder.invalid(
      start.bound === 'CURRENT ROW'
        ? 'Upper frame boundary cannot be PRECEDING when lower boundary is CURRENT ROW'
        : `Upper frame boundary cannot be ${end?.bound === 'PRECEDING' ? 'PRECEDING' : 'CURRENT ROW'} when lower boundary is FOLLOWING`,
      { span: frame.span },
    );
  }
}

function boundOf(bound: FrameBound, frame: WindowFrame, env: ExpressionEnv): OverBound {
  const { binder } = env;
  if (bound.bound !== 'PRECEDING' && bound.bound !== 'FOLLOWING') return { bound: bound.bound };
  const node = bound.distance as Expression;
  const distance = bindExpr(node, env);
  if (distance.kind !== 'literal') throw binder.invalid('the distance of a frame has to be a constant', node);
  const interval = distance.type.root.startsWith('INTERVAL');
  const numeric = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'DECIMAL', 'DOUBLE', 'FLOAT'].includes(distance.type.root);
  if (frame.unit === 'ROWS' && (!numeric || distance.type.root === 'DECIMAL' || distance.type.root === 'DOUBLE')) {
    throw binder.invalid('ROWS value must be a non-negative integral constant', node);
  }
  if (frame.unit === 'RANGE' && !interval && !numeric) {
    throw binder.invalid('Data Type mismatch between ORDER BY and RANGE clause', node);
  }
  return { bound: bound.bound, distance };
}
