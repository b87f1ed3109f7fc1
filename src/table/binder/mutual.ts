import type { Rex } from '../plan/rex.js';
import type { Expression, FromItem, Query, TableName } from '../sql/ast/index.js';
import type { BoundQuery, ExpressionEnv, QueryEnv, Rules } from './env.js';
import type { FromResult } from './from.js';

/** Finds out what an expression means over the rows of `env.scope`. */
export function bindExpr(node: Expression, env: ExpressionEnv): Rex {
  return env.binder.rules.expression(node, env);
}

/**
 * A query, whatever its form.
 *
 * @param top whether its order is seen: that of a query within another is not kept, as in Flink
 */
export function bindQueryNode(query: Query, env: QueryEnv, top = false): BoundQuery {
  return env.binder.rules.query(query, env, top);
}

/** A query within an expression. */
export function bindSubquery(query: Query, { binder, scope, commonTables }: ExpressionEnv): BoundQuery {
  return bindQueryNode(query, { binder, outer: scope, commonTables });
}

/** What stands after FROM. */
export function bindFrom(item: FromItem, env: QueryEnv): FromResult {
  return env.binder.rules.from(item, env);
}

/** A table of WITH, of an sql template, or of the catalog. */
export function tableByName(parts: readonly string[], item: TableName, env: QueryEnv): FromResult {
  return env.binder.rules.tableByName(parts, item, env);
}

/** Gives a table and its columns names. */
export const underAlias: Rules['underAlias'] = (made, input, alias, columns, env) =>
  env.binder.rules.underAlias(made, input, alias, columns, env);
