import type { AnyType, Field } from '../../core/types/index.js';
import { dateText, decimalText, Timestamp, timeText } from '../../core/values/index.js';
import { quoteText } from '../sql/unparse/index.js';

/** The type as a CAST takes it: without NOT NULL, which only makes a difference to columns. */
export function castType(of: AnyType): string {
  return String(of.nullable()).replace(/ NOT NULL/g, '');
}

const cast = (text: string, of: AnyType): string => `CAST(${text} AS ${castType(of)})`;

/**
 * A value of the engine as an expression of Flink SQL that has exactly this type. The session's time zone has to be UTC.
 *
 * @param typed whether the text alone has to give the type; `false` where a CAST around it will
 */
export function valueText(value: unknown, of: AnyType, typed = true): string {
  if (value === null || value === undefined) return of.root === 'NULL' ? 'NULL' : cast('NULL', of);
  switch (of.root) {
    case 'CHAR':
      return quoteText(value as string);
    case 'VARCHAR':
      return typed ? cast(quoteText(value as string), of) : quoteText(value as string);
    case 'BOOLEAN':
      return value === true ? 'TRUE' : 'FALSE';
    case 'TINYINT':
    case 'SMALLINT':
    case 'BIGINT':
      return typed ? cast(numberText(value as number | bigint), of) : numberText(value as number | bigint);
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
      return doubleText(value as number, of, typed);
    case 'DATE':
      return `DATE '${dateText(value as number)}'`;
    case 'TIME':
      return timeOfDay(value as number, of.precision);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const stamp = typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp);
      const literal = `TIMESTAMP '${stamp.format(of.precision)}'`;
      return of.root === 'TIMESTAMP' ? literal : cast(literal, of);
    }
    case 'BINARY':
    case 'VARBINARY': {
      const bytes = `X'${Buffer.from(value as Uint8Array).toString('hex')}'`;
      return of.root === 'VARBINARY' && typed ? cast(bytes, of) : bytes;
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
  return cast(`MAP_FROM_ARRAYS(${none(of.key)}, ${none(of.value)})`, of);
}

const signed = (text: string): string => (text.startsWith('-') ? `(${text})` : text);

function numberText(value: number | bigint): string {
  return signed(String(value));
}

function doubleText(value: number, of: AnyType, typed: boolean): string {
  if (!Number.isFinite(value)) return cast(`'${value}'`, of);
  if (Object.is(value, -0)) return cast("'-0.0'", of);
  const text = signed(value.toExponential().replace('e', 'E').replace('+', ''));
  return of.root === 'FLOAT' && typed ? cast(text, of) : text;
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

/** `INTERVAL '5' MINUTE`: milliseconds in the largest unit that fits. */
export function dayTimeText(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  for (const [unit, length] of UNITS) {
    if (size % length !== 0 || (size === 0 && unit !== 'SECOND')) continue;
    return `INTERVAL ${sign}'${size / length}' ${unit}${leading(size / length)}`;
  }
  const seconds = Math.floor(size / 1000);
  const precision = Math.max(2, String(seconds).length);
  return `INTERVAL ${sign}'${seconds}.${String(size % 1000).padStart(3, '0')}' SECOND(${precision}, 3)`;
}

export function monthsText(months: number): string {
  return `INTERVAL ${months < 0 ? '-' : ''}'${Math.abs(months)}' MONTH${leading(Math.abs(months))}`;
}

/** More than two digits have to be announced. */
function leading(count: number): string {
  const digits = String(count).length;
  return digits > 2 ? `(${digits})` : '';
}
