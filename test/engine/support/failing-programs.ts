import { expect } from 'vitest';
import type { DataStream, StreamExecutionEnvironment } from '../../../src/datastream/index.js';
import { AsyncDataStream, streamEnv } from '../../../src/datastream/index.js';
import { OperatorError } from '../../../src/engine/errors.js';
import { MapStateDescriptor } from '../../../src/engine/state/descriptors.js';
import { boundedOutOfOrderness, WatermarkStrategy } from '../../../src/engine/time/watermarks.js';
import {
  EventTimeSessionWindows,
  GlobalWindows,
  TumblingEventTimeWindows,
  WindowAssigner,
} from '../../../src/engine/windows/assigners.js';
import type { Evictor } from '../../../src/engine/windows/evictors.js';
import { Trigger, TriggerResult } from '../../../src/engine/windows/trigger.js';
import { DeltaTrigger } from '../../../src/engine/windows/triggers.js';
import type { TimeWindow } from '../../../src/engine/windows/window.js';

export interface Reading {
  readonly key: string;
  readonly n: number;
  readonly ts: number;
}

export const readings: readonly Reading[] = [
  { key: 'a', n: 1, ts: 1 },
  { key: 'a', n: 2, ts: 2 },
  { key: 'b', n: 13, ts: 3 },
];

export class Unlucky extends RangeError {}

export function unlucky(): never {
  throw new Unlucky('13 brings bad luck');
}

export const check = (n: number): number => (n === 13 ? unlucky() : n);

/** A trigger that does not like 13. */
class Superstitious extends Trigger<Reading, TimeWindow> {
  constructor(private readonly where: 'element' | 'time' | 'clear') {
    super();
  }
  override onElement(element: Reading, _timestamp: number, window: TimeWindow, context: never): TriggerResult {
    if (this.where === 'element') check(element.n);
    (context as { registerEventTimeTimer(time: number): void }).registerEventTimeTimer(window.maxTimestamp());
    return TriggerResult.CONTINUE;
  }
  override onEventTime(): TriggerResult {
    if (this.where === 'time') unlucky();
    return TriggerResult.FIRE;
  }
  override onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE;
  }
  override clear(): void {
    if (this.where === 'clear') unlucky();
  }
}

class BadAssigner extends WindowAssigner<Reading, TimeWindow> {
  private readonly windows = TumblingEventTimeWindows.of<Reading>(10);
  override assignWindows(element: Reading, timestamp: number, now: number): readonly TimeWindow[] {
    check(element.n);
    return this.windows.assignWindows(element, timestamp, now);
  }
  override getDefaultTrigger(): Trigger<Reading, TimeWindow> {
    return this.windows.getDefaultTrigger();
  }
  override isEventTime(): boolean {
    return true;
  }
}

const evictor = (where: 'before' | 'after'): Evictor<Reading, TimeWindow> => ({
  evictBefore: (elements) => {
    if (where === 'before') for (const { value } of elements) check(value.n);
    return elements;
  },
  evictAfter: (elements) => {
    if (where === 'after') for (const { value } of elements) check(value.n);
    return elements;
  },
});

export type Program = (stream: DataStream<Reading>, env: StreamExecutionEnvironment) => DataStream<unknown>;

export const timed = (stream: DataStream<Reading>): DataStream<Reading> =>
  stream.assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(0, (r) => r.ts));
export const keyed = (stream: DataStream<Reading>) => timed(stream).keyBy((r) => r.key);
const tumbling = () => TumblingEventTimeWindows.of<Reading>(10);
export const sumOf = (a: Reading, b: Reading): Reading => ({ ...a, n: check(a.n) + check(b.n) });
// So that reducers meet 13 as well: everything has one key.
export const together = (stream: DataStream<Reading>) => timed(stream).keyBy(() => 'all');

const aggregate = {
  createAccumulator: () => 0,
  add: (r: Reading, sum: number) => sum + check(r.n),
  getResult: (sum: number) => sum,
  merge: (a: number, b: number) => a + b,
};

