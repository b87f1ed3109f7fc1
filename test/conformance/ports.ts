import { scriptedStreams } from '../../src/datastream/testing/index.js';
import {
  type Collector,
  type DataStream,
  EventTimeSessionWindows,
  MapStateDescriptor,
  OutputTag,
  ReducingStateDescriptor,
  SlidingEventTimeWindows,
  type StreamExecutionEnvironment,
  type TimeWindow,
  Trigger,
  type TriggerContext,
  TriggerResult,
  TumblingEventTimeWindows,
  Types,
  ValueStateDescriptor,
} from '../../src/index.js';
import { type DataStreamCase, scriptOf, type T3 } from './cases.js';
import { type Built, LATE, outcome } from './from-data.js';

type Row = unknown[];
type Sources = (n: number) => DataStream<T3>;
type Port = (src: Sources) => Built;

const SIDE = new OutputTag<Row>('side');
const key = (value: T3): string => value[0];
const f1s = (elements: readonly T3[]): number[] => elements.map((element) => element[1]);
const onlyMain = (main: unknown): Built => ({ main: outcome(main) });

function listOfTimeWindow(
  k: string,
  context: { window: TimeWindow },
  elements: readonly T3[],
  out: Collector<Row>,
): void {
  out.collect([k, context.window.start, context.window.end, f1s(elements)]);
}

const rules = new MapStateDescriptor<string, number>('rules');

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

function valueWithTtl(src: Sources, updateType: 'onCreateAndWrite' | 'onReadAndWrite'): Built {
  const descriptor = new ValueStateDescriptor<number>('s').enableTimeToLive({ ttlMs: 600, updateType });
  let state: ReturnType<typeof stateOf>;
  const stateOf = (c: {
    getState(d: ValueStateDescriptor<number>): import('../../src/engine/state/views.js').ValueState<number>;
  }) => c.getState(descriptor);
  return onlyMain(
    src(1)
      .keyBy(key)
      .process<Row>({
        open: (context) => {
          state = stateOf(context);
        },
        processElement: (e, _context, out) => {
          out.collect([e[0], e[1], state.value()]);
          if (e[1] > 0) state.update(e[1]);
        },
      }),
  );
}

