import { type CatalogObject, suggestion } from '../catalog/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import { inputRef } from '../plan/rex.js';
import type { Identifier } from '../sql/ast/names.js';
import type { AliasedTable, FromItem, Sample, TableName } from '../sql/ast/queries.js';
import type { BoundQuery, QueryEnv } from './env.js';
import { tableOptions } from './hints.js';
import { bindJoin } from './joins.js';
import { bindMatch } from './match.js';
import { bindQueryNode } from './mutual.js';
import { bindPivot } from './pivot.js';
import type { Source, StarColumn } from './scope.js';
import { bindTableFunction, bindUnnest } from './table-functions.js';
import { bindObject } from './tables.js';
import { bindUnpivot } from './unpivot.js';

/** Tables side by side: their rows, and what names mean. */
export interface FromResult {
  readonly rel: Rel;
  readonly sources: readonly Source[];
  readonly star: readonly StarColumn[];
}

/** What stands after FROM. */
export function fromRule(item: FromItem, env: QueryEnv): FromResult {
  switch (item.kind) {
    case 'table':
      return namedTable(item, env);
    case 'derived':
      return single(bindQueryNode(item.query, env), undefined);
    case 'aliased':
      return aliased(item, env);
    case 'join':
      return bindJoin(item, env);
    case 'unnest':
      return single(bindUnnest(item, env), undefined);
    case 'tableFunction':
      return single(bindTableFunction(item, env), undefined);
    case 'matchRecognize':
      return single(bindMatch(item, env), undefined);
    case 'sample':
      return sampled(item, env);
    case 'pivot':
      return single(bindPivot(item, env), undefined);
    case 'unpivot':
      return single(bindUnpivot(item, env), undefined);
  }
}

/** All rows, or none at all: Flink's streams take no other share of a table. */
function sampled(item: Sample, env: QueryEnv): FromResult {
  const { binder } = env;
  const share = item.percentage === undefined ? Number.NaN : Number(item.percentage.text);
  if (share === 100) return fromRule(item.input, env);
  throw binder.invalid(
    'Cannot generate a valid execution plan for the given query: TABLESAMPLE is not supported in streaming mode',
    item,
    'WHERE RAND() < 0.1 takes a tenth of the rows',
  );
}

/** One table under a name. */
export function single({ rel, names }: BoundQuery, name: string | undefined, path?: readonly string[]): FromResult {
  const columns = names.map((column, index) => ({ name: column, index }));
  const star = names.map((column, index) => ({
    name: column,
    rex: inputRef(index, (rel.fields[index] as PlanField).type),
  }));
  return { rel, sources: [{ name, columns, ...(path === undefined ? {} : { path }) }], star };
}

function namedTable(item: TableName, env: QueryEnv): FromResult {
  const { binder } = env;
  const parts = item.name.parts.map(({ name }) => name);
  if (item.extend !== undefined) throw binder.refused('EXTEND', item);
  if (item.systemTime !== undefined) {
    throw binder.invalid(
      'The system time period specification expects Timestamp type but is used without a join',
      item,
      'FOR SYSTEM_TIME AS OF stands on the right side of a JOIN: orders JOIN rates FOR SYSTEM_TIME AS OF orders.rowtime',
    );
  }
  return namedTableRule(parts, item, env);
}

/** A table of WITH, of an sql template, or of the catalog. */
export function namedTableRule(parts: readonly string[], item: TableName, env: QueryEnv): FromResult {
  const [first] = parts as readonly [string];
  const { binder, commonTables } = env;
  if (parts.length === 1) {
    const common = commonTables.get(first);
    if (common !== undefined) return single(common, first);
    const inline = binder.context.inline?.get(first);
    if (inline !== undefined) return single({ rel: inline, names: inline.fields.map(({ name }) => name) }, first);
  }
  const object = lookedUp(parts, item, env);
  return single(bindObject(object, binder, tableOptions(item, binder)), object.path[2], object.path);
}

function lookedUp(parts: readonly string[], item: TableName, { binder, commonTables }: QueryEnv): CatalogObject {
  const found = binder.context.catalog.find(binder.path(parts, item.name.span));
  if (found !== undefined || parts.length > 1) return found ?? binder.object(parts, item.name.span);
  const { hint } = suggestion(parts[0] as string, [...commonTables.keys()], 'tables of WITH');
  if (hint?.startsWith('did') === true) throw binder.invalid(`Object '${parts[0]}' not found`, item.name, hint);
  return binder.object(parts, item.name.span);
}

/** `t AS a`, `t AS a (x, y)`. */
function aliased({ input, alias, columns }: AliasedTable, env: QueryEnv): FromResult {
  return aliasRule(fromRule(input, env), input, alias, columns, env);
}

/** Gives a table and its columns names. */
export function aliasRule(
  made: FromResult,
  input: FromItem,
  alias: Identifier,
  columns: readonly Identifier[] | undefined,
  { binder }: QueryEnv,
): FromResult {
  const names = made.star.map(({ name }) => name);
  if (columns === undefined) {
    // A collection of plain values is one column, which is called as the table is.
    const plain = input.kind === 'unnest' && !input.ordinality && names.length === 1 && names[0] === 'EXPR$0';
    return single({ rel: made.rel, names: plain ? [alias.name] : names }, alias.name);
  }
  if (columns.length !== names.length) {
    throw binder.invalid(
      `List of column aliases must have same degree as table; table has ${names.length} columns (${names.map((name) => `'${name}'`).join(', ')}), whereas alias list has ${columns.length} columns`,
      columns[0] ?? alias,
    );
  }
  const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw binder.invalid(`Duplicate name '${twice.name}' in column alias list`, twice);
  return single({ rel: made.rel, names: columns.map(({ name }) => name) }, alias.name);
}
