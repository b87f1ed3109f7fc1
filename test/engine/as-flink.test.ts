import { describe, expect, it } from 'vitest';
import type { DataStream } from '../../src/datastream/index.js';
import { operatorHarness, twoInputHarness } from '../../src/datastream/testing/index.js';
import { OutputTag } from '../../src/engine/channels/output-tag.js';
import type { ListState } from '../../src/engine/state/collections.js';
import { ListStateDescriptor, ValueStateDescriptor } from '../../src/engine/state/descriptors.js';
import type { ValueState } from '../../src/engine/state/views.js';
import { WatermarkStrategy } from '../../src/engine/time/watermarks.js';
import {
  EventTimeSessionWindows,
  GlobalWindows,
  TumblingEventTimeWindows,
} from '../../src/engine/windows/assigners.js';
import { ProcessingTimeoutTrigger } from '../../src/engine/windows/timeout-trigger.js';
import type { Trigger } from '../../src/engine/windows/trigger.js';
import { ContinuousProcessingTimeTrigger, CountTrigger, PurgingTrigger } from '../../src/engine/windows/triggers.js';
import type { GlobalWindow } from '../../src/engine/windows/window.js';

type Pair = readonly [key: string, n: number];
const key = (pair: Pair): string => pair[0];
const SIDE = new OutputTag<string>('side');

