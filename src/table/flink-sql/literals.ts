import type { AnyType, Field } from '../../core/types/index.js';
import { dateText, decimalText, Timestamp, timeText } from '../../core/values/index.js';
import { quoteText } from '../sql/unparse/index.js';

/** The type as a CAST takes it: without NOT NULL, which only makes a difference to columns. */
export function castType(of: AnyType): string {
  return String(of.nullable()).replace(/ NOT NULL/g, '');
}

const cast = (text: string, of: AnyType): string => `CAST(${text} AS ${castType(of)})`;

/**
 * A value of the engine as an expression of Flink SQL that has exactly this type. (Of TIMESTAMP_LTZ with more than three
 * digits only where the session's time zone is UTC.)
 */
export function valueText(value: unknown, of: AnyType): string {
  if (value === null || value === undefined) return of.root === 'NULL' ? 'NULL' : cast('NULL', of);
  switch (of.root) {
    case 'CHAR':
      return quoteText(value as string);
    case 'VARCHAR':
      return cast(quoteText(value as string), of);
    case 'BOOLEAN':
      return value === true ? 'TRUE' : 'FALSE';
    case 'TINYINT':
    case 'SMALLINT':
    case 'BIGINT':
      return cast(numberText(value as number | bigint), of);
    case 'INT':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      if (of.root === 'INT') return numberText(value as number);
      return of.root === 'INTERVAL_DAY_TIME' ? dayTimeText(value as number) : monthsText(value as number);
    case 'DECIMAL': {
      const text = decimalText(value as number | bigint, of.scale);
      return cast(text.replace(/[-.]/g, '').length > 19 ? quoteText(text) : signed(text), of);
    }
    case 'FLOAT':
    case 'DOUBLE':
      return doubleText(value as number, of);
    case 'DATE':
      return `DATE '${dateText(value as number)}'`;
    case 'TIME':
      return timeOfDay(value as number, of.precision);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const stamp = typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp);
      if (of.root === 'TIMESTAMP') return `TIMESTAMP '${stamp.format(of.precision)}'`;
      if (of.precision > 3) return cast(`TIMESTAMP '${stamp.format(of.precision)}'`, of);
      return cast(`TO_TIMESTAMP_LTZ(${signed(String(stamp.ms))}, 3)`, of);
    }
    case 'BINARY':
    case 'VARBINARY': {
      const bytes = `X'${Buffer.from(value as Uint8Array).toString('hex')}'`;
      return of.root === 'VARBINARY' ? cast(bytes, of) : bytes;
    }
    case 'ARRAY': {
      const items = (value as unknown[]).map((item) => valueText(item, of.element));
      return items.length === 0 ? emptyArray(of) : cast(`ARRAY[${items.join(', ')}]`, of);
    }
    case 'MAP': {
      const entries = [...(value as Map<unknown, unknown>)].flatMap(([k, v]) => [
        valueText(k, of.key),
        valueText(v, of.value),
      ]);
      return entries.length === 0 ? emptyMap(of) : cast(`MAP[${entries.join(', ')}]`, of);
    }
    case 'ROW':
    case 'STRUCTURED': {
      const row = value as Record<string, unknown>;
      return cast(`ROW(${of.fields.map((field: Field) => valueText(row[field.name], field.type)).join(', ')})`, of);
    }
    default:
      return cast(quoteText(String(value)), of);
  }
}

/** An ARRAY with nothing in it has no literal: what is behind the end of one with something in it is. */
function emptyArray(of: Extract<AnyType, { root: 'ARRAY' }>): string {
  return `ARRAY_REMOVE(${cast(`ARRAY[CAST(NULL AS ${castType(of.element)})]`, of)}, CAST(NULL AS ${castType(of.element)}))`;
}

function emptyMap(of: Extract<AnyType, { root: 'MAP' }>): string {
  const none = (element: AnyType): string =>
    `ARRAY_REMOVE(ARRAY[CAST(NULL AS ${castType(element)})], CAST(NULL AS ${castType(element)}))`;
  // Flink 1.20 cannot cast what this gives, and need not: it has the type already.
  return `MAP_FROM_ARRAYS(${none(of.key)}, ${none(of.value)})`;
}

const signed = (text: string): string => (text.startsWith('-') ? `(${text})` : text);

function numberText(value: number | bigint): string {
  // The sign is an operator, and without it the number is one too large.
  if (value === -(2n ** 63n)) return `CAST('${value}' AS BIGINT)`;
  if (value === -2147483648) return `CAST('${value}' AS INT)`;
  return signed(String(value));
}

function doubleText(value: number, of: AnyType): string {
  if (!Number.isFinite(value)) return cast(`'${value}'`, of);
  if (Object.is(value, -0)) return cast("'-0.0'", of);
  const text = signed(value.toExponential().replace('e', 'E').replace('+', ''));
  return of.root === 'FLOAT' ? cast(text, of) : text;
}

function timeOfDay(ms: number, precision: number): string {
  const digits = Math.min(3, precision);
  const text = `TIME '${timeText(ms, digits)}'`;
  return digits === 0 ? text : `CAST('${timeText(ms, digits)}' AS TIME(${precision}))`;
}

const UNITS = [
  ['DAY', 86_400_000],
  ['HOUR', 3_600_000],
  ['MINUTE', 60_000],
  ['SECOND', 1000],
] as const;

/** `INTERVAL '5' MINUTE`: in the largest unit that fits; in all units where the number has more than two digits. */
export function dayTimeText(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  const [unit, length] = UNITS.find(([, unitMs]) => size % unitMs === 0 && size >= unitMs) ?? UNITS[3];
  const count = size / length;
  if (count < 100 && Number.isInteger(count)) return `INTERVAL ${sign}'${count}' ${unit}`;
  const two = (of: number): string => String(of).padStart(2, '0');
  const days = Math.floor(size / 86_400_000);
  const clock = [Math.floor(size / 3_600_000) % 24, Math.floor(size / 60_000) % 60, Math.floor(size / 1000) % 60].map(
    two,
  );
  const precision = Math.max(2, String(days).length);
  return `INTERVAL ${sign}'${days} ${clock.join(':')}.${String(size % 1000).padStart(3, '0')}' DAY(${precision}) TO SECOND(3)`;
}

/** `INTERVAL '14' MONTH`; years and months where the number has more than two digits. */
export function monthsText(months: number): string {
  const sign = months < 0 ? '-' : '';
  const size = Math.abs(months);
  if (size < 100) return `INTERVAL ${sign}'${size}' MONTH`;
  const years = Math.floor(size / 12);
  return `INTERVAL ${sign}'${years}-${size % 12}' YEAR(${Math.max(2, String(years).length)}) TO MONTH`;
}
