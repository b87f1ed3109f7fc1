import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { END_OF_INPUT, type Source, type SourceBatch } from '../../../src/engine/source.js';
import { WatermarkStrategy } from '../../../src/engine/time/watermarks.js';

interface Tick {
  readonly from: string;
  readonly ts: number;
}

const strategy = (driftMs: number): WatermarkStrategy<Tick> =>
  WatermarkStrategy.forMonotonousTimestamps<Tick>()
    .withTimestampAssigner((tick) => tick.ts)
    .withWatermarkAlignment('group', driftMs);

/** A source that hands over the batches of its parts in turn. */
function source(name: string, batches: readonly (SourceBatch<Tick> | undefined)[], log?: Set<string>[]): Source<Tick> {
  return {
    name,
    bounded: true,
    maxParallelism: 1,
    createReader: ({ wake, restored }) => {
      let at = typeof restored === 'number' ? restored : 0;
      return {
        splits: () => new Set(batches.flatMap((batch) => batch?.split ?? [])),
        poll: () => {
          if (at >= batches.length) return END_OF_INPUT;
          const batch = batches[at++];
          if (batch === undefined) setImmediate(wake);
          return batch;
        },
        position: () => at,
        ...(log === undefined ? {} : { pauseSplits: (paused: ReadonlySet<string>) => void log.push(new Set(paused)) }),
      };
    },
  };
}

const ticks = (from: string, ...times: number[]): SourceBatch<Tick> => ({
  values: times.map((ts) => ({ from, ts })),
  split: from,
});

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** How far each element was ahead of what the other parts had come to, at most. */
function largestLead(seen: readonly Tick[], parts: readonly string[]): number {
  const at = new Map<string, number>(parts.map((part) => [part, Number.NEGATIVE_INFINITY]));
  const ends = new Map(parts.map((part) => [part, seen.filter((tick) => tick.from === part).at(-1)]));
  let lead = 0;
  for (const tick of seen) {
    const others = parts.filter((part) => part !== tick.from && at.get(part) !== Number.POSITIVE_INFINITY);
    const slowest = Math.min(...others.map((part) => at.get(part) as number));
    if (slowest > Number.NEGATIVE_INFINITY) lead = Math.max(lead, tick.ts - slowest);
    at.set(tick.from, tick === ends.get(tick.from) ? Number.POSITIVE_INFINITY : tick.ts);
  }
  return lead;
}

