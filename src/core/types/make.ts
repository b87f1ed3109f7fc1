import { ArgumentError } from '../errors.js';
import {
  type AnyType,
  type ArrayType,
  type Facets,
  type Field,
  type FieldTypes,
  type LogicalType,
  MAX_LENGTH,
  type MapType,
  type MultisetType,
  type Nullability,
  type RowType,
  type TypeRoot,
} from './logical.js';
import { typeText } from './print.js';

class Type {
  constructor(
    readonly root: TypeRoot,
    readonly nullability: Nullability,
    private readonly facets: object,
  ) {
    Object.assign(this, facets);
    // The facets stay reachable for notNull(), but not visible: a type prints and compares as plain data.
    Object.defineProperty(this, 'facets', { enumerable: false });
    Object.freeze(this);
  }
  notNull(): unknown {
    return this.nullability === 'not null' ? this : new Type(this.root, 'not null', this.facets);
  }
  nullable(): unknown {
    return this.nullability === 'nullable' ? this : new Type(this.root, 'nullable', this.facets);
  }
  toString(): string {
    return typeText(this as unknown as AnyType);
  }
  toJSON(): string {
    return this.toString();
  }
}

type Nullable<Root extends TypeRoot> = LogicalType<Root, 'nullable'>;

/** Makes a type of any kind; the constructors of `type` check their arguments and are meant for people. */
export function makeType<Root extends TypeRoot>(root: Root, facets: Root extends keyof Facets ? Facets[Root] : object) {
  return new Type(root, 'nullable', facets) as unknown as Nullable<Root>;
}

function integer(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ArgumentError(`${what}: ${value} is not a whole number from ${least} to ${most}`);
}

const simple = <Root extends Exclude<TypeRoot, keyof Facets>>(root: Root): (() => Nullable<Root>) => {
  const made = makeType(root, {} as never);
  return () => made;
};
const sized =
  <Root extends 'CHAR' | 'VARCHAR' | 'BINARY' | 'VARBINARY'>(root: Root) =>
  (length = 1): Nullable<Root> =>
    makeType(root, { length: integer(`${root} length`, length, 1, MAX_LENGTH) } as never);
const timed =
  <Root extends 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ'>(root: Root, usual: number) =>
  (precision = usual): Nullable<Root> =>
    makeType(root, { precision: integer(`${root} precision`, precision, 0, 9) } as never);

/** Fields as an object `{ name: type }` (or a list, where order or odd names matter), checked. */
export function fieldsOf(fields: FieldTypes | readonly Field[]): readonly Field[] {
  const list: Field[] = Array.isArray(fields)
    ? fields.map((field: Field) => ({ ...field }))
    : Object.entries(fields).map(([name, type]) => ({ name, type }));
  const seen = new Set<string>();
  for (const { name, type } of list) {
    if (typeof name !== 'string' || name === '') throw new ArgumentError('a field without a name');
    if (seen.has(name)) throw new ArgumentError(`two fields are called \`${name}\``);
    if (!isType(type)) {
      throw new ArgumentError(`field \`${name}\`: ${String(type)} is not a type`, {
        hint: 'types are made by type.bigint(), type.string(), ...',
      });
    }
    seen.add(name);
  }
  return Object.freeze(list.map((field) => Object.freeze(field)));
}

/** Whether `value` is a type that `type` made. */
export function isType(value: unknown): value is AnyType {
  return value instanceof Type;
}

const string_ = makeType('VARCHAR', { length: MAX_LENGTH });
const bytes_ = makeType('VARBINARY', { length: MAX_LENGTH });

/**
 * Flink SQL's types. Each is nullable until `.notNull()` says otherwise.
 *
 * @example
 *   const schema = { ts: type.bigint(), name: type.string(), price: type.decimal(10, 2).notNull() };
 *   String(schema.price); // DECIMAL(10, 2) NOT NULL
 * @see Flink: Data Types
 */
