import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamEnv } from '../../src/datastream/index.js';
import { OutputTag } from '../../src/engine/channels/output-tag.js';
import { boundedOutOfOrderness } from '../../src/engine/time/watermarks.js';
import {
  EventTimeSessionWindows,
  SlidingEventTimeWindows,
  TumblingEventTimeWindows,
  type WindowAssigner,
} from '../../src/engine/windows/assigners.js';
import { EventTimeTrigger } from '../../src/engine/windows/triggers.js';
import type { TimeWindow } from '../../src/engine/windows/window.js';

interface Reading {
  readonly key: string;
  readonly n: number;
  readonly ts: number;
}

const readings = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    n: fc.integer({ min: 1, max: 9 }),
    ts: fc.integer({ min: -40, max: 200 }),
  }),
  { maxLength: 40 },
);

interface Outcome {
  /** The last result of each window. */
  readonly windows: Record<string, number>;
  readonly late: Reading[];
}

async function run(
  elements: readonly Reading[],
  delay: number,
  lateness: number,
  assigner: WindowAssigner<Reading, TimeWindow>,
  general: boolean,
  parallelism = 1,
): Promise<Outcome> {
  const env = streamEnv();
  const lateTag = new OutputTag<Reading>('late');
  const windows = env
    .fromCollection(elements)
    .assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(delay, (r) => r.ts))
    .setParallelism(1)
    .keyBy((r) => r.key)
    .window(assigner)
    .allowedLateness(lateness)
    .sideOutputLateData(lateTag);
  // With the default trigger given by hand, the general operator does what the one without timers per key does otherwise.
  if (general) windows.trigger(EventTimeTrigger.create<Reading, TimeWindow>());
  const sums = windows.reduce(
    (a, b) => ({ key: a.key, n: a.n + b.n, ts: a.ts }),
    (key, window, [sum]) => ({ id: `${key} ${window.start}..${window.end}`, n: sum?.n ?? Number.NaN }),
  );
  sums.setParallelism(parallelism);
  const outcome: Outcome = { windows: {}, late: [] };
  sums.forEach(({ id, n }) => {
    outcome.windows[id] = n;
  });
  sums.getSideOutput(lateTag).forEach((reading) => {
    outcome.late.push(reading);
  });
  await env.execute();
  return outcome;
}

/** All windows at once, from the elements that came in time. */
function recompute(
  elements: readonly Reading[],
  size: number,
  slide: number,
  delay: number,
  lateness: number,
): Outcome {
  const outcome: Outcome = { windows: {}, late: [] };
  let max = Number.NEGATIVE_INFINITY;
  for (const reading of elements) {
    const watermark = max - delay - 1;
    let taken = false;
    const last = Math.floor(reading.ts / slide) * slide;
    for (let start = last; start > reading.ts - size; start -= slide) {
      if (start + size - 1 + lateness <= watermark) continue;
      taken = true;
      const id = `${reading.key} ${start}..${start + size}`;
      outcome.windows[id] = (outcome.windows[id] ?? 0) + reading.n;
    }
    if (!taken && reading.ts + lateness <= watermark) outcome.late.push(reading);
    max = Math.max(max, reading.ts);
  }
  return outcome;
}

