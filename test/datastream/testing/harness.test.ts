import { describe, expect, it } from 'vitest';
import { seconds } from '../../../src/core/duration.js';
import type { DataStream } from '../../../src/datastream/index.js';
import {
  KeyedOneInputStreamOperatorTestHarness,
  operatorHarness,
  ProcessFunctionTestHarnesses,
  twoInputHarness,
} from '../../../src/datastream/testing/index.js';
import { OutputTag } from '../../../src/engine/channels/output-tag.js';
import type { Collector } from '../../../src/engine/functions/functions.js';
import {
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OnTimerContext,
} from '../../../src/engine/functions/process-function.js';
import type { RuntimeContext } from '../../../src/engine/functions/runtime-context.js';
import { Operator } from '../../../src/engine/operator.js';
import { MapStateDescriptor, ValueStateDescriptor } from '../../../src/engine/state/descriptors.js';
import type { ValueState } from '../../../src/engine/state/views.js';
import {
  EventTimeSessionWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
} from '../../../src/engine/windows/assigners.js';

interface Payment {
  readonly account: string;
  readonly amount: number;
}

const lastDescriptor = new ValueStateDescriptor<number>('last');
const large = new OutputTag<Payment>('large');

/** Says when an account was quiet for a minute of processing time; remembers the last amount. */
class Quiet extends KeyedProcessFunction<string, Payment, string> {
  private last!: ValueState<number>;

  override open(context: RuntimeContext): void {
    this.last = context.getState(lastDescriptor);
  }

  override processElement(value: Payment, context: KeyedProcessContext<string>, out: Collector<string>): void {
    this.last.update(value.amount);
    if (value.amount > 100) context.output(large, value);
    const timers = context.timerService();
    timers.registerProcessingTimeTimer(timers.currentProcessingTime() + seconds(60));
    timers.registerEventTimeTimer((context.timestamp() ?? 0) + 10);
    out.collect(`${context.getCurrentKey()} paid`);
  }

