import { DAY_MS, dateOfEpochDay, epochDayOf, isDate } from '../../../core/values/index.js';

/** A day so many months later, the day of the month cut to the length of the month. Days since 1970-01-01. */
export function addMonthsToDays(epochDay: number, months: number): number {
  const { year, month, day } = dateOfEpochDay(epochDay);
  const total = year * 12 + (month - 1) + months;
  const [y, m] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
  let last = day;
  while (!isDate(y, m, last)) last--;
  return epochDayOf(y, m, last);
}

/** The same for a time in ms. */
export function addMonthsToMs(ms: number, months: number): number {
  const day = Math.floor(ms / DAY_MS);
  return addMonthsToDays(day, months) * DAY_MS + (ms - day * DAY_MS);
}

/** Whole months from the day `b` to the day `a`; the last day of a month is as good as a later one of the month before. */
function monthsOfDays(a: number, b: number): number {
  if (a < b) return -monthsOfDays(b, a);
  let months = Math.trunc((a - b) / 31);
  while (addMonthsToDays(b, months) < a && addMonthsToDays(b, months + 1) <= a) months++;
  return months;
}

/** Whole months from `b` to `a`, as `TIMESTAMPDIFF(MONTH, b, a)` counts them. ms. */
export function monthsBetween(a: number, b: number): number {
  const [dayA, dayB] = [Math.floor(a / DAY_MS), Math.floor(b / DAY_MS)];
  const months = monthsOfDays(dayA, dayB);
  const short = addMonthsToDays(dayB, months) === dayA && a - dayA * DAY_MS < b - dayB * DAY_MS;
  return (short ? months - 1 : months) + 0;
}
