import { bindQuery } from '../binder/index.js';
import type { CatalogView } from '../catalog/index.js';
import type { PlanField } from '../plan/field.js';
import type { Identifier } from '../sql/ast/names.js';
import type { CreateView } from '../sql/ast/statements.js';
import { type StatementContext, wrong } from './context.js';
import { requireDatabase } from './create-table.js';
import { expandedQuery } from './quoted.js';
import { DONE, type StatementResult } from './result.js';
import { shownTimes } from './shown-times.js';

/** CREATE VIEW: the query is checked now and bound again whenever it is read. */
export function createView(statement: CreateView, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const site = { span: statement.name.span, sql };
  const path = catalog.path(
    statement.name.parts.map(({ name }) => name),
    site,
  );
  requireDatabase(path, statement.temporary, statement.name, context);
  const existing = statement.temporary ? catalog.temporary(path) : catalog.permanent(path);
  if (existing !== undefined) {
    if (statement.ifNotExists) return DONE;
    throw wrong(
      statement.temporary
        ? `Temporary table '${path.map((part) => `\`${part}\``).join('.')}' already exists`
        : `Could not execute CreateTable in path \`${path.join('`.`')}\`: Table (or view) ${path[1]}.${path[2]} already exists in Catalog ${path[0]}.`,
      statement.name,
      context,
      `DROP ${statement.temporary ? 'TEMPORARY ' : ''}VIEW ${path[2]} first`,
    );
  }
  const tables = new Map<readonly Identifier[], string>();
  const { rel, fields, names: found } = bindQuery(statement.query, { ...context, typesOnly: true, tables });
  const names = statement.columns?.map(({ name }) => name);
  if (names !== undefined && names.length !== fields.length) {
    throw wrong(
      `VIEW definition and input fields not match:\n\tDef fields: [${names.join(', ')}].\n\tInput fields: [${fields.map(({ name }) => name).join(', ')}].`,
      statement,
      context,
    );
  }
  const all = names ?? found;
  const twice = all.findIndex((name, i) => all.indexOf(name) !== i);
  if (twice >= 0) {
    const { query } = statement;
    const plain = query.kind === 'select' && query.items.every(({ expression }) => expression.kind !== 'star');
    // As Flink: the second column of a list of names, the first of two that the query calls the same.
    const item = names === undefined ? all.indexOf(all[twice] as string) : twice;
    const at = (plain ? query.items[item] : undefined) ?? query;
    const { line, column } = at.span;
    throw wrong(
      `A column with the same name \`${all[twice]}\` has been defined at line ${line}, column ${column}.`,
      at,
      context,
    );
  }
  const view: CatalogView = {
    kind: 'view',
    path,
    temporary: statement.temporary,
    fields: fields.map((field, i): PlanField => ({ ...field, name: names?.[i] ?? field.name })),
    times: shownTimes(rel),
    ...(statement.comment === undefined ? {} : { comment: statement.comment }),
    definition: {
      query: statement.query,
      sql,
      expanded: expandedQuery(statement.query, tables, catalog),
      catalog: catalog.currentCatalog,
      database: catalog.currentDatabase,
    },
  };
  catalog.put(view, site);
  return DONE;
}
