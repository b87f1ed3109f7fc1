import { DAY_MS, epochDayOf, isDate } from '../../core/values/index.js';

// Readers for the generated scanner: bytes of the usual form to a number, NaN for everything else.

function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = (bytes[i] as number) ^ 48;
    if (digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** `2024-05-01` as days since 1970-01-01. */
export function dateBytes(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 10 || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return Number.NaN;
  const year = digits(bytes, from, 4);
  const month = digits(bytes, from + 5, 2);
  const day = digits(bytes, from + 8, 2);
  return isDate(year, month, day) ? epochDayOf(year, month, day) : Number.NaN;
}

/** `2024-05-01 12:30:00[.123]` (or with `T`) as milliseconds since the epoch. */
export function timestampBytes(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length !== 19 && (length < 21 || length > 23 || bytes[from + 19] !== 46)) return Number.NaN;
  const separator = bytes[from + 10];
  if ((separator !== 32 && separator !== 84) || bytes[from + 13] !== 58 || bytes[from + 16] !== 58) return Number.NaN;
  const hours = digits(bytes, from + 11, 2);
  const minutes = digits(bytes, from + 14, 2);
  const seconds = digits(bytes, from + 17, 2);
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return Number.NaN;
  const fraction = length === 19 ? 0 : digits(bytes, from + 20, length - 20) * 10 ** (23 - length);
  return dateBytes(bytes, from, from + 10) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction;
}