// Each answer is what Flink 1.20.3's own operator gave in its test harness.
describe('what Flink does', () => {
  it('tells the time of a processing-time timer, in its context and in side outputs', async () => {
    const harness = await operatorHarness((input: DataStream<Pair>) =>
      input.keyBy(key).process<unknown>({
        processElement: (pair, context) => context.timerService().registerProcessingTimeTimer(pair[1]),
        onTimer: (_time, context, out) => {
          out.collect(context.timestamp());
          context.output(SIDE, 'fired');
        },
      }),
    ).open();
    harness.processElement(['a', 200], 7);
    harness.setProcessingTime(300);
    expect(harness.getOutput()).toEqual([{ value: 200, timestamp: null }]);
    expect(harness.getSideOutput(SIDE)).toEqual([{ value: 'fired', timestamp: 200 }]);
  });

  it('gives what goes into a side output the smallest timestamp where the element has none', async () => {
    const harness = await operatorHarness((input: DataStream<Pair>) =>
      input.process<unknown>((pair, context, out) => {
        context.output(SIDE, pair[0]);
        out.collect(context.timestamp());
      }),
    ).open();
    harness.processElement(['a', 1]);
    expect(harness.getOutput()).toEqual([{ value: null, timestamp: null }]);
    expect(harness.getSideOutput(SIDE)).toEqual([{ value: 'a', timestamp: -(2 ** 63) }]);
  });

  it('lets a continuous trigger of the clock fire once where an event-time window ended long ago', async () => {
    const harness = await operatorHarness(
      (input: DataStream<Pair>) =>
        input
          .keyBy(key)
          .window(TumblingEventTimeWindows.of(1000))
          .trigger(ContinuousProcessingTimeTrigger.of(2000))
          .process((_key, _context, pairs, out) => out.collect(pairs.map((pair) => pair[1]))),
      { startMs: 60_000 },
    ).open();
    harness.processElement(['a', 1], 500);
    harness.setProcessingTime(70_000);
    expect(harness.getOutput()).toEqual([{ value: [1], timestamp: 999 }]);
  });

  it('begins a merged session anew at an element whose own window it equals', async () => {
    const harness = await operatorHarness((input: DataStream<Pair>) =>
      input
        .keyBy(key)
        .window(EventTimeSessionWindows.withDynamicGap((pair: Pair) => pair[1] * 1000))
        .process((_key, context, pairs, out) =>
          out.collect([context.window.start, context.window.end, pairs.map((pair) => pair[1])]),
        ),
    ).open();
    harness.processElement(['a', 3], 2000);
    harness.processElement(['a', 1], 1000);
    harness.processElement(['a', 4], 1000);
    harness.processElement(['a', 2], 4000);
    harness.processWatermark(9000);
    expect(harness.extractOutputValues()).toEqual([[1000, 6000, [4, 2]]]);
  });

  it('raises the watermark of two inputs to that of the one that wakes', async () => {
    const harness = await twoInputHarness((first: DataStream<Pair>, second: DataStream<Pair>) =>
      first
        .keyBy(key)
        .connect(second.keyBy(key))
        .process<unknown>({
          processElement1: () => {},
          processElement2: () => {},
        }),
    ).open();
    harness.processWatermark1(5998);
    harness.processWatermark2(6000);
    harness.processWatermarkStatus2(true);
    harness.processWatermarkStatus1(true);
    harness.processWatermarkStatus2(false);
    expect(harness.getOutput()).toEqual([{ watermark: 5998 }, { idle: true }, { watermark: 6000 }, { idle: false }]);
  });

  it('shows what has expired in a list until all of it has, and cleans up as it goes', async () => {
    const ttl = { ttlMs: 1000, stateVisibility: 'returnExpiredIfNotCleanedUp' } as const;
    const list = new ListStateDescriptor<number>('list').enableTimeToLive({ ...ttl, cleanupInBackground: false });
    const value = new ValueStateDescriptor<number>('value').enableTimeToLive(ttl);
    let states: { list: ListState<number>; value: ValueState<number> };
    const harness = await operatorHarness((input: DataStream<Pair>) =>
      input.keyBy(key).process<unknown>({
        open: (context) => {
          states = { list: context.getListState(list), value: context.getState(value) };
        },
        processElement: ([k, n], _context, out) => {
          if (n > 0) states.list.add(n);
          if (n > 0) states.value.update(n);
          else out.collect([k, states.list.get(), n < 0 ? states.value.value() : null]);
        },
      }),
    ).open();
    harness.processElement(['a', 1]);
    harness.setProcessingTime(600);
    harness.processElement(['a', 2]);
    harness.setProcessingTime(1500);
    for (let i = 0; i < 2; i++) harness.processElement(['a', 0]);
    harness.setProcessingTime(1600);
    for (let i = 0; i < 2; i++) harness.processElement(['a', 0]);
    expect(harness.takeOutputValues()).toEqual([
      ['a', [1, 2], null],
      ['a', [1, 2], null],
      ['a', [1, 2], null],
      ['a', [], null],
    ]);
    // What others do to the state has removed the value of b, which nobody asked for meanwhile.
    harness.processElement(['b', 5]);
    harness.setProcessingTime(9000);
    for (let i = 0; i < 60; i++) harness.processElement(['c', -1]);
    harness.processElement(['b', -1]);
    expect(harness.takeOutputValues().at(-1)).toEqual(['b', [5], null]);
  });

  it('looks for idleness where it makes periodic watermarks, and wakes with a watermark', async () => {
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<Pair>(0)
      .withTimestampAssigner((pair: Pair) => pair[1])
      .withIdleness(300);
    const harness = await operatorHarness((input: DataStream<Pair>) => input.assignTimestampsAndWatermarks(strategy), {
      autoWatermarkIntervalMs: 200,
    }).open();
    harness.processElement(['a', 1000]);
    // The first quiet interval ends at 400, and at 800 more than 300 ms have passed since.
    harness.setProcessingTime(799);
    expect(harness.getOutput().slice(1)).toEqual([{ watermark: 999 }]);
    harness.setProcessingTime(800);
    harness.processElement(['a', 900]);
    harness.setProcessingTime(1000);
    expect(harness.getOutput().slice(2)).toEqual([{ idle: true }, { value: ['a', 900], timestamp: 900 }]);
    harness.processElement(['a', 2000]);
    harness.setProcessingTime(1200);
    expect(harness.getOutput().slice(5)).toEqual([{ idle: false }, { watermark: 1999 }]);
  });

  it('throws windows away in time: before later ones fire, on one watermark, too', async () => {
    const cleared = new ValueStateDescriptor<number>('cleared');
    const harness = await operatorHarness((input: DataStream<Pair>) =>
      input
        .keyBy(key)
        .window(TumblingEventTimeWindows.of<Pair>(1000))
        .allowedLateness(500)
        .process({
          process: (_key, context, _pairs, out) =>
            out.collect([context.window.start, context.globalState().getState(cleared).value()]),
          clear: (context) => {
            const state = context.globalState().getState(cleared);
            state.update((state.value() ?? 0) + 1);
          },
        }),
    ).open();
    for (const timestamp of [100, 1100, 2100]) harness.processElement(['a', 1], timestamp);
    harness.processWatermark(9000);
    expect(harness.extractOutputValues()).toEqual([
      [0, null],
      [1000, 1],
      [2000, 2],
    ]);
  });

  it('fires global windows at the end of the input, where so wished, and others after a time without a firing', async () => {
    const windows = async (trigger?: Trigger<Pair, GlobalWindow>) =>
      operatorHarness((input: DataStream<Pair>) => {
        const keyed = input.keyBy(key);
        const windowed =
          trigger === undefined
            ? keyed.window(GlobalWindows.createWithEndOfStreamTrigger<Pair>())
            : keyed.window(GlobalWindows.create<Pair>()).trigger(trigger);
        return windowed.process((_key, _context, pairs, out) => out.collect(pairs.map((pair) => pair[1])));
      }).open();
    const atTheEnd = await windows();
    atTheEnd.processElements([
      ['a', 1],
      ['a', 2],
    ]);
    atTheEnd.setProcessingTime(9000);
    expect(atTheEnd.extractOutputValues()).toEqual([]);
    atTheEnd.endInput();
    expect(atTheEnd.extractOutputValues()).toEqual([[1, 2]]);
    const afterATime = await windows(
      ProcessingTimeoutTrigger.of<Pair, GlobalWindow>(PurgingTrigger.of(CountTrigger.of<Pair, GlobalWindow>(2)), 1000),
    );
    afterATime.processElements([
      ['a', 1],
      ['a', 2],
      ['a', 3],
    ]);
    expect(afterATime.extractOutputValues()).toEqual([[1, 2]]);
    afterATime.setProcessingTime(1000);
    expect(afterATime.extractOutputValues()).toEqual([[1, 2], [3]]);
  });
});
