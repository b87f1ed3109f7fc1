export type * from './columns.js';
export type * from './expressions.js';
export type * from './literals.js';
export type * from './names.js';
export type * from './queries.js';
export type * from './span.js';
export type * from './statements.js';
export type * from './types.js';
