import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DataStream, streamEnv } from '../../src/datastream/index.js';
import { OutputTag } from '../../src/engine/channels/output-tag.js';
import { MapOperator } from '../../src/engine/operators/map.js';
import { boundedOutOfOrderness } from '../../src/engine/time/watermarks.js';

// Operators that follow one another are written into one function. With tracing on they are not: each channel tells what
// passes it. Both have to do the same.

type Stage = (stream: DataStream<number>) => DataStream<number>;
type Stages = readonly Stage[];

const odd = new OutputTag<number>('odd');

const stages: Readonly<Record<string, Stage>> = {
  map: (s) => s.map((n) => n * 3 + 1),
  filter: (s) => s.filter((n) => n % 5 !== 0),
  arrays: (s) => s.flatMap((n) => (n % 4 === 0 ? [] : [n, -n])),
  generators: (s) =>
    s.flatMap(function* (n) {
      yield n;
      if (n % 3 === 0) yield n + 1;
    }),
  collectors: (s) =>
    s.flatMap((n, out) => {
      out.collect(n);
      return [n + 10];
    }),
  times: (s) => s.assignTimestampsAndWatermarks(boundedOutOfOrderness(5, (n) => n)),
  skipping: (s) =>
    s
      .map((n) => {
        if (n % 7 === 3) throw new Error('three too many');
        return n;
      })
      .onError('skip'),
  keyed: (s) => s.keyBy((n) => (n % 3 === 0 ? `${n % 3}` : n % 3)).reduce((a, b) => (a + b) % 1000),
  'keyed map': (s) => s.keyBy((n) => n % 2).map((n) => n + 1),
  process: (s) => s.process((n, context, out) => (n % 2 === 0 ? out.collect(n) : context.output(odd, n))),
  'two subtasks': (s) => s.map((n) => n - 1).setParallelism(2),
  union: (s) => s.filter((n) => n > 0).union(s.map((n) => -n)),
};

/** What comes out at the end and on a second way, how much went through each operator, and how it ended. */
interface Ran {
  readonly out: readonly number[];
  readonly second: readonly number[];
  readonly counts?: readonly (readonly [name: string, into: number, out: number, skipped: number])[];
  readonly message?: string;
}

async function run(pipeline: Stages, elements: readonly number[], trace: boolean, failsAt: number): Promise<Ran> {
  const env = streamEnv({ trace });
  const out: number[] = [];
  const second: number[] = [];
  const source: DataStream<number> = env.fromCollection([...elements]);
  const end = pipeline.reduce<DataStream<number>>((stream, stage) => stage(stream), source);
  end
    .map((n) => {
      if (n === failsAt) throw new Error(`not ${n}`);
      return n;
    })
    .name('last')
    .forEach((n) => void out.push(n));
  end.filter((n) => n % 2 === 0).forEach((n) => void second.push(n));
  try {
    const { metrics } = await env.execute();
    const counts = metrics.operators.map(
      (one) => [one.name, one.numRecordsIn, one.numRecordsOut, one.numRecordsSkipped] as const,
    );
    return { out, second, counts };
  } catch (error) {
    return { out, second, message: (error as Error).message };
  }
}

describe('operators in a chain', () => {
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));
  afterEach(() => void vi.restoreAllMocks());

  const pipelines = fc.array(fc.constantFrom(...Object.keys(stages)), { maxLength: 14 });

  it('do what each does by itself, and count the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        pipelines,
        fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 6 }),
        fc.integer({ min: -40, max: 40 }),
        async (names, elements, failsAt) => {
          // Each of these at least doubles what comes.
          let doublings = 0;
          const some = names.filter((name) => !/arrays|collectors|union|generators/.test(name) || ++doublings <= 5);
          const pipeline = some.map((name) => stages[name] as Stage);
          const chained = await run(pipeline, elements, false, failsAt);
          expect(chained).toEqual(await run(pipeline, elements, true, failsAt));
          const { length } = chained.out;
          const last = chained.counts?.find(([name]) => name === 'last');
          expect(last ?? ['last', length, length, 0]).toEqual(['last', length, length, 0]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('call a class that inherits from one of the chain in its own way', async () => {
    class Twice extends MapOperator<number, number> {
      override processElement(value: number, timestamp: number): void {
        super.processElement(value, timestamp);
        super.processElement(value, timestamp);
      }
    }
    const twice = streamEnv()
      .fromElements(1, 2)
      .map((n) => n)
      .transform('twice', () => new Twice((n) => n * 10))
      .map((n) => n + 1);
    expect(await twice.executeAndCollect()).toEqual([11, 11, 21, 21]);
  });

  it('are named by themselves when one fails, however long the chain is', async () => {
    for (const at of [0, 3, 7, 8, 15]) {
      let stream: DataStream<number> = streamEnv().fromElements(1, 2, 3);
      for (let i = 0; i < 20; i++) {
        const mine = i === at;
        stream = stream
          .map((n) => {
            if (mine && n === 2 + i) throw new Error('too much');
            return n + 1;
          })
          .name(`step ${i}`);
      }
      const failure = (await stream.executeAndCollect().catch((error: unknown) => error)) as Error;
      expect(failure.message).toContain(`step ${at}`);
      expect(failure.message).toContain(`element ${2 + at}`);
    }
  });
});
