import { StreambookError } from '../errors.js';
import { isRowOf, rowClassOf } from '../rows/row-class.js';
import type { AnyType, Field } from '../types/logical.js';
import { Schema } from '../types/schema.js';
import { dateText, parseDate, parseTime, timeText } from './calendar.js';
import { COMPACT_PRECISION, decimalText, decimalToDouble, parseDecimal } from './decimal.js';
import { floatToCell } from './floats.js';
import { INTEGER_RANGES } from './integers.js';
import { longOf, MAX_LONG, MIN_LONG } from './long.js';
import { isTimestamp, Timestamp } from './timestamp.js';

/** How values leave. */
export interface CellOptions {
  /**
   * BIGINT beyond 2^53-1: `'number'` (default) throws `UnsafeBigintError`, because a number would be rounded;
   * `'bigint'` gives every BIGINT as a `bigint`.
   */
  readonly bigint?: 'number' | 'bigint';
  /** DECIMAL as its exact text (default `'string'`), or as the closest `number`. */
  readonly decimal?: 'string' | 'number';
}

/** Raised when a BIGINT does not fit a JavaScript number. */
export class UnsafeBigintError extends StreambookError {
  constructor(value: bigint, where: string) {
    super('unsafe-bigint', `${value} is beyond 2^53-1: a JavaScript number would round it`, {
      where,
      hint: "pass { bigint: 'bigint' } to get BIGINT columns as bigint, or CAST the column to STRING",
    });
  }
}

/** Raised when a value given to a table is not of its column's type. */
export class ValueError extends StreambookError {
  constructor(value: unknown, type: AnyType, where: string) {
    super('bad-value', `${shown(value)} is no ${type}`, { where });
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 80 ? `${value.slice(0, 80)}...` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'an array' : `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
  }
  return typeof value === 'function' ? 'a function' : String(value);
}

type Convert = (value: never) => unknown;

/**
 * Makes the function that turns the engine's value of a type into what a cell gets; `null` stays `null`.
 *
 * @param where for errors: ``column `amount` ``
 */
export function toCell(type: AnyType, options: CellOptions = {}, where = `a ${type}`): (value: unknown) => unknown {
  const convert = leaving(type, options, where);
  if (convert === undefined) return (value) => value;
  return (value) => (value === null || value === undefined ? null : convert(value as never));
}

function leaving(type: AnyType, options: CellOptions, where: string): Convert | undefined {
  switch (type.root) {
    case 'BIGINT':
      if (options.bigint === 'bigint') return (value: number | bigint) => BigInt(value);
      return (value: number | bigint) => {
        if (typeof value === 'bigint') throw new UnsafeBigintError(value, where);
        return value;
      };
    case 'DECIMAL': {
      const { scale } = type;
      return options.decimal === 'number'
        ? (value: number | bigint) => decimalToDouble(value, scale)
        : (value: number | bigint) => decimalText(value, scale);
    }
    case 'FLOAT':
      return floatToCell as Convert;
    case 'DATE':
      return dateText as Convert;
    case 'TIME': {
      const digits = Math.min(3, type.precision);
      return (value: number) => timeText(value, digits);
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return type.precision <= 3 ? timestampCells() : undefined;
    case 'ARRAY': {
      const one = toCell(type.element, options, `an element of ${where}`);
      return (value: unknown[]) => value.map(one);
    }
    case 'MULTISET': {
      const one = toCell(type.element, options, `an element of ${where}`);
      return (value: Map<unknown, number>) => new Map([...value].map(([element, count]) => [one(element), count]));
    }
    case 'MAP': {
      const key = toCell(type.key, options, `a key of ${where}`);
      const item = toCell(type.value, options, `a value of ${where}`);
      return (value: Map<unknown, unknown>) => new Map([...value].map(([k, v]) => [key(k), item(v)]));
    }
    case 'ROW':
    case 'STRUCTURED':
      return rowToCell(new Schema(type.fields), options, where) as Convert;
    default:
      return undefined;
  }
}

/** The same moment twice in a row (the bounds of a window) is the same object: it cannot change. */
function timestampCells(): (ms: number) => Timestamp {
  let last = Timestamp.ofMs(0);
  return (ms) => {
    if (ms !== last.ms) last = Timestamp.ofMs(ms);
    return last;
  };
}

/** Makes the function that turns a row of the engine into the plain object a cell gets. */
export function rowToCell(schema: Schema, options: CellOptions = {}, where?: string): (row: object) => object {
  const inside = where === undefined ? '' : `${where}, `;
  const converts = schema.fields.map(({ name, type }) => toCell(type, options, `${inside}column \`${name}\``));
  const { names } = schema;
  return (row) => {
    const cell: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const value = (converts[i] as (value: unknown) => unknown)((row as Record<string, unknown>)[name]);
      if (name === '__proto__') Object.defineProperty(cell, name, { value, enumerable: true });
      else cell[name] = value;
    }
    return cell;
  };
}

