import { describe, expectTypeOf, it } from 'vitest';
import {
  type AggregateFunction,
  type DataStream,
  type KeyedStream,
  seconds,
  streamEnv,
  TumblingEventTimeWindows,
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
