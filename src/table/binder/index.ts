import type { PlanField } from '../plan/field.js';
import type { Rel, SinkPlan } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import type { Expression, Insert, Query } from '../sql/ast/index.js';
import type { BindContext } from './context.js';

export type { BindContext } from './context.js';

const todo = (): never => {
  throw new Error('being written');
};

/**
 * Finds out what the names of a query mean and writes it down as a logical plan. Subqueries and OVER are still
 * expressions in it (`rewriteSubqueries` of `rewrite/`). `fields` are its columns, as the user named them.
 *
 * @throws ValidationError in Flink's words, with the place
 */
export const bindQuery: (query: Query, context: BindContext) => { rel: Rel; fields: readonly PlanField[] } = todo;
/** INSERT INTO: the query's columns converted to those of the table. @throws ValidationError */
export const bindInsert: (insert: Insert, context: BindContext) => SinkPlan = todo;
/** An expression over the columns of one table: a computed column, a watermark, a filter. @throws ValidationError */
export const bindExpression: (expression: Expression, fields: readonly PlanField[], context: BindContext) => Rex = todo;
/** What `SELECT * FROM name` reads: a scan with its computed columns and watermark, or the query of a view. */
export const bindTable: (parts: readonly string[], context: BindContext) => Rel = todo;