/** Programs that are code, ported by hand, by the id of their case. */
export const ports: Readonly<Record<string, Port>> = {
  'basic-filter': (src) => onlyMain(src(1).filter((t) => t[1] % 2 === 0)),
  'basic-map': (src) => onlyMain(src(1).map((t) => [t[0], t[1] * 2, t[2]])),
  'broadcast-keyed-apply': (src) => {
    const n = new ValueStateDescriptor<number>('n');
    type Values = { value(): number | null; update(value: number): void };
    let state: Values;
    return onlyMain(
      src(1)
        .keyBy(key)
        .connect(src(2).broadcast(new MapStateDescriptor<string, number>('rules')))
        .process<Row>({
          open: (context) => {
            state = context.getState(n);
          },
          processElement: (_e, context, out) => {
            const count = (state.value() ?? 0) + 1;
            state.update(count);
            out.collect([context.getCurrentKey(), count]);
          },
          processBroadcastElement: (_rule, context, out) => {
            let total = 0;
            context.applyToKeyedState<Values>(n, (_k, values) => {
              total += values.value() ?? 0;
            });
            out.collect(['total', total]);
          },
        }),
    );
  },
  'broadcast-remove': (src) =>
    onlyMain(
      src(1)
        .connect(src(2).broadcast(rules))
        .process<Row>({
          processElement: (e, context, out) => {
            out.collect([e[0], context.getBroadcastState(rules).entries().length]);
          },
          processBroadcastElement: (rule, context) => {
            const state = context.getBroadcastState(rules);
            if (rule[1] === 0) state.remove(rule[0]);
            else state.put(rule[0], rule[1]);
          },
        }),
    ),
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
  'kpf-inactivity': (src) => {
    let state: { value(): number | null; update(value: number): void; clear(): void };
    return onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>({
          open: (context) => {
            state = context.getState(new ValueStateDescriptor<number>('s'));
          },
          processElement: (e, context) => {
            state.update(e[2] + 2000);
            context.timerService().registerEventTimeTimer(e[2] + 2000);
          },
          onTimer: (t, context, out) => {
            if (state.value() !== t) return;
            out.collect([context.getCurrentKey(), t]);
            state.clear();
          },
        }),
    );
  },
  'kpf-late-elements': (src) =>
    onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>((e, context, out) => out.collect([e[1], e[2] < context.timerService().currentWatermark()])),
    ),
  'kpf-map-state': (src) => {
    let state: {
      contains(k: number): boolean;
      get(k: number): number | null;
      put(k: number, v: number): void;
      keys(): number[];
    };
    return onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>({
          open: (context) => {
            state = context.getMapState(new MapStateDescriptor<number, number>('s'));
          },
          processElement: (e, context, out) => {
            const n = state.contains(e[1]) ? (state.get(e[1]) ?? 0) + 1 : 1;
            state.put(e[1], n);
            out.collect([context.getCurrentKey(), e[1], n, state.keys().length]);
          },
        }),
    );
  },
  'kpf-no-timestamps': (src) =>
    onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>((e, context, out) =>
          out.collect([e[1], context.timestamp(), context.timerService().currentWatermark()]),
        ),
    ),
  'kpf-output-timestamp': (src) =>
    onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>({
          processElement: (e, context, out) => {
            out.collect(['el', e[1]]);
            context.timerService().registerEventTimeTimer(e[2] + 1000);
          },
          onTimer: (t, _context, out) => out.collect(['timer', t]),
        }),
    ),
  'kpf-reducing-state': (src) => {
    let state: { get(): number | null; add(value: number): void; clear(): void };
    return onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>({
          open: (context) => {
            state = context.getReducingState(new ReducingStateDescriptor<number>('s', Math.max));
          },
          processElement: (e, context, out) => {
            if (e[1] === 0) state.clear();
            else state.add(e[1]);
            out.collect([context.getCurrentKey(), state.get()]);
          },
        }),
    );
  },
  'kpf-timer-dedup': (src) =>
    onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>({
          processElement: (_e, context) => context.timerService().registerEventTimeTimer(2000),
          onTimer: (t, context, out) => out.collect([context.getCurrentKey(), t]),
        }),
    ),
  'kpf-timer-order': (src) =>
    onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>({
          processElement: (e, context) => context.timerService().registerEventTimeTimer(e[1]),
          onTimer: (t, context, out) => out.collect([context.getCurrentKey(), t]),
        }),
    ),
  'kpf-value-state': (src) => {
    type Values = { value(): number | null; update(value: number): void };
    let count: Values;
    let previous: Values;
    return onlyMain(
      src(1)
        .keyBy(key)
        .process<Row>({
          open: (context) => {
            count = context.getState(new ValueStateDescriptor<number>('s'));
            previous = context.getState(new ValueStateDescriptor<number>('p'));
          },
          processElement: (e, context, out) => {
            const n = (count.value() ?? 0) + 1;
            out.collect([context.getCurrentKey(), n, previous.value()]);
            count.update(n);
            previous.update(e[1]);
          },
        }),
    );
  },
  'process-side-output-nonkeyed': (src) => {
    const main = src(1).process<T3>((e, context, out) => {
      out.collect(e);
      if (e[1] > 2) context.output(SIDE, [e[0]]);
    });
    return { main: outcome(main), side: outcome(main.getSideOutput(SIDE)) };
  },
  'pwf-window-state': (src) => {
    const w = new ValueStateDescriptor<number>('w');
    const g = new ValueStateDescriptor<number>('g');
    return onlyMain(
      src(1)
        .keyBy(key)
        .window(TumblingEventTimeWindows.of<T3>(2000))
        .allowedLateness(3000)
        .process<Row>({
          process: (k, context, elements, out) => {
            const ofWindow = context.windowState().getState(w);
            const ofKey = context.globalState().getState(g);
            const a = (ofWindow.value() ?? 0) + 1;
            const b = (ofKey.value() ?? 0) + 1;
            ofWindow.update(a);
            ofKey.update(b);
            out.collect([k, context.window.start, a, b, f1s(elements)]);
          },
          clear: (context) => context.windowState().getState(w).clear(),
        }),
    );
  },
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
  'ttl-expire': (src) => valueWithTtl(src, 'onCreateAndWrite'),
  'ttl-read-refresh': (src) => valueWithTtl(src, 'onReadAndWrite'),
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

/** The scripted sources of a case. */
export function sourcesOf(env: StreamExecutionEnvironment, kase: DataStreamCase): Sources {
  const steps = scriptOf(kase);
  const inputs = steps.reduce((most, step) => Math.max(most, step.in ?? 1), 1);
  const streams = scriptedStreams<T3>(env, steps, Math.max(inputs, 2));
  return (n) => streams[n - 1] as DataStream<T3>;
}
