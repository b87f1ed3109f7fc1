import { DAY_MS, dateOfEpochDay, epochDayOf } from '../../../core/values/index.js';
import { addMonthsToDays, monthsBetween } from './months.js';

/** Day of the week of a day since 1970-01-01: 1 is Monday. */
const isoDay = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** ISO week and its year. */
function isoWeek(day: number): { week: number; year: number } {
  const thursday = day - isoDay(day) + 4;
  const { year } = dateOfEpochDay(thursday);
  return { week: Math.floor((thursday - epochDayOf(year, 1, 1)) / 7) + 1, year };
}

/** EXTRACT of a date. `undefined`: a date has no such field. */
export function dateField(unit: string, day: number): number | undefined {
  const { year, month, day: dayOfMonth } = dateOfEpochDay(day);
  switch (unit) {
    case 'YEAR':
      return year;
    case 'ISOYEAR':
      return isoWeek(day).year;
    case 'QUARTER':
      return Math.floor((month + 2) / 3);
    case 'MONTH':
      return month;
    case 'WEEK':
      return isoWeek(day).week;
    case 'DAY':
      return dayOfMonth;
    case 'DOW':
      return (isoDay(day) % 7) + 1;
    case 'ISODOW':
      return isoDay(day);
    case 'DOY':
      return day - epochDayOf(year, 1, 1) + 1;
    case 'DECADE':
      return Math.floor(year / 10);
    case 'CENTURY':
      return year > 0 ? Math.floor((year + 99) / 100) : -Math.floor((99 - year) / 100);
    case 'MILLENNIUM':
      return year > 0 ? Math.floor((year + 999) / 1000) : -Math.floor((999 - year) / 1000);
    case 'EPOCH':
      return day * 86_400;
    default:
      return undefined;
  }
}

/**
 * EXTRACT of a point in time, in ms. Flink divides towards zero: of a time before 1970 the fields of the day are those of
 * the day after, and what is less than a day is negative. That is copied.
 */
export function timestampField(unit: string, ms: number): number {
  switch (unit) {
    case 'HOUR':
      return Math.trunc((ms % DAY_MS) / 3_600_000) + 0;
    case 'MINUTE':
      return Math.trunc((ms % 3_600_000) / 60_000) + 0;
    case 'SECOND':
      return Math.trunc((ms % 60_000) / 1000) + 0;
    case 'MILLISECOND':
      return (ms % 1000) + 0;
    case 'MICROSECOND':
      return (ms % 1000) * 1000 + 0;
    case 'NANOSECOND':
      return (ms % 1000) * 1_000_000 + 0;
    case 'EPOCH':
      return Math.trunc(ms / 1000) + 0;
    default:
      return dateField(unit, Math.trunc(ms / DAY_MS) + 0) ?? 0;
  }
}

const LENGTH: Readonly<Record<string, number>> = {
  MILLISECOND: 1,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: DAY_MS,
};

function firstDay(unit: string, day: number): number {
  const { year, month } = dateOfEpochDay(day);
  switch (unit) {
    case 'YEAR':
      return epochDayOf(year, 1, 1);
    case 'QUARTER':
      return epochDayOf(year, Math.floor((month - 1) / 3) * 3 + 1, 1);
    case 'MONTH':
      return epochDayOf(year, month, 1);
    case 'WEEK':
      // Weeks begin on Sunday here, although EXTRACT(WEEK ...) counts those that begin on Monday.
      return day - (isoDay(day) % 7);
    case 'DECADE':
      return epochDayOf(Math.floor(year / 10) * 10, 1, 1);
    case 'CENTURY':
      return epochDayOf(Math.floor((year - 1) / 100) * 100 + 1, 1, 1);
    case 'MILLENNIUM':
      return epochDayOf(Math.floor((year - 1) / 1000) * 1000 + 1, 1, 1);
    default:
      return day;
  }
}

const MONTHS: Readonly<Record<string, number>> = {
  MONTH: 1,
  QUARTER: 3,
  YEAR: 12,
  DECADE: 120,
  CENTURY: 1200,
  MILLENNIUM: 12_000,
};

/** FLOOR(day TO unit). */
export function floorDay(unit: string, day: number): number {
  return firstDay(unit, day);
}

/** CEIL(day TO unit): the day itself where a unit begins. */
export function ceilDay(unit: string, day: number): number {
  // Two of Flink's oddities: a day is not its own ceiling, nor is the first day of a decade.
  if (unit === 'DAY') return day + 1;
  const first = firstDay(unit, day);
  if (first === day && unit !== 'DECADE') return day;
  return unit === 'WEEK' ? first + 7 : addMonthsToDays(first, MONTHS[unit] ?? 0);
}

/** FLOOR(time TO unit), ms. */
export function floorTime(unit: string, ms: number): number {
  const length = LENGTH[unit];
  if (length !== undefined) return Math.floor(ms / length) * length;
  // Weeks and longer: by a day that is cut towards zero.
  const day = unit === 'WEEK' ? Math.floor(ms / DAY_MS) : Math.trunc(ms / DAY_MS);
  return firstDay(unit, day) * DAY_MS + 0;
}

/** CEIL(time TO unit), ms. */
export function ceilTime(unit: string, ms: number): number {
  const length = LENGTH[unit];
  // Unlike the floor, by the day that the time is in.
  const floor =
    length !== undefined || unit === 'DECADE' ? floorTime(unit, ms) : firstDay(unit, Math.floor(ms / DAY_MS)) * DAY_MS;
  if (floor === ms && unit !== 'DECADE') return ms;
  if (length !== undefined) return floor + length;
  const day = floor / DAY_MS;
  return (unit === 'WEEK' ? day + 7 : addMonthsToDays(day, MONTHS[unit] ?? 0)) * DAY_MS;
}

/** CEIL(TIMESTAMP_LTZ TO unit), local ms: for weeks and longer by the day alone, cut towards zero, whatever the time of day. */
export function ceilLocal(unit: string, ms: number): number {
  return LENGTH[unit] === undefined ? ceilDay(unit, Math.trunc(ms / DAY_MS)) * DAY_MS : ceilTime(unit, ms);
}

/** TIMESTAMPDIFF: whole units from `from` to `to`, towards zero. ms. */
export function timeDifference(unit: string, from: number, to: number): number {
  const months = MONTHS[unit];
  if (months !== undefined) return Math.trunc(monthsBetween(to, from) / months) + 0;
  const length = unit === 'WEEK' ? 7 * DAY_MS : (LENGTH[unit] ?? 1);
  return Math.trunc((to - from) / length) + 0;
}
