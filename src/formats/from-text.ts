import { ArgumentError } from '../core/errors.js';
import { rowClassOf } from '../core/rows/index.js';
import type { AnyType } from '../core/types/index.js';
import { Schema } from '../core/types/index.js';
import {
  floatOf,
  INTEGER_RANGES,
  parseDate,
  parseDecimal,
  parseLong,
  parseTime,
  Timestamp,
} from '../core/values/index.js';

/** The engine's value of a text; `undefined` when it is none. */
export type FromText = (text: string) => unknown;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['+Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** A DOUBLE from text, as Java reads it. */
export function doubleFromText(text: string): number | undefined {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : SPECIAL.get(trimmed);
}

/** A FLOAT from text, rounded once. */
export function floatFromText(text: string): number | undefined {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? floatOf(trimmed) : SPECIAL.get(trimmed);
}

/** TINYINT, SMALLINT, INT from text. */
export function integerFromText(root: 'TINYINT' | 'SMALLINT' | 'INT'): FromText {
  const [least, most] = INTEGER_RANGES[root];
  return (text) => {
    const value = parseLong(text.trim());
    return value !== undefined && value >= least && value <= most ? value : undefined;
  };
}

/** TRUE or FALSE in any case. Flink takes every other text for false; here it is an error. */
export function booleanFromText(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** TIMESTAMP and TIMESTAMP_LTZ, in any of the usual forms. */
export function timestampFromText(precision: number): FromText {
  return (text) => {
    const value = Timestamp.tryParse(text.trim())?.withPrecision(precision);
    return precision <= 3 ? value?.ms : value;
  };
}

/** TIME, cut to its precision. */
export function timeFromText(precision: number): FromText {
  const unit = 10 ** Math.max(0, 3 - precision);
  return (text) => {
    const ms = parseTime(text.trim())?.ms;
    return ms === undefined ? undefined : ms - (ms % unit);
  };
}

/**
 * Makes the reader of a csv field of this type.
 *
 * @param elementDelimiter between the elements of an ARRAY and the fields of a ROW
 */
export function fromText(type: AnyType, elementDelimiter: string): FromText {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return (text) => text;
    case 'BINARY':
    case 'VARBINARY':
      return (text) => (/^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined);
    case 'BOOLEAN':
      return booleanFromText;
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return integerFromText(type.root);
    case 'BIGINT':
      return (text) => parseLong(text.trim());
    case 'FLOAT':
      return floatFromText;
    case 'DOUBLE':
      return doubleFromText;
    case 'DECIMAL':
      return (text) => parseDecimal(text.trim(), type) ?? undefined;
    case 'DATE':
      return (text) => parseDate(text.trim());
    case 'TIME':
      return timeFromText(type.precision);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampFromText(type.precision);
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return (text) => parseLong(text.trim());
    case 'ARRAY': {
      const one = fromText(type.element, elementDelimiter);
      return (text) => {
        const values = text === '' ? [] : text.split(elementDelimiter).map(one);
        return values.includes(undefined) ? undefined : values;
      };
    }
    case 'ROW': {
      const parts = type.fields.map((field) => fromText(field.type, elementDelimiter));
      const Row = rowClassOf(new Schema(type.fields));
      return (text) => {
        const values = text.split(elementDelimiter).map((part, i) => parts[i]?.(part));
        return values.length !== parts.length || values.includes(undefined) ? undefined : Row.of(values);
      };
    }
    default:
      throw new ArgumentError(`csv cannot hold a ${type}`, { hint: 'json can hold maps and nested rows' });
  }
}
