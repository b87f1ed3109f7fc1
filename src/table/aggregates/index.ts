// Aggregates as JavaScript: SUM, COUNT, MIN ... over the rows of a group
export { compileAggregates } from './compile.js';
export { MoreThanOneRowError } from './extremes.js';
export type { Accumulators, AggregateHandler, AggregateOptions } from './handler.js';
