import { expect, test } from 'vitest';
import { toInstant, toLocal } from '../../../src/table/functions/runtime/zones.js';

const LA = 'America/Los_Angeles';
const utc = (text: string): number => Date.parse(`${text}Z`);

test.each([
  ['2024-03-10T09:59:59', '2024-03-10T01:59:59'],
  ['2024-03-10T10:00:00', '2024-03-10T03:00:00'],
  ['2024-11-03T08:59:59', '2024-11-03T01:59:59'],
  ['2024-11-03T09:00:00', '2024-11-03T01:00:00'],
  ['1969-07-20T20:17:40', '1969-07-20T13:17:40'],
])('at %s UTC it is %s in Los Angeles', (instant, local) => {
  expect(toLocal(utc(instant), LA)).toBe(utc(local));
});

test('a time that is skipped counts on, of a time that comes twice it is the first', () => {
  expect(toInstant(utc('2024-03-10T02:30:00'), LA)).toBe(utc('2024-03-10T10:30:00'));
  expect(toInstant(utc('2024-11-03T01:30:00'), LA)).toBe(utc('2024-11-03T08:30:00'));
});

test('every hour of two years goes there and back', () => {
  for (let ms = utc('2023-01-01T00:00:00'); ms < utc('2025-01-01T00:00:00'); ms += 3_600_000) {
    const local = toLocal(ms, LA);
    const back = toInstant(local, LA);
    // Only the second of two equal local times comes back as the first.
    if (back !== ms) expect(toLocal(back, LA)).toBe(local);
  }
});

test('fixed offsets need no database; what is no zone is refused', () => {
  expect(toLocal(0, 'GMT+08:00')).toBe(8 * 3_600_000);
  expect(toLocal(0, '-05:30')).toBe(-5.5 * 3_600_000);
  expect(toLocal(0, 'UTC')).toBe(0);
  expect(() => toLocal(0, 'Mars/Olympus')).toThrow('is no time zone');
});
