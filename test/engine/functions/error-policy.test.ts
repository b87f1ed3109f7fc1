import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FailedElement } from '../../../src/engine/functions/error-policy.js';
import { AsyncDataStream, OutputTag, streamEnv, virtualClock } from '../../../src/index.js';

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

  test.each(['ordered', 'unordered', 'with a time that is over', 'by promises of a sink'])(
    'follows the policy also where the answer comes later: %s',
    async (how) => {
      vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      const env = streamEnv({ clock: virtualClock({ autoAdvance: true }) }).setErrorPolicy('skip');
      const seen: number[] = [];
      const numbers = env.fromElements(2, 3, 4, 5);
      const later = async (n: number): Promise<number> => {
        await Promise.resolve();
        return half(n);
      };
      const late = (n: number): Promise<number> => (n % 2 === 0 ? later(n) : new Promise(() => undefined));
      if (how === 'by promises of a sink') numbers.forEach(async (n) => void seen.push(await later(n)));
      else if (how === 'ordered') AsyncDataStream.orderedWait(numbers, later).forEach((n) => void seen.push(n));
      else if (how === 'unordered') AsyncDataStream.unorderedWait(numbers, later).forEach((n) => void seen.push(n));
      else {
        const answers = AsyncDataStream.orderedWait(numbers, late, { timeoutMs: 5 });
        answers.forEach((n) => void seen.push(n));
      }
      const job = await env.executeAsync();
      if (how.startsWith('with'))
        await vi.waitFor(() => env.advance(10).then(() => expect(job.status).toBe('finished')), 60_000);
      const { metrics } = await job.wait();
      expect(seen.sort()).toEqual([1, 2]);
      expect(metrics.operators.reduce((sum, one) => sum + one.numRecordsSkipped, 0)).toBe(2);
    },
  );

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
