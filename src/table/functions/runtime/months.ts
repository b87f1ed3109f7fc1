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

/** Whole months from `b` to `a`, as `TIMESTAMPDIFF(MONTH, b, a)` counts them. ms. */
export function monthsBetween(a: number, b: number): number {
  const [first, second] = [dateOfEpochDay(Math.floor(a / DAY_MS)), dateOfEpochDay(Math.floor(b / DAY_MS))];
  let months = (first.year - second.year) * 12 + (first.month - second.month);
  if (months > 0 && addMonthsToMs(b, months) > a) months--;
  else if (months < 0 && addMonthsToMs(b, months) < a) months++;
  return months;
}
