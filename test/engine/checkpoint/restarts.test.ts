import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { DataStream } from '../../../src/datastream/index.js';
import type { Collector } from '../../../src/engine/functions/functions.js';
import type { KeyedProcessContext, OnTimerContext } from '../../../src/engine/functions/process-function.js';
import type { RuntimeContext } from '../../../src/engine/functions/runtime-context.js';
import {
  AsyncDataStream,
  boundedOutOfOrderness,
  CountTrigger,
  EventTimeSessionWindows,
  KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  RestartStrategies,
  SlidingEventTimeWindows,
  type StreamExecutionEnvironment,
  streamEnv,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
} from '../../../src/index.js';

interface Event {
  readonly key: string;
  readonly at: number;
  readonly n: number;
}

class Remember extends KeyedProcessFunction<string, Event, string> {
  override processElement(event: Event, context: KeyedProcessContext<string>, out: Collector<string>): void {
    const runtime = this.getRuntimeContext();
    const last = runtime.getState(new ValueStateDescriptor<number>('last'));
    const list = runtime.getListState(new ListStateDescriptor<number>('list'));
    const map = runtime.getMapState(new MapStateDescriptor<number, { times: number }>('map'));
    list.add(event.n);
    map.put(event.n % 3, { times: (map.get(event.n % 3)?.times ?? 0) + 1 });
    context.timerService().registerEventTimeTimer(event.at + 25);
    out.collect(`${event.key} ${last.value()} ${list.get().length} ${JSON.stringify(map.entries())}`);
    last.update(event.n);
  }

  override onTimer(timestamp: number, context: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${context.getCurrentKey()} timer ${timestamp}`);
  }

  override open(_context: RuntimeContext): void {}
}

/** A service whose answers come in another order than the questions. */
async function answerLater(event: Event): Promise<Event> {
  for (let turns = (event.n * 7) % 5; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  return event;
}

/** Programs whose state is of every kind, from a stream with event time. */
const programs: Record<string, (events: DataStream<Event>) => DataStream<string>> = {
  'rolling sum': (events) =>
    events
      .keyBy('key')
      .sum('n')
      .map((x) => `${x.key} ${x.n}`),
  reduce: (events) =>
    events
      .keyBy('key')
      .reduce((a, b) => ({ ...b, n: a.n + b.n }))
      .map((x) => `${x.key} ${x.n}`),
  'tumbling windows': (events) =>
    events
      .keyBy('key')
      .window(TumblingEventTimeWindows.of(20))
      .sum('n')
      .map((x) => `${x.key} ${x.n}`),
  'sliding windows with lateness': (events) =>
    events
      .keyBy('key')
      .window(SlidingEventTimeWindows.of(30, 10))
      .allowedLateness(10)
      .process((key, context, all) => `${key} ${context.window.start} ${all.map((x) => x.n).join('+')}`),
  'session windows': (events) =>
    events
      .keyBy('key')
      .window(EventTimeSessionWindows.withGap(12))
      .process((key, context, all) => `${key} ${context.window.start}-${context.window.end} ${all.length}`),
  'count trigger': (events) =>
    events
      .keyBy('key')
      .window(TumblingEventTimeWindows.of(50))
      .trigger(CountTrigger.of(2))
      .process((key, _context, all) => `${key} ${all.map((x) => x.n).join('+')}`),
  'asynchronous calls, in order and not': (events) =>
    AsyncDataStream.unorderedWait(AsyncDataStream.orderedWait(events, answerLater, { capacity: 3 }), answerLater, {
      capacity: 4,
    })
      .keyBy('key')
      .window(TumblingEventTimeWindows.of(20))
      .sum('n')
      .map((x) => `${x.key} ${x.n}`),
  'process function': (events) => events.keyBy('key').process(new Remember()),
};

const DELAY = 15;

/** The results; with failures before the elements at `failAt`, and a checkpoint before those at `checkpointAt`. */
async function run(
  program: (events: DataStream<Event>) => DataStream<string>,
  list: readonly Event[],
  failAt: readonly number[],
  checkpointAt: readonly number[],
  parallelism: number,
): Promise<string[]> {
  const env: StreamExecutionEnvironment = streamEnv({ parallelism, checkpointing: { intervalMs: 3_600_000 } });
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(failAt.length, 0));
  let checkpoint: () => Promise<unknown> = async () => undefined;
  const open = new Set(failAt);
  // What a failure undoes has to be undone in the results, too: a state of its own, which is part of checkpoints.
  const results: string[][] = [];
  const events = env
    .fromCollection(async function* () {
      for (const [i, event] of list.entries()) {
        if (checkpointAt.includes(i)) {
          // Asked for while the job stands here, so it is taken at this element.
          const taken = checkpoint();
          taken.catch(() => undefined);
          yield { ...event, n: -1 };
          await taken.catch(() => undefined);
        }
        yield event;
      }
    })
    .filter((event) => event.n !== -1)
    .map((event) => {
      const at = list.findIndex((one) => one.n === event.n);
      if (open.delete(at)) throw new Error(`failure at ${at}`);
      return event;
    })
    .assignTimestampsAndWatermarks(boundedOutOfOrderness(DELAY, (event) => event.at));
  const out = program(events);
  out.sinkTo({ name: 'Undoing', createOperator: () => new UndoingSink(results) });
  const job = await env.executeAsync();
  checkpoint = () => job.checkpoint();
  await job.wait();
  expect(job.restarts).toBe(failAt.filter((at) => at < list.length).length - open.size);
  restored += job.checkpoints.restored;
  return results.flat().sort();
}

/** How often a checkpoint was gone on from: if never, the tests would prove nothing. */
let restored = 0;

const { Operator } = await import('../../../src/engine/operator.js');
class UndoingSink extends Operator<string, never> {
  private mine: string[] = [];
  constructor(private readonly all: string[][]) {
    super('Undoing');
  }
  override open(): void {
    const { operatorState, subtask } = this.context;
    this.mine = [...operatorState.list<string>('results').get()];
    this.all[subtask] = this.mine;
  }
  override processElement(value: string): void {
    this.mine.push(value);
  }
  override snapshotState(): void {
    this.context.operatorState.list<string>('results').update(this.mine);
  }
}

const eventLists = fc
  .array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), step: fc.nat(9), back: fc.nat(DELAY - 1) }), {
    minLength: 5,
    maxLength: 40,
  })
  .map((steps) => {
    let time = 100;
    return steps.map(({ key, step, back }, n): Event => {
      time += step;
      return { key, at: time - back, n };
    });
  });

describe('restarts at random points change no result', () => {
  test.each(Object.entries(programs))('%s', async (_name, program) => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await fc.assert(
      fc.asyncProperty(
        eventLists,
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, 2),
        async (list, failAt, checkpointAt, parallelism) => {
          const within = (numbers: number[]): number[] => [...new Set(numbers.map((n) => n % list.length))];
          const undisturbed = await run(program, list, [], [], parallelism);
          expect(await run(program, list, within(failAt), within(checkpointAt), parallelism)).toEqual(undisturbed);
        },
      ),
      { numRuns: 30 },
    );
    vi.restoreAllMocks();
    expect(restored).toBeGreaterThan(0);
    restored = 0;
  });
});
