import type { AnyType } from '../../core/types/index.js';
import { dateText, decimalText, doubleText, floatText, Timestamp, timeText } from '../../core/values/index.js';

/** Fractions in groups of three digits, none if there is nothing. */
function withoutGroups(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = fraction.replace(/(000)+$/, '');
  return digits === '' ? whole : `${whole}.${digits}`;
}

function timestampOf(value: unknown): Timestamp {
  return typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp);
}

/** As Java writes a `LocalDateTime` or `LocalTime`: seconds only if there are any. */
function withoutSeconds(text: string): string {
  return text.endsWith(':00') ? text.slice(0, -3) : text;
}

/** A TIMESTAMP as Java writes a `LocalDateTime`: `2024-05-01T12:34`, `2024-05-01T12:34:56.700`. */
export function localDateTimeText(value: unknown): string {
  return withoutSeconds(withoutGroups(timestampOf(value).format(9, 'T')));
}

/** Milliseconds as Java writes a `Duration`: `PT1H30M`, `PT0.5S`. */
function durationText(ms: number): string {
  if (ms === 0) return 'PT0S';
  const seconds = Math.trunc(ms / 1000);
  const hours = Math.trunc(seconds / 3600);
  const minutes = Math.trunc((seconds % 3600) / 60);
  const rest = (ms - (hours * 3600 + minutes * 60) * 1000) / 1000;
  return `PT${hours === 0 ? '' : `${hours}H`}${minutes === 0 ? '' : `${minutes}M`}${rest === 0 ? '' : `${rest}S`}`;
}

/** Months as Java writes a `Period`: `P1Y2M`. */
function periodText(months: number): string {
  if (months === 0) return 'P0D';
  const [years, rest] = [Math.trunc(months / 12), months % 12];
  return `P${years === 0 ? '' : `${years}Y`}${rest === 0 ? '' : `${rest}M`}`;
}

/**
 * Makes the writer of a value of this type, as Java writes the object that Flink makes of it: what its print connector shows.
 *
 * @see Flink: Print SQL Connector; `RowUtils`, `Row.toString`
 */
export function javaText(type: AnyType): (value: unknown) => string {
  const text = valueText(type);
  return (value) => (value === null || value === undefined ? 'null' : text(value));
}

function valueText(type: AnyType): (value: unknown) => string {
  switch (type.root) {
    case 'FLOAT':
      return (value) => floatText(value as number);
    case 'DOUBLE':
      return (value) => doubleText(value as number);
    case 'DECIMAL':
      return (value) => decimalText(value as number | bigint, type.scale);
    case 'BINARY':
    case 'VARBINARY':
      return (value) => `[${[...new Int8Array(value as Uint8Array)].join(', ')}]`;
    case 'DATE':
      return (value) => dateText(value as number);
    case 'TIME':
      return (value) => withoutSeconds(withoutGroups(timeText(value as number, 3)));
    case 'TIMESTAMP':
      return localDateTimeText;
    case 'TIMESTAMP_LTZ':
      return (value) => `${withoutGroups(timestampOf(value).format(9, 'T'))}Z`;
    case 'INTERVAL_DAY_TIME':
      return (value) => durationText(Number(value));
    case 'INTERVAL_YEAR_MONTH':
      return (value) => periodText(Number(value));
    case 'ARRAY': {
      const one = javaText(type.element);
      return (value) => `[${(value as readonly unknown[]).map(one).join(', ')}]`;
    }
    case 'MAP': {
      const [key, item] = [javaText(type.key), javaText(type.value)];
      return (value) =>
        `{${[...(value as ReadonlyMap<unknown, unknown>)].map(([k, v]) => `${key(k)}=${item(v)}`).join(', ')}}`;
    }
    case 'MULTISET': {
      const one = javaText(type.element);
      return (value) =>
        `{${[...(value as ReadonlyMap<unknown, unknown>)].map(([k, n]) => `${one(k)}=${n}`).join(', ')}}`;
    }
    case 'ROW':
    case 'STRUCTURED': {
      const fields = type.fields.map(({ name, type: of }) => ({ name, text: javaText(of) }));
      return (value) =>
        `+I[${fields.map(({ name, text }) => text((value as Record<string, unknown>)[name])).join(', ')}]`;
    }
    default:
      return String;
  }
}
