import type { AnyType, Field } from '../../../src/core/types/index.js';
import { dateText, decimalText, floatToCell, fromCell, Timestamp, timeText } from '../../../src/core/values/index.js';
import type { Json } from '../cases.js';

const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0.0': -0,
};

/** What a case writes for a value, as a cell would give it. */
function asCell(type: AnyType, json: Json): unknown {
  if (json === null) return null;
  switch (type.root) {
    case 'BIGINT':
      return typeof json === 'string' ? BigInt(json) : json;
    case 'FLOAT':
    case 'DOUBLE':
      return typeof json === 'string' ? SPECIAL[json] : json;
    case 'BINARY':
    case 'VARBINARY':
      return typeof json === 'string' ? Buffer.from(json.slice(2), 'hex') : json;
    case 'ARRAY':
      return (json as Json[]).map((item) => asCell(type.element, item));
    case 'MAP':
      return Object.fromEntries(Object.entries(json as object).map(([k, v]) => [k, asCell(type.value, v)]));
    case 'ROW':
      return (json as Json[]).map((item, i) => asCell((type.fields[i] as Field).type, item));
    default:
      return json;
  }
}

/** Makes the engine's value of what a case writes for it. */
export function decoder(type: AnyType, where: string): (json: Json) => unknown {
  const convert = fromCell(type, where);
  return (json) => convert(asCell(type, json));
}

function number(value: number): Json {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : value;
  return String(value);
}

function entries(map: ReadonlyMap<unknown, unknown>, key: (v: unknown) => Json, value: (v: unknown) => Json): Json {
  const list = [...map].map(([k, v]) => [key(k), value(v)]);
  list.sort((a, b) => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return { $map: list } as unknown as Json;
}

function timestampText(value: unknown): string {
  const stamp = typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp);
  const digits = stamp.nanosOfMs === 0 ? 3 : stamp.nanosOfMs % 1000 === 0 ? 6 : 9;
  const base = Timestamp.ofMs(Math.floor(stamp.ms / 1000) * 1000)
    .toString()
    .replace(/\.\d+$/, '');
  const fraction = String((((stamp.ms % 1000) + 1000) % 1000) * 1_000_000 + stamp.nanosOfMs).padStart(9, '0');
  return `${base}.${fraction.slice(0, digits)}`;
}

function interval(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const total = Math.abs(ms);
  const hours = Math.floor(total / 3_600_000);
  const minutes = Math.floor((total % 3_600_000) / 60_000);
  const seconds = (total % 60_000) / 1000;
  const parts = [
    hours === 0 ? '' : `${sign}${hours}H`,
    minutes === 0 ? '' : `${sign}${minutes}M`,
    seconds === 0 ? '' : `${sign}${seconds}S`,
  ].join('');
  return `PT${parts === '' ? '0S' : parts}`;
}

/** Writes a value of the engine as the cases do. */
export function encode(type: AnyType, value: unknown): Json {
  if (value === null || value === undefined) return null;
  switch (type.root) {
    case 'BIGINT':
      return typeof value === 'bigint' ? String(value) : (value as number);
    case 'FLOAT':
      return number(floatToCell(value as number));
    case 'DOUBLE':
      return number(value as number);
    case 'DECIMAL':
      return decimalText(value as number, type.scale);
    case 'DATE':
      return dateText(value as number);
    case 'TIME':
      return timeText(value as number, (value as number) % 1000 === 0 ? 0 : 3);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampText(value);
    case 'INTERVAL_DAY_TIME':
      return interval(value as number);
    case 'INTERVAL_YEAR_MONTH':
      return `P${value as number}M`;
    case 'BINARY':
    case 'VARBINARY':
      return `0x${Buffer.from(value as Uint8Array).toString('hex')}`;
    case 'ARRAY':
      return (value as unknown[]).map((item) => encode(type.element, item));
    case 'MAP':
      return entries(
        value as Map<unknown, unknown>,
        (k) => encode(type.key, k),
        (v) => encode(type.value, v),
      );
    case 'MULTISET':
      return entries(
        value as Map<unknown, unknown>,
        (k) => encode(type.element, k),
        (v) => v as number,
      );
    case 'ROW':
    case 'STRUCTURED':
      return type.fields.map((field) => encode(field.type, (value as Record<string, unknown>)[field.name]));
    default:
      return value as Json;
  }
}
