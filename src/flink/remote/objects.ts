import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Catalog,
  type CatalogObject,
  type CatalogTable,
  type CatalogView,
  pathText,
} from '../../table/catalog/index.js';
import type { Connectors } from '../../table/connectors/registry.js';
import { createTableText } from '../../table/ddl/show-create.js';
import type { FlinkSqlContext } from '../../table/flink-sql/context.js';
import { flinkQueryText } from '../../table/flink-sql/queries.js';
import { quoteIdentifier } from '../../table/sql/index.js';
import { ClusterRefusal } from '../errors.js';
import { tablesIn } from './names.js';

/** The connectors that are the same here and there. */
const COMMON = new Set(['blackhole', 'datagen', 'filesystem', 'kafka', 'print', 'upsert-kafka']);

/** An object of the catalog, and the statements that make it on a cluster. */
export interface ObjectToSend {
  readonly object: CatalogObject;
  readonly statements: readonly string[];
}

const name = (object: CatalogObject): string => object.path.map(quoteIdentifier).join('.');

/**
 * What a cluster has to be told before it can carry statements out: the tables and views they name, those that views are
 * made of first. They are temporary there: they go with the session.
 *
 * @throws ClusterRefusal for a table that only this process has
 */
export function objectsFor(
  sql: string,
  catalog: Catalog,
  connectors: Connectors,
  context: FlinkSqlContext,
): ObjectToSend[] {
  const made = new Map<string, ObjectToSend>();
  const take = (text: string): void => {
    for (const parts of tablesIn(text)) {
      if (parts.length > 3) continue;
      const object = catalog.find(catalog.path(parts));
      if (object === undefined || made.has(pathText(object.path))) continue;
      const query = object.kind === 'view' ? viewQuery(object, context) : undefined;
      if (query !== undefined) take(query);
      const create =
        query === undefined ? tableStatement(object as CatalogTable, connectors) : viewStatement(object, query);
      made.set(pathText(object.path), { object, statements: [...databaseStatements(object), create] });
    }
  };
  take(sql);
  return [...made.values()];
}

function databaseStatements({ path: [catalog, database] }: CatalogObject): string[] {
  if (catalog !== 'default_catalog') {
    throw new ClusterRefusal(`the catalog \`${catalog}\` is only in this process`, {
      hint: 'make the table in default_catalog: USE CATALOG default_catalog',
    });
  }
  if (database === 'default_database') return [];
  return [`CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(catalog)}.${quoteIdentifier(database)}`];
}

function viewQuery(view: CatalogView, context: FlinkSqlContext): string {
  const { definition } = view;
  return 'rel' in definition ? flinkQueryText(definition.rel, context) : definition.expanded;
}

function viewStatement(view: CatalogObject, query: string): string {
  const columns = view.fields.map((field) => quoteIdentifier(field.name)).join(', ');
  return `CREATE TEMPORARY VIEW ${name(view)} (${columns}) AS ${query}`;
}

function tableStatement(table: CatalogTable, connectors: Connectors): string {
  const { connector } = table.options;
  if (connector === undefined) {
    throw new ClusterRefusal(`the table \`${pathText(table.path)}\` has no connector`, {
      hint: "WITH ('connector' = '...')",
    });
  }
  if (!COMMON.has(connector) && connectors.list().some((known) => known.name === connector)) {
    throw new ClusterRefusal(`the connector '${connector}' of \`${pathText(table.path)}\` is only in this process`, {
      hint: `connectors on both: ${[...COMMON].join(', ')}; fromRows() for a few rows`,
    });
  }
  return createTableText({ ...table, temporary: true, options: optionsThere(table.options) });
}

/** A path that is relative here would be relative to somewhere else there. */
function optionsThere(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { connector, path } = options;
  if (connector !== 'filesystem' || path === undefined || /^[a-z][a-z0-9+.-]+:/i.test(path)) return options;
  return { ...options, path: pathToFileURL(isAbsolute(path) ? path : resolve(path)).href };
}

/** The statement that takes an object away again. */
export function dropText(object: CatalogObject): string {
  return `DROP TEMPORARY ${object.kind === 'table' ? 'TABLE' : 'VIEW'} IF EXISTS ${name(object)}`;
}
