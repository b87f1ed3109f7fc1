// Expressions as JavaScript

export { compareValues } from './compare.js';
export {
  columnsWriter,
  compileCalc,
  compileExpression,
  compileJoinPredicate,
  compilePredicate,
  compileProjection,
} from './compile.js';
// What it needs from outside
export { type EvaluationContext, evaluationContext } from './context.js';
// Keys, orders, equality and pairs of rows
export { compileComparator, compileConcat, compileKey, compileRowEquals } from './rows.js';
export { compileTableFunction } from './table-functions.js';
export type { Writer } from './writer.js';