describe('windows of random streams', () => {
  const delays = fc.constantFrom(0, 5, 30);
  const latenesses = fc.constantFrom(0, 10);
  const parallelisms = fc.constantFrom(1, 3);

  it('equal a batch recomputation: tumbling, sliding, with gaps; the short operator and the general one', async () => {
    const shapes = fc.constantFrom([10, 10], [20, 10], [10, 20], [15, 4]);
    await fc.assert(
      fc.asyncProperty(
        readings,
        shapes,
        delays,
        latenesses,
        fc.boolean(),
        parallelisms,
        async (elements, shape, delay, late, general, parallelism) => {
          const [size, slide] = shape as [number, number];
          const assigner =
            size === slide
              ? TumblingEventTimeWindows.of<Reading>(size)
              : SlidingEventTimeWindows.of<Reading>(size, slide);
          expect(await run(elements, delay, late, assigner, general, parallelism)).toEqual(
            recompute(elements, size, slide, delay, late),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('sessions: all elements once, gaps between sessions, none within', async () => {
    const gap = 10;
    await fc.assert(
      fc.asyncProperty(readings, parallelisms, async (elements, parallelism) => {
        // Nothing is late: the watermark stays behind everything.
        const sessions = EventTimeSessionWindows.withGap<Reading>(gap);
        const { windows } = await run(elements, 1000, 0, sessions, false, parallelism);
        const expected: Record<string, number> = {};
        for (const key of ['a', 'b', 'c']) {
          const own = elements.filter((r) => r.key === key).sort((x, y) => x.ts - y.ts);
          let start = 0;
          while (start < own.length) {
            let end = start;
            while (end + 1 < own.length && (own[end + 1] as Reading).ts <= (own[end] as Reading).ts + gap) end++;
            const id = `${key} ${(own[start] as Reading).ts}..${(own[end] as Reading).ts + gap}`;
            expected[id] = own.slice(start, end + 1).reduce((sum, r) => sum + r.n, 0);
            start = end + 1;
          }
        }
        expect(windows).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('sessions whose elements come late: what a session may still take is taken, everything else is late', async () => {
    await fc.assert(
      fc.asyncProperty(readings, delays, latenesses, parallelisms, async (elements, delay, lateness, parallelism) => {
        const sessions = EventTimeSessionWindows.withGap<Reading>(10);
        expect(await run(elements, delay, lateness, sessions, false, parallelism)).toEqual(
          recomputeSessions(elements, 10, delay, lateness),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('of counts, tumbling and sliding: by their order per key, and what is left over is lost', async () => {
    const shapes = fc.constantFrom([3, undefined], [4, 2], [2, 3], [1, undefined]);
    await fc.assert(
      fc.asyncProperty(readings, shapes, parallelisms, async (elements, shape, parallelism) => {
        const [size, slide] = shape as [number, number | undefined];
        const env = streamEnv();
        const seen: [string, number[]][] = [];
        env
          .fromCollection(elements)
          .keyBy((r) => r.key)
          .countWindow(size, slide)
          .process<[string, number[]]>((key, _context, all) => [key, all.map((r) => r.n)])
          .setParallelism(parallelism)
          .forEach((window) => {
            seen.push(window);
          });
        await env.execute();
        for (const key of ['a', 'b', 'c']) {
          const own = elements.filter((r) => r.key === key).map((r) => r.n);
          const expected: number[][] = [];
          const step = slide ?? size;
          for (let end = step; end <= own.length; end += step) expected.push(own.slice(Math.max(0, end - size), end));
          expect(seen.filter(([of]) => of === key).map(([, window]) => window)).toEqual(expected);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Sessions element by element, as a list per key: merged where they touch, dropped when the watermark is past them. */
function recomputeSessions(elements: readonly Reading[], gap: number, delay: number, lateness: number): Outcome {
  const outcome: Outcome = { windows: {}, late: [] };
  let open: { key: string; start: number; end: number; n: number; fired: boolean }[] = [];
  let max = Number.NEGATIVE_INFINITY;
  const emit = (one: (typeof open)[number]): void => {
    outcome.windows[`${one.key} ${one.start}..${one.end}`] = one.n;
    one.fired = true;
  };
  for (const reading of elements) {
    const watermark = max - delay - 1;
    const merged = { key: reading.key, start: reading.ts, end: reading.ts + gap, n: reading.n, fired: false };
    const touching: typeof open = [];
    // A session that has grown may reach further ones.
    for (let grown = true; grown; ) {
      grown = false;
      for (const one of open) {
        if (one.key !== reading.key || touching.includes(one)) continue;
        if (one.start > merged.end || one.end < merged.start) continue;
        touching.push(one);
        merged.start = Math.min(merged.start, one.start);
        merged.end = Math.max(merged.end, one.end);
        merged.n += one.n;
        grown = true;
      }
    }
    if (merged.end - 1 + lateness <= watermark) {
      if (reading.ts + lateness <= watermark) outcome.late.push(reading);
    } else {
      open = [...open.filter((one) => !touching.includes(one)), merged];
      // Behind the watermark already: it fires at once.
      if (merged.end - 1 <= watermark) emit(merged);
    }
    max = Math.max(max, reading.ts);
    const next = max - delay - 1;
    for (const one of open) if (!one.fired && one.end - 1 <= next) emit(one);
    open = open.filter((one) => one.end - 1 + lateness > next);
  }
  for (const one of open) if (!one.fired) emit(one);
  return outcome;
}