export const type = {
  /** CHAR(length): exactly that many code points, padded with spaces. */
  char: sized('CHAR'),
  /** VARCHAR(length): at most that many code points. */
  varchar: sized('VARCHAR'),
  /** STRING, which is VARCHAR(2147483647). */
  string: (): Nullable<'VARCHAR'> => string_,
  boolean: simple('BOOLEAN'),
  /** BINARY(length): exactly that many bytes. */
  binary: sized('BINARY'),
  varbinary: sized('VARBINARY'),
  /** BYTES, which is VARBINARY(2147483647). */
  bytes: (): Nullable<'VARBINARY'> => bytes_,
  /** 8 bits, -128 to 127. */
  tinyint: simple('TINYINT'),
  /** 16 bits. */
  smallint: simple('SMALLINT'),
  /** 32 bits. */
  int: simple('INT'),
  /** 64 bits: a `number` as long as it is safe (up to 2^53-1), a `bigint` beyond. */
  bigint: simple('BIGINT'),
  /** 32-bit floating point. */
  float: simple('FLOAT'),
  /** 64-bit floating point: what JavaScript calls a number. */
  double: simple('DOUBLE'),
  /** DECIMAL(precision, scale), exact. Default (10, 0), as in Flink; precision up to 38. */
  decimal: (precision = 10, scale = 0): Nullable<'DECIMAL'> => {
    integer('DECIMAL precision', precision, 1, 38);
    return makeType('DECIMAL', { precision, scale: integer('DECIMAL scale', scale, 0, precision) });
  },
  date: simple('DATE'),
  /** TIME(precision): a time of day. Default 0. Values keep milliseconds, as in Flink. */
  time: timed('TIME', 0),
  /** TIMESTAMP(precision): a date and a time without a zone. Default 6. */
  timestamp: timed('TIMESTAMP', 6),
  /** TIMESTAMP_LTZ(precision): a moment, shown in the session's zone. Default 6. */
  timestampLtz: timed('TIMESTAMP_LTZ', 6),
  /** INTERVAL YEAR(p) TO MONTH: a number of months. */
  intervalYearMonth: (resolution = 'YEAR(2) TO MONTH'): Nullable<'INTERVAL_YEAR_MONTH'> =>
    makeType('INTERVAL_YEAR_MONTH', { resolution }),
  /** INTERVAL DAY(p) TO SECOND(p): a number of milliseconds. */
  intervalDayTime: (resolution = 'DAY(2) TO SECOND(6)'): Nullable<'INTERVAL_DAY_TIME'> =>
    makeType('INTERVAL_DAY_TIME', { resolution }),
  array: <E extends AnyType>(element: E): ArrayType<E, 'nullable'> =>
    makeType('ARRAY', { element: checked('ARRAY', element) }) as unknown as ArrayType<E, 'nullable'>,
  multiset: <E extends AnyType>(element: E): MultisetType<E, 'nullable'> =>
    makeType('MULTISET', { element: checked('MULTISET', element) }) as unknown as MultisetType<E, 'nullable'>,
  map: <K extends AnyType, V extends AnyType>(key: K, value: V): MapType<K, V, 'nullable'> =>
    makeType('MAP', { key: checked('MAP', key), value: checked('MAP', value) }) as unknown as MapType<K, V, 'nullable'>,
  /** ROW: named fields, in order. */
  row: <F extends FieldTypes>(fields: F | readonly Field[]): RowType<F, 'nullable'> =>
    makeType('ROW', { fields: fieldsOf(fields as FieldTypes) }) as unknown as RowType<F, 'nullable'>,
  /** A ROW that stands for a class. */
  structured: (className: string, fields: FieldTypes | readonly Field[]): Nullable<'STRUCTURED'> =>
    makeType('STRUCTURED', { className, fields: fieldsOf(fields) }),
  /** A value that SQL passes through without looking into it. */
  raw: (className: string, serialiser = ''): Nullable<'RAW'> => makeType('RAW', { className, serialiser }),
  /** The type of a bare NULL. */
  null: simple('NULL'),
};

function checked(what: string, element: AnyType): AnyType {
  if (isType(element)) return element;
  throw new ArgumentError(`${what} of ${String(element)}: not a type`, { hint: `type.array(type.int())` });
}
