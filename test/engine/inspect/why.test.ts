import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fileSink } from '../../../src/connectors/index.js';
import { virtualClock } from '../../../src/core/clock.js';
import { AsyncDataStream, streamEnv } from '../../../src/datastream/index.js';
import { type ScriptStep, scriptedStream, scriptedStreams } from '../../../src/datastream/testing/index.js';
import { monotonousTimestamps } from '../../../src/engine/time/watermarks.js';
import { TumblingEventTimeWindows, TumblingProcessingTimeWindows } from '../../../src/engine/windows/assigners.js';

type Pair = [string, number];

/** The reasons while a script of one or two inputs stands still at its end. */
async function whyAt(steps: ScriptStep<Pair>[], processingTime = false): Promise<string[]> {
  const env = streamEnv({ clock: virtualClock() });
  const [first, ...others] = scriptedStreams<Pair>(env, [...steps, { pauseMs: 1_000_000 }]);
  const windows = first
    ?.union(...others)
    .keyBy((pair) => pair[0])
    .window(processingTime ? TumblingProcessingTimeWindows.of<Pair>(500) : TumblingEventTimeWindows.of<Pair>(10));
  windows
    ?.sum(1)
    .name('sums')
    .forEach(() => {});
  const job = await env.executeAsync();
  await env.advance(100);
  const reasons = job.why().reasons.map(({ operator, text }) => `${operator}: ${text}`);
  await job.cancel();
  return reasons;
}

