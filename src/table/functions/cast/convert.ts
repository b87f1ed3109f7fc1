import { StreambookError } from '../../../core/errors.js';
import { classOfRow, type Row, rowClassOf } from '../../../core/rows/index.js';
import { type AnyType, MAX_LENGTH, Schema, sameTypeIgnoringNull } from '../../../core/types/index.js';
import {
  castDecimal,
  DAY_MS,
  decimalOfDouble,
  decimalOfLong,
  decimalOfUnits,
  decimalToDouble,
  decimalToInteger,
  INTEGER_RANGES,
  intOfDouble,
  longOf,
  longOfDouble,
  Timestamp,
} from '../../../core/values/index.js';
import {
  textToBoolean,
  textToDecimal,
  textToDouble,
  textToFloat,
  textToInteger,
  textToLong,
} from '../runtime/parse-number.js';
import { localToInstant, textToDate, textToTime, textToTimestamp, timestampValue } from '../runtime/parse-time.js';
import { toInstant, toLocal } from '../runtime/zones.js';
import { isApproximate, isBinary, isCharacter, isInteger, isNumeric, isTimestampType } from '../types.js';
import { fitText, textOf } from './text.js';

/** Raised by a CAST of a value that cannot be converted. */
export class CastError extends StreambookError {
  constructor(value: unknown, type: AnyType) {
    const text = String(value);
    super('cast-failed', `cannot cast '${text.length > 80 ? `${text.slice(0, 80)}...` : text}' to ${type.nullable()}`, {
      hint: 'TRY_CAST gives NULL instead',
    });
  }
}

type Convert = (value: never) => unknown;
const same: Convert = (value) => value;

/**
 * The function that converts values (not NULL) of one type to another. It throws `CastError` for texts that do not read
 * as the type, and gives `null` for numbers that do not fit a DECIMAL, as Flink does. `undefined`: there is no such cast.
 *
 * @see Flink: Data Types, CAST
 */
export function converter(from: AnyType, to: AnyType, timeZone: string): Convert | undefined {
  if (from.root === 'NULL' || sameTypeIgnoringNull(from, to)) return same;
  if (isCharacter(to)) {
    const fit = fitText(to);
    if (isCharacter(from)) return (fit as Convert | undefined) ?? same;
    if (from.root === 'RAW') return undefined;
    const text = textOf(from, timeZone);
    return fit === undefined ? text : (value: never) => fit(text(value));
  }
  if (isCharacter(from)) return fromText(to, timeZone);
  switch (to.root) {
    case 'BOOLEAN':
      if (isInteger(from) || isApproximate(from)) return (value: number) => value !== 0;
      return from.root === 'DECIMAL' ? (value: number | bigint) => value !== 0 && value !== 0n : undefined;
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return toInteger(from, to.root);
    case 'FLOAT': {
      const double = toDouble(from);
      return double === undefined ? undefined : (value: never) => Math.fround(double(value));
    }
    case 'DOUBLE':
      return toDouble(from);
    case 'DECIMAL':
      return toDecimal(from, to);
    case 'BINARY':
    case 'VARBINARY':
      return isBinary(from) ? (fitBytes(to) as Convert) : undefined;
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return toTime(from, to, timeZone);
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return toInterval(from, to.root);
    default:
      return nested(from, to, timeZone);
  }
}

/** A number is as many milliseconds, or months. */
function toInterval(from: AnyType, root: 'INTERVAL_DAY_TIME' | 'INTERVAL_YEAR_MONTH'): Convert | undefined {
  if (from.root === root) return same;
  if (!isInteger(from)) return undefined;
  const whole = toInteger(from, root === 'INTERVAL_DAY_TIME' ? 'BIGINT' : 'INT') as (value: never) => number | bigint;
  return (value: never) => Number(whole(value));
}

const BITS = { TINYINT: 24, SMALLINT: 16, INT: 0 } as const;

