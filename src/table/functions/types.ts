import { type AnyType, MAX_LENGTH, sameTypeIgnoringNull, type } from '../../core/types/index.js';

// What kinds of type functions ask for, and how Calcite names types in its messages.

export type Family =
  | 'NUMERIC'
  | 'EXACT_NUMERIC'
  | 'INTEGER'
  | 'CHARACTER'
  | 'BINARY'
  | 'STRING'
  | 'BOOLEAN'
  | 'DATE'
  | 'TIME'
  | 'TIMESTAMP'
  | 'DATETIME'
  | 'INTERVAL'
  | 'DATETIME_INTERVAL'
  | 'ARRAY'
  | 'MAP'
  | 'MULTISET'
  | 'COLLECTION'
  | 'COMPARABLE_TYPE'
  | 'ANY';

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INT', 'BIGINT']);
export const isInteger = (t: AnyType): boolean => INTEGERS.has(t.root);
export const isDecimal = (t: AnyType): t is Extract<AnyType, { root: 'DECIMAL' }> => t.root === 'DECIMAL';
export const isExact = (t: AnyType): boolean => isInteger(t) || t.root === 'DECIMAL';
export const isApproximate = (t: AnyType): boolean => t.root === 'FLOAT' || t.root === 'DOUBLE';
export const isNumeric = (t: AnyType): boolean => isExact(t) || isApproximate(t);
export const isCharacter = (t: AnyType): t is Extract<AnyType, { root: 'CHAR' | 'VARCHAR' }> =>
  t.root === 'CHAR' || t.root === 'VARCHAR';
export const isBinary = (t: AnyType): t is Extract<AnyType, { root: 'BINARY' | 'VARBINARY' }> =>
  t.root === 'BINARY' || t.root === 'VARBINARY';
export const isTimestampType = (t: AnyType): t is Extract<AnyType, { root: 'TIMESTAMP' | 'TIMESTAMP_LTZ' }> =>
  t.root === 'TIMESTAMP' || t.root === 'TIMESTAMP_LTZ';
export const isDatetime = (t: AnyType): boolean => t.root === 'DATE' || t.root === 'TIME' || isTimestampType(t);
export const isInterval = (t: AnyType): boolean => t.root === 'INTERVAL_DAY_TIME' || t.root === 'INTERVAL_YEAR_MONTH';
export const isNullable = (t: AnyType): boolean => t.nullability === 'nullable';

const TESTS: Readonly<Record<Family, (t: AnyType) => boolean>> = {
  NUMERIC: isNumeric,
  EXACT_NUMERIC: isExact,
  INTEGER: isInteger,
  CHARACTER: isCharacter,
  BINARY: isBinary,
  STRING: (t) => isCharacter(t) || isBinary(t),
  BOOLEAN: (t) => t.root === 'BOOLEAN',
  DATE: (t) => t.root === 'DATE',
  TIME: (t) => t.root === 'TIME',
  TIMESTAMP: isTimestampType,
  DATETIME: isDatetime,
  INTERVAL: isInterval,
  DATETIME_INTERVAL: (t) => isDatetime(t) || isInterval(t),
  ARRAY: (t) => t.root === 'ARRAY',
  MAP: (t) => t.root === 'MAP',
  MULTISET: (t) => t.root === 'MULTISET',
  COLLECTION: (t) => t.root === 'ARRAY' || t.root === 'MULTISET' || t.root === 'MAP',
  COMPARABLE_TYPE: (t) => t.root !== 'RAW',
  ANY: () => true,
};

/** Whether a type is of a family. A bare NULL is of every family. */
export function isOf(family: Family, t: AnyType): boolean {
  return t.root === 'NULL' || TESTS[family](t);
}

/** The type with that nullability. */
export function withNull(t: AnyType, nullable: boolean): AnyType {
  return (nullable ? t.nullable() : t.notNull()) as AnyType;
}

/** As Calcite writes types in messages: `INTEGER`, `VARCHAR(2147483647)`, `CHAR(1)`. */
export function calciteName(t: AnyType): string {
  switch (t.root) {
    case 'INT':
      return 'INTEGER';
    case 'VARCHAR':
    case 'VARBINARY':
    case 'CHAR':
    case 'BINARY':
      return `${t.root}(${t.length})`;
    case 'TIMESTAMP_LTZ':
      return `TIMESTAMP_WITH_LOCAL_TIME_ZONE(${t.precision})`;
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return `INTERVAL ${t.resolution.replace(/\(\d+\)/g, '')}`;
    case 'ARRAY':
    case 'MULTISET':
      return `${calciteName(t.element)} ${t.root}`;
    case 'MAP':
      return `(${calciteName(t.key)}, ${calciteName(t.value)}) MAP`;
    case 'ROW':
    case 'STRUCTURED':
      return `RECORDTYPE(${t.fields.map((f) => `${calciteName(f.type)} ${f.name}`).join(', ')})`;
    default:
      return String(t.nullable());
  }
}

/** The family in "No match found for function signature F(<NUMERIC>)". */
export function familyName(t: AnyType): string {
  if (isNumeric(t)) return 'NUMERIC';
  if (isCharacter(t)) return 'CHARACTER';
  if (isBinary(t)) return 'BINARY';
  if (t.root === 'TIMESTAMP_LTZ') return 'TIMESTAMP';
  if (t.root === 'ROW' || t.root === 'STRUCTURED') return calciteName(t);
  return t.root;
}

/** An integer type as a DECIMAL that holds it; a DECIMAL as itself. */
export function decimalShape(t: AnyType): { readonly precision: number; readonly scale: number } {
  switch (t.root) {
    case 'TINYINT':
      return { precision: 3, scale: 0 };
    case 'SMALLINT':
      return { precision: 5, scale: 0 };
    case 'INT':
      return { precision: 10, scale: 0 };
    case 'BIGINT':
      return { precision: 19, scale: 0 };
    case 'DECIMAL':
      return { precision: t.precision, scale: t.scale };
    default:
      throw new Error(`${t} is no exact number`);
  }
}

export const T = {
  boolean: type.boolean() as AnyType,
  tinyint: type.tinyint() as AnyType,
  smallint: type.smallint() as AnyType,
  int: type.int() as AnyType,
  bigint: type.bigint() as AnyType,
  float: type.float() as AnyType,
  double: type.double() as AnyType,
  string: type.string() as AnyType,
  bytes: type.bytes() as AnyType,
  date: type.date() as AnyType,
  time: (p = 0) => type.time(p) as AnyType,
  timestamp: (p: number) => type.timestamp(p) as AnyType,
  timestampLtz: (p: number) => type.timestampLtz(p) as AnyType,
  decimal: (shape: { readonly precision: number; readonly scale: number }) =>
    type.decimal(shape.precision, shape.scale) as AnyType,
  varchar: (length: number) => type.varchar(Math.min(MAX_LENGTH, Math.max(1, length))) as AnyType,
  array: (element: AnyType) => type.array(element) as AnyType,
} as const;

/** The same type, whatever their own nullability. */
export const sameKind = (a: AnyType, b: AnyType): boolean => sameTypeIgnoringNull(a, b);
