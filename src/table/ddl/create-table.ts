import { type CatalogTable, type ObjectPath, pathText, suggestion } from '../catalog/index.js';
import { NotImplementedError } from '../errors.js';
import type { Property } from '../sql/ast/columns.js';
import type { Span } from '../sql/ast/span.js';
import type { CreateTable } from '../sql/ast/statements.js';
import { type StatementContext, wrong } from './context.js';
import { draftElements, type TableDraft } from './draft.js';
import { mergeLike } from './like.js';
import { inFlinkOrder } from './option-order.js';
import { resolveTable } from './resolve.js';
import { DONE, type StatementResult } from './result.js';

/**
 * CREATE TABLE, also LIKE another. (CREATE TABLE AS is not carried out here: its columns are those of a query.)
 *
 * @see Flink: CREATE Statements
 */
export function createTable(statement: CreateTable, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  if (statement.orReplace || statement.replace === true) {
    throw new NotImplementedError('REPLACE TABLE', {
      span: statement.span,
      sql,
      hint: 'DROP TABLE, then CREATE TABLE',
    });
  }
  const parts = statement.name.parts.map(({ name }) => name);
  const path = catalog.path(parts, { span: statement.name.span, sql });
  requireDatabase(path, statement.temporary, statement.name, context);
  const existing = statement.temporary ? catalog.temporary(path) : catalog.permanent(path);
  if (existing !== undefined) {
    if (statement.ifNotExists) return DONE;
    const quoted = path.map((part) => `\`${part}\``).join('.');
    throw wrong(
      statement.temporary
        ? `Temporary table '${quoted}' already exists`
        : `Could not execute CreateTable in path ${quoted}: Table (or view) ${path[1]}.${path[2]} already exists in Catalog ${path[0]}.`,
      statement.name,
      context,
      'DROP it first, or write CREATE TABLE IF NOT EXISTS',
    );
  }
  const table = tableOf(statement, context);
  if (table.options.connector === undefined) {
    throw wrong(
      `Could not execute CreateTable in path ${path.map((part) => `\`${part}\``).join('.')}: Table options do not contain an option key 'connector' for discovering a connector.`,
      statement.name,
      context,
      "WITH ('connector' = '...') says where the rows are",
    );
  }
  catalog.put(table);
  return DONE;
}

/** @throws ValidationError when there is no such catalog or database */
export function requireDatabase(
  path: ObjectPath,
  temporary: boolean,
  node: { readonly span: Span },
  context: StatementContext,
): void {
  const [home, database] = path;
  const { catalog } = context;
  if (temporary || catalog.hasDatabase(home, database)) return;
  if (!catalog.hasCatalog(home))
    throw wrong(
      `Catalog ${home} does not exist.`,
      node,
      context,
      suggestion(home, catalog.catalogs(), 'catalogs').hint,
    );
  throw wrong(
    `Could not execute CreateTable in path \`${path.join('`.`')}\`: Database ${database} does not exist in Catalog ${home}.`,
    node,
    context,
    suggestion(database, catalog.databases(home), 'databases').hint,
  );
}

/** The table that a CREATE TABLE describes; the catalog is not changed. */
export function tableOf(statement: CreateTable, context: StatementContext): CatalogTable {
  const { catalog, sql } = context;
  const path = catalog.path(
    statement.name.parts.map(({ name }) => name),
    { span: statement.name.span, sql },
  );
  const { distribution } = statement;
  const own: TableDraft = {
    ...draftElements(statement, context),
    partitionedBy: statement.partitionedBy.map(({ name }) => name),
    options: optionsOf(statement.options, context),
    ...(statement.comment === undefined ? {} : { comment: statement.comment }),
    ...(distribution === undefined
      ? {}
      : {
          distribution: {
            ...(distribution.algorithm === undefined ? {} : { algorithm: distribution.algorithm }),
            columns: distribution.columns.map(({ name }) => name),
            ...(distribution.buckets === undefined ? {} : { buckets: distribution.buckets }),
          },
        }),
  };
  const draft = statement.like === undefined ? own : mergeLike(own, statement.like, context);
  if (draft.columns.length === 0) throw wrong(`the table ${pathText(path)} has no columns`, statement, context);
  const ordered = { ...draft, options: inFlinkOrder(draft.options) };
  return resolveTable(ordered, path, statement.temporary, context, statement.name.span);
}

/** `'a' = 'b', ...`. */
export function optionsOf(properties: readonly Property[], context: StatementContext): Record<string, string> {
  const made: Record<string, string> = {};
  for (const property of properties) {
    if (Object.hasOwn(made, property.key))
      throw wrong(`the option '${property.key}' is given twice`, property, context);
    made[property.key] = property.value;
  }
  return made;
}