  override onTimer(timestamp: number, context: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${context.getCurrentKey()} ${context.timeDomain()} ${timestamp}`);
  }
}

describe('a harness for a keyed process function', () => {
  it('pushes elements, watermarks and time by hand, and reads outputs, side outputs, state and timers', async () => {
    const harness = await ProcessFunctionTestHarnesses.forKeyedProcessFunction(new Quiet(), (p) => p.account);
    harness.processElement({ account: 'A', amount: 5 }, 1000);
    harness.processElement({ account: 'B', amount: 500 }, 1001);
    expect(harness.extractOutputValues()).toEqual(['A paid', 'B paid']);
    expect(harness.getSideOutput(large)).toEqual([{ value: { account: 'B', amount: 500 }, timestamp: 1001 }]);
    expect(harness.state().get(lastDescriptor, 'A')).toBe(5);
    expect(harness.state().get(lastDescriptor, 'C')).toBeNull();
    expect(harness.state().entries(lastDescriptor)).toEqual([
      ['A', 5],
      ['B', 500],
    ]);
    expect([harness.numEventTimeTimers(), harness.numProcessingTimeTimers()]).toEqual([2, 2]);
    expect(harness.state().timers()[0]).toEqual({ key: 'A', timestamp: 1010, domain: 'EVENT_TIME' });

    harness.clearOutput();
    harness.processWatermark(1010);
    expect(harness.getOutput()).toEqual([{ value: 'A EVENT_TIME 1010', timestamp: 1010 }, { watermark: 1010 }]);
    harness.clearOutput();
    harness.setProcessingTime(59_999);
    expect(harness.getOutput()).toEqual([]);
    harness.advance(1);
    // What a processing-time timer puts out has no timestamp.
    expect(harness.getOutput()).toEqual([
      { value: 'A PROCESSING_TIME 60000', timestamp: null },
      { value: 'B PROCESSING_TIME 60000', timestamp: null },
    ]);
    expect(harness.numProcessingTimeTimers()).toBe(0);
    await harness.close();
  });

  it('goes on from a snapshot', async () => {
    const first = await ProcessFunctionTestHarnesses.forKeyedProcessFunction(new Quiet(), 'account');
    first.processElement({ account: 'A', amount: 5 }, 1000);
    const snapshot = await first.snapshot();
    first.processElement({ account: 'A', amount: 6 }, 2000);

    const again = operatorHarness((payments: DataStream<Payment>) => payments.keyBy('account').process(new Quiet()));
    again.initializeState(snapshot);
    await again.open();
    expect(again.state().get(lastDescriptor, 'A')).toBe(5);
    again.processWatermark(5000);
    expect(again.extractOutputValues()).toEqual(['A EVENT_TIME 1010']);
    expect(() => again.initializeState(snapshot)).toThrow(/before open/);
  });

  it('names the operator and the element when the function throws, and can go on', async () => {
    const harness = await ProcessFunctionTestHarnesses.forKeyedProcessFunction<string, Payment, string>(
      (p, _context, out) => {
        if (p.amount < 0) throw new RangeError('negative');
        out.collect(p.account);
      },
      (p) => p.account,
    );
    expect(() => harness.processElement({ account: 'A', amount: -1 }, 7)).toThrow(
      /Process failed at the element { account: 'A', amount: -1 } \(timestamp 7\): negative[\s\S]*harness\.test\.ts/,
    );
    harness.processElement({ account: 'A', amount: 1 });
    expect(harness.takeOutputValues()).toEqual(['A']);
    expect(harness.takeOutputValues()).toEqual([]);
  });

  it('has to be opened, and its clock does not run backwards', async () => {
    const harness = operatorHarness((input: DataStream<number>) => input.map((n) => n + 1));
    expect(() => harness.processElement(1)).toThrow(/not open yet/);
    await harness.open();
    harness.setProcessingTime(10);
    expect(() => harness.setProcessingTime(9)).toThrow(/forward only/);
  });
});

describe('a harness for the operator a program writes', () => {
  it('windows in event time, late elements, the end', async () => {
    const late = new OutputTag<Payment>('late');
    const harness = await operatorHarness((payments: DataStream<Payment>) =>
      payments.keyBy('account').window(TumblingEventTimeWindows.of(10)).sideOutputLateData(late).sum('amount'),
    ).open();
    harness.processElement({ account: 'A', amount: 1 }, 3);
    harness.processElement({ account: 'A', amount: 2 }, 9);
    expect(harness.state().windows()).toMatchObject([
      { key: 'A', window: { start: 0, end: 10 }, value: { amount: 3 } },
    ]);
    harness.processWatermark(8);
    expect(harness.extractOutputValues()).toEqual([]);
    harness.processWatermark(9);
    expect(harness.getOutput().at(-2)).toEqual({ value: { account: 'A', amount: 3 }, timestamp: 9 });
    harness.processElement({ account: 'A', amount: 4 }, 5);
    expect(harness.getSideOutput(late)).toHaveLength(1);
    harness.processElement({ account: 'B', amount: 4 }, 15);
    harness.endInput();
    expect(harness.extractOutputValues().at(-1)).toEqual({ account: 'B', amount: 4 });
    expect(harness.finished).toBe(true);
    expect(harness.numKeyedStateEntries()).toBe(0);
  });

  it('session windows and windows in processing time', async () => {
    const sessions = await operatorHarness((payments: DataStream<Payment>) =>
      payments.keyBy('account').window(EventTimeSessionWindows.withGap(5)).sum('amount'),
    ).open();
    for (const at of [1, 9, 5]) sessions.processElement({ account: 'A', amount: at }, at);
    expect(sessions.state().timers()).toMatchObject([{ timestamp: 13, window: { start: 1, end: 14 } }]);
    sessions.processWatermark(13);
    expect(sessions.extractOutputValues()).toEqual([{ account: 'A', amount: 15 }]);

    const clocked = await operatorHarness(
      (payments: DataStream<Payment>) =>
        payments.keyBy('account').window(TumblingProcessingTimeWindows.of(100)).sum('amount'),
      { startMs: 150 },
    ).open();
    clocked.processElement({ account: 'A', amount: 1 });
    clocked.setProcessingTime(198);
    expect(clocked.extractOutputValues()).toEqual([]);
    clocked.setProcessingTime(199);
    expect(clocked.extractOutputValues()).toEqual([{ account: 'A', amount: 1 }]);
  });

  it('says which events led to it', async () => {
    const harness = await operatorHarness(
      (payments: DataStream<Payment>) =>
        payments.keyBy('account').window(TumblingEventTimeWindows.of(10)).sum('amount'),
      { trace: { kinds: ['element', 'window-assigned', 'fired'] } },
    ).open();
    harness.processElement({ account: 'A', amount: 1 }, 3);
    harness.processWatermark(20);
    expect(harness.trace?.events.map((event) => event.kind)).toEqual(['element', 'window-assigned', 'fired']);
  });

  it('refuses more than one operator', () => {
    const build = () => operatorHarness((input: DataStream<number>) => input.map((n) => n + 1).filter((n) => n > 1));
    expect(build).toThrow(/`Filter` does not read the input directly[\s\S]*scriptedStream/);
  });
});

describe('a harness for two inputs', () => {
  it('takes the smaller watermark, and shares state by key', async () => {
    const rate = new ValueStateDescriptor<number>('rate');
    const harness = await twoInputHarness((orders: DataStream<Payment>, rates: DataStream<[string, number]>) =>
      orders
        .keyBy((o) => o.account)
        .connect(rates.keyBy((r) => r[0]))
        .process({
          open(context: RuntimeContext) {
            (this as { rate?: ValueState<number> }).rate = context.getState(rate);
          },
          processElement1(order: Payment, context: KeyedProcessContext<string>, out: Collector<number>) {
            const state = (this as { rate?: ValueState<number> }).rate;
            out.collect(order.amount * (state?.value() ?? 1));
            context.timerService().registerEventTimeTimer(10);
          },
          processElement2(value: [string, number]) {
            (this as { rate?: ValueState<number> }).rate?.update(value[1]);
          },
          onTimer(timestamp: number, _context: OnTimerContext<string>, out: Collector<number>) {
            out.collect(-timestamp);
          },
        }),
    ).open();
    harness.processElement1({ account: 'A', amount: 2 }, 1);
    harness.processElement2(['A', 10], 2);
    harness.processElement1({ account: 'A', amount: 2 }, 3);
    expect(harness.takeOutputValues()).toEqual([2, 20]);
    harness.processWatermark1(20);
    expect(harness.getCurrentWatermark()).toBe(Number.NEGATIVE_INFINITY);
    harness.processWatermark2(9);
    expect(harness.takeOutputValues()).toEqual([]);
    harness.endInput2();
    expect(harness.takeOutputValues()).toEqual([-10]);
    expect(harness.getCurrentWatermark()).toBe(20);
  });

  it('runs broadcast functions', async () => {
    const rules = new MapStateDescriptor<string, number>('rules');
    const harness = await ProcessFunctionTestHarnesses.forKeyedBroadcastProcessFunction<
      string,
      Payment,
      [string, number],
      string
    >(
      {
        processElement(value, context, out) {
          const limit = context.getBroadcastState(rules).get('limit') ?? 0;
          if (value.amount > limit) out.collect(`${value.account} ${value.amount}`);
        },
        processBroadcastElement([name, limit], context) {
          context.getBroadcastState(rules).put(name, limit);
        },
      },
      'account',
      [rules],
    );
    harness.processElement2(['limit', 10]);
    harness.processElement1({ account: 'A', amount: 9 });
    harness.processElement1({ account: 'A', amount: 11 });
    expect(harness.extractOutputValues()).toEqual(['A 11']);
    expect(harness.state().broadcast(rules)).toEqual([['limit', 10]]);
    expect(() => harness.state().broadcast('rulez')).toThrow(/has no broadcast state `rulez`\n {2}hint: it has `/);
    expect(() => harness.state().list('rules')).toThrow(/has no list state `rules`\n {2}hint: it has none \(yet\)/);
  });
});

