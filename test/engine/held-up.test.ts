import { afterEach, expect, test, vi } from 'vitest';
import { streamEnv } from '../../src/index.js';

afterEach(() => vi.restoreAllMocks());

test('a machine that takes the processor away between any two steps slows a job down, but never stops it', async () => {
  let now = performance.now();
  // More than a slice goes by whenever somebody looks at the clock.
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 11;
    return now;
  });
  const seen = await streamEnv()
    .fromCollection([1, 2, 3, 4])
    .map((n) => ({ key: n % 2, n }))
    .keyBy((row) => row.key)
    .sum('n')
    .executeAndCollect();
  expect(seen.map(({ n }) => n)).toEqual([1, 2, 4, 6]);
});
