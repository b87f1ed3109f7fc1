import { type CatalogObject, pathText, suggestion } from '../catalog/index.js';
import { NotImplementedError } from '../errors.js';
import type { Identifier, Name } from '../sql/ast/names.js';
import type { Drop } from '../sql/ast/statements.js';
import { type StatementContext, wrong } from './context.js';
import { DONE, type StatementResult } from './result.js';

/** DROP of anything. */
export function drop(statement: Drop, context: StatementContext): StatementResult {
  switch (statement.object) {
    case 'TABLE':
      return dropObject(statement, context, 'table');
    case 'VIEW':
      return dropObject(statement, context, 'view');
    case 'FUNCTION':
      return dropFunction(statement, context);
    case 'DATABASE':
      return dropDatabase(statement, context);
    case 'CATALOG':
      return dropCatalog(statement, context);
    default:
      throw new NotImplementedError(`DROP ${statement.object}`, { span: statement.span, sql: context.sql });
  }
}

function dropObject(statement: Drop, context: StatementContext, kind: CatalogObject['kind']): StatementResult {
  const { catalog, sql } = context;
  const { name, temporary, ifExists } = statement;
  const path = catalog.path(
    name.parts.map((part) => part.name),
    { span: name.span, sql },
  );
  const what = kind === 'table' ? 'Table' : 'View';
  const passing = catalog.temporary(path);
  if (!temporary && passing?.kind === kind) {
    throw wrong(
      `Temporary ${kind} with identifier '\`${path.join('`.`')}\`' exists. Drop it first before removing the permanent ${kind}.`,
      name,
      context,
      `DROP TEMPORARY ${what.toUpperCase()} ${path[2]}`,
    );
  }
  const found = temporary ? passing : catalog.permanent(path);
  if (found?.kind === kind) {
    catalog.remove(found);
    return DONE;
  }
  if (ifExists) return DONE;
  const other =
    found === undefined ? undefined : `${pathText(path)} is a ${found.kind}: DROP ${found.kind.toUpperCase()}`;
  const names = catalog
    .objects(path[0], path[1])
    .filter((object) => object.kind === kind && object.temporary === temporary)
    .map((object) => object.path[2]);
  throw wrong(
    `${temporary ? 'Temporary table or view' : what} with identifier '${pathText(path)}' does not exist.`,
    name,
    context,
    other ??
      suggestion(path[2], names, `${kind}s`).hint ??
      `write DROP ${what.toUpperCase()} IF EXISTS if that is no mistake`,
  );
}

/** The name of a function, as it is looked up. */
export function functionName(name: Name): string {
  return (name.parts[name.parts.length - 1] as Identifier).name;
}

function dropFunction(statement: Drop, context: StatementContext): StatementResult {
  const { functions } = context.catalog;
  const name = functionName(statement.name);
  if (functions.unregister(name) || statement.ifExists) return DONE;
  const { catalog } = context;
  const where = statement.system
    ? `Could not drop temporary system function. A function named '${name}' doesn't exist.`
    : statement.temporary
      ? `Temporary catalog function ${catalog.currentCatalog}.${catalog.currentDatabase}.${name} doesn't exist`
      : `Function ${catalog.currentDatabase}.${name} does not exist in Catalog ${catalog.currentCatalog}.`;
  throw wrong(where, statement.name, context, suggestion(name, [...functions.names()], 'functions').hint);
}

function dropDatabase(statement: Drop, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const parts = statement.name.parts.map((part) => part.name);
  const [home, database] = parts.length === 1 ? [catalog.currentCatalog, parts[0]] : parts;
  const site = { span: statement.name.span, sql };
  catalog.entry(home as string, site);
  if (!catalog.hasDatabase(home as string, database as string)) {
    if (statement.ifExists) return DONE;
    throw wrong(
      `Database ${database} does not exist in Catalog ${home}.`,
      statement.name,
      context,
      suggestion(database as string, catalog.databases(home), 'databases').hint,
    );
  }
  if (home === catalog.currentCatalog && database === catalog.currentDatabase) {
    throw wrong('Cannot drop a database which is currently in use.', statement.name, context, 'USE another one first');
  }
  const { objects } = catalog.database(home as string, database as string);
  if (objects.size > 0 && statement.behaviour !== 'CASCADE') {
    throw wrong(
      `Database ${database} in catalog ${home} is not empty.`,
      statement.name,
      context,
      'DROP DATABASE ... CASCADE drops its tables too',
    );
  }
  catalog.removeDatabase(home as string, database as string);
  return DONE;
}

function dropCatalog(statement: Drop, context: StatementContext): StatementResult {
  const { catalog } = context;
  const name = functionName(statement.name);
  if (!catalog.hasCatalog(name)) {
    if (statement.ifExists) return DONE;
    throw wrong(
      `Catalog ${name} does not exist.`,
      statement.name,
      context,
      suggestion(name, catalog.catalogs(), 'catalogs').hint,
    );
  }
  if (name === catalog.currentCatalog) {
    throw wrong(
      'Cannot drop a catalog which is currently in use.',
      statement.name,
      context,
      'USE CATALOG another one first',
    );
  }
  catalog.removeCatalog(name);
  return DONE;
}
