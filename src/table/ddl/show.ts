import { pathText, suggestion } from '../catalog/index.js';
import { NotImplementedError } from '../errors.js';
import { aggregateNames, functionNames } from '../expressions/index.js';
import type { Name } from '../sql/ast/names.js';
import type { LikeFilter, Show } from '../sql/ast/statements.js';
import { type StatementContext, wrong } from './context.js';
import { columnsAnswer, describeRows } from './describe.js';
import { partitionNames } from './partitions.js';
import { answer, type StatementResult } from './result.js';

/**
 * SHOW of anything but CREATE.
 *
 * @see Flink: SHOW Statements
 */
export function show(statement: Show, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const one = (name: string, list: readonly string[]): StatementResult =>
    answer(
      [name],
      list.filter((value) => matches(value, statement.like)).map((value) => [value]),
    );
  switch (statement.what) {
    case 'CATALOGS':
      return one('catalog name', catalog.catalogs());
    case 'CURRENT CATALOG':
      return one('current catalog name', [catalog.currentCatalog]);
    case 'CURRENT DATABASE':
      return one('current database name', [catalog.currentDatabase]);
    case 'DATABASES': {
      const home = statement.of?.parts[0]?.name ?? catalog.currentCatalog;
      return one('database name', catalog.databases(home, { span: statement.span, sql }));
    }
    case 'TABLES':
      return one('table name', objectNames(statement, context, false));
    case 'VIEWS':
      return one('view name', objectNames(statement, context, true));
    case 'FUNCTIONS':
      return one('function name', [...new Set([...systemFunctions(), ...catalog.functions.names()])].sort());
    case 'USER FUNCTIONS':
      return one('function name', [...catalog.functions.names()]);
    case 'COLUMNS':
      return columns(statement, context);
    case 'MODULES':
      return one('module name', ['core']);
    case 'FULL MODULES':
      return answer(['module name', 'used?'], [['core', true]]);
    case 'JARS':
      return one('jars', []);
    case 'PARTITIONS':
      return one('partition name', partitions(statement, context));
    case 'PROCEDURES':
      return one('procedure name', []);
    default:
      throw new NotImplementedError(`SHOW ${statement.what}`, { span: statement.span, sql });
  }
}

/** The functions that are words, in lower case as Flink lists them. */
function systemFunctions(): string[] {
  return [...functionNames(), ...aggregateNames()]
    .filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name))
    .map((name) => name.toLowerCase());
}

function objectNames({ of }: Show, context: StatementContext, views: boolean): string[] {
  const { catalog } = context;
  const parts = of?.parts.map(({ name }) => name) ?? [];
  const [home, database] = parts.length === 2 ? parts : [catalog.currentCatalog, parts[0] ?? catalog.currentDatabase];
  if (of !== undefined && !catalog.hasDatabase(home as string, database as string)) {
    throw wrong(
      `Database '${home}'.'${database}' doesn't exist.`,
      of,
      context,
      suggestion(database as string, catalog.databases(), 'databases').hint,
    );
  }
  return catalog
    .objects(home, database)
    .filter(({ kind }) => !views || kind === 'view')
    .map(({ path }) => path[2]);
}

function partitions({ of, partition }: Show, context: StatementContext): string[] {
  const name = of as Name;
  const { catalog, sql } = context;
  const found = catalog.resolve(
    name.parts.map((part) => part.name),
    { span: name.span, sql },
  );
  if (found.kind === 'view') throw wrong(`${pathText(found.path)} is a view: views have no partitions`, name, context);
  return partitionNames(found, name, partition, context);
}

function columns(statement: Show, context: StatementContext): StatementResult {
  const { of } = statement;
  if (of === undefined) throw wrong('SHOW COLUMNS FROM which table?', statement, context);
  const { catalog, sql } = context;
  const path = catalog.path(of.parts.map(({ name }) => name));
  const found = catalog.find(path);
  if (found === undefined)
    throw wrong(
      `Tables or views with the identifier '${pathText(path)}' doesn't exist.`,
      of,
      { ...context, sql },
      catalog.otherTables(path).hint,
    );
  return columnsAnswer(describeRows(found).filter(([name]) => matches(name as string, statement.like)));
}

/** LIKE and ILIKE of SHOW. */
function matches(value: string, like: LikeFilter | undefined): boolean {
  if (like === undefined) return true;
  let source = '';
  for (let i = 0; i < like.pattern.length; i++) {
    const sign = like.pattern[i] as string;
    if (sign === '\\' && i + 1 < like.pattern.length) source += escaped(like.pattern[++i] as string);
    else if (sign === '%') source += '.*';
    else source += sign === '_' ? '.' : escaped(sign);
  }
  return new RegExp(`^${source}$`, like.operator === 'ILIKE' ? 'isu' : 'su').test(value) !== like.negated;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
