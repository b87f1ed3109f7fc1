import { describe, expect, test } from 'vitest';
import {
  AsyncDataStream,
  boundedOutOfOrderness,
  type DataStream,
  EventTimeSessionWindows,
  OutputTag,
  ProcessFunction,
  type RuntimeContext,
  streamEnv,
  Trigger,
  TriggerResult,
  WatermarkStrategy,
} from '../../src/index.js';
import { type Reading, timed, windows, wrong } from './readings.js';

describe('what a function gives that cannot be meant fails the job', () => {
  const failure = (stream: DataStream<unknown>) => stream.executeAndCollect().then(() => 'no error', String);
  const at = (t: unknown) => timed([{ k: 'a', n: 1, t: wrong(t) }]);

  test.each([
    undefined,
    null,
    Number.NaN,
    '1000',
    '2024-01-01',
    new Date(1000),
    1000n,
    Number.POSITIVE_INFINITY,
    1.7e18,
  ])('a timestamp %s', async (t) => {
    expect(await failure(at(t))).toMatch(/the timestamp assigner gave .*, not a time in epoch ms/);
    const emitter = WatermarkStrategy.forMonotonousTimestamps<unknown>()
      .withTimestampAssigner(() => wrong(t))
      .withIdleness(5);
    const stream = streamEnv().fromElements(1).assignTimestampsAndWatermarks(emitter);
    expect(await failure(stream)).toMatch(/the timestamp assigner gave/);
  });

  test('but the last of all timestamps may stay what it is', async () => {
    const last = streamEnv()
      .fromElements(1, 2)
      .countWindowAll(2)
      .reduce((a, b) => a + b)
      .assignTimestampsAndWatermarks(boundedOutOfOrderness(0, (_value, before) => before));
    expect(await last.executeAndCollect()).toEqual([3]);
  });

  test('a watermark', async () => {
    for (const watermark of [undefined, Number.NaN, '5']) {
      const strategy = WatermarkStrategy.forGenerator<number>(() => ({
        onEvent: (_value, _timestamp, output) => output.emitWatermark(wrong(watermark)),
        onPeriodicEmit() {},
      }));
      const stream = streamEnv().fromElements(1).assignTimestampsAndWatermarks(strategy);
      expect(await failure(stream)).toMatch(/the watermark generator put out/);
    }
  });

  class Answers extends Trigger<Reading, never> {
    constructor(
      readonly answer: unknown,
      readonly timer = 1,
    ) {
      super();
    }
    override onElement(
      _e: Reading,
      _t: number,
      _w: never,
      context: Parameters<Trigger<unknown, never>['onElement']>[3],
    ) {
      context.registerEventTimeTimer(this.timer);
      return wrong(this.answer) as TriggerResult;
    }
    override onEventTime() {
      return TriggerResult.CONTINUE;
    }
    override onProcessingTime() {
      return TriggerResult.CONTINUE;
    }
    override clear() {}
  }
  test.each([undefined, null, 'FIRE', 7, 1.5, true])('a trigger that returns %s', async (answer) => {
    expect(
      await failure(
        windows()
          .trigger(wrong(new Answers(answer)))
          .sum('n'),
      ),
    ).toMatch(/the trigger returned .*TriggerResult/);
  });

  test('a timer of a trigger, and of a function', async () => {
    const trigger = new Answers(TriggerResult.CONTINUE, wrong());
    trigger.onElement = (_e, _t, _w, context) => {
      context.registerEventTimeTimer(wrong());
      return TriggerResult.CONTINUE;
    };
    expect(await failure(windows().trigger(wrong(trigger)).sum('n'))).toMatch(/a timer cannot be set for undefined/);
  });

  test('an evictor that returns a number; one that returns nothing has changed the list', async () => {
    const evictAfter = () => {};
    expect(
      await failure(
        windows()
          .evictor({ evictBefore: () => wrong(5), evictAfter })
          .sum('n'),
      ),
    ).toMatch(/evictBefore returned 5, not a list/);
    const shorter = windows().evictor({ evictBefore: (elements) => void elements.shift(), evictAfter });
    expect(await shorter.process((key, _context, elements) => `${key}${elements.length}`).executeAndCollect()).toEqual([
      'a1',
      'b0',
      'a0',
    ]);
  });

  test('a reduce or an accumulator without its return', async () => {
    const nothing = () => undefined as never;
    expect(await failure(timed().keyBy('k').reduce(nothing))).toMatch(
      /reduce: the function returned nothing.*\n.*\n.*`return`/,
    );
    expect(await failure(windows().reduce(nothing))).toMatch(/reduce: the function returned nothing/);
    const sums = { createAccumulator: () => ({ n: 0 }), add: nothing, getResult: (sum: { n: number }) => sum.n };
    expect(await failure(windows().aggregate(sums))).toMatch(/aggregate, add: the function returned nothing/);
  });

  test('a dynamic gap as a text', async () => {
    const sessions = timed()
      .keyBy('k')
      .window(EventTimeSessionWindows.withDynamicGap(() => wrong('5000')));
    expect(await failure(sessions.sum('n'))).toMatch(/the gap is '5000', not a duration above 0 ms/);
  });

  test('a side output that is not named', async () => {
    const stream = timed().process({ processElement: (value, context) => context.output(wrong('late'), value) });
    expect(await failure(stream)).toMatch(/a side output is named by an OutputTag, not 'late'/);
  });

  test('a partition out of range, with one subtask below too', async () => {
    const one = timed()
      .partitionCustom(
        () => 7,
        (r) => r.k,
      )
      .map((r) => r);
    expect(await failure(one)).toMatch(/the partitioner returned 7, not 0 to 0/);
    const two = timed()
      .partitionCustom(
        () => wrong('1'),
        (r) => r.k,
      )
      .map((r) => r)
      .setParallelism(2);
    expect(await failure(two)).toMatch(/the partitioner returned '1', not 0 to 1/);
  });

  test('what an asynchronous function completes with', async () => {
    for (const results of ['abc', 5, undefined]) {
      const stream = AsyncDataStream.orderedWait(timed(), {
        asyncInvoke: (_value, future) => future.complete(wrong(results)),
      });
      expect(await failure(stream)).toMatch(/complete\(\.\.\.\) was given .*, not a list of results/);
    }
  });

  test('a timeout that throws names its operator and element', async () => {
    const stream = AsyncDataStream.orderedWait(
      timed(),
      {
        asyncInvoke: () => {},
        timeout: () => {
          throw new Error('too late');
        },
      },
      { timeoutMs: 1 },
    );
    expect(await failure(stream)).toMatch(/AsyncWait\(ordered\) failed at the element .*: too late/);
  });

  test('a descriptor of no state', async () => {
    const stream = timed()
      .keyBy('k')
      .process({ open: (context: RuntimeContext) => void context.getState(wrong()), processElement: () => {} });
    expect(await failure(stream)).toMatch(/undefined is not the descriptor of a state/);
  });

  test('an asynchronous collection that throws names its source', async () => {
    const broken = streamEnv().fromCollection(async function* () {
      yield 1;
      throw new Error('boom');
    });
    expect(await failure(broken)).toMatch(/Collection Source failed while it read: boom/);
  });
});

test('windows over everything have one subtask, whatever the environment has', async () => {
  const env = streamEnv({ parallelism: 3 });
  const sums = env
    .fromSequence(1, 9)
    .countWindowAll(9)
    .reduce((a, b) => a + b);
  expect(sums.explain().nodes.map(({ parallelism }) => parallelism)).toEqual([3, 1]);
  expect(await sums.executeAndCollect()).toEqual([45]);
});

test('a process function, and a tag, of the right kind', async () => {
  class Tagged extends ProcessFunction<Reading, number> {
    override processElement(value: Reading, context: { output(tag: OutputTag<string>, value: string): void }) {
      context.output(new OutputTag<string>('keys'), value.k);
    }
  }
  const stream = timed().process(new Tagged());
  expect(await stream.getSideOutput(new OutputTag<string>('keys')).executeAndCollect()).toEqual(['a', 'b', 'a', 'a']);
});
