import { expect, test } from 'vitest';
import { ticksOf } from '../../../src/display/timeline/ticks.js';

const labels = (low: number, high: number, most: number, time: boolean): string[] =>
  ticksOf([low, high], most, time).map((tick) => tick.label);

const at = Date.UTC(2026, 0, 5, 8);
const HOUR = 3_600_000;

test.each([
  [-0.6, 30.6, 8, ['0', '5', '10', '15', '20', '25', '30']],
  [0, 1, 4, ['0', '0.5', '1']],
  [0.1, 0.36, 6, ['0.1', '0.15', '0.2', '0.25', '0.3', '0.35']],
  [-2500, 2500, 5, ['-2,000', '-1,000', '0', '1,000', '2,000']],
  [0, 3e6, 3, ['0', '1,000,000', '2,000,000', '3,000,000']],
])('numbers from %d to %d have at most %d steps', (low, high, most, expected) => {
  expect(labels(low, high, most, false)).toEqual(expected);
});

test.each([
  ['milliseconds', 30, ['00:00.000', '00:00.010', '00:00.020', '00:00.030']],
  ['seconds', 30_000, ['08:00:00', '08:00:10', '08:00:20', '08:00:30']],
  ['minutes', HOUR, ['08:00', '08:30', '09:00']],
  ['hours', 24 * HOUR, ['Jan 05 12:00', 'Jan 06 00:00']],
  ['days', 10 * 24 * HOUR, ['2026-01-07', '2026-01-12']],
])('moments stand at whole %s', (_, span, expected) => {
  expect(labels(at, at + span, 3, true)).toEqual(expected);
});

test('an axis without a length has none', () => {
  expect(ticksOf([1, 1], 5, false)).toEqual([]);
  expect(ticksOf([Number.NaN, 1], 5, true)).toEqual([]);
});
