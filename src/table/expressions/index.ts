import type { AnyType } from '../../core/types/index.js';
import type { EvaluationContext } from '../codegen/context.js';
import type { CallOptions, Rex, RexLiteral } from '../plan/rex.js';
import type { Call } from '../sql/ast/expressions.js';
import type { Expression } from '../sql/ast/index.js';
import type { Literal } from '../sql/ast/literals.js';
import type { DataType } from '../sql/ast/types.js';
import type { CallSite } from './call-site.js';

export type { CallSite } from './call-site.js';

const todo = (): never => {
  throw new Error('being written');
};

/**
 * Applies a scalar function or an operator by its name: checks the operands, converts them where the function asks for
 * it, and says what type the result has. Operators are functions too: `+ - * / % = <> < <= > >= AND OR NOT`, `- (unary): '-/1'`,
 * `IS NULL`, `IS NOT NULL`, `IS TRUE`, `IS DISTINCT FROM`, `BETWEEN` and `NOT BETWEEN` (written out), `IN`, `NOT IN` (a list),
 * `LIKE`, `NOT LIKE`, `SIMILAR TO`, `CASE` (condition, value, ..., else), `||`, `ITEM`, `ROW`, `ARRAY`, `MAP`.
 */
export const buildCall: (name: string, operands: readonly Rex[], site?: CallSite & { options?: CallOptions }) => Rex =
  todo;
/** What a call of the AST has besides its arguments, as further operands and options: units, TRIM, the JSON clauses. */
export const operandsOf: (
  call: Call,
  bind: (expression: Expression) => Rex,
  sql?: string,
) => { operands: Rex[]; options?: CallOptions } = todo;
/** CAST to a type; nothing when it has it. `explicit`: written by the user, so checked as Flink checks CAST. */
export const castTo: (rex: Rex, type: AnyType) => Rex = todo;
/** An explicit CAST or TRY_CAST. */
export const buildCast: (name: 'CAST' | 'TRY_CAST', rex: Rex, type: AnyType, site?: CallSite) => Rex = todo;
/** The type that all can be converted to without loss; `undefined`: there is none. */
export const leastRestrictive: (types: readonly AnyType[]) => AnyType | undefined = todo;
export const literalOf: (literal: Literal, sql?: string) => RexLiteral = todo;
/** @throws ValidationError for a type that does not exist */
export const typeOfAst: (type: DataType, sql?: string) => AnyType = todo;
/** Aggregates, and what is only used with OVER. */
export const isAggregateName: (name: string, site?: CallSite) => boolean = todo;
/** ROW_NUMBER, RANK, LAG ...: only with OVER. */
export const isOverOnly: (name: string) => boolean = todo;
export const isScalarName: (name: string, site?: CallSite) => boolean = todo;
/** Checks an aggregate. `operandTypes` are those the operands have to be cast to. */
export const buildAggregate: (
  name: string,
  operands: readonly Rex[],
  more?: CallSite & { distinct?: boolean; over?: boolean; grouped?: boolean; options?: CallOptions },
) => { function: string; type: AnyType; operandTypes: readonly AnyType[] } = todo;
/** Evaluates what is constant; what fails fails now. Not what changes from call to call (RAND, NOW). */
export const foldConstants: (rex: Rex, context: EvaluationContext) => Rex = todo;
/** Names for suggestions. */
export const functionNames: () => readonly string[] = todo;
/** The parts of an AND. */
export const conjuncts: (rex: Rex) => Rex[] = todo;
/** AND of the parts; TRUE for none. */
export const conjunction: (parts: readonly Rex[]) => Rex = todo;
/** As Calcite prints it: `>($1, 5)`; with fields, `(b > 5)` as Flink's optimised plans do. */
export const rexToString: (rex: Rex, fields?: readonly { readonly name: string }[]) => string = todo;
/** The columns an expression reads, ascending. */
export const inputsOf: (rex: Rex) => number[] = todo;
/** The same with other columns. */
export const mapInputs: (rex: Rex, map: (index: number) => number | Rex) => Rex = todo;
/** Visits an expression and all in it (not the queries in it), outermost first. */
export const visitRex: (rex: Rex, visit: (rex: Rex) => void) => void = todo;
/** Rebuilds from inside out; `map` gets every expression with its operands already mapped. */
export const mapRex: (rex: Rex, map: (rex: Rex) => Rex) => Rex = todo;
/** Whether it gives the same value for the same row, always. */
export const isDeterministic: (rex: Rex, site?: CallSite) => boolean = todo;
/** Structural equality (places in the text do not count). */
export const sameRex: (a: Rex, b: Rex) => boolean = todo;
