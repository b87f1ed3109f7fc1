import type { AnyType } from '../../core/types/index.js';
import { dateText, decimalText, floatToCell, Timestamp, timeText } from '../../core/values/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rex } from '../plan/rex.js';
import { quoteIdentifier as q, quoteText } from '../sql/unparse/index.js';
import { castType, valueText } from './literals.js';

/** How a column of a collection travels. */
interface Travel {
  /** What stands in the list of rows. */
  item(value: unknown): string;
  /** What makes the column of it again. */
  column(name: string): string;
}

/**
 * Rows as a query: a list of plain literals, and a conversion for each column above it. Flink plans a list of literals in
 * one step; anything else in it (a NULL, a sign) makes a step of every row, and of two thousand rows a wait of a minute.
 *
 * @param rows the engine's values, in the order of the columns
 */
export function collectionQuery(rows: readonly (readonly unknown[])[], fields: readonly PlanField[]): string {
  const travels = fields.map(({ type }, i) =>
    travelOf(
      type,
      rows.map((row) => row[i]),
    ),
  );
  const lists = rows.map((row) => row.map((value, i) => (travels[i] as Travel).item(value)));
  return valuesQuery(lists, fields, travels);
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
export function valuesQuery(
  rows: readonly (readonly string[])[],
  fields: readonly PlanField[],
  travels: readonly Travel[] = fields.map(({ type }) => asExpression(type)),
): string {
  if (rows.length === 0) {
    const none = fields.map(({ name, type }) => `CAST(NULL AS ${castType(type)}) AS ${q(name)}`);
    return `SELECT ${none.join(', ')} FROM (VALUES (0)) AS v (c0) WHERE v.c0 = 1`;
  }
  const inner = fields.map((_, i) => `c${i}`);
  const items = fields.map(({ name }, i) => `${(travels[i] as Travel).column(`v.${inner[i]}`)} AS ${q(name)}`);
  const lists = rows.map((row) => `(${row.join(', ')})`);
  return `SELECT ${items.join(', ')} FROM (VALUES ${lists.join(', ')}) AS v (${inner.join(', ')})`;
}

function travelOf(type: AnyType, values: readonly unknown[]): Travel {
  if (values.every((value) => isPlain(type, value))) return asLiteral(type);
  return TEXT[type.root] === undefined ? asExpression(type) : asText(type);
}

/** Whether a value is one literal of SQL, without a sign or a conversion. */
function isPlain({ root }: AnyType, value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (root === 'BOOLEAN' || root === 'CHAR' || root === 'VARCHAR') return true;
  return (root === 'TINYINT' || root === 'SMALLINT' || root === 'INT') && (value as number) >= 0;
}

const asLiteral = (type: AnyType): Travel => ({
  item: (value) => {
    if (typeof value === 'string') return quoteText(value);
    return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : String(value);
  },
  column: (name) => `CAST(${name} AS ${castType(type)})`,
});

const asExpression = (type: AnyType): Travel => ({
  item: (value) => valueText(value, type),
  column: (name) => `CAST(${name} AS ${castType(type)})`,
});

/** NULL is the empty text, any other value its text behind an equals sign. */
function asText(type: AnyType): Travel {
  const write = TEXT[type.root] as (value: never, type: AnyType) => string;
  return {
    item: (value) => quoteText(value === null || value === undefined ? '' : `=${write(value as never, type)}`),
    column: (name) => {
      const text = `CASE WHEN ${name} <> '' THEN SUBSTRING(${name} FROM 2) END`;
      if (type.root !== 'TIMESTAMP_LTZ') return `CAST(${text} AS ${castType(type)})`;
      if (type.precision > 3) return `CAST(CAST(${text} AS TIMESTAMP(${type.precision})) AS ${castType(type)})`;
      return `CAST(TO_TIMESTAMP_LTZ(CAST(${text} AS BIGINT), 3) AS ${castType(type)})`;
    },
  };
}

const stampText = (value: unknown, precision: number): string =>
  (typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp)).format(precision);

const doubleText = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));

/** The text that CAST reads as the very value. */
const TEXT: Readonly<Record<string, (value: never, type: AnyType) => string>> = {
  CHAR: (value: string) => value,
  VARCHAR: (value: string) => value,
  BOOLEAN: String,
  TINYINT: String,
  SMALLINT: String,
  INT: String,
  BIGINT: String,
  FLOAT: (value: number) => doubleText(floatToCell(value)),
  DOUBLE: doubleText,
  DECIMAL: (value: number, type) => decimalText(value, type.root === 'DECIMAL' ? type.scale : 0),
  DATE: (value: number) => dateText(value),
  TIME: (value: number, type) => timeText(value, type.root === 'TIME' ? Math.min(3, type.precision) : 0),
  TIMESTAMP: (value: unknown, type) => stampText(value, type.root === 'TIMESTAMP' ? type.precision : 3),
  TIMESTAMP_LTZ: (value: unknown, type) => {
    const precision = type.root === 'TIMESTAMP_LTZ' ? type.precision : 3;
    return precision > 3 ? stampText(value, precision) : String(Number(value));
  },
};
