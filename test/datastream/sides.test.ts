import { describe, expect, test } from 'vitest';
import { scriptedStreams } from '../../src/datastream/testing/index.js';
import {
  BroadcastProcessFunction,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  type KeyedProcessContext,
  MapStateDescriptor,
  ProcessFunction,
  type RuntimeContext,
  streamEnv,
  type ValueState,
  ValueStateDescriptor,
} from '../../src/index.js';

interface Order {
  readonly k: string;
  readonly n: number;
}
const RULES = new MapStateDescriptor<string, number>('rules');
const LAST = new ValueStateDescriptor<number>('last');

const broken = (run: Promise<unknown>) => run.then(() => 'no error', String);

/** An order, then a rule. */
function orderThenRule() {
  const steps = [
    { in: 1, value: { k: 'x', n: 1 } },
    { in: 2, value: 'r' },
  ];
  const [orders, rules] = scriptedStreams<Order | string>(streamEnv(), steps);
  return {
    orders: orders as never as ReturnType<typeof orderStream>,
    rules: rules as never as ReturnType<typeof ruleStream>,
  };
}
const orderStream = () => streamEnv().fromElements<Order>();
const ruleStream = () => streamEnv().fromElements<string>();

abstract class OnRule extends KeyedBroadcastProcessFunction<string, Order, string, unknown> {
  protected last!: ValueState<number>;
  override open(context: RuntimeContext): void {
    this.last = context.getState(LAST);
  }
  override processElement(order: Order): void {
    this.last.update(order.n);
  }
}
type AnyContext = KeyedProcessContext<unknown> & { currentWatermark(): number };

describe('what belongs to a key is out of reach where there is none', () => {
  const uses: Record<string, (last: ValueState<number>, context: AnyContext) => unknown> = {
    'reading state': (last) => last.value(),
    'writing state': (last) => last.update(5),
    'clearing state': (last) => last.clear(),
    'a timer': (_, context) => context.timerService().registerEventTimeTimer(5),
    'the key': (_, context) => context.getCurrentKey(),
  };
  test.each(Object.entries(uses))('%s on the broadcast side, after an element of a key', async (_, use) => {
    const { orders, rules } = orderThenRule();
    class Wrong extends OnRule {
      override processBroadcastElement(_rule: string, context: unknown): void {
        use(this.last, context as AnyContext);
      }
    }
    const stream = orders.keyBy('k').connect(rules.broadcast(RULES)).process(new Wrong());
    expect(await broken(stream.executeAndCollect())).toMatch(/\[streambook\/no-key\].*belongs to a key/);
  });

  test('applyToKeyedState visits the keys', async () => {
    const { orders, rules } = orderThenRule();
    class Right extends OnRule {
      override processBroadcastElement(
        rule: string,
        context: Parameters<
          KeyedBroadcastProcessFunction<string, Order, string, unknown>['processBroadcastElement']
        >[1],
        out: { collect(value: unknown): void },
      ): void {
        context.applyToKeyedState<ValueState<number>>(LAST, (key, state) => out.collect([rule, key, state.value()]));
      }
    }
    const stream = orders.keyBy('k').connect(rules.broadcast(RULES)).process(new Right());
    expect(await stream.executeAndCollect()).toEqual([['r', 'x', 1]]);
  });

  test('state beside an input without a key', async () => {
    const { orders, rules } = orderThenRule();
    let last: ValueState<number> | undefined;
    const stream = orders
      .keyBy('k')
      .connect(rules)
      .process({
        open: (context: RuntimeContext) => {
          last = context.getState(LAST);
        },
        processElement1: (order: Order) => last?.update(order.n),
        processElement2: (_rule: string, _context: unknown, out: { collect(value: unknown): void }) =>
          out.collect(last?.value()),
      });
    expect(await broken(stream.executeAndCollect())).toMatch(/state `last` belongs to a key/);
  });
});

