import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamEnv } from '../../src/datastream/index.js';
import { OutputTag } from '../../src/engine/outputTag.js';
import { boundedOutOfOrderness } from '../../src/engine/watermarks.js';
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
): Promise<Outcome> {
  const env = streamEnv();
  const lateTag = new OutputTag<Reading>('late');
  const windows = env
    .fromCollection(elements)
    .assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(delay, (r) => r.ts))
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

  it('equal a batch recomputation: tumbling, sliding, with gaps; the short operator and the general one', async () => {
    const shapes = fc.constantFrom([10, 10], [20, 10], [10, 20], [15, 4]);
    await fc.assert(
      fc.asyncProperty(
        readings,
        shapes,
        delays,
        latenesses,
        fc.boolean(),
        async (elements, shape, delay, late, general) => {
          const [size, slide] = shape as [number, number];
          const assigner =
            size === slide
              ? TumblingEventTimeWindows.of<Reading>(size)
              : SlidingEventTimeWindows.of<Reading>(size, slide);
          expect(await run(elements, delay, late, assigner, general)).toEqual(
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
      fc.asyncProperty(readings, async (elements) => {
        // Nothing is late: the watermark stays behind everything.
        const { windows } = await run(elements, 1000, 0, EventTimeSessionWindows.withGap<Reading>(gap), false);
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
});
