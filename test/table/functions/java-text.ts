import { classOfRow, type Row } from '../../../src/core/rows/index.js';
import type { AnyType } from '../../../src/core/types/index.js';
import { dateText, decimalText, doubleText, floatText, Timestamp } from '../../../src/core/values/index.js';

/** `13:14`, `13:14:15`, `13:14:15.678`: Java leaves out what is zero. */
function javaTime(msOfDay: number, nanosOfMs = 0): string {
  const text = Timestamp.ofMs(msOfDay, nanosOfMs).format(9).slice(11);
  const [clock = '', fraction = ''] = text.split('.');
  const digits = fraction.replace(/(000)+$/, '');
  if (digits !== '') return `${clock}.${digits}`;
  return clock.endsWith(':00') ? clock.slice(0, 5) : clock;
}

function javaDateTime(time: Timestamp): string {
  const day = Math.floor(time.ms / 86_400_000);
  return `${dateText(day)}T${javaTime(time.ms - day * 86_400_000, time.nanosOfMs)}`;
}

/** `PT1H30M`, `PT-1.5S`. */
function javaDuration(ms: number): string {
  if (ms === 0) return 'PT0S';
  const seconds = Math.trunc(ms / 1000);
  const [hours, minutes] = [Math.trunc(seconds / 3600), Math.trunc((seconds % 3600) / 60)];
  const rest = (ms - (hours * 3600 + minutes * 60) * 1000) / 1000;
  return `PT${hours === 0 ? '' : `${hours}H`}${minutes === 0 ? '' : `${minutes}M`}${rest === 0 ? '' : `${rest}S`}`;
}

function javaPeriod(months: number): string {
  return `P${months === 0 ? '0D' : `${months}M`}`;
}

const full = (value: unknown): Timestamp => (typeof value === 'number' ? Timestamp.ofMs(value) : (value as Timestamp));

/** A value as `String.valueOf` prints what Flink's `Row` holds for it; arrays as `[a, b]`. */
export function javaText(value: unknown, type: AnyType): string {
  if (value === null) return 'null';
  switch (type.root) {
    case 'DECIMAL':
      return decimalText(value as number, type.scale);
    case 'FLOAT':
      return floatText(value as number);
    case 'DOUBLE':
      return doubleText(value as number);
    case 'DATE':
      return dateText(value as number);
    case 'TIME':
      return javaTime(value as number);
    case 'TIMESTAMP':
      return javaDateTime(full(value));
    case 'TIMESTAMP_LTZ': {
      const text = javaDateTime(full(value));
      return `${text.length === 16 ? `${text}:00` : text}Z`;
    }
    case 'INTERVAL_DAY_TIME':
      return javaDuration(value as number);
    case 'INTERVAL_YEAR_MONTH':
      return javaPeriod(value as number);
    case 'BINARY':
    case 'VARBINARY':
      return `[${Array.from(value as Uint8Array, (byte) => (byte << 24) >> 24).join(', ')}]`;
    case 'ARRAY':
      return `[${(value as unknown[]).map((item) => javaText(item, type.element)).join(', ')}]`;
    case 'MAP':
      return `{${[...(value as Map<unknown, unknown>)].map(([k, v]) => `${javaText(k, type.key)}=${javaText(v, type.value)}`).join(', ')}}`;
    case 'ROW': {
      const values = classOfRow(value as object)?.values(value as Row) ?? [];
      return `+I[${values.map((item, i) => javaText(item, type.fields[i]?.type as AnyType)).join(', ')}]`;
    }
    default:
      return String(value);
  }
}
