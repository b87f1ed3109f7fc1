import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FailedElement } from '../../src/engine/error-policy.js';
import { OutputTag, streamEnv } from '../../src/index.js';

afterEach(() => vi.restoreAllMocks());

function half(n: number): number {
  if (n % 2 !== 0) throw new Error(`${n} is odd`);
  return n / 2;
}

describe('an element on which a function throws', () => {
  test('fails the job, and is named with operator and line', async () => {
    const env = streamEnv();
    const halves = env.fromElements(2, 3).map(half).name('Halves');
    await expect(halves.executeAndCollect()).rejects.toThrow(
      /Halves failed at the element 3: 3 is odd\n {2}at .*error-policy\.test\.ts:\d+/,
    );
  });

  test('is skipped, counted, and told once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const env = streamEnv().setErrorPolicy('skip');
    const seen: number[] = [];
    env
      .fromElements(1, 2, 3, 4)
      .map(half)
      .keyBy(() => 'all')
      .reduce((a, b) => a + b)
      .forEach((n) => void seen.push(n));
    const { metrics } = await env.execute();
    expect(seen).toEqual([1, 3]);
    expect(metrics.operators.find(({ name }) => name === 'Map')?.numRecordsSkipped).toBe(2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/Map failed at the element 1: 1 is odd/);
  });

  test('goes into a side output, and nothing is said', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const env = streamEnv();
    const bad = new OutputTag<FailedElement>('bad');
    const halves = env.fromElements(1, 2).map(half).onError(bad);
    const failed: unknown[] = [];
    halves.getSideOutput(bad).forEach(({ element, error }) => void failed.push([element, (error as Error).message]));
    expect(await halves.executeAndCollect()).toEqual([1]);
    expect(failed).toEqual([[1, '1 is odd']]);
    expect(warn).not.toHaveBeenCalled();
  });

  test('goes into a side output that nobody reads, and that is said once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const halves = streamEnv().fromElements(1, 2, 3).map(half).onError(new OutputTag<FailedElement>('bad'));
    expect(await halves.executeAndCollect()).toEqual([1]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/element 1: 1 is odd[\s\S]*side output `bad`, which nobody reads/);
  });

  test('is for the operator that failed to decide, not for those above it', async () => {
    const env = streamEnv();
    const halves = env
      .fromElements(1, 2)
      .map((n) => n)
      .onError('skip')
      .map(half);
    await expect(halves.executeAndCollect()).rejects.toThrow(/at the element 1/);
  });

  test('a policy that is none is refused', () => {
    expect(() =>
      streamEnv()
        .fromElements(1)
        .map(half)
        .onError('ignore' as 'skip'),
    ).toThrow(/'fail', 'skip'/);
  });
});

test('a key selector that throws follows the policy, with one subtask and with several', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  for (const parallelism of [1, 3]) {
    const env = streamEnv();
    const sums = await env
      .fromElements(1, 2, 3, 4, 5)
      .keyBy((n) => {
        if (n === 3) throw new Error('no key');
        return n % 2;
      })
      .reduce((a, b) => a + b)
      .setParallelism(parallelism)
      .onError('skip')
      .executeAndCollect();
    expect(sums.sort((a, b) => a - b)).toEqual([1, 2, 6, 6]);
  }
  vi.restoreAllMocks();
});