/** Where a function throws at the element with 13; the message names it. */
export const atElement: Record<string, Program> = {
  map: (s) => s.map((r) => check(r.n)),
  filter: (s) => s.filter((r) => check(r.n) > 0),
  flatMap: (s) => s.flatMap((r) => [check(r.n)]),
  'flatMap, a generator': (s) =>
    s.flatMap(function* (r) {
      yield check(r.n);
    }),
  process: (s) => s.process<number>((r, _context, out) => out.collect(check(r.n))),
  'key selector': (s) => s.keyBy((r) => check(r.n)).reduce((a) => a),
  'key selector of windows': (s) =>
    timed(s)
      .keyBy((r) => check(r.n))
      .window(tumbling())
      .reduce((a) => a),
  reduce: (s) => together(s).reduce(sumOf),
  'keyed process': (s) => keyed(s).process<number>((r, _context, out) => out.collect(check(r.n))),
  'timestamp assigner': (s) => s.assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(0, (r) => check(r.n))),
  'timestamp assigner with idleness': (s) =>
    s.assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(0, (r) => check(r.n)).withIdleness(1000)),
  'watermark generator': (s) =>
    s.assignTimestampsAndWatermarks(
      WatermarkStrategy.forGenerator<Reading>(() => ({
        onEvent: (r) => void check(r.n),
        onPeriodicEmit: () => {},
      })),
    ),
  'window reduce': (s) => together(s).window(tumbling()).reduce(sumOf),
  'window aggregate': (s) => keyed(s).window(tumbling()).aggregate(aggregate),
  'session aggregate': (s) => keyed(s).window(EventTimeSessionWindows.withGap<Reading>(5)).aggregate(aggregate),
  'session gap': (s) =>
    keyed(s)
      .window(EventTimeSessionWindows.withDynamicGap<Reading>((r) => check(r.n)))
      .reduce((a) => a),
  'window assigner': (s) =>
    keyed(s)
      .window(new BadAssigner())
      .reduce((a) => a),
  'trigger, onElement': (s) =>
    keyed(s)
      .window(tumbling())
      .trigger(new Superstitious('element'))
      .reduce((a) => a),
  'delta function': (s) =>
    together(s)
      .window(GlobalWindows.create<Reading>())
      .trigger(DeltaTrigger.of<Reading, never>(5, (_a, b) => check(b.n)))
      .reduce((a) => a),
  'windowAll aggregate': (s) => timed(s).windowAll(tumbling()).aggregate(aggregate),
  'connect map': (s) =>
    s.connect(s.filter(() => false)).map(
      (r) => check(r.n),
      () => 0,
    ),
  'connect flatMap': (s) =>
    s
      .filter(() => false)
      .connect(s)
      .flatMap(
        () => [0],
        (r) => [check(r.n)],
      ),
  'connect process': (s) =>
    keyed(s)
      .connect(keyed(s.filter(() => false)))
      .process<number>({ processElement1: (r) => void check(r.n), processElement2: () => {} }),
  broadcast: (s, env) =>
    s.connect(env.fromElements<number>().broadcast(new MapStateDescriptor<string, number>('rules'))).process<number>({
      processElement: (r) => void check(r.n),
      processBroadcastElement: () => {},
    }),
  'partitioner key': (s) =>
    s
      .partitionCustom(
        () => 0,
        (r) => check(r.n),
      )
      .map((r) => r)
      .setParallelism(2),
  partitioner: (s) =>
    s
      .partitionCustom(
        (n: number) => (n === 13 ? unlucky() : 0),
        (r) => r.n,
      )
      .map((r) => r)
      .setParallelism(2),
  'async, a rejected promise': (s) => AsyncDataStream.orderedWait(s, async (r) => check(r.n)),
  'async, at once': (s) => AsyncDataStream.unorderedWait(s, (r) => Promise.resolve(check(r.n))),
  'async object': (s) =>
    AsyncDataStream.orderedWait<Reading, number>(s, { asyncInvoke: (r, result) => result.complete([check(r.n)]) }),
  forEach: (s) => s.forEach((r) => void check(r.n)),
};

/** Where a function throws as time goes on: the message says when, and of which window. */
export const asTimeGoesOn: Record<string, [Program, RegExp]> = {
  'window function': [
    (s) =>
      keyed(s)
        .window(tumbling())
        .process<number>((_key, _context, all) => all.map((r) => check(r.n)).length),
    /in the window TimeWindow\{start=0, end=10\} of the key 'b'/,
  ],
  'count window function': [
    (s) =>
      together(s)
        .countWindow(3)
        .process<number>((_key, _context, all) => all.map((r) => check(r.n)).length),
    /in the window GlobalWindow of the key 'all'/,
  ],
  'window apply': [
    (s) =>
      keyed(s)
        .window(tumbling())
        .apply<number>((_key, _window, all) => all.map((r) => check(r.n)).length),
    /in the window .* of the key 'b'/,
  ],
  'getResult, with a window function': [
    (s) =>
      keyed(s)
        .window(tumbling())
        .aggregate(
          { ...aggregate, add: (r: Reading, sum: number) => sum + r.n, getResult: check },
          (_key, _window, [n]) => n,
        ),
    /while its watermark rose to Infinity/,
  ],
  onTimer: [
    (s) =>
      keyed(s).process<number>({
        processElement: (_r, context) => context.timerService().registerEventTimeTimer(5),
        onTimer: () => unlucky(),
      }),
    /while its watermark rose to Infinity/,
  ],
  'trigger, onEventTime': [
    (s) =>
      keyed(s)
        .window(tumbling())
        .trigger(new Superstitious('time'))
        .reduce((a) => a),
    /while its watermark rose to Infinity/,
  ],
  'trigger, clear': [
    (s) =>
      keyed(s)
        .window(tumbling())
        .trigger(new Superstitious('clear'))
        .reduce((a) => a),
    /while its watermark rose to Infinity/,
  ],
  'evictor, before': [
    (s) =>
      keyed(s)
        .window(tumbling())
        .evictor(evictor('before'))
        .reduce((a) => a),
    /while its watermark rose to Infinity/,
  ],
  'evictor, after': [
    (s) =>
      keyed(s)
        .window(tumbling())
        .evictor(evictor('after'))
        .reduce((a) => a),
    /while its watermark rose to Infinity/,
  ],
  'window join': [
    (s) =>
      timed(s)
        .join(timed(s))
        .where((r) => r.key)
        .equalTo((r) => r.key)
        .window(tumbling())
        .apply((a) => check(a.n)),
    /failed/,
  ],
  'open()': [
    (s) => s.process<number>({ open: () => unlucky(), processElement: () => {} }),
    /failed when it was opened/,
  ],
};

export async function failure(program: Program, parallelism = 1): Promise<OperatorError> {
  const env = streamEnv({ parallelism });
  const end = program(env.fromCollection(readings), env);
  if (end.origins[0]?.node.name !== 'ForEach') end.forEach(() => {});
  try {
    await env.execute();
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorError);
    return error as OperatorError;
  }
  throw new Error('it did not fail');
}
