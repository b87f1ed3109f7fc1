import { ArgumentError } from '../../core/errors.js';
import { rowClassOf } from '../../core/rows/index.js';
import { type AnyType, Schema } from '../../core/types/index.js';
import { longOfDouble, parseDate, parseDecimal, parseLong } from '../../core/values/index.js';
import {
  booleanFromText,
  doubleFromText,
  floatFromText,
  integerFromText,
  timeFromText,
  timestampFromText,
} from '../from-text.js';
import { exactText, stringifyExactly } from './exact.js';

/** Thrown by a reader that meets a number which a double may have rounded: the line is then parsed exactly. */
export const NEEDS_EXACT = Symbol('needs exact numbers');

/** The engine's value of what JSON.parse gave, never NULL; `undefined` when it is none. */
export type FromJson = (value: unknown, exact: boolean) => unknown;

function text(value: unknown): string | undefined {
  const number = exactText(value);
  if (number !== undefined) return number;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const viaText =
  (read: (text: string) => unknown): FromJson =>
  (value) => {
    const written = text(value);
    return written === undefined ? undefined : read(written.trim());
  };

const onlyText =
  (read: (text: string) => unknown): FromJson =>
  (value) =>
    typeof value === 'string' ? read(value.trim()) : undefined;

function bigint(value: unknown, exact: boolean): unknown {
  if (typeof value !== 'number') return readLong(text(value)?.trim());
  if (Number.isSafeInteger(value)) return value + 0;
  if (!exact && Math.abs(value) > Number.MAX_SAFE_INTEGER) throw NEEDS_EXACT;
  // A fraction is cut off, as in Flink.
  return Math.abs(value) < 2 ** 63 ? longOfDouble(value) : undefined;
}

function readLong(digits: string | undefined): unknown {
  if (digits === undefined) return undefined;
  const long = parseLong(digits);
  if (long !== undefined || !/^-?\d+\.\d+$/.test(digits)) return long;
  return parseLong(digits.slice(0, digits.indexOf('.')));
}

/** Makes the reader of a json value of this type. */
export function fromJson(type: AnyType): FromJson {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return (value, exact) => {
        if (typeof value !== 'string' && typeof value !== 'boolean' && !exact) throw NEEDS_EXACT;
        // As in Flink, an object or array in a STRING column is kept as its JSON text.
        return text(value) ?? stringifyExactly(value);
      };
    case 'BINARY':
    case 'VARBINARY':
      return onlyText((written) =>
        /^[A-Za-z0-9+/]*={0,2}$/.test(written) ? Buffer.from(written, 'base64') : undefined,
      );
    case 'BOOLEAN':
      return viaText(booleanFromText);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT': {
      const read = integerFromText(type.root);
      const fractions = type.root === 'INT';
      return (value, exact) => {
        if (fractions && typeof value === 'number' && !Number.isInteger(value)) return read(String(Math.trunc(value)));
        return viaText(read)(value, exact);
      };
    }
    case 'BIGINT':
      return bigint;
    case 'FLOAT':
      return (value, exact) => (typeof value === 'number' ? Math.fround(value) : viaText(floatFromText)(value, exact));
    case 'DOUBLE':
      return (value, exact) => (typeof value === 'number' ? value : viaText(doubleFromText)(value, exact));
    case 'DECIMAL':
      return (value, exact) => {
        if (typeof value === 'number' && !exact) throw NEEDS_EXACT;
        return viaText((written) => parseDecimal(written, type) ?? undefined)(value, exact);
      };
    case 'DATE':
      return onlyText(parseDate);
    case 'TIME':
      return onlyText(timeFromText(type.precision));
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return onlyText(timestampFromText(type.precision));
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return bigint;
    case 'ARRAY':
      return arrayFromJson(type.element);
    case 'MAP':
      return mapFromJson(type.key, type.value, `${type}`);
    case 'MULTISET':
      return mapFromJson(type.element, undefined, `${type}`);
    case 'ROW':
    case 'STRUCTURED':
      return rowFromJson(new Schema(type.fields));
    default:
      throw new ArgumentError(`json cannot hold a ${type}`);
  }
}

function nested(type: AnyType): FromJson {
  const read = fromJson(type);
  const nullable = type.nullability === 'nullable';
  return (value, exact) => {
    if (value === null || value === undefined) return nullable ? null : undefined;
    return read(value, exact);
  };
}

function arrayFromJson(element: AnyType): FromJson {
  const one = nested(element);
  return (value, exact) => {
    if (!Array.isArray(value)) return undefined;
    const list = value.map((item) => one(item, exact));
    return list.includes(undefined) ? undefined : list;
  };
}

function mapFromJson(key: AnyType, item: AnyType | undefined, shown: string): FromJson {
  if (key.root !== 'VARCHAR' && key.root !== 'CHAR') {
    throw new ArgumentError(`json cannot hold a ${shown}`, { hint: 'the keys of a json object are strings' });
  }
  const read: FromJson = item === undefined ? viaText(integerFromText('INT')) : nested(item);
  return (value, exact) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const map = new Map<string, unknown>();
    for (const [name, written] of Object.entries(value)) {
      const made = read(written, exact);
      if (made === undefined) return undefined;
      map.set(name, made);
    }
    return map;
  };
}

function rowFromJson(schema: Schema): FromJson {
  const Row = rowClassOf(schema);
  const fields = schema.fields.map(({ name, type }) => ({ name, read: nested(type) }));
  return (value, exact) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const values = fields.map(({ name, read }) =>
      read(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, exact),
    );
    return values.includes(undefined) ? undefined : Row.of(values);
  };
}
