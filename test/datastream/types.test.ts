import { describe, expectTypeOf, it } from 'vitest';
import {
  type AggregateFunction,
  type Collector,
  type DataStream,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type KeyedStream,
  ListStateDescriptor,
  MapStateDescriptor,
  type OperatorState,
  seconds,
  streamEnv,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
} from '../../src/index.js';

interface Order {
  id: number;
  name: string;
  amount: bigint;
}

declare const total: AggregateFunction<Order, number, number>;

// Never run: the compiler is the test.
const never = (_program: () => unknown): void => undefined;

describe('types', () => {
  it('follow the stream', () => {
    never(() => {
      const env = streamEnv();
      const words = env.fromElements('a b').flatMap((line) => line.split(' '));
      expectTypeOf(words).toEqualTypeOf<DataStream<string>>();
      const counts = words
        .map((word) => ({ word, n: 1 }))
        .keyBy((w) => w.word)
        .sum('n');
      expectTypeOf(counts).toEqualTypeOf<DataStream<{ word: string; n: number }>>();
      const orders = env.fromCollection<Order>([]);
      expectTypeOf(orders.keyBy('name')).toEqualTypeOf<KeyedStream<Order, string>>();
      const windows = orders.keyBy((o) => o.id).window(TumblingEventTimeWindows.of(seconds(5)));
      const sums = windows.aggregate(total, (key, window, [sum]) => ({ id: key, start: window.start, sum }));
      expectTypeOf(sums).toEqualTypeOf<DataStream<{ id: number; start: number; sum: number | undefined }>>();
    });
  });

  it('flow into streams of anything', () => {
    never(() => {
      const orders = streamEnv().fromCollection<Order>([]);
      const anything: DataStream<unknown> = orders;
      const keyed: DataStream<unknown> = orders.keyBy('name');
      const pairs: DataStream<{ id: number }> = orders;
      // @ts-expect-error but not out of them
      const back: DataStream<Order> = anything;
      return [anything, keyed, pairs, back];
    });
  });

  it('of process functions: what their class or the type of `out` says, otherwise any', () => {
    never(() => {
      const orders = streamEnv().fromCollection<Order>([]);
      const keyed = orders.keyBy('name');
      class Names extends KeyedProcessFunction<string, Order, string> {
        processElement(order: Order, context: KeyedProcessContext<string>, out: Collector<string>): void {
          out.collect(context.getCurrentKey() + order.name);
        }
      }
      expectTypeOf(keyed.process(new Names())).toEqualTypeOf<DataStream<string>>();
      expectTypeOf(keyed.process<number>((order, _context, out) => out.collect(order.id))).toEqualTypeOf<
        DataStream<number>
      >();
      const annotated = keyed.process((order, _context, out: Collector<number>) => out.collect(order.id));
      expectTypeOf(annotated).toEqualTypeOf<DataStream<number>>();
      const inline = keyed.process({
        processElement(order, context, out: Collector<number>) {
          expectTypeOf(order).toEqualTypeOf<Order>();
          expectTypeOf(context.getCurrentKey()).toEqualTypeOf<string>();
          out.collect(order.id);
        },
        onTimer(timestamp, context, out) {
          expectTypeOf(context.getCurrentKey()).toEqualTypeOf<string>();
          out.collect(timestamp);
        },
      });
      expectTypeOf(inline).toEqualTypeOf<DataStream<number>>();
      const untold = keyed.process((order, _context, out) => out.collect(order.id));
      // biome-ignore lint/suspicious/noExplicitAny: that is what it is
      expectTypeOf(untold).toEqualTypeOf<DataStream<any>>();
      untold.map((x) => x.whatever + 1);
      orders.flatMap((order, out) => out.collect(order.id)).map((x) => x + 1);
      orders.process((order, _context, out) => out.collect(order.id)).keyBy((x) => x % 2);
      // @ts-expect-error the elements are orders
      keyed.process((order, _context, out) => out.collect(order.nmae));
      keyed.connect(keyed).process({
        processElement1: (order, _context, out: Collector<string>) => out.collect(order.name),
        processElement2: (_order, context) => context.timerService().registerEventTimeTimer(1),
      });
    });
  });

  it('of state that is read from outside', () => {
    never(() => {
      const state = {} as OperatorState;
      expectTypeOf(state.get(new ValueStateDescriptor<number>('n'), 'a')).toEqualTypeOf<number | null>();
      expectTypeOf(state.get(new ListStateDescriptor<string>('l'), 'a')).toEqualTypeOf<string[]>();
      expectTypeOf(state.get(new MapStateDescriptor<string, Order>('m'), 'a')).toEqualTypeOf<[string, Order][]>();
      expectTypeOf(state.get('whatever', 'a')).toEqualTypeOf<unknown>();
    });
  });

  it('let only numbers be summed, and only fields that are there be named', () => {
    never(() => {
      const orders = streamEnv().fromCollection<Order>([]).keyBy('name');
      orders.sum('id');
      orders.sum('amount');
      // @ts-expect-error a text is not summed
      orders.sum('name');
      // @ts-expect-error there is no such field
      orders.max('prize');
      orders.maxBy('name');
      // @ts-expect-error there is no such field
      streamEnv().fromCollection<Order>([]).keyBy('prize');
    });
  });
});