function toInteger(from: AnyType, root: 'TINYINT' | 'SMALLINT' | 'INT' | 'BIGINT'): Convert | undefined {
  if (from.root === 'BOOLEAN') return (value: boolean) => (value ? 1 : 0);
  if (root === 'BIGINT') {
    if (isInteger(from) || from.root === 'INTERVAL_DAY_TIME' || from.root === 'INTERVAL_YEAR_MONTH') return same;
    if (isApproximate(from)) return longOfDouble as Convert;
    if (from.root === 'DECIMAL') return (value: number | bigint) => longOf(decimalToInteger(value, from.scale));
    return undefined;
  }
  const shift = BITS[root];
  if (from.root === 'BIGINT')
    return (value: number | bigint) => (Number(BigInt.asIntN(32, BigInt(value))) << shift) >> shift;
  if (isInteger(from) || from.root === 'INTERVAL_YEAR_MONTH') return (value: number) => (value << shift) >> shift;
  if (isApproximate(from)) return (value: number) => (intOfDouble(value) << shift) >> shift;
  if (from.root === 'DECIMAL') {
    return (value: number | bigint) =>
      (Number(BigInt.asIntN(32, decimalToInteger(value, from.scale))) << shift) >> shift;
  }
  return undefined;
}

function toDouble(from: AnyType): ((value: never) => number) | undefined {
  if (from.root === 'BOOLEAN') return (value: boolean) => (value ? 1 : 0);
  if (from.root === 'DECIMAL') return (value: number | bigint) => decimalToDouble(value, from.scale);
  return isNumeric(from) ? Number : undefined;
}

function toDecimal(from: AnyType, to: AnyType & { precision: number; scale: number }): Convert | undefined {
  if (from.root === 'BOOLEAN') return (value: boolean) => decimalOfUnits(value ? 1n : 0n, 0, to);
  if (from.root === 'DECIMAL') return (value: number | bigint) => castDecimal(value, from, to);
  if (isInteger(from)) return (value: number | bigint) => decimalOfLong(value, to);
  if (from.root === 'FLOAT' || from.root === 'DOUBLE') {
    return (value: number) => (Number.isFinite(value) ? decimalOfDouble(value, to) : failed(value, to));
  }
  return undefined;
}

function failed(value: unknown, to: AnyType): never {
  throw new CastError(value, to);
}

function fitBytes(to: AnyType & { length: number }): (bytes: Uint8Array) => Uint8Array {
  const { length } = to;
  return (bytes) => {
    if (bytes.length > length) return bytes.slice(0, length);
    if (to.root === 'VARBINARY' || bytes.length === length || length === MAX_LENGTH) return bytes;
    const padded = new Uint8Array(length);
    padded.set(bytes);
    return padded;
  };
}

function fromText(to: AnyType, timeZone: string): Convert | undefined {
  const or =
    (parse: (text: string) => unknown): Convert =>
    (text: string) => {
      const value = parse(text);
      return value === undefined ? failed(text, to) : value;
    };
  switch (to.root) {
    case 'BOOLEAN':
      return or(textToBoolean);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT': {
      const range = INTEGER_RANGES[to.root];
      return or((text) => textToInteger(text, range));
    }
    case 'BIGINT':
      return or(textToLong);
    case 'FLOAT':
      return or(textToFloat);
    case 'DOUBLE':
      return or(textToDouble);
    case 'DECIMAL':
      return or((text) => textToDecimal(text, to));
    case 'DATE':
      return or(textToDate);
    case 'TIME':
      return or(textToTime);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return or((text) => {
        const local = textToTimestamp(text);
        if (local === undefined) return undefined;
        return timestampValue(to.root === 'TIMESTAMP' ? local : localToInstant(local, timeZone), to.precision);
      });
    case 'BINARY':
    case 'VARBINARY': {
      const fit = fitBytes(to);
      return (text: string) => fit(new Uint8Array(Buffer.from(text, 'utf8')));
    }
    default:
      return undefined;
  }
}

/** Any point in time as ms and nanoseconds of a local time. */
function localOf(from: AnyType, timeZone: string): ((value: never) => Timestamp) | undefined {
  switch (from.root) {
    case 'DATE':
      return (day: number) => Timestamp.ofMs(day * DAY_MS);
    case 'TIME':
      return (ms: number) => Timestamp.ofMs(ms);
    case 'TIMESTAMP':
      return from.precision <= 3 ? (ms: number) => Timestamp.ofMs(ms) : (same as never);
    case 'TIMESTAMP_LTZ':
      return from.precision <= 3
        ? (ms: number) => Timestamp.ofMs(toLocal(ms, timeZone))
        : (t: Timestamp) => Timestamp.ofMs(toLocal(t.ms, timeZone), t.nanosOfMs);
    default:
      return undefined;
  }
}