describe('why there is no output', () => {
  it('nothing has come', async () => {
    expect(await whyAt([])).toEqual(['Scripted Source 1: nothing has come from it yet']);
  });

  it('there is no watermark', async () => {
    expect(await whyAt([{ value: ['a', 1], timestamp: 3 }])).toEqual([
      expect.stringMatching(/^sums: 1 window open; the next, 0 to 10, closes when .* 9, and there is no watermark yet/),
    ]);
  });

  it('the watermark is short of the window, and one input holds it back', async () => {
    const steps: ScriptStep<Pair>[] = [
      { in: 1, value: ['a', 1], timestamp: 3 },
      { in: 2, value: ['a', 1], timestamp: 3 },
      { in: 1, watermark: 20 },
      { in: 2, watermark: 5 },
    ];
    expect(await whyAt(steps)).toEqual([
      'sums: the input from Scripted Source 2 holds the watermark at 5, 15 ms behind',
      'sums: 1 window open; the next, 0 to 10, closes when the watermark reaches 9; it is at 5, 4 ms short',
    ]);
  });

  it('elements were late', async () => {
    const steps: ScriptStep<Pair>[] = [{ watermark: 100 }, { value: ['a', 1], timestamp: 3 }];
    expect(await whyAt(steps)).toEqual([expect.stringMatching(/^sums: 1 element came too late/)]);
  });

  it('the clock has not come so far', async () => {
    expect(await whyAt([{ value: ['a', 1] }], true)).toEqual([
      'sums: 1 timer in processing time; the next is due in 399 ms, at 499',
    ]);
  });

  it('a filter lets nothing through; the job has ended', async () => {
    const env = streamEnv();
    env
      .fromElements(1, 2)
      .filter((n) => n > 5)
      .forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    expect(String(job.why())).toBe(
      'job: it has ended (finished): nothing more will come\nFilter: it took 2 elements and let none through',
    );
  });

  it('windows of counts that are not full, and global windows without a trigger', async () => {
    const env = streamEnv();
    env
      .fromElements<Pair>(['a', 1], ['b', 2])
      .keyBy((pair) => pair[0])
      .countWindow(3)
      .sum(1)
      .name('threes')
      .forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    expect(String(job.why())).toMatch(/threes: 2 keys with elements in a window that no time closes/);
  });

  it('timestamps in seconds', async () => {
    const env = streamEnv();
    const seconds = Math.floor(Date.now() / 1000);
    const release: (() => void)[] = [];
    env
      .fromCollection(async function* () {
        yield seconds;
        yield seconds + 1;
        await new Promise<void>((resolve) => release.push(resolve));
      })
      .assignTimestampsAndWatermarks(monotonousTimestamps<number>((n) => n))
      .keyBy(() => 'all')
      .window(TumblingEventTimeWindows.of<number>(60_000))
      .reduce((a) => a)
      .name('minutes')
      .forEach(() => {});
    const job = await env.executeAsync();
    while (job.metrics().operators[2]?.numRecordsIn !== 2) await new Promise((resolve) => setImmediate(resolve));
    expect(String(job.why())).toMatch(/minutes: the watermark is at \d+, in January 1970: timestamps are in seconds/);
    expect(job.why().reasons.map((reason) => reason.kind)).toContain('open-windows');
    release[0]?.();
    await job.cancel();
  });

  it('one timestamp in the far future', async () => {
    const env = streamEnv();
    env
      .fromCollection(async function* () {
        yield Date.now() * 1000;
        yield Date.now();
        await new Promise<void>(() => {});
      })
      .assignTimestampsAndWatermarks(monotonousTimestamps<number>((n) => n))
      .keyBy(() => 'all')
      .window(TumblingEventTimeWindows.of<number>(10))
      .reduce((a) => a)
      .name('tens')
      .forEach(() => {});
    const job = await env.executeAsync();
    while (job.metrics().operators[2]?.numRecordsIn !== 2) await new Promise((resolve) => setImmediate(resolve));
    expect(String(job.why())).toMatch(/tens: the watermark is at \+?\d+-.*in the future moved it there/);
    expect(String(job.why())).toMatch(/tens: 1 element came too late/);
    await job.cancel();
  });

  it('a service that has not answered', async () => {
    const env = streamEnv();
    AsyncDataStream.orderedWait(env.fromElements(1, 2, 3), () => new Promise<number>(() => {}), { capacity: 2 })
      .name('asking')
      .forEach(() => {});
    const job = await env.executeAsync();
    while (job.metrics().operators[1]?.numRecordsIn !== 2) await new Promise((resolve) => setImmediate(resolve));
    const text = String(job.why());
    expect(text).toMatch(/asking: it waits for answers/);
    expect(text).toMatch(/asking: its queue is full/);
    await job.cancel();
  });

  it('an idle part of a source, and one without elements', async () => {
    const clock = virtualClock();
    const env = streamEnv({ clock });
    const source = {
      name: 'Parts',
      bounded: false,
      maxParallelism: 1,
      createReader: () => {
        const batches = [{ values: [5], split: 'p-0' }];
        return { splits: () => ['p-0', 'p-1'], poll: () => batches.shift(), position: () => null };
      },
    };
    const strategy = monotonousTimestamps<number>((n) => n);
    env
      .fromSource(source, strategy)
      .keyBy(() => 'all')
      .window(TumblingEventTimeWindows.of<number>(10))
      .reduce((a) => a)
      .name('tens')
      .forEach(() => {});
    const job = await env.executeAsync();
    await env.advance(1);
    expect(String(job.why())).toMatch(/Parts: p-1 has had no element yet, so there is no watermark; withIdleness/);
    await job.cancel();

    env
      .fromSource(source, strategy.withIdleness(1000))
      .keyBy(() => 'all')
      .window(TumblingEventTimeWindows.of<number>(10))
      .reduce((a) => a)
      .name('tens')
      .forEach(() => {});
    const again = await env.executeAsync();
    await env.advance(999);
    expect(again.why().reasons.some(({ kind }) => kind === 'idle')).toBe(false);
    await env.advance(1);
    expect(String(again.why())).toMatch(/Parts: p-1 is idle and holds nothing back/);
    await again.cancel();
  });

  it('processing-time windows that the end of input does not close', async () => {
    const env = streamEnv({ clock: virtualClock() });
    env
      .fromElements<Pair>(['a', 1])
      .keyBy((pair) => pair[0])
      .window(TumblingProcessingTimeWindows.of<Pair>(500))
      .sum(1)
      .name('halves')
      .forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    expect(String(job.why())).toMatch(
      /halves: 1 timer in processing time was not due yet: the end of input fires none/,
    );
  });

  it('timers that set timers for ever at the end of input', async () => {
    const env = streamEnv();
    env
      .fromElements('a')
      .keyBy((key) => key)
      .process({
        processElement: (_value, context) => context.timerService().registerEventTimeTimer(0),
        onTimer: (at, context) => context.timerService().registerEventTimeTimer(at + 1000),
      })
      .name('ticks')
      .forEach(() => {});
    const job = await env.executeAsync();
    await vi.waitFor(
      () => expect(String(job.why())).toMatch(/ticks: it fires the timers up to the end of time, .* goes on for ever/),
      { timeout: 60_000 },
    );
    await job.cancel();
  });

  it('a sink that waits for a checkpoint', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'streambook-why-'));
    const env = streamEnv({ clock: virtualClock() });
    env.enableCheckpointing(60_000);
    scriptedStream<string>(env, [{ value: 'a' }, { pauseMs: 1_000_000 }]).sinkTo(fileSink(folder));
    const job = await env.executeAsync();
    await env.advance(10);
    const waits = job.why().reasons.filter(({ kind }) => kind === 'waits-for-checkpoint');
    expect(waits.map(({ text }) => text)).toEqual([
      'what it took (1 element) becomes visible when the next checkpoint is complete; none has completed yet',
    ]);
    await job.cancel();
    rmSync(folder, { recursive: true, force: true });
  });
});
