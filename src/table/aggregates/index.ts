// Aggregates as JavaScript: SUM, COUNT, MIN ... over the rows of a group
export { compileAggregates } from './compile.js';
export type { Accumulators, AggregateOptions } from './handler.js';