function toTime(
  from: AnyType,
  to: Extract<AnyType, { root: 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ' }>,
  timeZone: string,
): Convert | undefined {
  if (isTimestampType(from) && from.root === to.root) {
    const { precision } = to;
    const time: (value: never) => Timestamp =
      from.precision <= 3 ? (ms: number) => Timestamp.ofMs(ms) : (same as never);
    if (from.precision <= 3 && precision === 3) return same;
    // Flink cuts towards zero, not towards the past.
    const unit = 10 ** Math.max(0, 3 - precision);
    return (value: never) => {
      const point = time(value);
      return precision > 3 ? timestampValue(point, precision) : point.ms - (point.ms % unit) + 0;
    };
  }
  const local = localOf(from, timeZone);
  if (local === undefined) return undefined;
  switch (to.root) {
    // Towards zero, as Flink divides: the day before 1970 becomes 1970-01-01.
    case 'DATE':
      if (from.root === 'TIME') return undefined;
      // A moment has the day of its local time, before 1970 too.
      if (from.root === 'TIMESTAMP_LTZ') return (value: never) => Math.floor(local(value).ms / DAY_MS);
      return (value: never) => Math.trunc(local(value).ms / DAY_MS) + 0;
    case 'TIME': {
      if (from.root === 'DATE') return undefined;
      // Flink keeps the milliseconds, whatever the precision.
      return (value: never) => {
        const { ms } = local(value);
        return ms - Math.floor(ms / DAY_MS) * DAY_MS;
      };
    }
    case 'TIMESTAMP':
      if (from.root === 'TIMESTAMP_LTZ' && from.precision <= 3 && to.precision === 3) {
        return (ms: number) => toLocal(ms, timeZone);
      }
      return (value: never) => timestampValue(local(value), to.precision);
    case 'TIMESTAMP_LTZ':
      if (from.root === 'TIMESTAMP' && from.precision <= 3 && to.precision === 3) {
        return (ms: number) => toInstant(ms, timeZone);
      }
      return (value: never) => timestampValue(localToInstant(local(value), timeZone), to.precision);
  }
}

function nested(from: AnyType, to: AnyType, timeZone: string): Convert | undefined {
  const inner = (a: AnyType, b: AnyType): ((value: unknown) => unknown) | undefined => {
    const convert = converter(a, b, timeZone);
    return convert === undefined ? undefined : (value) => (value === null ? null : convert(value as never));
  };
  if (from.root === 'ARRAY' && to.root === 'ARRAY') {
    const one = inner(from.element, to.element);
    return one && ((value: unknown[]) => value.map(one));
  }
  if (from.root === 'MULTISET' && to.root === 'MULTISET') {
    const one = inner(from.element, to.element);
    return one && ((value: Map<unknown, number>) => new Map([...value].map(([k, n]) => [one(k), n])));
  }
  if (from.root === 'MAP' && to.root === 'MAP') {
    const [key, item] = [inner(from.key, to.key), inner(from.value, to.value)];
    if (key === undefined || item === undefined) return undefined;
    return (value: Map<unknown, unknown>) => new Map([...value].map(([k, v]) => [key(k), item(v)]));
  }
  const rows = (from.root === 'ROW' || from.root === 'STRUCTURED') && (to.root === 'ROW' || to.root === 'STRUCTURED');
  if (!rows || from.fields.length !== to.fields.length) return undefined;
  const parts = from.fields.map((field, i) => inner(field.type, to.fields[i]?.type as AnyType));
  if (parts.includes(undefined)) return undefined;
  const Made = rowClassOf(new Schema(to.fields));
  return (value: object) => {
    const values = classOfRow(value)?.values(value as Row) ?? [];
    return Made.of(values.map((v, i) => (parts[i] as (value: unknown) => unknown)(v)));
  };
}

/** Whether there is a cast at all; for messages the types as Flink prints them. */
export function castExists(from: AnyType, to: AnyType): boolean {
  return converter(from, to, 'UTC') !== undefined;
}
