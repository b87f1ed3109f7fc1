import { describe, expect, test } from 'vitest';
import {
  AggregatingStateDescriptor,
  AsyncDataStream,
  boundedOutOfOrderness,
  CountEvictor,
  CountTrigger,
  DeltaEvictor,
  DeltaTrigger,
  EventTimeSessionWindows,
  fileSink,
  KeyedProcessFunction,
  PurgingTrigger,
  ReducingStateDescriptor,
  SlidingEventTimeWindows,
  serialisable,
  streamEnv,
  TimeEvictor,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
  virtualClock,
  WatermarkStrategy,
} from '../../src/index.js';
import { READINGS, type Reading, windows, wrong } from './readings.js';

class Quiet extends KeyedProcessFunction<string, Reading, number> {
  override processElement(): void {}
}

describe('what is wrong is said where it is written', () => {
  const env = streamEnv();
  const numbers = env.fromElements(1, 2, 3);
  const readings = env.fromCollection(READINGS);
  const cases: Record<string, [() => unknown, RegExp]> = {
    'union with nothing': [() => numbers.union(wrong()), /union: undefined is not a stream/],
    'union with a list': [() => numbers.union(wrong([numbers])), /is not a stream\n {2}hint: pass them one by one/],
    'connect with a text': [() => numbers.connect(wrong('x')), /connect: 'x' is not a stream/],
    'connect with another environment': [() => numbers.connect(streamEnv().fromElements(1)), /different environments/],
    'join with nothing': [() => numbers.join(wrong()), /join: undefined is not a stream/],
    'coGroup with nothing': [() => numbers.coGroup(wrong()), /coGroup: undefined is not a stream/],
    'interval join without a key': [() => readings.keyBy('k').intervalJoin(wrong(readings)), /has no key\n.*keyBy/],
    'interval join, bounds': [
      () => readings.keyBy('k').intervalJoin(readings.keyBy('k')).between(5, 1),
      /the lower bound is above/,
    ],
    'interval join, no bounds': [
      () => readings.keyBy('k').intervalJoin(readings.keyBy('k')).between(wrong(), wrong('5')),
      /between\(undefined, '5'\): not two durations/,
    ],
    'process with nothing': [() => numbers.process(wrong()), /process: expected a function or an object/],
    'process with an empty object': [() => numbers.process(wrong({})), /no method `processElement`/],
    'process with a class': [
      () => readings.keyBy('k').process(wrong(Quiet)),
      /Quiet is a class.*\n {2}hint: new Quiet\(\)/,
    ],
    'process with an async timer': [
      () => readings.keyBy('k').process({ processElement: () => {}, onTimer: async () => {} }),
      /process: onTimer: an async function gives a promise/,
    ],
    'process with an async function': [() => numbers.process(async () => {}), /an async function gives a promise/],
    'connect.process without a method': [
      () => numbers.connect(numbers).process(wrong({ processElement1() {} })),
      /no method `processElement2`/,
    ],
    'map with a class': [() => numbers.map(wrong(class M {})), /M is a class/],
    'side output of nothing': [() => numbers.getSideOutput(wrong()), /undefined is not an OutputTag/],
    'side output by its id': [() => numbers.getSideOutput(wrong('late')), /'late' is not an OutputTag/],
    'no name': [() => numbers.map((n) => n).name(wrong()), /name: undefined is not a text/],
    'an empty uid': [() => numbers.map((n) => n).uid(''), /uid: '' is not a text/],
    'no sink': [() => numbers.sinkTo(wrong(() => 1)), /a function is not a sink\n.*forEach/],
    'no source': [() => env.fromSource(wrong({})), /fromSource: \{\} is not a source/],
    'no operator': [() => numbers.transform('x', wrong()), /transform: expected a function/],
    'no strategy': [() => numbers.assignTimestampsAndWatermarks(wrong((n: number) => n)), /is not a WatermarkStrategy/],
    'subtasks of a collection': [() => env.fromElements(1).setParallelism(2), /has one subtask, and can have no more/],
    'subtasks of a windowAll': [
      () =>
        numbers
          .countWindowAll(2)
          .reduce((a) => a)
          .setParallelism(2),
      /has one subtask/,
    ],
    'subtasks as a text': [() => numbers.map((n) => n).setParallelism(wrong('2')), /'2' is not an integer/],
    'no key groups': [
      () => streamEnv({ maxParallelism: 0 }),
      /maxParallelism is 0, not a whole number from 1 to 32768/,
    ],
    'too many key groups': [() => streamEnv({ maxParallelism: 32_769 }), /from 1 to 32768/],
    'no clock': [() => streamEnv({ clock: wrong(3) }), /clock is 3/],
    'an interval as a text': [() => streamEnv({ autoWatermarkIntervalMs: wrong('200') }), /is '200', not a duration/],
    'a sequence backwards': [() => env.fromSequence(5, 1), /the start is greater than the end/],
    'no collection': [() => env.fromCollection(wrong({ a: 1 })), /cannot be gone through/],
    'a promise of a collection': [() => env.fromCollection(wrong(Promise.resolve([]))), /hint: await it first/],
    'a window of no size': [() => TumblingEventTimeWindows.of(0), /the size is 0, not a duration above 0 ms/],
    'a window of text': [
      () => TumblingEventTimeWindows.of(wrong('5000')),
      /is '5000', not a duration.*\n.*seconds\(5\)/,
    ],
    'an offset as large as the window': [
      () => TumblingEventTimeWindows.of(5, 5),
      /the offset is 5, not less than 5 ms/,
    ],
    'an offset as a text': [() => TumblingEventTimeWindows.of(5, wrong('1')), /the offset is '1'/],
    'no slide': [() => SlidingEventTimeWindows.of(5, 0), /the slide is 0/],
    'a negative gap': [() => EventTimeSessionWindows.withGap(-1), /the gap is -1/],
    'a gap in place of a function': [
      () => EventTimeSessionWindows.withDynamicGap(wrong(5)),
      /expected a function, got 5/,
    ],
    'no assigner': [() => readings.keyBy('k').window(wrong(TumblingEventTimeWindows)), /is not a window assigner/],
    'no assigner for all': [() => readings.windowAll(wrong()), /windowAll: undefined is not a window assigner/],
    'windows of one and a half': [
      () => readings.keyBy('k').countWindow(1.5),
      /the count is 1.5, not a whole number from 1/,
    ],
    'windows of no elements': [() => readings.countWindowAll(0), /the count is 0/],
    'no trigger': [() => windows().trigger(wrong()), /trigger: expected an object/],
    'the class of a trigger': [() => windows().trigger(wrong(CountTrigger)), /CountTrigger is a class/],
    'nothing to purge': [() => PurgingTrigger.of(wrong()), /PurgingTrigger: expected an object/],
    'a trigger of one and a half': [() => CountTrigger.of(1.5), /the count is 1.5/],
    'a delta without a function': [() => DeltaTrigger.of(1, wrong()), /DeltaTrigger: expected a function/],
    'a delta of nothing': [() => DeltaEvictor.of(Number.NaN, () => 1), /the threshold is NaN/],
    'no evictor': [() => windows().evictor(wrong({})), /no method `evictBefore`/],
    'an evictor of text': [() => CountEvictor.of(wrong('1')), /the count is '1'/],
    'an evictor of negative time': [() => TimeEvictor.of(-1), /the time is -1/],
    'lateness as a text': [() => windows().allowedLateness(wrong('5')), /allowedLateness is '5'/],
    'no tag for the late': [() => windows().sideOutputLateData(wrong()), /is not an OutputTag/],
    'no window function': [() => windows().process(wrong()), /process: expected a function or an object/],
    'an async window function': [() => windows().process(async () => 1), /an async function gives a promise/],
    'a number as window function': [() => windows().reduce((a) => a, wrong(3)), /the window function: expected/],
    'out of order by a text': [() => WatermarkStrategy.forBoundedOutOfOrderness(wrong('5')), /is '5', not a duration/],
    'a field for timestamps': [
      () => boundedOutOfOrderness(5, wrong('t')),
      /withTimestampAssigner: expected a function, got 't'/,
    ],
    'a generator itself': [
      () => WatermarkStrategy.forGenerator(wrong({ onEvent() {} })),
      /forGenerator: expected a function/,
    ],
    'idle as a text': [() => WatermarkStrategy.noWatermarks().withIdleness(wrong('5')), /withIdleness is '5'/],
    'alignment without a group': [
      () => WatermarkStrategy.noWatermarks().withWatermarkAlignment('', 5),
      /the group is '', not a name/,
    ],
    'no async function': [
      () => AsyncDataStream.orderedWait(numbers, wrong()),
      /expected an async function, got undefined/,
    ],
    'a list in place of a stream': [() => AsyncDataStream.orderedWait(wrong([1]), async (n) => n), /is not a stream/],
    'a capacity of text': [
      () => AsyncDataStream.orderedWait(numbers, async (n) => n, { capacity: wrong('5') }),
      /is '5'/,
    ],
    'a time to live as a text': [
      () => new ValueStateDescriptor('s').enableTimeToLive({ ttlMs: wrong('5') }),
      /ttlMs is '5', not a duration/,
    ],
    'an update of another kind': [
      () => new ValueStateDescriptor('s').enableTimeToLive({ ttlMs: 5, updateType: wrong('never') }),
      /updateType is 'never', none of 'onCreateAndWrite'/,
    ],
    'reducing state without its function': [() => new ReducingStateDescriptor('r', wrong()), /expected a function/],
    'aggregating state without its methods': [
      () => new AggregatingStateDescriptor('r', wrong({ add() {} })),
      /no method `createAccumulator`/,
    ],
    'no class to keep': [() => serialisable(wrong({})), /serialisable: \{\} is not a class/],
    'no topic': [() => env.fromKafka(wrong()), /fromKafka: undefined is not a topic/],
    'no topics': [() => env.fromKafka([]), /is not a topic, nor a list/],
    'Kafka from nowhere': [() => env.fromKafka('t', { from: wrong('erliest') }), /from is 'erliest'\n.*'earliest'/],
    'Kafka until nothing': [
      () => env.fromKafka('t', { until: wrong({ cuont: 2 }) }),
      /until is \{ cuont: 2 \}\n.*\{ count \}/,
    ],
    'Kafka otherwise': [() => env.fromKafka('t', { otherwise: wrong('x') }), /otherwise is 'x', none of 'earliest'/],
    'no attempts': [
      () => AsyncDataStream.orderedWait(numbers, async (n) => n, { retry: wrong({}) }),
      /maxAttempts is undefined, not a whole number from 1/,
    ],
    'checkpoints at a text': [
      () => streamEnv().enableCheckpointing(wrong('500')),
      /interval is '500', not 10 ms or more/,
    ],
    'checkpoints of no kind': [
      () => streamEnv({ checkpointing: { mode: wrong('EXACT') } }),
      /mode is 'EXACT', none of/,
    ],
    'checkpoints kept for no reason': [
      () => streamEnv({ checkpointing: { retention: wrong('KEEP') } }),
      /retention is 'KEEP', none of 'RETAIN_ON_CANCELLATION'/,
    ],
    'a file of no format': [
      () => fileSink('out', { format: wrong('cvs') }),
      /format is 'cvs', none of 'text', 'csv', 'json'/,
    ],
    'a longest wait of text': [
      () => AsyncDataStream.orderedWait(numbers, async (n) => n, { retry: { maxAttempts: 2, maxDelayMs: wrong('5') } }),
      /maxDelayMs is '5'/,
    ],
    'a wait of nothing': [
      () => AsyncDataStream.orderedWait(numbers, async (n) => n, { retry: { maxAttempts: 2, delayMs: Number.NaN } }),
      /delayMs is NaN/,
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [write, message]) => {
    expect(write).toThrow(message);
  });

  test('that a clock cannot be moved by', async () => {
    const virtual = streamEnv({ clock: virtualClock() });
    for (const by of [-1, Number.POSITIVE_INFINITY, Number.NaN, '5', undefined]) {
      await expect(virtual.advance(wrong(by))).rejects.toThrow(/a clock moves forward only/);
    }
  });

  test('that execute takes none besides the first', async () => {
    const run = streamEnv();
    run.fromElements(1).forEach(() => {});
    await expect(run.execute('x', wrong({ checkpointInterval: 5 }))).rejects.toThrow(
      /was given \{ checkpointInterval: 5 \} besides\n {2}hint: execute\(\{ name, uid/,
    );
  });

  test('that no limit is', async () => {
    await expect(numbers.executeAndCollect(1.5)).rejects.toThrow(/the limit is 1.5, not a whole number from 0/);
  });
});