describe('classes fit their streams, as in Flink', () => {
  const { orders, rules } = orderThenRule();
  class Both extends KeyedCoProcessFunction<string, Order, string, never> {
    override processElement1(): void {}
    override processElement2(): void {}
  }
  class Keyed extends KeyedBroadcastProcessFunction<unknown, Order, string, never> {
    override processElement(): void {}
    override processBroadcastElement(): void {}
  }
  class Plain extends BroadcastProcessFunction<Order, string, never> {
    override processElement(): void {}
    override processBroadcastElement(): void {}
  }
  test('keyed functions need keys, others none', () => {
    expect(() => orders.keyBy('k').connect(rules).process(new Both())).toThrow(/needs a key on both streams/);
    expect(() => orders.connect(rules.broadcast(RULES)).process(new Keyed())).toThrow(/has no key/);
    expect(() => orders.keyBy('k').connect(rules.broadcast(RULES)).process(new Plain())).toThrow(/has a key/);
  });
});

describe('broadcast state', () => {
  test.each(['put', 'remove', 'clear'] as const)('is not written by the other side: %s', async (method) => {
    const { orders, rules } = orderThenRule();
    const stream = orders.connect(rules.broadcast(RULES)).process({
      processElement: (_order: Order, context) =>
        (context.getBroadcastState(RULES) as never as Record<string, (key: string, value: number) => void>)[method]?.(
          'a',
          1,
        ),
      processBroadcastElement: () => {},
    });
    expect(await broken(stream.executeAndCollect())).toMatch(/\[streambook\/read-only\] the broadcast state `rules`/);
  });

  test('is read there', async () => {
    const [orders, rules] = scriptedStreams<unknown>(streamEnv(), [
      { in: 2, value: 'r' },
      { in: 1, value: 'o' },
    ]) as [ReturnType<typeof ruleStream>, ReturnType<typeof ruleStream>];
    const stream = orders.connect(rules.broadcast(RULES)).process<unknown>({
      processElement: (_order: string, context, out) => {
        const state = context.getBroadcastState(RULES);
        out.collect([state.get('r'), state.contains('s'), state.keys(), state.entries()]);
      },
      processBroadcastElement: (rule: string, context) => context.getBroadcastState(RULES).put(rule, 7),
    });
    expect(await stream.executeAndCollect()).toEqual([[7, false, ['r'], [['r', 7]]]]);
  });
});

class Where extends ProcessFunction<number, string> {
  private subtask = -1;
  override open(context: RuntimeContext): void {
    this.subtask = context.getTaskInfo().getIndexOfThisSubtask();
  }
  override processElement(value: number, _context: unknown, out: { collect(value: string): void }): void {
    out.collect(`${this.subtask}:${value}`);
  }
}

describe('partitioning', () => {
  /** Which subtasks below the elements of each subtask above reach, in the order of its turns. */
  async function reached(above: number, below: number): Promise<string> {
    const numbers = streamEnv()
      .fromSequence(0, 10 * above - 1)
      .setParallelism(above);
    const placed = await numbers.rescale().process(new Where()).setParallelism(below).executeAndCollect();
    const targets = Array.from({ length: above }, () => new Set<number>());
    const pairs = placed.map((text) => text.split(':').map(Number) as [number, number]);
    for (const [subtask, value] of pairs.sort((a, b) => a[1] - b[1])) {
      targets[Math.floor(value / 10)]?.add(subtask);
    }
    return targets.map((set) => [...set].join('')).join(' ');
  }

  test.each([
    [2, 4, '01 23'],
    [4, 2, '0 0 1 1'],
    [2, 3, '01 2'],
    [3, 2, '0 1 1'],
    [3, 5, '01 23 4'],
    [1, 3, '012'],
    [3, 1, '0 0 0'],
    [2, 2, '0 1'],
    // As Flink 1.20.3 numbers the channels.
    [2, 5, '012 43'],
    [4, 6, '01 2 43 5'],
  ])('rescale from %i to %i keeps to neighbours', async (above, below, expected) => {
    expect(await reached(above, below)).toBe(expected);
  });

  test('forward needs the same parallelism on both sides', async () => {
    const two = streamEnv().fromSequence(1, 4).setParallelism(2);
    expect(
      await two
        .forward()
        .map((n) => n)
        .setParallelism(2)
        .executeAndCollect(),
    ).toHaveLength(4);
    expect(() =>
      two
        .forward()
        .map((n) => n)
        .setParallelism(3)
        .explain(),
    ).toThrow(/forward\(\) leads from 2 subtasks of Sequence Source to 3 of Map/);
  });
});
