import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import { streamEnv } from '../../src/datastream/index.js';
import { type ScriptStep, scriptedStreams } from '../../src/datastream/testing/index.js';
import { TumblingEventTimeWindows, TumblingProcessingTimeWindows } from '../../src/engine/windows/assigners.js';

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
});
