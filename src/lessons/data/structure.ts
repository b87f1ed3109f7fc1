import { Random } from './random.js';
import { dayOf, timeText } from './time.js';

/** A Monday. */
const from = dayOf(2024, 6, 3);
const minutesOfDay = 1440;
const minutesOfWeek = 7 * minutesOfDay;

/** How much traffic bends the bridge in each hour of a working day, and at the week's end. */
const workday = [1, 1, 1, 1, 2, 4, 9, 16, 18, 13, 11, 11, 12, 12, 12, 13, 15, 18, 17, 12, 8, 5, 3, 2];
const weekend = [2, 2, 1, 1, 1, 1, 2, 4, 6, 9, 11, 12, 12, 12, 12, 11, 11, 11, 10, 8, 6, 5, 4, 3];

/** A barge strikes a pier: Thursday, 14:32. The bridge swings for half an hour. */
const eventAt = 3 * minutesOfDay + 14 * 60 + 32;
const eventMinutes = 30;

/** A cable is loose: Friday, from 03:10 on, for 40 minutes, nothing is written. */
const silentFrom = 4 * minutesOfDay + 3 * 60 + 10;
const silentMinutes = 40;

/** Single wrong readings, a flash in the cable, at these minutes of the week. */
const spikes: readonly (readonly [minute: number, value: number])[] = [
  [560, 0.71],
  [2045, -0.66],
  [3700, 0.83],
  [6333, -0.58],
  [9010, 0.62],
];

/**
 * A strain gauge on a bridge, one reading a minute: traffic by the hour, slow gusts of wind, noise, a drift that begins
 * anew each week (it is recalibrated on Mondays), one event, single spikes, and a gap.
 */
export function* structure(rows: number, seed: string): Generator<string, void> {
  const random = new Random(`structure ${seed}`);
  yield 'Time,Value';
  let wind = 0;
  let written = 0;
  for (let minute = 0; written < rows; minute++) {
    const ofWeek = minute % minutesOfWeek;
    wind = 0.985 * wind + 0.009 * random.normal();
    const noise = 0.012 * random.normal();
    if (ofWeek >= silentFrom && ofWeek < silentFrom + silentMinutes) continue;
    const drift = 0.13 * (ofWeek / minutesOfWeek);
    const value = traffic(ofWeek) + wind + noise + drift + event(ofWeek);
    const spike = spikes.find(([at]) => at === ofWeek)?.[1];
    written++;
    yield `${timeText(from + minute * 60)},${(spike ?? value).toFixed(4)}`;
  }
}

/** Between two full hours it changes evenly. */
function traffic(minuteOfWeek: number): number {
  const hours = minuteOfWeek >= 5 * minutesOfDay ? weekend : workday;
  const hour = Math.floor((minuteOfWeek % minutesOfDay) / 60);
  const part = (minuteOfWeek % 60) / 60;
  const before = hours[hour]!;
  const after = hours[(hour + 1) % 24]!;
  return 0.014 * (before + part * (after - before)) - 0.05;
}

/** It swings to and fro, three minutes each way, and dies away. */
function event(minuteOfWeek: number): number {
  const since = minuteOfWeek - eventAt;
  if (since < 0 || since >= eventMinutes) return 0;
  const left = 1 - since / eventMinutes;
  return (Math.floor(since / 3) % 2 === 0 ? 0.95 : -0.95) * left * left;
}