/**
 * Makes the function that takes a cell's value in as the engine's value of a type. `undefined` counts as NULL. Throws
 * `ValueError` for what is not of the type, and for NULL where the type refuses it.
 */
export function fromCell(type: AnyType, where = `a ${type}`): (value: unknown) => unknown {
  const convert = entering(type, where);
  const nullable = type.nullability === 'nullable' || type.root === 'NULL';
  return (value) => {
    if (value === null || value === undefined) {
      if (nullable) return null;
      throw new ValueError(value, type, where);
    }
    const taken = convert(value);
    if (taken === undefined) throw new ValueError(value, type, where);
    return taken;
  };
}

function entering(type: AnyType, where: string): (value: unknown) => unknown {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => (typeof value === 'string' ? value : undefined);
    case 'BOOLEAN':
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'BINARY':
    case 'VARBINARY':
      return (value) => (value instanceof Uint8Array ? value : undefined);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT': {
      const [least, most] = INTEGER_RANGES[type.root];
      return (value) => {
        const n = typeof value === 'bigint' ? Number(value) : value;
        return typeof n === 'number' && Number.isInteger(n) && n >= least && n <= most ? n + 0 : undefined;
      };
    }
    case 'BIGINT':
      return (value) => {
        if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
        return typeof value === 'bigint' && value <= MAX_LONG && value >= MIN_LONG ? longOf(value) : undefined;
      };
    case 'FLOAT':
      return (value) => (typeof value === 'number' ? Math.fround(value) : undefined);
    case 'DOUBLE':
      return (value) => (typeof value === 'number' ? value : undefined);
    case 'DECIMAL':
      return (value) => {
        if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined;
        return parseDecimal(String(value), type) ?? undefined;
      };
    case 'DATE':
      return (value) => (typeof value === 'string' ? parseDate(value) : undefined);
    case 'TIME':
      return (value) => {
        const ms = typeof value === 'string' ? parseTime(value)?.ms : undefined;
        return ms === undefined ? undefined : ms - (ms % 10 ** Math.max(0, 3 - type.precision));
      };
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const { precision } = type;
      return (value) => {
        const made = timestampOf(value);
        if (made === undefined) return undefined;
        const cut = made.withPrecision(precision);
        return precision <= 3 ? cut.ms : cut;
      };
    }
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return (value) => (Number.isSafeInteger(value) ? value : undefined);
    case 'ARRAY': {
      const one = fromCell(type.element, `an element of ${where}`);
      return (value) => (Array.isArray(value) ? value.map(one) : undefined);
    }
    case 'MULTISET': {
      const one = fromCell(type.element, `an element of ${where}`);
      return (value) => entriesOf(value)?.reduce((map, [k, n]) => map.set(one(k), n), new Map());
    }
    case 'MAP': {
      const key = fromCell(type.key, `a key of ${where}`);
      const item = fromCell(type.value, `a value of ${where}`);
      return (value) => entriesOf(value)?.reduce((map, [k, v]) => map.set(key(k), item(v)), new Map());
    }
    case 'ROW':
    case 'STRUCTURED':
      return rowFromCell(new Schema(type.fields), where);
    case 'RAW':
      return (value) => value;
    case 'NULL':
      return () => undefined;
  }
}

function timestampOf(value: unknown): Timestamp | undefined {
  if (isTimestamp(value)) return value;
  if (typeof value === 'string') return Timestamp.tryParse(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? Timestamp.ofMs(value) : undefined;
  if (Object.prototype.toString.call(value) === '[object Date]') {
    const ms = Number(value);
    return Number.isNaN(ms) ? undefined : Timestamp.ofMs(ms);
  }
  return undefined;
}

function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.prototype.toString.call(value) === '[object Map]'
    ? [...(value as Map<unknown, unknown>)]
    : Object.entries(value);
}

/**
 * Makes the function that takes an object (or an array in column order) in as a row of the schema. Missing fields are
 * NULL; fields the schema does not have are left out. Throws `ValueError`.
 */
export function rowFromCell(schema: Schema, where?: string): (value: unknown) => object | undefined {
  const inside = where === undefined ? '' : `${where}, `;
  const converts = schema.fields.map(({ name, type }: Field) => fromCell(type, `${inside}column \`${name}\``));
  const { names } = schema;
  const Row = rowClassOf(schema);
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (isRowOf(value, Row)) return value;
    const list = Array.isArray(value);
    if (list && value.length !== names.length) return undefined;
    const values = converts.map((convert, i) => {
      const name = names[i] as string;
      if (list) return convert((value as unknown[])[i]);
      return convert(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined);
    });
    return Row.of(values);
  };
}

/** Whether DECIMAL values of this type are numbers (and not bigints). */
export function isCompactDecimal(type: { readonly precision: number }): boolean {
  return type.precision <= COMPACT_PRECISION;
}
