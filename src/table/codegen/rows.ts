import { type KeyId, keyIdOf } from '../../core/keys.js';
import { classOfRow, columnAccess, type Row, rowClassOf } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import { type PlanField, planSchema } from '../plan/field.js';
import type { SortKey } from '../plan/rex.js';
import { type Compare, compareColumn } from './compare.js';
import { sameValue } from './same-value.js';

const field = (input: readonly PlanField[], index: number): PlanField => {
  const found = input[index];
  if (found === undefined) throw new Error(`no column ${index} among ${input.length}`);
  return found;
};

/** Values of these types are equal exactly when they are the same to JavaScript. */
const PLAIN = new Set<AnyType['root']>([
  'CHAR',
  'VARCHAR',
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'DATE',
  'TIME',
  'DECIMAL',
  'INTERVAL_DAY_TIME',
  'INTERVAL_YEAR_MONTH',
]);

function isPlainType(type: AnyType): boolean {
  if (type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ') return type.precision <= 3;
  return PLAIN.has(type.root);
}

/** The id of -0, which is a key of its own in a table, as keys are compared by their bytes there. */
const NEGATIVE_ZERO: KeyId = '\u0000n-0;';

/** A FLOAT or DOUBLE in a form that `keyIdOf` takes as part of a key. */
const keyNumber = (value: number | null): KeyId => (Object.is(value, -0) ? NEGATIVE_ZERO : value);

/** The id of a value: {@link keyIdOf}, with a -0 that stays one. */
export function valueId(value: unknown): KeyId {
  return Object.is(value, -0) ? NEGATIVE_ZERO : keyIdOf(keyValue(value));
}

/** A value in a form that `keyIdOf` takes: maps as sorted lists of entries, -0 as what is not 0. */
export function keyValue(value: unknown): unknown {
  if (typeof value === 'number') return keyNumber(value);
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [keyValue(key), keyValue(item)]);
    return entries
      .map((entry) => [String(keyIdOf(entry)), entry] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, entry]) => entry);
  }
  if (Array.isArray(value)) return value.map(keyValue);
  const row = typeof value === 'object' && value !== null ? classOfRow(value) : undefined;
  if (row === undefined) return value;
  return Object.fromEntries(row.schema.names.map((name) => [name, keyValue((value as Row)[name])]));
}

/** The key of a row made of these columns. One column is its own key, several make one text, none is one key for all. */
export function compileKey(columns: readonly number[], input: readonly PlanField[]): (row: Row) => KeyId {
  const reads = columns.map((index) => {
    const { name, type } = field(input, index);
    const read = columnAccess('row', name);
    if (isReal(type)) return columns.length === 1 ? read : `keyNumber(${read})`;
    return needsForm(type) ? `keyValue(${read})` : read;
  });
  const [only] = columns;
  const idOf = columns.length === 1 && isReal(field(input, only as number).type) ? keyNumber : keyIdOf;
  const body = columns.length === 1 ? `idOf(${reads[0]})` : `idOf([${reads.join(', ')}])`;
  return new Function(
    'idOf',
    'keyNumber',
    'keyValue',
    `'use strict'; return (row) => ${columns.length === 0 ? '0' : body};`,
  )(idOf, keyNumber, keyValue) as (row: Row) => KeyId;
}

const isReal = (type: AnyType): boolean => type.root === 'FLOAT' || type.root === 'DOUBLE';

/** Whether values of the type go through {@link keyValue}: maps, and what may hold a -0. */
function needsForm(type: AnyType): boolean {
  switch (type.root) {
    case 'MAP':
    case 'MULTISET':
    case 'FLOAT':
    case 'DOUBLE':
      return true;
    case 'ARRAY':
      return needsForm(type.element);
    case 'ROW':
    case 'STRUCTURED':
      return type.fields.some((inner) => needsForm(inner.type));
    default:
      return false;
  }
}

/**
 * Orders rows by columns: below zero, zero or above.
 *
 * @param compareOf how a column's values are ordered. Flink's way, the default, has no place for NaN among other numbers
 */
export function compileComparator(
  keys: readonly SortKey[],
  input: readonly PlanField[],
  compareOf: (type: AnyType) => Compare = compareColumn,
): (a: Row, b: Row) => number {
  const constants: unknown[] = [];
  const lines = keys.map(({ index, descending, nullsFirst }) => {
    const { name, type } = field(input, index);
    const [x, y] = [columnAccess('a', name), columnAccess('b', name)];
    constants.push(compareOf(type));
    const order = `order = c${constants.length - 1}(x, y); if (order !== 0) return ${descending ? '-order' : 'order'};`;
    const nulls = `if (x === null) return ${nullsFirst ? -1 : 1}; if (y === null) return ${nullsFirst ? 1 : -1};`;
    return `x = ${x}; y = ${y}; if (x !== y) { ${type.nullability === 'nullable' ? nulls : ''} ${order} }`;
  });
  const text = `'use strict'; return (a, b) => { let x, y, order; ${lines.join('\n')} return 0; };`;
  return new Function(...constants.map((_, i) => `c${i}`), text)(...constants) as (a: Row, b: Row) => number;
}

/**
 * Whether two rows have the same values (kinds do not count). NULL equals NULL.
 *
 * @param nan what a NaN in a column is equal to. In Flink it is nothing, so that a row with one always counts as changed
 */
export function compileRowEquals(
  input: readonly PlanField[],
  nan: 'nothing' | 'itself' = 'nothing',
): (a: Row, b: Row) => boolean {
  const tests = input
    .filter(({ time }) => time !== 'proctime')
    .map(({ name, type }) => {
      const [x, y] = [columnAccess('a', name), columnAccess('b', name)];
      return isPlainType(type) || (isReal(type) && nan === 'nothing') ? `${x} === ${y}` : `sameValue(${x}, ${y})`;
    });
  const text = `'use strict'; return (a, b) => ${tests.length === 0 ? 'true' : tests.join(' && ')};`;
  return new Function('sameValue', text)(sameValue) as (a: Row, b: Row) => boolean;
}

/** A row of `output` made of the columns of two rows side by side; where one is null its columns are NULL. */
export function compileConcat(
  left: readonly PlanField[],
  right: readonly PlanField[],
  output: readonly PlanField[],
): (left: Row | null, right: Row | null) => Row {
  const reads = (row: string, fields: readonly PlanField[]): string[] =>
    fields.map(({ name }) => columnAccess(row, name));
  const nulls = (fields: readonly PlanField[]): string[] => fields.map(() => 'null');
  const [l, r] = [reads('l', left), reads('r', right)];
  const text = `'use strict'; return (l, r) => {
  if (l === null) return new Made(${[...nulls(left), ...r].join(', ')});
  if (r === null) return new Made(${[...l, ...nulls(right)].join(', ')});
  return new Made(${[...l, ...r].join(', ')});
};`;
  return new Function('Made', text)(rowClassOf(planSchema(output))) as (left: Row | null, right: Row | null) => Row;
}
