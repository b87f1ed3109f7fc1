import { ArgumentError } from '../core/errors.js';
import type { Row } from '../core/rows/index.js';
import { rowClassOf } from '../core/rows/index.js';
import { type AnyType, type FieldTypes, type LogicalType, Schema, schemaOf, type } from '../core/types/index.js';
import { isTimestamp, rowFromCell } from '../core/values/index.js';
import { INSERT_ONLY } from './physical/changelog-mode.js';
import type { ScanSource } from './physical/context.js';

/** What the compiler can know of a column from the values in it: of a number, not whether it is whole. */
export type InferredType<V> = [V] extends [string]
  ? LogicalType<'VARCHAR', 'nullable'>
  : [V] extends [boolean]
    ? LogicalType<'BOOLEAN', 'nullable'>
    : [V] extends [bigint]
      ? LogicalType<'BIGINT', 'nullable'>
      : AnyType;
/** The columns of plain objects. */
export type InferredTypes<R extends object> = { [K in keyof R & string]: InferredType<R[K]> };
/** Columns that SQL expressions give. */
export type Computed<C extends string> = { [K in C]: AnyType };

/** The type of a JavaScript value; `undefined`: NULL, which says nothing. */
export function typeOfValue(value: unknown, where: string): AnyType | undefined {
  switch (typeof value) {
    case 'string':
      return type.string();
    case 'boolean':
      return type.boolean();
    case 'bigint':
      return type.bigint();
    case 'number':
      return Number.isSafeInteger(value) ? type.bigint() : type.double();
    case 'undefined':
      return undefined;
    case 'object':
      break;
    default:
      throw new ArgumentError(`${where}: a ${typeof value} cannot be a value of a table`);
  }
  if (value === null) return undefined;
  if (isTimestamp(value)) return type.timestamp(value.nanosOfMs === 0 ? 3 : 9);
  if (Object.prototype.toString.call(value) === '[object Date]') return type.timestampLtz(3);
  if (value instanceof Uint8Array) return type.bytes();
  if (Array.isArray(value)) {
    const element = value.reduce<AnyType | undefined>(
      (sofar, item) => commonType(sofar, typeOfValue(item, where), where),
      undefined,
    );
    return type.array(element ?? type.string()) as AnyType;
  }
  if (value instanceof Map) {
    let key: AnyType | undefined;
    let item: AnyType | undefined;
    for (const [k, v] of value) {
      key = commonType(key, typeOfValue(k, where), where);
      item = commonType(item, typeOfValue(v, where), where);
    }
    return type.map(key ?? type.string(), item ?? type.string()) as AnyType;
  }
  return type.row(
    Object.entries(value as object).map(([name, inner]) => ({
      name,
      type: typeOfValue(inner, `${where}.${name}`) ?? type.string(),
    })),
  ) as AnyType;
}

/** A type for the values of both; `undefined`: nothing is known yet. */
export function commonType(a: AnyType | undefined, b: AnyType | undefined, where: string): AnyType | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (String(a) === String(b)) return a;
  const numbers = [a.root, b.root].every((root) => root === 'BIGINT' || root === 'DOUBLE');
  if (numbers) return type.double();
  if (a.root === 'ARRAY' && b.root === 'ARRAY') {
    return type.array(commonType(a.element, b.element, where) as AnyType) as AnyType;
  }
  throw new ArgumentError(`${where}: ${a} in one row and ${b} in another`, {
    hint: 'give the types: { schema: { ... } } as the second argument',
  });
}

/** The columns of plain objects: whole numbers are BIGINT, others DOUBLE, texts STRING, dates TIMESTAMP_LTZ(3). */
export function inferSchema(rows: readonly object[]): Schema {
  const types = new Map<string, AnyType | undefined>();
  for (const [i, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new ArgumentError(`fromRows: row ${i} is ${row === null ? 'null' : `a ${typeof row}`}, not an object`, {
        hint: "fromRows([{ name: 'Ann', price: 10 }, ...])",
      });
    }
    for (const [name, value] of Object.entries(row)) {
      types.set(name, commonType(types.get(name), typeOfValue(value, `column \`${name}\``), `column \`${name}\``));
    }
  }
  if (types.size === 0) {
    throw new ArgumentError('fromRows: no rows to see the columns in', { hint: 'fromRows([], { schema: { ... } })' });
  }
  return new Schema([...types].map(([name, found]) => ({ name, type: found ?? type.string() })));
}

/** What rows are read from: an array, or anything that can be gone through again. */
export function rowsSource(name: string, rows: readonly object[], schema: Schema | FieldTypes): ScanSource {
  const full = schemaOf(schema as FieldTypes);
  const convert = rowFromCell(full, name);
  const made = rows.map((row, i) => {
    const converted = convert(row);
    if (converted === undefined) throw new ArgumentError(`${name}: row ${i} is no row of ${full}`);
    return converted as Row;
  });
  return {
    name,
    changelogMode: INSERT_ONLY,
    rows: () => made,
    stream: (env, columns) => {
      const names = columns.map((column) => column.name);
      if (names.length === full.length && names.every((one, i) => one === full.names[i]))
        return env.fromCollection(made);
      const Narrow = rowClassOf(full.project(names));
      return env.fromCollection(made).map((row) => Narrow.of(names.map((one) => row[one])));
    },
  };
}
