import { expect, test } from 'vitest';
import { durationMs } from '../../src/table/duration-text.js';

test.each([
  ['10 s', 10_000],
  [' 1h ', 3_600_000],
  ['500', 500],
  ['2 MIN', 120_000],
  ['1500 us', 1],
  ['1 d', 86_400_000],
  ['', undefined],
  ['s', undefined],
  ['-1 s', undefined],
  ['1.5 s', undefined],
  ['1 fortnight', undefined],
])('%s', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});
