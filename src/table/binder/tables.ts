import { type CatalogObject, type CatalogTable, type CatalogView, scanFields } from '../catalog/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import { inputRef, type Rex } from '../plan/rex.js';
import { Binder, type BoundQuery, namesOf } from './env.js';
import { bindQueryNode } from './mutual.js';
import { mapRexDeep } from './rex-tools.js';
import { renamed } from './steps.js';

/** What reading a table or a view gives. */
export function bindObject(
  object: CatalogObject,
  binder: Binder,
  options?: Readonly<Record<string, string>>,
): BoundQuery {
  const rel = object.kind === 'table' ? tableRel(object, options) : viewRel(object, binder);
  return { rel, names: namesOf(object.fields) };
}

/** A scan, the computed columns above it, the watermark above those. */
export function tableRel(table: CatalogTable, options?: Readonly<Record<string, string>>): Rel {
  const physical = scanFields(table);
  const scan: Rel = {
    kind: 'scan',
    table: table.path,
    ...(options === undefined ? {} : { options }),
    fields: physical,
  };
  const rel = withComputed(scan, table);
  const { watermark } = table;
  if (watermark === undefined) return rel;
  const column = table.columns.findIndex(({ name }) => name === watermark.column);
  return { kind: 'watermark', input: rel, column, watermark: watermark.expression, fields: table.fields };
}

function withComputed(scan: Rel, table: CatalogTable): Rel {
  const { columns } = table;
  if (columns.every((column) => column.kind !== 'computed')) return scan;
  let physical = 0;
  const expressions = columns.map((column): Rex => {
    if (column.kind === 'computed') return column.expression;
    return inputRef(physical++, column.type);
  });
  const fields = table.fields.map((field): PlanField => {
    if (field.time !== 'rowtime') return field;
    return { name: field.name, type: field.type };
  });
  return { kind: 'project', input: scan, expressions, fields };
}

function viewRel(view: CatalogView, binder: Binder): Rel {
  const { definition } = view;
  const names = namesOf(view.fields);
  if ('rel' in definition) return renamed(definition.rel, names);
  const name = view.path.join('.');
  if (binder.views.includes(name)) {
    throw binder.invalid(`The view ${name} reads itself: ${[...binder.views, name].join(' -> ')}`, definition.query);
  }
  const { sql, catalog, database, query } = definition;
  const within = new Binder(
    binder.rules,
    { ...binder.context, sql },
    { home: [catalog, database], within: binder, view: name },
  );
  const { rel } = bindQueryNode(query, { binder: within, commonTables: new Map() }, true);
  return renamed(rel, names);
}

/** Moves an expression from the columns of one table to those of another, by position. */
export function reindexed(rex: Rex, positions: readonly number[]): Rex {
  return mapRexDeep(rex, (one) => (one.kind === 'input' ? { ...one, index: positions[one.index] as number } : one));
}
