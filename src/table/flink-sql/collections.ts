import type { PlanField } from '../plan/field.js';
import type { Rex } from '../plan/rex.js';
import { quoteIdentifier as q } from '../sql/unparse/index.js';
import { castType } from './literals.js';
import { NotInFlinkSqlError } from './refusal.js';
import { TravellingColumns } from './travel.js';

/** Planning takes Flink the longer, the more there are. */
const MOST_LITERALS = 20_000;

/**
 * Rows as a query: a list of plain literals, and an expression for each column above it. Flink plans a list of literals in
 * one step; anything else in it (a NULL, a sign) makes a step of every row, and of two thousand rows a wait of a minute.
 *
 * @param rows the engine's values, in the order of the columns
 * @param timeZone of the session that the query is sent in
 * @throws NotInFlinkSqlError for what has no words in Flink SQL
 */
export function collectionQuery(
  name: string,
  rows: readonly (readonly unknown[])[],
  fields: readonly PlanField[],
  timeZone: string,
): string {
  if (rows.length === 0) return noRows(fields);
  const columns = new TravellingColumns(timeZone);
  const items = fields.map((field, i) => {
    const values = rows.map((row) => row[i]);
    return `${columns.column(field.type, values, `column \`${field.name}\` of ${name}`)} AS ${q(field.name)}`;
  });
  const { lists } = columns;
  if (lists.length * rows.length > MOST_LITERALS) {
    throw new NotInFlinkSqlError(
      `${name}, whose lists and maps have ${lists.length} values in each of ${rows.length} rows,`,
      `at most ${MOST_LITERALS} values are: a topic or a file between them`,
    );
  }
  const tuples = rows.map((_, row) => `(${lists.map((list) => list[row]).join(', ')})`);
  return `SELECT ${items.join(', ')} FROM (VALUES ${tuples.join(', ')}) AS v (${lists.map((_, i) => `c${i}`).join(', ')})`;
}

/** The values of rows that consist of literals alone; `undefined` where something has to be computed. */
export function literalRows(
  rows: readonly (readonly Rex[])[],
  fields: readonly PlanField[],
): (readonly unknown[])[] | undefined {
  const isOf = (rex: Rex, { type }: PlanField): boolean =>
    rex.kind === 'literal' &&
    (rex.value === null ||
      castType(rex.type) === castType(type) ||
      (rex.type.root === 'VARCHAR' && type.root === 'VARCHAR'));
  if (!rows.every((row) => row.every((rex, i) => isOf(rex, fields[i] as PlanField)))) return undefined;
  return rows.map((row) => row.map((rex) => (rex.kind === 'literal' ? rex.value : undefined)));
}

/** Rows of expressions as a query, every column of exactly its type. */
export function valuesQuery(rows: readonly (readonly string[])[], fields: readonly PlanField[]): string {
  if (rows.length === 0) return noRows(fields);
  const items = fields.map(({ name, type }, i) => `CAST(v.c${i} AS ${castType(type)}) AS ${q(name)}`);
  const tuples = rows.map((row) => `(${row.join(', ')})`);
  return `SELECT ${items.join(', ')} FROM (VALUES ${tuples.join(', ')}) AS v (${fields.map((_, i) => `c${i}`).join(', ')})`;
}

function noRows(fields: readonly PlanField[]): string {
  const none = fields.map(({ name, type }) => `CAST(NULL AS ${castType(type)}) AS ${q(name)}`);
  return `SELECT ${none.join(', ')} FROM (VALUES (0)) AS v (c0) WHERE v.c0 = 1`;
}
