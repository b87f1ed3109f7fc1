/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** The day since 1970-01-01 of a date of the (proleptic) Gregorian calendar, month from 1. Not checked. */
export function epochDayOf(year: number, month: number, day: number): number {
  // Years begin in March here, so that the leap day comes last; eras of 400 years have the same number of days.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** Year, month (from 1) and day of a day since 1970-01-01. */
export function dateOfEpochDay(epochDay: number): { year: number; month: number; day: number } {
  const z = epochDay + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** Whether there is such a day. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  if (day <= 28) return true;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return day <= last;
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** `2024-05-01`; years have four digits at least, and beyond 9999 a plus sign, as ISO-8601 wants. */
export function dateText(epochDay: number): string {
  const { year, month, day } = dateOfEpochDay(epochDay);
  const size = String(Math.abs(year)).padStart(4, '0');
  const signed = year < 0 ? `-${size}` : year > 9999 ? `+${size}` : size;
  return `${signed}-${two(month)}-${two(day)}`;
}

/** `12:30:00`, with `digits` fraction digits (at most 3: a TIME keeps milliseconds). */
export function timeText(msOfDay: number, digits = 0): string {
  const ms = msOfDay % 1000;
  const seconds = Math.floor(msOfDay / 1000);
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return digits === 0 ? text : `${text}.${String(ms).padStart(3, '0').slice(0, digits)}`;
}

const DATE = /^([+-]?\d{1,6})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/;

/** Days since 1970-01-01 of `2024-05-01` (also `2024-5-1`); `undefined` when it is no date. */
export function parseDate(text: string): number | undefined {
  const found = DATE.exec(text);
  if (found === null) return undefined;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  return isDate(year, month, day) ? epochDayOf(year, month, day) : undefined;
}

/** A time of day. */
export interface TimeOfDay {
  readonly ms: number;
  readonly nanosOfMs: number;
}

/** `12:30`, `12:30:00`, `12:30:00.123456789`; `undefined` when it is no time of day. */
export function parseTime(text: string): TimeOfDay | undefined {
  const found = TIME.exec(text);
  if (found === null) return undefined;
  const [hours, minutes, seconds] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const nanos = Number((found[4] ?? '').padEnd(9, '0'));
  const ms = Math.floor(nanos / 1e6);
  return { ms: ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms, nanosOfMs: nanos - ms * 1e6 };
}
