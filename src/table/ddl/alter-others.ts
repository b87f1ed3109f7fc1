import { bindQuery } from '../binder/index.js';
import type { Identifier } from '../sql/ast/names.js';
import type { AlterCatalog, AlterDatabase, AlterFunction, AlterView } from '../sql/ast/statements.js';
import { type StatementContext, wrong } from './context.js';
import { optionsOf } from './create-table.js';
import { functionName } from './drop.js';
import { expandedQuery } from './quoted.js';
import { DONE, type StatementResult } from './result.js';
import { shownTimes } from './shown-times.js';

export function alterView(statement: AlterView, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const path = catalog.path(
    statement.name.parts.map(({ name }) => name),
    { span: statement.name.span, sql },
  );
  const found = catalog.find(path);
  if (found?.kind !== 'view' || found.temporary) {
    throw wrong(
      found === undefined || (found.kind === 'view' && found.temporary)
        ? `View ${path.map((part) => `\`${part}\``).join('.')} doesn't exist or is a temporary view.`
        : 'ALTER VIEW for a table is not allowed',
      statement.name,
      context,
    );
  }
  if (statement.to !== undefined) {
    const parts = statement.to.parts.map(({ name }) => name);
    const to = parts.length === 1 ? ([path[0], path[1], parts[0] as string] as const) : catalog.path(parts);
    if (catalog.find(to) !== undefined)
      throw wrong(`Table (or view) ${to[1]}.${to[2]} already exists in Catalog ${to[0]}.`, statement.to, context);
    catalog.remove(found);
    catalog.put({ ...found, path: to });
    return DONE;
  }
  const { query } = statement;
  if (query === undefined) return DONE;
  const tables = new Map<readonly Identifier[], string>();
  const { rel, fields } = bindQuery(query, { ...context, typesOnly: true, tables });
  const { currentCatalog, currentDatabase } = catalog;
  const expanded = expandedQuery(query, tables, catalog);
  const definition = { query, sql, expanded, catalog: currentCatalog, database: currentDatabase };
  catalog.put({ ...found, fields, times: shownTimes(rel), definition });
  return DONE;
}

export function alterDatabase(statement: AlterDatabase, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const parts = statement.name.parts.map(({ name }) => name);
  const [home, database] = (parts.length === 1 ? [catalog.currentCatalog, parts[0]] : parts) as [string, string];
  const { options, comment } = catalog.database(home, database, { span: statement.name.span, sql });
  const changed = { ...options, ...optionsOf(statement.options, context) };
  catalog.putDatabase(home, database, { options: changed, ...(comment === undefined ? {} : { comment }) });
  return DONE;
}

export function alterCatalog(statement: AlterCatalog, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const { name } = statement.name;
  const { options, comment } = catalog.entry(name, { span: statement.name.span, sql });
  if (statement.keys?.includes('type') === true) {
    throw wrong("ALTER CATALOG RESET does not support changing 'type'", statement.name, context);
  }
  const kept = Object.fromEntries(Object.entries(options).filter(([key]) => statement.keys?.includes(key) !== true));
  const changed = { ...kept, ...optionsOf(statement.options ?? [], context) };
  catalog.putCatalog(name, changed, statement.comment ?? comment);
  return DONE;
}

export function alterFunction(statement: AlterFunction, context: StatementContext): StatementResult {
  const { functions } = context.catalog;
  const name = functionName(statement.name);
  const known = functions.declared(name);
  if (known === undefined) {
    if (statement.ifExists) return DONE;
    throw wrong(`Function ${name} does not exist.`, statement.name, context);
  }
  functions.declare({ ...known, className: statement.className, language: statement.language ?? known.language });
  return DONE;
}
