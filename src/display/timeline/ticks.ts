import { grouped } from '../cell.js';
import { timeFormat } from '../chart/frame.js';
import type { Range } from './axes.js';

/** A place on an axis, and what stands there. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((n) => n * DAY),
];

/** The smallest of 1, 2 and 5 times a power of ten that is not below this. */
function roundUp(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const [round = 10] = [1, 2, 5].filter((one) => one * power >= least * (1 - 1e-9));
  return round * power;
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}

/** A moment in a format of d3's, in UTC. */
function formatted(ms: number, format: string): string {
  const date = new Date(ms);
  const month = date.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  const parts: Readonly<Record<string, string>> = {
    '%Y': String(date.getUTCFullYear()),
    '%m': pad(date.getUTCMonth() + 1),
    '%b': month,
    '%d': pad(date.getUTCDate()),
    '%H': pad(date.getUTCHours()),
    '%M': pad(date.getUTCMinutes()),
    '%S': pad(date.getUTCSeconds()),
    '%L': pad(date.getUTCMilliseconds(), 3),
  };
  return format.replace(/%[YmbdHMSL]/g, (part) => parts[part] ?? part);
}

/** Round places on an axis, at most `most` of them. */
export function ticksOf([low, high]: Range, most: number, time: boolean): Tick[] {
  const least = (high - low) / most;
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const step = (time ? STEPS.find((one) => one >= least) : undefined) ?? roundUp(least);
  const format = timeFormat(high - low);
  const ticks: Tick[] = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) {
    // Steps below 1 are no whole parts of a number; and no axis has a -0.
    const at = step < 1 ? Number((n * step).toPrecision(12)) : n * step + 0;
    const number = Number.isInteger(at) ? grouped(at) : String(at);
    ticks.push({ at, label: time ? formatted(at, format) : number });
  }
  return ticks;
}
