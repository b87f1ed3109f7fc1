import { type AnyType, type LogicalType, makeType, type } from '../../core/types/index.js';
import { callNode, Expression, type LiteralValue, nodeOf, type Operand } from './expression.js';

/**
 * A column by its name, or (in a `groupBy` and `select` after a window) a window by its alias.
 *
 * @example
 *   orders.select(col('name'), col('price').times(2).as('double'));
 * @see Flink: `$("name")`, in PyFlink `col("name")`
 */
export function col(name: string): Expression {
  return name === '*' ? new Expression({ kind: 'all', except: [] }) : new Expression({ kind: 'column', name });
}

/** A constant; its type follows from the value (5 is INT, 0.5 DOUBLE, 'a' CHAR(1)) unless it is given. */
export function lit(value: LiteralValue, as?: AnyType): Expression {
  const node = nodeOf(value);
  return new Expression(as === undefined ? node : { kind: 'literal', value, type: as });
}

/** A call of any function by its name: a built-in one, or one of yours. */
export function callFunction(name: string, ...operands: Operand[]): Expression {
  return callNode(name.toUpperCase(), operands);
}

/** Chooses per row. */
export function ifThenElse(condition: Operand, yes: Operand, no: Operand): Expression {
  return callNode('IF', [condition, yes, no]);
}

/** The first that is not NULL. */
export function coalesce(...operands: Operand[]): Expression {
  return callNode('COALESCE', operands);
}

/** Texts one after the other; NULL if one of them is. */
export function concat(...operands: Operand[]): Expression<LogicalType<'VARCHAR', 'nullable'>> {
  return callNode('CONCAT', operands);
}

/** Texts with a separator between them; those that are NULL are left out. */
export function concatWs(separator: Operand, ...operands: Operand[]): Expression<LogicalType<'VARCHAR', 'nullable'>> {
  return callNode('CONCAT_WS', [separator, ...operands]);
}

/** An array of these elements. */
export function array(...elements: Operand[]): Expression {
  return callNode('ARRAY', elements);
}

/** A map: keys and values take turns. */
export function map(...keysAndValues: Operand[]): Expression {
  return callNode('MAP', keysAndValues);
}

/** A row of these fields. */
export function row(...fields: Operand[]): Expression {
  return callNode('ROW', fields);
}

/** The opposite of a condition. */
export function not(condition: Operand): Expression {
  return callNode('NOT', [condition]);
}

/** NULL of a type. */
export function nullOf(of: AnyType): Expression {
  return new Expression({ kind: 'cast', operand: { kind: 'literal', value: null }, type: of, tries: false });
}

/** All columns but these. */
export function withoutColumns(...names: string[]): Expression {
  return new Expression({ kind: 'all', except: names });
}

/** So many rows, as the size of a window: `Tumble.over(rowInterval(10))`. */
export function rowInterval(rows: number): Expression {
  return new Expression({ kind: 'call', function: 'ROW_INTERVAL', operands: [nodeOf(rows)] });
}

/** Bounds of OVER windows. */
export const UNBOUNDED_ROW: Expression = new Expression({ kind: 'call', function: 'UNBOUNDED_ROW', operands: [] });
export const UNBOUNDED_RANGE: Expression = new Expression({ kind: 'call', function: 'UNBOUNDED_RANGE', operands: [] });
export const CURRENT_ROW: Expression = new Expression({ kind: 'call', function: 'CURRENT_ROW', operands: [] });
export const CURRENT_RANGE: Expression = new Expression({ kind: 'call', function: 'CURRENT_RANGE', operands: [] });

/** The type of day-time intervals; milliseconds are kept. */
export const DAY_TIME: AnyType = makeType('INTERVAL_DAY_TIME', { resolution: 'DAY TO SECOND(3)' }).notNull();

/** The type of a literal, as Flink derives it from the value. */
export function typeOfLiteral(value: LiteralValue): AnyType {
  switch (typeof value) {
    case 'boolean':
      return type.boolean().notNull();
    case 'bigint':
      return type.bigint().notNull();
    case 'string':
      return type.char(Math.max(1, [...value].length)).notNull();
    case 'number':
      if (!Number.isInteger(value) || Object.is(value, -0)) return type.double().notNull();
      if (value >= -2147483648 && value <= 2147483647) return type.int().notNull();
      return Number.isSafeInteger(value) ? type.bigint().notNull() : type.double().notNull();
    default:
      if (value === null) return makeType('NULL', {});
      if (value instanceof Date) return type.timestampLtz(3).notNull();
      return type.timestamp(value.nanosOfMs === 0 ? 3 : 9).notNull();
  }
}
