// Aggregates as JavaScript: SUM, COUNT, MIN ... over the rows of a group
export { type AddCode, addCode, compileAggregates } from './compile.js';
export type { Accumulators, AggregateOptions } from './handler.js';
export { addsUpInParts } from './in-parts.js';