describe("a harness for an operator of one's own", () => {
  class Doubled extends Operator<number, number> {
    constructor() {
      super('Doubled');
    }
    override processElement(value: number, timestamp: number): void {
      this.output.collect(value * 2, timestamp);
    }
  }

  it('runs it', async () => {
    const harness = await new KeyedOneInputStreamOperatorTestHarness(
      () => new Doubled(),
      (n: number) => n % 2,
    ).open();
    harness.processElements([1, 2]);
    harness.processWatermarkStatus(true);
    expect(harness.getOutput()).toEqual([{ value: 2, timestamp: null }, { value: 4, timestamp: null }, { idle: true }]);
  });
});

describe('a harness for asynchronous functions', () => {
  it('waits for the answers, and lets time pass for a time-out', async () => {
    const { AsyncDataStream } = await import('../../../src/datastream/index.js');
    const answers = new Map<number, (value: string) => void>();
    const harness = await operatorHarness((input: DataStream<number>) =>
      AsyncDataStream.orderedWait(input, (n) => new Promise<string>((resolve) => answers.set(n, resolve)), {
        timeoutMs: 1000,
      }),
    ).open();
    harness.processElements([1, 2]);
    answers.get(2)?.('two');
    answers.get(1)?.('one');
    await harness.settled();
    expect(harness.extractOutputValues()).toEqual(['one', 'two']);
    harness.processElement(3);
    expect(() => harness.advance(1000)).toThrow(/no answer within 1000 ms/);
  });
});
