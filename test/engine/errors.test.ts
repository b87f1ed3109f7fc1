import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import type { DataStream, StreamExecutionEnvironment } from '../../src/datastream/index.js';
import { AsyncDataStream, streamEnv } from '../../src/datastream/index.js';
import { OperatorError, userLine } from '../../src/engine/errors.js';
import { MapStateDescriptor } from '../../src/engine/state/descriptors.js';
import { boundedOutOfOrderness, WatermarkStrategy } from '../../src/engine/watermarks.js';
import {
  EventTimeSessionWindows,
  GlobalWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  WindowAssigner,
} from '../../src/engine/windows/assigners.js';
import type { Evictor } from '../../src/engine/windows/evictors.js';
import { Trigger, TriggerResult } from '../../src/engine/windows/trigger.js';
import { CountTrigger, DeltaTrigger } from '../../src/engine/windows/triggers.js';
import type { TimeWindow } from '../../src/engine/windows/window.js';

interface Reading {
  readonly key: string;
  readonly n: number;
  readonly ts: number;
}

const readings: readonly Reading[] = [
  { key: 'a', n: 1, ts: 1 },
  { key: 'a', n: 2, ts: 2 },
  { key: 'b', n: 13, ts: 3 },
];

class Unlucky extends RangeError {}

function unlucky(): never {
  throw new Unlucky('13 brings bad luck');
}

const check = (n: number): number => (n === 13 ? unlucky() : n);

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

type Program = (stream: DataStream<Reading>, env: StreamExecutionEnvironment) => DataStream<unknown>;

const timed = (stream: DataStream<Reading>): DataStream<Reading> =>
  stream.assignTimestampsAndWatermarks(boundedOutOfOrderness<Reading>(0, (r) => r.ts));
const keyed = (stream: DataStream<Reading>) => timed(stream).keyBy((r) => r.key);
const tumbling = () => TumblingEventTimeWindows.of<Reading>(10);
const sumOf = (a: Reading, b: Reading): Reading => ({ ...a, n: check(a.n) + check(b.n) });
// So that reducers meet 13 as well: everything has one key.
const together = (stream: DataStream<Reading>) => timed(stream).keyBy(() => 'all');

const aggregate = {
  createAccumulator: () => 0,
  add: (r: Reading, sum: number) => sum + check(r.n),
  getResult: (sum: number) => sum,
  merge: (a: number, b: number) => a + b,
};

