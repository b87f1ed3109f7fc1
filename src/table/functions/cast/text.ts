import type { Row } from '../../../core/rows/index.js';
import { classOfRow } from '../../../core/rows/index.js';
import { type AnyType, MAX_LENGTH } from '../../../core/types/index.js';
import { dateText, decimalText, doubleText, floatText, Timestamp, timeText } from '../../../core/values/index.js';
import { charLength, sliceChars } from '../runtime/text.js';
import { toLocal } from '../runtime/zones.js';

type Text = (value: never) => string;

const two = (n: number): string => String(n).padStart(2, '0');

/** `+1-02` */
function monthsText(months: number): string {
  const size = Math.abs(months);
  return `${months < 0 ? '-' : '+'}${Math.floor(size / 12)}-${two(size % 12)}`;
}

/** `+1 02:03:04.567` */
function intervalText(ms: number): string {
  const size = Math.abs(ms);
  const days = Math.floor(size / 86_400_000);
  return `${ms < 0 ? '-' : '+'}${days} ${timeText(size - days * 86_400_000, 3)}`;
}

/** With `precision` fraction digits. */
function timestampText(value: number | Timestamp, precision: number): string {
  return (typeof value === 'number' ? Timestamp.ofMs(value) : value).format(precision);
}

/** How values of a type are printed by CAST(x AS STRING). */
export function textOf(type: AnyType, timeZone: string): Text {
  switch (type.root) {
    case 'BOOLEAN':
      return (value: boolean) => (value ? 'TRUE' : 'FALSE');
    case 'DECIMAL':
      return (value: number | bigint) => decimalText(value, type.scale);
    case 'FLOAT':
      return floatText as Text;
    case 'DOUBLE':
      return doubleText as Text;
    case 'DATE':
      return dateText as Text;
    case 'TIME':
      return (value: number) => timeText(value, Math.min(3, type.precision));
    case 'TIMESTAMP':
      return (value: number | Timestamp) => timestampText(value, type.precision);
    case 'TIMESTAMP_LTZ':
      return (value: number | Timestamp) => {
        if (typeof value === 'number') return timestampText(toLocal(value, timeZone), type.precision);
        return timestampText(Timestamp.ofMs(toLocal(value.ms, timeZone), value.nanosOfMs), type.precision);
      };
    case 'INTERVAL_YEAR_MONTH':
      return monthsText as Text;
    case 'INTERVAL_DAY_TIME':
      return intervalText as Text;
    case 'BINARY':
    case 'VARBINARY':
      return (value: Uint8Array) => Buffer.from(value.buffer, value.byteOffset, value.length).toString('utf8');
    case 'ARRAY': {
      const one = nullableText(type.element, timeZone);
      return (value: unknown[]) => `[${value.map(one).join(', ')}]`;
    }
    case 'MAP':
    case 'MULTISET': {
      const key = nullableText(type.root === 'MAP' ? type.key : type.element, timeZone);
      const item = type.root === 'MAP' ? nullableText(type.value, timeZone) : String;
      return (value: Map<unknown, unknown>) => `{${[...value].map(([k, v]) => `${key(k)}=${item(v)}`).join(', ')}}`;
    }
    case 'ROW':
    case 'STRUCTURED': {
      const parts = type.fields.map((field) => nullableText(field.type, timeZone));
      const row = (value: object): unknown[] => classOfRow(value)?.values(value as Row) ?? [];
      if (type.root === 'STRUCTURED') {
        return (value: object) =>
          `{${row(value)
            .map((v, i) => `${type.fields[i]?.name}=${parts[i]?.(v)}`)
            .join(', ')}}`;
      }
      return (value: object) =>
        `(${row(value)
          .map((v, i) => parts[i]?.(v))
          .join(', ')})`;
    }
    default:
      return String as Text;
  }
}

function nullableText(type: AnyType, timeZone: string): (value: unknown) => string {
  const text = textOf(type, timeZone);
  return (value) => (value === null ? 'NULL' : text(value as never));
}

/** Cuts a text to the length of its type, and fills a CHAR up with blanks. `undefined`: nothing to do. */
export function fitText(to: AnyType & { length: number }): ((text: string) => string) | undefined {
  const { length } = to;
  if (to.root === 'CHAR') {
    return (text) => {
      const count = charLength(text);
      return count > length ? sliceChars(text, 0, length) : text + ' '.repeat(length - count);
    };
  }
  if (length === MAX_LENGTH) return undefined;
  return (text) => (text.length > length ? sliceChars(text, 0, length) : text);
}
