import { ArgumentError } from '../core/errors.js';
import type { AnyType } from '../core/types/index.js';
import { dateText, decimalText, doubleText, floatText, Timestamp, timeText } from '../core/values/index.js';

/** A timestamp of the engine (ms, or `Timestamp`); as many fraction digits as are needed, as Flink writes. */
export function timestampText(value: unknown, separator: ' ' | 'T', suffix: string): string {
  const timestamp = typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp);
  return withoutZeros(timestamp.format(9, separator)) + suffix;
}

/** A time of day, with as many fraction digits as are needed. */
export function timeOfDayText(msOfDay: number): string {
  return withoutZeros(timeText(msOfDay, 3));
}

// Only after a point: the text always has one.
const withoutZeros = (text: string): string => text.replace(/\.?0+$/, '');

/** A DECIMAL without the zeros at its end: Flink writes 100 for 100.00. */
export function plainDecimalText(value: number | bigint, scale: number): string {
  const text = decimalText(value, scale);
  return scale === 0 ? text : withoutZeros(text);
}

/** As Java writes a `BigDecimal` without zeros at its end: 100 is 1E+2, and 0.000000027 is 2.7E-8. */
export function scientificDecimalText(value: number | bigint, scale: number): string {
  const plain = plainDecimalText(value, scale);
  const negative = plain.startsWith('-');
  const [whole = '', fraction = ''] = (negative ? plain.slice(1) : plain).split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0';
  const exponent = digits.length - 1 - fraction.length;
  const kept = fraction === '' ? digits.replace(/0+$/, '') : digits;
  if (exponent >= -6 && kept.length === digits.length) return plain;
  const point = kept.length > 1 ? `.${kept.slice(1)}` : '';
  return `${negative ? '-' : ''}${kept[0]}${point}E${exponent > 0 ? '+' : ''}${exponent}`;
}

/** What of a csv's settings decides how values are written. */
export interface CsvText {
  readonly elementDelimiter: string;
  readonly nullLiteral: string | null;
  readonly scientificDecimals: boolean;
}

/** Makes the writer of a csv field of this type, from the engine's value. Never called with NULL. */
export function toText(type: AnyType, settings: CsvText): (value: unknown) => string {
  const { elementDelimiter, scientificDecimals } = settings;
  const nullText = settings.nullLiteral ?? '';
  switch (type.root) {
    case 'BINARY':
    case 'VARBINARY':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    case 'FLOAT':
      return (value) => floatText(value as number);
    case 'DOUBLE':
      return (value) => doubleText(value as number);
    case 'DECIMAL':
      return (value) =>
        scientificDecimals
          ? scientificDecimalText(value as number | bigint, type.scale)
          : plainDecimalText(value as number | bigint, type.scale);
    case 'DATE':
      return (value) => dateText(value as number);
    case 'TIME':
      return (value) => timeOfDayText(value as number);
    case 'TIMESTAMP':
      return (value) => timestampText(value, ' ', '');
    case 'TIMESTAMP_LTZ':
      return (value) => timestampText(value, ' ', 'Z');
    case 'ARRAY': {
      const one = toText(type.element, settings);
      return (value) => (value as unknown[]).map((v) => (v === null ? nullText : one(v))).join(elementDelimiter);
    }
    case 'ROW': {
      const parts = type.fields.map((field) => ({ name: field.name, write: toText(field.type, settings) }));
      return (value) =>
        parts
          .map(({ name, write }) => {
            const part = (value as Record<string, unknown>)[name];
            return part === null || part === undefined ? nullText : write(part);
          })
          .join(elementDelimiter);
    }
    case 'MAP':
    case 'MULTISET':
    case 'STRUCTURED':
    case 'RAW':
    case 'NULL':
      throw new ArgumentError(`csv cannot hold a ${type}`, { hint: 'json can hold maps and nested rows' });
    default:
      return String;
  }
}
