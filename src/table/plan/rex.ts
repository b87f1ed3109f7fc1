import type { AnyType } from '../../core/types/index.js';
import type { Span } from '../sql/ast/span.js';
import type { Rel } from './rel.js';

/** A column of the row at hand; of two rows side by side in a join condition, the left one's columns come first. */
export interface InputRef {
  readonly kind: 'input';
  readonly index: number;
  readonly type: AnyType;
}
/** A constant, as the engine keeps values of its type (see `core/values`); `null` is NULL. */
export interface RexLiteral {
  readonly kind: 'literal';
  readonly value: unknown;
  readonly type: AnyType;
}
/**
 * A function or an operator applied: `function` is the name in the catalogue of functions, in upper case (`+`, `AND`,
 * `CAST`, `SUBSTRING`), or the full name of a function of the user's. All conversions are written out as CAST: the
 * operands have the types that the function asks for.
 */
export interface RexCall {
  readonly kind: 'call';
  readonly function: string;
  readonly operands: readonly Rex[];
  readonly type: AnyType;
  /** What is no value: a unit, what to trim, the clauses of a JSON function. Plain data. */
  readonly options?: CallOptions;
  /** Where the text has it, for errors while running. */
  readonly span?: Span;
}
export interface CallOptions {
  readonly [name: string]: unknown;
}
/** A field of a ROW. */
export interface FieldAccess {
  readonly kind: 'field';
  readonly operand: Rex;
  readonly index: number;
  readonly name: string;
  readonly type: AnyType;
}
/** A column of the row outside: within a subquery, or on the right of a `Correlate`. */
export interface CorrelatedRef {
  readonly kind: 'correlated';
  readonly id: number;
  readonly index: number;
  readonly name: string;
  readonly type: AnyType;
}
/** A query within an expression. Gone after the subqueries have been rewritten as joins. */
export interface RexSubquery {
  readonly kind: 'subquery';
  /** `some` and `all` compare by `operator`; `in` is `some` with `=`. Negation is a NOT around it. */
  readonly form: 'scalar' | 'exists' | 'in' | 'some' | 'all';
  readonly operator?: string;
  /** The left side of `in`, `some`, `all`: one value a column. */
  readonly operands: readonly Rex[];
  readonly rel: Rel;
  /** Under which id the subquery refers to the row outside; absent: it does not. */
  readonly correlation?: number;
  readonly type: AnyType;
  readonly span?: Span;
}
/** An aggregate or rank function with OVER. Gone after it became a step of its own. */
export interface RexOver {
  readonly kind: 'over';
  readonly function: string;
  readonly operands: readonly Rex[];
  readonly distinct: boolean;
  readonly ignoreNulls: boolean;
  readonly partitionBy: readonly Rex[];
  readonly orderBy: readonly { readonly expression: Rex; readonly descending: boolean; readonly nullsFirst: boolean }[];
  readonly frame: OverFrame;
  readonly type: AnyType;
  readonly span?: Span;
}
export interface OverFrame {
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: OverBound;
  readonly end: OverBound;
}
export type OverBound =
  | { readonly bound: 'UNBOUNDED PRECEDING' | 'UNBOUNDED FOLLOWING' | 'CURRENT ROW' }
  /** The distance is a constant: a number of rows, or an interval in ms (day-time) or months (year-month). */
  | { readonly bound: 'PRECEDING' | 'FOLLOWING'; readonly distance: RexLiteral };

/** An expression of a plan: plain data, typed, names resolved. */
export type Rex = InputRef | RexLiteral | RexCall | FieldAccess | CorrelatedRef | RexSubquery | RexOver;

/** An aggregate over a group; what it takes are columns of the input. */
export interface AggregateCall {
  readonly function: string;
  /** Columns of the input; empty for COUNT(*). */
  readonly operands: readonly number[];
  readonly distinct: boolean;
  /** A BOOLEAN column: only rows where it is TRUE count. */
  readonly filter?: number;
  readonly type: AnyType;
  readonly name: string;
  readonly options?: CallOptions;
  readonly span?: Span;
}
/** A column to sort by. Flink's own order has NULL lowest: first when ascending, last when descending. */
export interface SortKey {
  readonly index: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export const inputRef = (index: number, type: AnyType): InputRef => ({ kind: 'input', index, type });
export const literal = (value: unknown, type: AnyType): RexLiteral => ({ kind: 'literal', value, type });
export function call(
  name: string,
  operands: readonly Rex[],
  type: AnyType,
  more: { readonly options?: CallOptions; readonly span?: Span } = {},
): RexCall {
  return { kind: 'call', function: name, operands, type, ...more };
}
