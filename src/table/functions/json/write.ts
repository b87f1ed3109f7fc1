import { classOfRow, type Row } from '../../../core/rows/index.js';
import type { AnyType } from '../../../core/types/index.js';
import { decimalText, Timestamp } from '../../../core/values/index.js';
import { ValidationError } from '../../errors.js';
import { textOf } from '../cast/text.js';

/**
 * How values of a type (not NULL) are written as JSON by JSON_OBJECT, JSON_ARRAY and JSON_STRING: numbers as numbers,
 * rows as objects, bytes as base64, times in ISO-8601; DATE and TIME are refused, as in Flink.
 *
 * @param raw whether a text is JSON already: it comes from another JSON function
 */
export function jsonWriter(type: AnyType, timeZone = 'UTC', raw = false): (value: never) => string {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return raw ? (value: string) => value : (value: string) => JSON.stringify(value);
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return String as (value: never) => string;
    case 'FLOAT':
    case 'DOUBLE': {
      const text = textOf(type, timeZone) as (value: number) => string;
      return (value: number) => (Number.isFinite(value) ? text(value) : JSON.stringify(text(value)));
    }
    case 'DECIMAL':
      return (value: number | bigint) => plain(decimalText(value, type.scale));
    case 'BINARY':
    case 'VARBINARY':
      return (value: Uint8Array) => JSON.stringify(Buffer.from(value).toString('base64'));
    case 'ARRAY': {
      const one = orNull(type.element, timeZone);
      return (value: unknown[]) => `[${value.map(one).join(',')}]`;
    }
    case 'MAP':
    case 'MULTISET': {
      const key = textOf(type.root === 'MAP' ? type.key : type.element, timeZone);
      const item = type.root === 'MAP' ? orNull(type.value, timeZone) : String;
      return (value: Map<unknown, unknown>) =>
        objectText([...value].map(([k, v]) => [k === null ? 'null' : key(k as never), item(v)]));
    }
    case 'ROW':
    case 'STRUCTURED': {
      const parts = type.fields.map((field) => orNull(field.type, timeZone));
      return (value: object) =>
        objectText(
          (classOfRow(value)?.values(value as Row) ?? []).map((v, i) => [
            type.fields[i]?.name ?? '',
            parts[i]?.(v) ?? 'null',
          ]),
        );
    }
    case 'TIMESTAMP':
      return (value: number | Timestamp) => `"${isoText(value)}"`;
    case 'TIMESTAMP_LTZ':
      return (value: number | Timestamp) => `"${isoText(value)}Z"`;
    default:
      throw new ValidationError(`Type '${type}' is not scalar or cannot be converted into JSON.`, {
        hint: 'CAST it to STRING',
      });
  }
}

/** An object with its keys in order, as Flink writes them. */
export function objectText(entries: readonly (readonly [string, string])[]): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

/** `2024-01-02T03:04:05.678`, without zeros at the end of the fraction. */
function isoText(value: number | Timestamp): string {
  const time = typeof value === 'number' ? Timestamp.ofMs(value) : value;
  const [seconds, fraction] = time.format(9, 'T').split('.') as [string, string];
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? seconds : `${seconds}.${digits}`;
}

function orNull(type: AnyType, timeZone: string): (value: unknown) => string {
  const write = jsonWriter(type, timeZone);
  return (value) => (value === null ? 'null' : write(value as never));
}

/** Without zeros at the end of the fraction. */
function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
