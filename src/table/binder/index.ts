import { type PlanField, uniqueNames } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import type { Expression, Query } from '../sql/ast/index.js';
import type { BindContext } from './context.js';
import { Binder } from './env.js';
import { bindExpr, bindQueryNode } from './mutual.js';
import { RULES } from './rules.js';
import { tableScope } from './scope.js';
import { renamed } from './steps.js';
import { bindObject } from './tables.js';

export type { BindContext } from './context.js';
export { bindInsert } from './insert.js';

/** A query as a plan. */
export interface BoundPlan {
  readonly rel: Rel;
  /** Its columns, as the user named them. */
  readonly fields: readonly PlanField[];
  /** The names before columns that are called the same got numbers. */
  readonly names: readonly string[];
}

/**
 * Finds out what the names of a query mean and writes it down as a logical plan. Subqueries and OVER are still
 * expressions in it (`rewriteSubqueries` of `rewrite/`). Columns that are called the same get numbers, as in Flink.
 *
 * @throws ValidationError in Flink's words, with the place
 */
export function bindQuery(query: Query, context: BindContext): BoundPlan {
  const { rel, names } = bindQueryNode(query, { binder: new Binder(RULES, context), commonTables: new Map() }, true);
  const made = renamed(rel, uniqueNames(names));
  return { rel: made, fields: made.fields, names };
}

/**
 * An expression over the columns of one table: a computed column, a watermark, a filter.
 *
 * @throws ValidationError
 */
export function bindExpression(expression: Expression, fields: readonly PlanField[], context: BindContext): Rex {
  const scope = tableScope(fields);
  return bindExpr(expression, {
    binder: new Binder(RULES, context, { alone: true }),
    commonTables: new Map(),
    scope,
    clause: 'an expression',
  });
}

/** What `SELECT * FROM name` reads: a scan with its computed columns and watermark, or the query of a view. */
export function bindTable(parts: readonly string[], context: BindContext): Rel {
  const object = context.catalog.resolve(parts);
  return bindObject(object, new Binder(RULES, context)).rel;
}
