import {
  MapStateDescriptor,
  ReducingStateDescriptor,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
} from '../../../src/index.js';
import type { T3 } from '../cases.js';
import { type Built, outcome } from '../from-data.js';

import { f1s, key, onlyMain, type Port, type Row, SIDE, type Sources } from './port.js';

const rules = new MapStateDescriptor<string, number>('rules');

function valueWithTtl(src: Sources, updateType: 'onCreateAndWrite' | 'onReadAndWrite'): Built {
  const descriptor = new ValueStateDescriptor<number>('s').enableTimeToLive({ ttlMs: 600, updateType });
  let state: ReturnType<typeof stateOf>;
  const stateOf = (c: {
    getState(d: ValueStateDescriptor<number>): import('../../../src/engine/state/views.js').ValueState<number>;
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

/** Programs with state, timers and broadcast, by the id of their case. */
export const stateful: Readonly<Record<string, Port>> = {
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
  'ttl-expire': (src) => valueWithTtl(src, 'onCreateAndWrite'),
  'ttl-read-refresh': (src) => valueWithTtl(src, 'onReadAndWrite'),
};
