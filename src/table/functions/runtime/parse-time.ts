import { DAY_MS, epochDayOf, isDate, Timestamp } from '../../../core/values/index.js';
import { toInstant } from './zones.js';

// Texts as dates and times, by the rules of Flink's casts (DateTimeUtils). `undefined`: it is none.

const DIGITS = /^\d{1,10}$/;

/** `2024-01-31`, `2024-1`, `2024`; what follows a blank is not looked at. Days since 1970-01-01. */
export function textToDate(given: string): number | undefined {
  const blank = given.indexOf(' ');
  const text = blank > 0 ? given.slice(0, blank) : given;
  const first = text.indexOf('-');
  const second = first < 0 ? -1 : text.indexOf('-', first + 1);
  const parts =
    first < 0
      ? [text]
      : second < 0
        ? [text.slice(0, first), text.slice(first + 1)]
        : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
  const trimmed = parts.map((part) => part.trim());
  if (!trimmed.every((part) => DIGITS.test(part))) return undefined;
  const [year = 0, month = 1, day = 1] = trimmed.map(Number);
  return year >= 0 && year <= 9999 && isDate(year, month, day) ? epochDayOf(year, month, day) : undefined;
}

const TIME = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?$/;

/** `13:14:15.123`, `13:14`, `13`. ms of the day. */
export function textToTime(given: string): number | undefined {
  const found = TIME.exec(given.trim());
  if (found === null) return undefined;
  const [hours, minutes, seconds] = [Number(found[1]), Number(found[2] ?? 0), Number(found[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const ms = Number((found[4] ?? '').padEnd(3, '0').slice(0, 3));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
}

const TIMESTAMP = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{0,9}))?)?$/;

/** The day of the month, or the month's last where it is shorter: 30 February is the 29th or the 28th. */
export function lastDay(year: number, month: number, day: number): number {
  let last = day;
  while (!isDate(year, month, last)) last--;
  return last;
}

/** `2024-01-31 13:14:15.123456789`, also without the time of day. */
export function textToTimestamp(text: string): Timestamp | undefined {
  const found = TIMESTAMP.exec(text);
  if (found === null) return undefined;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const [hours, minutes, seconds] = [Number(found[4] ?? 0), Number(found[5] ?? 0), Number(found[6] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const nanos = Number((found[7] ?? '').padEnd(9, '0'));
  const ms = Math.floor(nanos / 1e6);
  const time = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
  return Timestamp.ofMs(epochDayOf(year, month, lastDay(year, month, day)) * DAY_MS + time, nanos - ms * 1e6);
}

/** A local time as the moment it is in a zone. */
export function localToInstant(local: Timestamp, zone: string): Timestamp {
  return Timestamp.ofMs(toInstant(local.ms, zone), local.nanosOfMs);
}

/** A timestamp as the engine keeps it at this precision: ms up to 3 digits, otherwise a `Timestamp`. */
export function timestampValue(time: Timestamp, precision: number): number | Timestamp {
  const cut = time.withPrecision(precision);
  return precision <= 3 ? cut.ms : cut;
}
