import { describe, expect, test, vi } from 'vitest';
import { DEFAULT_WITH_CHECKPOINTS, RestartStrategies } from '../../../src/engine/restart/strategies.js';

describe('restart strategies', () => {
  test('none gives up', () => {
    expect(RestartStrategies.noRestart().create().next(0)).toBeUndefined();
  });

  test('fixed delay counts', () => {
    const backoff = RestartStrategies.fixedDelayRestart(2, 100).create();
    expect([backoff.next(0), backoff.next(1), backoff.next(2)]).toEqual([100, 100, undefined]);
  });

  test('failure rate forgets what is long ago', () => {
    const backoff = RestartStrategies.failureRateRestart(2, 1000, 5).create();
    expect([backoff.next(0), backoff.next(500), backoff.next(900)]).toEqual([5, 5, undefined]);
    const later = RestartStrategies.failureRateRestart(2, 1000, 5).create();
    expect([later.next(0), later.next(500), later.next(1400)]).toEqual([5, 5, 5]);
  });

  test('exponential delay grows to its limit, and begins anew after a quiet time', () => {
    const backoff = RestartStrategies.exponentialDelayRestart({
      initialBackoffMs: 100,
      maxBackoffMs: 300,
      backoffMultiplier: 2,
      jitterFactor: 0,
      resetBackoffThresholdMs: 10_000,
    }).create();
    expect([0, 1, 2, 3].map((now) => backoff.next(now))).toEqual([100, 200, 300, 300]);
    expect(backoff.next(20_000)).toBe(100);
  });

  // From ExponentialDelayRestartBackoffTimeStrategy of Flink 1.20.3, asked at the same times.
  test('the quiet time begins when the job starts again, and chance makes no delay shorter than the first', () => {
    const options = { initialBackoffMs: 100, maxBackoffMs: 300, backoffMultiplier: 2, resetBackoffThresholdMs: 1000 };
    const backoff = RestartStrategies.exponentialDelayRestart({ ...options, jitterFactor: 0 }).create();
    expect([0, 1099, 2299, 3300].map((now) => backoff.next(now))).toEqual([100, 200, 100, 200]);
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const earliest = RestartStrategies.exponentialDelayRestart({ ...options, jitterFactor: 1 }).create();
    expect([0, 200, 400].map((now) => earliest.next(now))).toEqual([100, 100, 100]);
    vi.restoreAllMocks();
  });

  test('the default with checkpoints gives up after five failures without one', () => {
    const backoff = DEFAULT_WITH_CHECKPOINTS.create();
    for (let i = 0; i < 5; i++) expect(backoff.next(i)).toBeTypeOf('number');
    expect(backoff.next(5)).toBeUndefined();
    backoff.progress(6);
    expect(backoff.next(7)).toBeTypeOf('number');
  });

  test.each([
    () => RestartStrategies.fixedDelayRestart(-1),
    () => RestartStrategies.fixedDelayRestart(1, -1),
    () => RestartStrategies.failureRateRestart(0),
    () => RestartStrategies.exponentialDelayRestart({ backoffMultiplier: 1 }),
    () => RestartStrategies.exponentialDelayRestart({ initialBackoffMs: 0 }),
    () => RestartStrategies.exponentialDelayRestart({ attemptsBeforeResetBackoff: 0 }),
    () => RestartStrategies.exponentialDelayRestart({ initialBackoffMs: 10, maxBackoffMs: 5 }),
  ])('refuses what makes no sense (%#)', (make) => {
    expect(make).toThrow(/bad-argument/);
  });
});
