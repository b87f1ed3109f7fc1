import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import { AsyncDataStream, type DataStream, streamEnv } from '../../src/datastream/index.js';
import { operatorHarness, scriptedStream } from '../../src/datastream/testing/index.js';
import { Operator } from '../../src/engine/operator.js';
import type { ResultFuture } from '../../src/engine/operators/async-wait.js';

/** A service whose answers are given by hand, in any order. */
function service() {
  const waiting = new Map<string, { resolve(value: string): void; reject(error: Error): void }>();
  const asked: string[] = [];
  return {
    asked,
    ask: (value: string) =>
      new Promise<string>((resolve, reject) => {
        asked.push(value);
        waiting.set(value, { resolve, reject });
      }),
    answer: (value: string) => waiting.get(value)?.resolve(value.toUpperCase()),
    refuse: (value: string) => waiting.get(value)?.reject(new Error('no')),
  };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('asynchronous I/O', () => {
  it('keeps the order, or gives results as they arrive', async () => {
    for (const [wait, expected] of [
      [AsyncDataStream.orderedWait, ['A', 'B', 'C']],
      [AsyncDataStream.unorderedWait, ['C', 'A', 'B']],
    ] as const) {
      const { ask, answer } = service();
      const out: string[] = [];
      const env = streamEnv();
      wait(env.fromElements('a', 'b', 'c'), ask).forEach((value) => {
        out.push(value as string);
      });
      const job = await env.executeAsync();
      await turns();
      for (const value of ['c', 'a', 'b']) {
        answer(value);
        await turns();
      }
      await job.wait();
      expect(out).toEqual(expected);
    }
  });

  it('lets no result pass a watermark, and no watermark a missing result', async () => {
    const { ask, answer } = service();
    const seen: string[] = [];
    const env = streamEnv();
    const asked = AsyncDataStream.unorderedWait(
      scriptedStream<string>(env, [{ value: 'a', timestamp: 1 }, { watermark: 5 }, { value: 'b', timestamp: 6 }]),
      ask,
    );
    asked
      .keyBy(() => 0)
      .process<string>((value, context, out) => out.collect(`${value} ${context.timerService().currentWatermark()}`))
      .forEach((line) => {
        seen.push(line);
      });
    const job = await env.executeAsync();
    await turns();
    answer('b');
    await turns();
    expect(seen).toEqual([]);
    answer('a');
    await job.wait();
    expect(seen).toEqual(['A -Infinity', 'B 5']);
  });

  it('has no more calls under way than its capacity', async () => {
    const { ask, answer, asked } = service();
    const env = streamEnv();
    const names = Array.from({ length: 10 }, (_, i) => `n${i}`);
    const result = AsyncDataStream.orderedWait(env.fromCollection(names), ask, { capacity: 3 }).executeAndCollect();
    await turns();
    expect(asked).toEqual(['n0', 'n1', 'n2']);
    for (const name of names) {
      answer(name);
      await turns();
    }
    expect(await result).toEqual(names.map((name) => name.toUpperCase()));
  });

  it('counts what is answered and waits for others to come out, as Flink 1.20.3 does', async () => {
    const { ask, answer, asked } = service();
    const names = ['n0', 'n1', 'n2', 'n3'];
    const result = AsyncDataStream.orderedWait(streamEnv().fromCollection(names), ask, {
      capacity: 2,
    }).executeAndCollect();
    await turns();
    answer('n1');
    await turns();
    expect(asked).toEqual(['n0', 'n1']);
    answer('n0');
    await turns();
    expect(asked).toEqual(names);
    answer('n2');
    answer('n3');
    expect(await result).toEqual(['N0', 'N1', 'N2', 'N3']);
  });

  it('puts out nothing after the snapshot with which a job ends: it asks again when the job goes on', async () => {
    const { ask, answer, asked } = service();
    const seen: string[] = [];
    class Slow extends Operator<string, never> {
      override processElement(value: string): void {
        seen.push(value);
      }
      override snapshotState(): Promise<void> {
        setTimeout(() => answer('a'), 1);
        return new Promise((resolve) => setTimeout(resolve, 30));
      }
    }
    const start = (endless: boolean, options: { restoreFrom?: string }) => {
      const env = streamEnv();
      const source = env.fromCollection(
        (async function* () {
          yield 'a';
          if (endless) await new Promise(() => undefined);
        })(),
      );
      AsyncDataStream.orderedWait(source, ask)
        .uid('ask')
        .transform('Slow', () => new Slow('Slow'))
        .forEach(() => {});
      return env.executeAsync(options);
    };
    const folder = mkdtempSync(join(tmpdir(), 'streambook-async-'));
    const job = await start(true, {});
    await vi.waitFor(() => expect(asked).toEqual(['a']));
    await job.stopWithSavepoint(join(folder, 'savepoint'));
    expect(seen).toEqual([]);
    const again = await start(false, { restoreFrom: join(folder, 'savepoint') });
    await vi.waitFor(() => expect(asked).toEqual(['a', 'a']));
    answer('a');
    await again.wait();
    expect(seen).toEqual(['A']);
    rmSync(folder, { recursive: true });
  });

  it('tries again, then fails with the element', async () => {
    let calls = 0;
    const env = streamEnv();
    const flaky = async (value: string): Promise<string> => {
      if (++calls < 3) throw new Error('busy');
      return value;
    };
    const stream = env.fromElements('x');
    expect(await AsyncDataStream.orderedWait(stream, flaky, { retry: { maxAttempts: 3 } }).executeAndCollect()).toEqual(
      ['x'],
    );
    calls = 0;
    const twice = AsyncDataStream.orderedWait(env.fromElements('x'), flaky, { retry: { maxAttempts: 2 } });
    await expect(twice.executeAndCollect()).rejects.toThrow(/at the element 'x': busy/);
  });

  it('puts something in the place of an answer that does not come in time', async () => {
    const env = streamEnv({ clock: virtualClock() });
    const seen: string[] = [];
    AsyncDataStream.orderedWait<string, string>(
      env.fromElements('slow'),
      { asyncInvoke: () => {}, timeout: (value, result) => result.complete([`${value}: no answer`]) },
      { timeoutMs: 1000 },
    ).forEach((value) => {
      seen.push(value);
    });
    const job = await env.executeAsync();
    await env.advance(999);
    expect(seen).toEqual([]);
    await env.advance(1);
    await job.wait();
    expect(seen).toEqual(['slow: no answer']);
  });

  it('waits for real answers where a virtual clock runs ahead by itself', async () => {
    const env = streamEnv({ clock: virtualClock({ autoAdvance: true }) });
    const ask = (value: string) => new Promise<string>((resolve) => setTimeout(() => resolve(value), 5));
    const asked = AsyncDataStream.orderedWait(env.fromElements('a', 'b'), ask, { timeoutMs: 1000 });
    expect(await asked.executeAndCollect()).toEqual(['a', 'b']);
  });

  it('puts what is held back by a watermark out in the order of the answers, as Flink does', async () => {
    const futures = new Map<string, ResultFuture<string>>();
    const fn = { asyncInvoke: (value: string, result: ResultFuture<string>) => void futures.set(value, result) };
    const harness = await operatorHarness((input: DataStream<string>) =>
      AsyncDataStream.unorderedWait(input, fn),
    ).open();
    harness.processElement('a', 1);
    harness.processWatermark(5);
    for (const value of ['b', 'c', 'd']) harness.processElement(value, 6);
    for (const value of ['d', 'b', 'a', 'c']) futures.get(value)?.complete([value]);
    expect(harness.getOutput().map((one) => ('value' in one ? one.value : one))).toEqual([
      'a',
      { watermark: 5 },
      'd',
      'b',
      'c',
    ]);
  });

  it('tries again what is no result yet, after waits that grow', async () => {
    const asked: number[] = [];
    const fn = {
      asyncInvoke: (value: string, result: ResultFuture<string>) => {
        asked.push(harness.getProcessingTime());
        result.complete(asked.length === 4 ? [value] : []);
      },
    };
    const ifResult = (results: readonly string[]): boolean => results.length === 0;
    const retry = { maxAttempts: 4, delayMs: 1000, multiplier: 3, maxDelayMs: 5000, ifResult };
    const harness = operatorHarness((input: DataStream<string>) => AsyncDataStream.orderedWait(input, fn, { retry }));
    await harness.open();
    harness.processElement('a', 1);
    harness.setProcessingTime(60_000);
    expect(asked).toEqual([0, 1000, 4000, 9000]);
    expect(harness.extractOutputValues()).toEqual(['a']);
  });

  it('tries again what is put in the place of an answer, where that is no result, as Flink does', async () => {
    const asked: number[] = [];
    const futures: ResultFuture<string>[] = [];
    const fn = {
      asyncInvoke: (_value: string, result: ResultFuture<string>) => {
        asked.push(harness.getProcessingTime());
        futures.push(result);
      },
      timeout: (_value: string, result: ResultFuture<string>) => result.complete([]),
    };
    const retry = { maxAttempts: 3, delayMs: 500, ifResult: (results: readonly string[]) => results.length === 0 };
    const options = { timeoutMs: 1000, retry };
    const harness = operatorHarness((input: DataStream<string>) => AsyncDataStream.orderedWait(input, fn, options));
    await harness.open();
    harness.processElement('a', 1);
    harness.setProcessingTime(1200);
    // The first call's answer comes while the second waits: too late.
    futures[0]?.complete(['late']);
    harness.setProcessingTime(9000);
    expect([asked, harness.extractOutputValues()]).toEqual([[0, 1500], []]);
    futures[1]?.complete(['b']);
    harness.setProcessingTime(9001);
    expect(harness.extractOutputValues()).toEqual(['b']);
  });

  it('fails with what a timeout fails with, also an async one', async () => {
    const timeout = async (): Promise<void> => {
      throw new Error('nothing to put in its place');
    };
    const env = streamEnv();
    const asked = AsyncDataStream.orderedWait(
      env.fromElements('x'),
      { asyncInvoke: () => {}, timeout },
      { timeoutMs: 1 },
    );
    await expect(asked.executeAndCollect()).rejects.toThrow(/at the element 'x': nothing to put in its place/);
  });
});
