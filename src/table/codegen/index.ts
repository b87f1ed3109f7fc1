import type { KeyId } from '../../core/keys.js';
import type { Row } from '../../core/rows/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rex, SortKey } from '../plan/rex.js';
import type { EvaluationContext } from './context.js';

export { type EvaluationContext, evaluationContext } from './context.js';

const todo = (): never => {
  throw new Error('being written');
};

export const compileExpression: (
  rex: Rex,
  input: readonly PlanField[],
  context: EvaluationContext,
) => (row: Row) => unknown = todo;
/** UNKNOWN counts as false. */
export const compilePredicate: (
  rex: Rex,
  input: readonly PlanField[],
  context: EvaluationContext,
) => (row: Row) => boolean = todo;
/** A condition over two rows: columns of the left come first. */
export const compileJoinPredicate: (
  rex: Rex,
  left: readonly PlanField[],
  right: readonly PlanField[],
  context: EvaluationContext,
) => (left: Row, right: Row) => boolean = todo;
/** A row of `output` for each row; the kind of the row is kept. */
export const compileProjection: (
  expressions: readonly Rex[],
  input: readonly PlanField[],
  output: readonly PlanField[],
  context: EvaluationContext,
) => (row: Row) => Row = todo;
/** Filter and projection in one; `undefined` for what is filtered out. */
export const compileCalc: (
  condition: Rex | undefined,
  expressions: readonly Rex[],
  input: readonly PlanField[],
  output: readonly PlanField[],
  context: EvaluationContext,
) => (row: Row) => Row | undefined = todo;
/** The key of a row made of these columns. One column is its own key, several make one text. */
export const compileKey: (columns: readonly number[], input: readonly PlanField[]) => (row: Row) => KeyId = todo;
/** Below zero, zero or above. */
export const compileComparator: (keys: readonly SortKey[], input: readonly PlanField[]) => (a: Row, b: Row) => number =
  todo;
/** Whether two rows have the same values (kinds do not count). NULL equals NULL, NaN equals NaN. */
export const compileRowEquals: (input: readonly PlanField[]) => (a: Row, b: Row) => boolean = todo;
/** A row of `output` made of the columns of two rows side by side; either may be null: its columns are NULL. */
export const compileConcat: (
  left: readonly PlanField[],
  right: readonly PlanField[],
  output: readonly PlanField[],
) => (left: Row | null, right: Row | null) => Row = todo;
/** The rows a table function (or UNNEST) gives for a row: lists of values. `input` is the correlated row. */
export const compileTableFunction: (
  scan: { readonly function: string; readonly operands: readonly Rex[]; readonly ordinality?: boolean },
  input: readonly PlanField[],
  context: EvaluationContext,
) => (row: Row) => Iterable<readonly unknown[]> = todo;
