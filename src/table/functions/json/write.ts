import { classOfRow, type Row } from '../../../core/rows/index.js';
import type { AnyType } from '../../../core/types/index.js';
import { decimalText } from '../../../core/values/index.js';
import { textOf } from '../cast/text.js';

/**
 * How values of a type (not NULL) are written as JSON by JSON_OBJECT, JSON_ARRAY and JSON_STRING: numbers as numbers,
 * rows as objects, bytes as base64, all else as the text that CAST gives.
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
        `{${[...value].map(([k, v]) => `${JSON.stringify(k === null ? 'null' : key(k as never))}:${item(v)}`).join(',')}}`;
    }
    case 'ROW':
    case 'STRUCTURED': {
      const parts = type.fields.map((field) => orNull(field.type, timeZone));
      return (value: object) =>
        `{${(classOfRow(value)?.values(value as Row) ?? [])
          .map((v, i) => `${JSON.stringify(type.fields[i]?.name)}:${parts[i]?.(v)}`)
          .join(',')}}`;
    }
    default: {
      const text = textOf(type, timeZone);
      return (value: never) => JSON.stringify(text(value));
    }
  }
}

function orNull(type: AnyType, timeZone: string): (value: unknown) => string {
  const write = jsonWriter(type, timeZone);
  return (value) => (value === null ? 'null' : write(value as never));
}

/** Without zeros at the end of the fraction. */
function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
