import { describe, expect, it } from 'vitest';
import type { DataStream } from '../../../src/datastream/index.js';
import { operatorHarness } from '../../../src/datastream/testing/index.js';
import { ValueStateDescriptor } from '../../../src/engine/state/descriptors.js';
import { TumblingEventTimeWindows } from '../../../src/engine/windows/assigners.js';
import { CountEvictor } from '../../../src/engine/windows/evictors.js';
import type { TimeWindow } from '../../../src/engine/windows/window.js';
import type { ProcessWindowContext } from '../../../src/engine/windows/window-function.js';

type Item = readonly [key: string, n: number];
const FIRINGS = new ValueStateDescriptor<number>('firings');

/** Counts a key's firings, a hundred for each window that is thrown away. */
const counting = {
  process(key: string, context: ProcessWindowContext<TimeWindow>, elements: readonly Item[]): unknown {
    const state = context.globalState().getState(FIRINGS);
    state.update((state.value() ?? 0) + 1);
    return [key, context.window.start, state.value(), elements.map(([, n]) => n)];
  },
  clear(context: ProcessWindowContext<TimeWindow>): void {
    const state = context.globalState().getState(FIRINGS);
    const value = state.value();
    if (value !== null) state.update(value + 100);
  },
};

const windows = (computation: object, offsetMs = 0) =>
  operatorHarness((items: DataStream<Item>) =>
    items
      .keyBy(([key]) => key)
      .window(TumblingEventTimeWindows.of(1000, offsetMs))
      .allowedLateness(1000)
      .process(computation as typeof counting),
  );

describe('a window that is thrown away in the millisecond in which another fires', () => {
  it("goes as Flink's heap has it, where a window function sees it", async () => {
    const harness = await windows(counting, 999).open();
    const push = (key: string, n: number, at: number): void => harness.processElement([key, n], at);
    push('b', 1, -403);
    harness.processWatermark(-755);
    push('b', 6, -1437);
    push('b', 3, -1500);
    push('a', 9, 647);
    push('b', 8, 659);
    push('a', 4, 778);
    harness.processWatermark(-479);
    push('c', 12, -500);
    push('a', 8, 1500);
    harness.processWatermark(1294);
    // What Flink 1.20.3 gave.
    expect(harness.extractOutputValues()).toEqual([
      ['b', -2001, 1, [6]],
      ['b', -2001, 2, [6, 3]],
      ['b', -1001, 3, [1]],
      ['c', -1001, 1, [12]],
      ['a', -1, 1, [9, 4]],
      ['b', -1, 204, [8]],
    ]);
  });

  it('goes on from a snapshot that was taken before the function had a clear, and the other way round', async () => {
    const plain = { process: counting.process };
    for (const [before, after] of [
      [plain, counting],
      [counting, plain],
    ] as const) {
      const first = await windows(before).open();
      first.processElement(['a', 1], 100);
      first.processElement(['b', 2], 1100);
      first.processWatermark(999);
      const second = windows(after);
      second.initializeState(await first.snapshot());
      await second.open();
      second.processWatermark(1998);
      expect(second.extractOutputValues()).toEqual([]);
      second.processWatermark(1999);
      expect(second.extractOutputValues()).toEqual([['b', 1000, 1, [2]]]);
      second.processWatermark(5000);
      expect(second.numEventTimeTimers()).toBe(0);
      expect(
        second
          .state()
          .states()
          .find(({ name }) => name === 'window-contents')?.entries ?? 0,
      ).toBe(0);
    }
  });
});

it('reduces what an evictor left nothing of to null, as Flink does', async () => {
  const harness = await operatorHarness((items: DataStream<Item>) =>
    items
      .keyBy(([key]) => key)
      .window(TumblingEventTimeWindows.of(1000))
      .evictor(CountEvictor.of(0))
      .reduce(([key, a], [, b]) => [key, a + b] as const),
  ).open();
  harness.processElement(['a', 1], 100);
  harness.processElement(['a', 2], 200);
  harness.processWatermark(5000);
  expect(harness.extractOutputValues()).toEqual([null]);
});
