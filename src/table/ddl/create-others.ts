import type { Identifier } from '../sql/ast/names.js';
import type { CreateCatalog, CreateDatabase, CreateFunction } from '../sql/ast/statements.js';
import { type StatementContext, wrong } from './context.js';
import { optionsOf } from './create-table.js';
import { functionName } from './drop.js';
import { DONE, type StatementResult } from './result.js';

export function createDatabase(statement: CreateDatabase, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const parts = statement.name.parts.map((part) => part.name);
  const [home, database] = (parts.length === 1 ? [catalog.currentCatalog, parts[0]] : parts) as [string, string];
  const site = { span: statement.name.span, sql };
  catalog.entry(home, site);
  if (catalog.hasDatabase(home, database)) {
    if (statement.ifNotExists) return DONE;
    throw wrong(
      `Database ${database} already exists in Catalog ${home}.`,
      statement.name,
      context,
      'write CREATE DATABASE IF NOT EXISTS',
    );
  }
  const { comment } = statement;
  catalog.putDatabase(
    home,
    database,
    { options: optionsOf(statement.options, context), ...(comment === undefined ? {} : { comment }) },
    site,
  );
  return DONE;
}

export function createCatalog(statement: CreateCatalog, context: StatementContext): StatementResult {
  const { catalog } = context;
  const { name } = statement.name.parts[0] as Identifier;
  if (catalog.hasCatalog(name)) {
    if (statement.ifNotExists) return DONE;
    throw wrong(`Catalog ${name} already exists.`, statement.name, context);
  }
  const options = optionsOf(statement.options, context);
  if (options.type !== 'generic_in_memory') {
    if (options.type === undefined)
      throw wrong(
        `Unable to create catalog '${name}': the option 'type' is missing`,
        statement,
        context,
        "'type' = 'generic_in_memory'",
      );
    throw wrong(
      `Unable to create catalog '${name}': could not find any factory for identifier '${options.type}' that implements 'org.apache.flink.table.factories.CatalogFactory'`,
      statement,
      context,
      "'type' = 'generic_in_memory' keeps tables in memory",
    );
  }
  catalog.putCatalog(name, options, statement.comment);
  return DONE;
}

/** CREATE FUNCTION names a class; here it is only known, and calling it fails. */
export function createFunction(statement: CreateFunction, context: StatementContext): StatementResult {
  const { functions } = context.catalog;
  const name = functionName(statement.name);
  if (functions.has(name)) {
    if (statement.ifNotExists) return DONE;
    throw wrong(
      `Could not register ${statement.temporary ? 'temporary ' : ''}${statement.system ? 'system' : 'catalog'} function. A function '${name}' does already exist.`,
      statement.name,
      context,
    );
  }
  functions.declare({
    name,
    className: statement.className,
    language: statement.language ?? 'JAVA',
    temporary: statement.temporary,
    system: statement.system,
  });
  return DONE;
}
