import {
  type Collector,
  EventTimeSessionWindows,
  type OutputTag,
  ReducingStateDescriptor,
  SlidingEventTimeWindows,
  type TimeWindow,
  Trigger,
  type TriggerContext,
  TriggerResult,
  TumblingEventTimeWindows,
  Types,
} from '../../../src/index.js';
import type { T3 } from '../cases.js';
import { type Built, LATE, outcome } from '../from-data.js';

import { f1s, key, onlyMain, type Port, type Row, type Sources } from './port.js';

function listOfTimeWindow(
  k: string,
  context: { window: TimeWindow },
  elements: readonly T3[],
  out: Collector<Row>,
): void {
  out.collect([k, context.window.start, context.window.end, f1s(elements)]);
}

class EarlyTrigger extends Trigger<T3, TimeWindow> {
  override onElement(_element: T3, _timestamp: number, window: TimeWindow, context: TriggerContext): TriggerResult {
    context.registerEventTimeTimer(window.maxTimestamp());
    if (window.start + 2000 > context.getCurrentWatermark()) context.registerEventTimeTimer(window.start + 2000);
    return TriggerResult.CONTINUE;
  }
  override onEventTime(): TriggerResult {
    return TriggerResult.FIRE;
  }
  override onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE;
  }
  override clear(window: TimeWindow, context: TriggerContext): void {
    context.deleteEventTimeTimer(window.maxTimestamp());
  }
}

class LargeValueTrigger extends EarlyTrigger {
  override onElement(element: T3, _timestamp: number, window: TimeWindow, context: TriggerContext): TriggerResult {
    context.registerEventTimeTimer(window.maxTimestamp());
    return element[1] > 10 ? TriggerResult.FIRE_AND_PURGE : TriggerResult.CONTINUE;
  }
  override onEventTime(): TriggerResult {
    return TriggerResult.FIRE_AND_PURGE;
  }
}

class SumTrigger extends EarlyTrigger {
  private readonly sum = new ReducingStateDescriptor<number>('s', (a, b) => a + b);

  override onElement(element: T3, _timestamp: number, window: TimeWindow, context: TriggerContext): TriggerResult {
    context.registerEventTimeTimer(window.maxTimestamp());
    const sum = context.getPartitionedState(this.sum);
    sum.add(element[1]);
    if ((sum.get() ?? 0) < 10) return TriggerResult.CONTINUE;
    sum.clear();
    return TriggerResult.FIRE;
  }
  override clear(window: TimeWindow, context: TriggerContext): void {
    context.getPartitionedState(this.sum).clear();
    super.clear(window, context);
  }
}

function withTrigger(src: Sources, trigger: Trigger<T3, TimeWindow>): Built {
  return onlyMain(
    src(1).keyBy(key).window(TumblingEventTimeWindows.of<T3>(5000)).trigger(trigger).process(listOfTimeWindow),
  );
}

/** Programs of streams, windows and joins, by the id of their case. */
export const streams: Readonly<Record<string, Port>> = {
  'basic-filter': (src) => onlyMain(src(1).filter((t) => t[1] % 2 === 0)),
  'basic-map': (src) => onlyMain(src(1).map((t) => [t[0], t[1] * 2, t[2]])),
  'cogroup-sliding': (src) =>
    onlyMain(
      src(1)
        .coGroup(src(2))
        .where(key)
        .equalTo(key)
        .window(SlidingEventTimeWindows.of(4000, 2000))
        .apply<Row>((left, right, out) => {
          out.collect([f1s(left), f1s(right)]);
        }),
    ),
  'connect-comap': (src) =>
    onlyMain(
      src(1)
        .connect(src(2))
        .map<Row>(
          (e) => ['one', e[0], e[1]],
          (e) => ['two', e[0], -e[1]],
        ),
    ),
  'coprocess-watermark': (src) =>
    onlyMain(
      src(1)
        .connect(src(2))
        .keyBy(key, key)
        .process<Row>({
          processElement1: (e, context, out) => out.collect([1, e[1], context.timerService().currentWatermark()]),
          processElement2: (e, context, out) => out.collect([2, e[1], context.timerService().currentWatermark()]),
        }),
    ),
  'idle-window': (src) => {
    const main = src(1)
      .union(src(2))
      .keyBy(key)
      .window(TumblingEventTimeWindows.of<T3>(5000))
      .sideOutputLateData(LATE as OutputTag<T3>)
      .process(listOfTimeWindow);
    return { main: outcome(main), late: outcome(main.getSideOutput(LATE)) };
  },
  'interval-join': (src) => intervalJoin(src, -2000),
  'interval-join-late': (src) => intervalJoin(src, -1000),
  'rolling-int-overflow': (src) =>
    onlyMain(
      src(1)
        .map((t): [string, number] => [t[0], t[1] | 0])
        .returns(Types.TUPLE(Types.STRING, Types.INT))
        .keyBy((t) => t[0])
        .sum(1),
    ),
  'trig-custom-early': (src) => withTrigger(src, new EarlyTrigger()),
  'trig-custom-fire-purge': (src) => withTrigger(src, new LargeValueTrigger()),
  'trig-custom-state': (src) => withTrigger(src, new SumTrigger()),
  'union-end-one': (src) =>
    onlyMain(
      src(1)
        .union(src(2))
        .keyBy(key)
        .process<Row>({
          processElement: (e, context, out) => {
            out.collect([e[1], context.timerService().currentWatermark()]);
            context.timerService().registerEventTimeTimer(e[2] + 1000);
          },
          onTimer: (t, _context, out) => out.collect(['timer', t]),
        }),
    ),
  'union-min-watermark': (src) =>
    onlyMain(src(1).union(src(2)).keyBy(key).window(TumblingEventTimeWindows.of<T3>(5000)).process(listOfTimeWindow)),
  'window-join-session': (src) => windowJoin(src, EventTimeSessionWindows.withGap(2000)),
  'window-join-sliding': (src) => windowJoin(src, SlidingEventTimeWindows.of(4000, 2000)),
  'windowall-tumbling': (src) =>
    onlyMain(
      src(1)
        .windowAll(TumblingEventTimeWindows.of<T3>(5000))
        .process<Row>((context, elements, out) => {
          out.collect([context.window.start, context.window.end, f1s(elements)]);
        }),
    ),
};

function windowJoin(
  src: Sources,
  assigner:
    | ReturnType<typeof SlidingEventTimeWindows.of<never>>
    | ReturnType<typeof EventTimeSessionWindows.withGap<never>>,
): Built {
  return onlyMain(
    src(1)
      .join(src(2))
      .where(key)
      .equalTo(key)
      .window(assigner)
      .apply<Row>((l, r) => [l[0], l[1], r[1]]),
  );
}

function intervalJoin(src: Sources, lower: number): Built {
  return onlyMain(
    src(1)
      .keyBy(key)
      .intervalJoin(src(2).keyBy(key))
      .between(lower, 1000)
      .process<Row>((l, r, context, out) =>
        out.collect([
          l[0],
          l[1],
          r[1],
          context.getLeftTimestamp(),
          context.getRightTimestamp(),
          context.getTimestamp(),
        ]),
      ),
  );
}
