import { nearest } from '../../core/nearest.js';
import { UnknownColumnError } from '../../core/types/index.js';
import { Timestamp } from '../../core/values/index.js';
import { ValidationError } from '../errors.js';
import { buildCall, castTo } from '../expressions/index.js';
import type { FunctionResolver } from '../functions/user.js';
import type { PlanField } from '../plan/field.js';
import { inputRef, literal, type Rex, type RexLiteral } from '../plan/rex.js';
import type { LiteralValue } from './expression.js';
import { DAY_TIME, typeOfLiteral } from './functions.js';
import type { ExpressionNode } from './node.js';
import { intervalMs } from './windows.js';

/** What names mean where an expression stands. */
export interface Scope {
  readonly fields: readonly PlanField[];
  /** Asked first: what stands for a node as a whole (an aggregate that was computed below). */
  readonly replace?: ((node: ExpressionNode) => Rex | undefined) | undefined;
  /** The functions of the user's. */
  readonly functions: FunctionResolver;
}

/** Resolves an expression against columns. @throws ValidationError, UnknownColumnError */
export function resolve(node: ExpressionNode, scope: Scope): Rex {
  const replaced = scope.replace?.(node);
  if (replaced !== undefined) return replaced;
  switch (node.kind) {
    case 'column':
      return columnRef(node.name, scope.fields);
    case 'literal':
      return literalOf(node.value as LiteralValue, node.type);
    case 'call': {
      const ms = intervalMs(node);
      if (ms !== undefined) return literal(ms, DAY_TIME);
      const operands = node.operands.map((operand) => resolve(operand, scope));
      const { functions } = scope;
      return buildCall(
        node.function,
        operands,
        node.options === undefined ? { functions } : { functions, options: node.options },
      );
    }
    case 'cast': {
      const operand = resolve(node.operand, scope);
      const nullable = operand.type.nullability === 'nullable';
      const type = nullable ? node.type.nullable() : node.type.notNull();
      if (node.tries) return buildCall('TRY_CAST', [operand], { options: { type: node.type.nullable() } });
      return castTo(operand, type as typeof node.type);
    }
    case 'field':
      return fieldOf(resolve(node.operand, scope), node.field);
    case 'alias':
    case 'order':
      return resolve(node.operand, scope);
    case 'rex':
      return node.rex;
    case 'aggregate':
      throw new ValidationError(`the aggregate ${node.function} stands where there is no group`, {
        hint: 'use it in select() or aggregate() after groupBy()',
      });
    case 'over':
      throw new ValidationError(`no window \`${node.window}\` of rows`, {
        hint: "table.overWindow(Over.partitionBy(...).orderBy(...).as('w')) defines it",
      });
    case 'windowProperty':
      throw new ValidationError(`no window \`${node.window}\``, {
        hint: "table.window(Tumble.over(...).on(...).as('w')).groupBy(col('w')) defines it",
      });
    case 'all':
      throw new ValidationError('`*` stands for all columns only in select()');
  }
}

/** The position of a column. */
export function positionOf(name: string, fields: readonly PlanField[]): number {
  const index = fields.findIndex((field) => field.name === name);
  if (index >= 0) return index;
  const names = fields.map((field) => field.name);
  throw new UnknownColumnError(name, names, undefined, nearest(name, names));
}

function columnRef(name: string, fields: readonly PlanField[]): Rex {
  const index = positionOf(name, fields);
  return inputRef(index, (fields[index] as PlanField).type);
}

/** A constant as the engine keeps it. */
function literalOf(value: LiteralValue, as = typeOfLiteral(value)): RexLiteral {
  if (value === null) return literal(null, as);
  if (value instanceof Date) return literal(value.getTime(), as);
  if (value instanceof Timestamp) return literal(value.nanosOfMs === 0 ? value.ms : value, as);
  return literal(value, as);
}

function fieldOf(operand: Rex, field: string | number): Rex {
  const { type } = operand;
  if (type.root !== 'ROW' && type.root !== 'STRUCTURED') {
    throw new ValidationError(`get(${JSON.stringify(field)}): ${type} has no fields, only a ROW has`);
  }
  const index = typeof field === 'number' ? field : type.fields.findIndex((f) => f.name === field);
  const found = type.fields[index];
  if (found === undefined) {
    throw new UnknownColumnError(
      String(field),
      type.fields.map((f) => f.name),
    );
  }
  const result = type.nullability === 'nullable' ? found.type.nullable() : found.type;
  return { kind: 'field', operand, index, name: found.name, type: result as typeof found.type };
}