describe('watermark alignment', () => {
  it('lets no source run ahead of another of its group by more than the drift', async () => {
    const env = streamEnv();
    const seen: Tick[] = [];
    const slow = range(0, 50).flatMap((i) => [undefined, ticks('slow', i * 20)]);
    env
      .fromSource(source('Fast', [ticks('fast', ...range(0, 1000))]), strategy(100))
      .union(env.fromSource(source('Slow', slow), strategy(100)))
      .forEach((tick) => {
        seen.push(tick);
      });
    await env.execute();
    expect(seen).toHaveLength(1001 + 51);
    // One element may pass the limit: its watermark is what tells.
    expect(largestLead(seen, ['fast', 'slow'])).toBeLessThanOrEqual(102);
    expect(seen.slice(0, 1000).some((tick) => tick.from === 'slow')).toBe(true);
  });

  it('without it, does', async () => {
    const env = streamEnv();
    const seen: Tick[] = [];
    const alone = WatermarkStrategy.forMonotonousTimestamps<Tick>().withTimestampAssigner((tick) => tick.ts);
    const slow = range(0, 50).flatMap((i) => [ticks('slow', i * 20), undefined]);
    env
      .fromSource(source('Slow', slow), alone)
      .union(env.fromSource(source('Fast', [ticks('fast', ...range(0, 1000))]), alone))
      .forEach((tick) => {
        seen.push(tick);
      });
    await env.execute();
    expect(largestLead(seen, ['fast', 'slow'])).toBeGreaterThan(500);
  });

  it.each([true, false])('holds the parts of one source together, too (the reader can pause them: %s)', async (can) => {
    const env = streamEnv();
    const seen: Tick[] = [];
    const paused: Set<string>[] = [];
    const batches = [
      ticks('a', ...range(0, 400)),
      ...range(1, 8).map((i) => ticks('b', ...range(i * 50 - 49, i * 50))),
    ];
    env.fromSource(source('Both', batches, can ? paused : undefined), strategy(60)).forEach((tick) => {
      seen.push(tick);
    });
    await env.execute();
    expect(seen.filter((tick) => tick.from === 'a').map((tick) => tick.ts)).toEqual(range(0, 400));
    expect(seen.filter((tick) => tick.from === 'b').map((tick) => tick.ts)).toEqual(range(1, 400));
    expect(largestLead(seen, ['a', 'b'])).toBeLessThanOrEqual(62);
    if (can) expect(paused[0]).toEqual(new Set(['a']));
  });

  it('never waits for ever: more batches of one part than there is room for', async () => {
    const env = streamEnv();
    const batches = [...range(0, 60).map((i) => ticks('a', i * 1000)), ticks('b', 1), ticks('b', 70_000)];
    const seen = await env.fromSource(source('Both', batches), strategy(10)).executeAndCollect();
    expect(seen).toHaveLength(63);
    expect(seen.filter((tick) => tick.from === 'a').map((tick) => tick.ts)).toEqual(range(0, 60).map((i) => i * 1000));
  });

  it('takes checkpoints although batches wait, and does not lose them', async () => {
    const env = streamEnv();
    env.enableCheckpointing(60_000);
    const seen: Tick[] = [];
    let go: (() => void) | undefined;
    const slow: Source<Tick> = {
      name: 'Slow',
      bounded: true,
      maxParallelism: 1,
      createReader: ({ wake }) => {
        let state: 'first' | 'waiting' | 'last' | 'end' = 'first';
        go = () => {
          state = 'last';
          wake();
        };
        return {
          poll: () => {
            if (state === 'first') {
              state = 'waiting';
              return ticks('slow', 0);
            }
            if (state !== 'last') return state === 'end' ? END_OF_INPUT : undefined;
            state = 'end';
            return ticks('slow', 5000);
          },
          position: () => state,
        };
      },
    };
    env
      .fromSource(source('Fast', [ticks('fast', ...range(0, 1000))]), strategy(100))
      .union(env.fromSource(slow, strategy(100)))
      .forEach((tick) => {
        seen.push(tick);
      });
    const job = await env.executeAsync();
    while (seen.length < 50) await new Promise((resolve) => setImmediate(resolve));
    // A slow machine takes its batches in smaller pieces: the rest of what may be fed has to be fed before.
    await expect
      .poll(() => String(job.why()), { timeout: 30_000 })
      .toMatch(/Fast: it waits for Slow, which is in the same alignment group and at -1/);
    await job.checkpoint();
    // What was waiting has been fed, because a checkpoint is taken between batches.
    expect(seen.filter((tick) => tick.from === 'fast')).toHaveLength(1001);
    go?.();
    await job.wait();
    expect(seen).toHaveLength(1003);
  });

  it('does not take a source that is held back for an idle one', async () => {
    const clock = virtualClock();
    const env = streamEnv({ clock });
    const seen: Tick[] = [];
    const idle = strategy(100).withIdleness(1000);
    env
      .fromSource(source('Fast', [ticks('fast', ...range(0, 300))]), idle)
      .union(env.generate((i) => ({ from: 'slow', ts: i * 10 }), { perSecond: 2, count: 60 }).map((tick) => tick))
      .forEach((tick) => {
        seen.push(tick);
      });
    const job = await env.executeAsync();
    await env.advance(100_000);
    await job.wait();
    expect(seen).toHaveLength(361);
  });

  it('is refused where there is no source to hold', () => {
    const stream = streamEnv().fromElements<Tick>();
    expect(() => stream.assignTimestampsAndWatermarks(strategy(1))).toThrow(
      /alignment holds sources back[\s\S]*fromSource/,
    );
  });
});