/** Where a function throws at the element with 13; the message names it. */
const atElement: Record<string, Program> = {
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
const asTimeGoesOn: Record<string, [Program, RegExp]> = {
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

async function failure(program: Program, parallelism = 1): Promise<OperatorError> {
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

describe('a function that throws at an element', () => {
  it.each(Object.entries(atElement))('%s: operator, element and line are named', async (_name, program) => {
    for (const parallelism of [1, 3]) {
      const error = await failure(program, parallelism);
      expect(error.message).toContain('13 brings bad luck');
      expect(error.element).toEqual(readings[2]);
      expect(error.message).toMatch(/failed at the element { key: 'b', n: 13, ts: 3 }/);
      // The line in this file, not in what it was compiled to: `throw new Unlucky(...)`.
      expect(error.where).toMatch(/errors\.test\.ts:\d+:\d+$/);
      expect(error.cause).toBeInstanceOf(Unlucky);
      expect(error.operator).not.toBe('');
    }
  });

  it('is found in its own operator, not in those above', async () => {
    const error = await failure((s) =>
      s
        .map((r) => r)
        .name('above')
        .map((r) => check(r.n))
        .name('culprit')
        .map((n) => n)
        .name('below'),
    );
    expect(error.operator).toBe('culprit');
  });

  it('a key selector counts to the operator below it, with several subtasks too', async () => {
    for (const parallelism of [1, 3]) {
      const program: Program = (s) =>
        s
          .map((r) => r)
          .name('above')
          .keyBy((r) => check(r.n))
          .reduce((a) => a)
          .name('counts');
      expect((await failure(program, parallelism)).operator).toBe('counts');
    }
  });
});

describe('a function that throws as time goes on', () => {
  it.each(Object.entries(asTimeGoesOn))('%s: operator, moment and line are named', async (_name, [program, moment]) => {
    const error = await failure(program);
    expect(error.message).toMatch(moment);
    expect(error.message).toContain('13 brings bad luck');
    expect(error.where).toMatch(/errors\.test\.ts:\d+:\d+$/);
  });

  it('in processing time', async () => {
    const env = streamEnv({ clock: virtualClock() });
    env
      .fromCollection(async function* () {
        yield* readings;
        await new Promise(() => {});
      })
      .keyBy((r) => r.key)
      .window(TumblingProcessingTimeWindows.of<Reading>(100))
      .process<number>((_key, _context, all) => all.map((r) => check(r.n)).length)
      .name('windows')
      .forEach(() => {});
    const job = await env.executeAsync();
    // The elements come by promises: give them time to arrive.
    while (job.metrics().operators[1]?.numRecordsIn !== 3) await new Promise((resolve) => setImmediate(resolve));
    await env.advance(200);
    await expect(job.wait()).rejects.toThrow(/windows failed in the window .* of the key 'b': 13 brings/);
  });
});

describe('a source that throws', () => {
  it('is named', async () => {
    const env = streamEnv();
    const numbers = env.fromCollection(function* () {
      yield 1;
      unlucky();
    });
    await expect(numbers.executeAndCollect()).rejects.toThrow(
      /Collection Source failed while it read: 13[\s\S]*errors\.test/,
    );
    const made = env.generate((i) => check(i), { count: 20 });
    await expect(made.executeAndCollect()).rejects.toThrow(
      /Generator Source failed while it read: 13[\s\S]*errors\.test/,
    );
  });

  it('also in the timestamp assigner that it was given', async () => {
    const env = streamEnv();
    const { generatorSource } = await import('../../src/connectors/generator.js');
    const strategy = WatermarkStrategy.forMonotonousTimestamps<number>().withTimestampAssigner(check);
    const stream = env.fromSource(
      generatorSource((i) => i, { count: 20 }),
      strategy,
    );
    await expect(stream.executeAndCollect()).rejects.toThrow(/Generator Source failed at the element 13: 13/);
  });
});

describe('the stack of an error in a function', () => {
  const frames = (error: Error): string[] => error.stack?.match(/^ {4}at .*/gm) ?? [];

  it('leads through the program, and not through the engine', async () => {
    const error = await failure((s) => s.map((r) => check(r.n)));
    for (const one of [error, error.cause as Error]) {
      expect(frames(one)[0]).toMatch(/at unlucky \(.*errors\.test\.ts/);
      expect(frames(one).length).toBeGreaterThan(1);
      for (const frame of frames(one)) expect(frame).toMatch(/errors\.test\.ts/);
    }
    expect(error.where).toMatch(/errors\.test\.ts:\d+:\d+$/);
  });

  it('is left whole where no line of the program is in it: then it is a fault of the engine', async () => {
    const error = await failure((s) => s.map(JSON.parse as never));
    expect(error.cause).toBeInstanceOf(SyntaxError);
    expect(frames(error.cause as Error).join()).toMatch(/map\.ts/);
  });

  it('is left as it is where it cannot be changed', async () => {
    const frozen = Object.freeze(new Error('frozen'));
    const error = await failure((s) =>
      s.map(() => {
        throw frozen;
      }),
    );
    expect(error.cause).toBe(frozen);
    expect(error.where).toMatch(/errors\.test\.ts/);
  });
});

describe("the line that is the user's", () => {
  const lineIn = (...frames: string[]): string | undefined => {
    const error = new Error('at the\n    at message:1:1');
    error.stack = `Error: ${error.message}\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
    return userLine(error);
  };
  const root = new URL('../..', import.meta.url);

  it.each([
    `f (${new URL('src/engine/fields.ts', root).href}:1:2)`,
    `async f (${fileURLToPath(new URL('src/engine/fields.ts', root))}:1:2)`,
    `new F (${new URL('dist/engine/fields.js', root).href}:1:2)`,
    `${fileURLToPath(new URL('dist/engine/fields.js', root))}:1:2`,
    'f (streambook/src/engine/fields.ts:1:2)',
    'Channel.collect (streambook:generated/channel-1:3:4)',
    'f (node:internal/process:1:2)',
    'f (/home/ann/course/node_modules/streambook/dist/engine/fields.js:1:2)',
    'JSON.parse (<anonymous>)',
  ])('is not %s', (frame) => {
    expect(lineIn(frame)).toBeUndefined();
    expect(lineIn(frame, 'mapper (cell [3]:2:9)')).toBe('cell [3]:2:9');
    expect(lineIn(frame, 'async /home/ann/course/words.ts:2:9')).toBe('/home/ann/course/words.ts:2:9');
  });
});

describe('an error that no line of the program threw', () => {
  it('names the line where the operator was written', async () => {
    const error = await failure((s) => s.keyBy((r) => r.key).sum('amount' as never));
    expect(error.message).toMatch(/no field `amount`/);
    expect(error.where).toMatch(/errors\.test\.ts:\d+:\d+ \(where the operator was written\)$/);
  });

  it('tells the hint of what went wrong last, once', async () => {
    const error = await failure((s) => s.keyBy((r) => r.key).sum('amount' as never));
    expect(error.hint).toBe('its fields: key, n, ts');
    expect(error.message.split('\n').map((line) => line.trim().slice(0, 3))).toEqual(['[st', 'at ', 'hin']);
  });

  it('has no frames of the engine', async () => {
    const error = await failure((s) => s.keyBy((r) => r.key).sum('amount' as never));
    expect(error.stack).toBe(`OperatorError: ${error.message}`);
    expect((error.cause as Error).stack).not.toMatch(/^ {4}at /m);
  });

  it('something thrown that is no error', async () => {
    const error = await failure((s) =>
      s.map(() => {
        throw 'a text';
      }),
    );
    expect(error.message).toMatch(/Map failed at the element .*: a text/);
  });

  it('a reducer with CountTrigger', async () => {
    const error = await failure((s) =>
      together(s).window(GlobalWindows.create<Reading>()).trigger(CountTrigger.of<Reading, never>(3)).reduce(sumOf),
    );
    expect(error.element).toEqual(readings[2]);
  });
});
