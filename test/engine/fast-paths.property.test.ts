import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamEnv } from '../../src/datastream/index.js';
import { Operator } from '../../src/engine/operator.js';
import {
  BoundedOutOfOrdernessWatermarks,
  boundedOutOfOrderness,
  WatermarkStrategy,
} from '../../src/engine/time/watermarks.js';

// The engine has short ways for what is used most. Each is held here to the general way, element by element.

interface Reading {
  readonly key: string | number | readonly string[];
  readonly n: number;
  readonly ts: number;
}

const key = fc.oneof(
  fc.constantFrom('a', 'b', '', '\u0000s1:a', '\u0000\u0000a', 'a key long enough to be cut out of a chunk'),
  fc.integer({ min: 0, max: 2 }),
  fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
);
const readings = fc.array(
  fc.record(
    { key, n: fc.oneof(fc.integer(), fc.double({ noNaN: true })), ts: fc.integer({ min: -50, max: 50 }) },
    { noNullPrototype: true },
  ),
  { maxLength: 30 },
);

/** Watermarks among elements, as an operator below sees them. */
class Recorder<T> extends Operator<T, string> {
  constructor() {
    super('Recorder');
  }

  override processElement(value: T, timestamp: number): void {
    this.output.collect(`${JSON.stringify(value)} at ${timestamp}`, timestamp);
  }

  override processWatermark(watermark: number): void {
    this.output.collect(`watermark ${watermark}`, watermark);
    super.processWatermark(watermark);
  }
}

describe('the short ways give what the general ways give', () => {
  it('the rolling sum: a reduce that keeps the first element', async () => {
    await fc.assert(
      fc.asyncProperty(readings, async (elements) => {
        const keyed = () =>
          streamEnv()
            .fromCollection(elements as Reading[])
            .keyBy((r) => r.key);
        const short = await keyed().sum('n').executeAndCollect();
        const general = await keyed()
          .reduce((a, b) => ({ key: a.key, n: a.n + b.n, ts: a.ts }))
          .executeAndCollect();
        expect(short).toEqual(general);
      }),
      { numRuns: 60 },
    );
  });

  it('a reduce over flat records: one over whatever records there are', async () => {
    const flat = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.string(),
      fc.constantFrom(null, undefined, true),
    );
    const record = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
      fc.record(fields, { noNullPrototype: true });
    const word = fc.constantFrom('a', 'b');
    const value = fc.oneof(
      { weight: 8, arbitrary: record({ word, n: flat }) },
      record({ word, n: fc.array(flat, { maxLength: 2 }) }),
      record({ word, n: flat, more: flat }),
      record({ n: flat, word }),
    );
    const how = fc.constantFrom('first', 'second', 'new', 'change first', 'change second');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ value, how }), { maxLength: 40 }), async (elements) => {
        type Value = { word: string; n: unknown };
        const reduce = (ways: Iterator<string>) => (a: Value, b: Value) => {
          const way = ways.next().value;
          if (way === 'first') return a;
          if (way === 'second') return b;
          if (way === 'new') return { word: b.word, n: a.n };
          if (way === 'change first') a.n = b.n;
          else b.n = a.n;
          return way === 'change first' ? a : b;
        };
        const input = (): Value[] => structuredClone(elements.map((one) => one.value as Value));
        // Records leave as texts: what happens to them later must not show.
        const texts: string[] = [];
        const state = new Map<string, Value>();
        const ways = elements.map((one) => one.how);
        const naive = reduce(ways[Symbol.iterator]());
        for (const one of input()) {
          const before = state.get(one.word);
          const next = before === undefined ? one : naive(before, one);
          state.set(one.word, structuredClone(next));
          texts.push(JSON.stringify(next));
        }
        const got = await streamEnv()
          .fromCollection(input())
          .keyBy((one) => one.word)
          .reduce(reduce(ways[Symbol.iterator]()))
          .map((one) => JSON.stringify(one))
          .executeAndCollect();
        expect(got).toEqual(texts);
      }),
      { numRuns: 100 },
    );
  });

  it('keys handed over with the element: a loop over a table of keys', async () => {
    await fc.assert(
      fc.asyncProperty(readings, async (elements) => {
        const keyed = () =>
          streamEnv()
            .fromCollection(elements as Reading[])
            .keyBy((r) => r.key);
        const direct = await keyed()
          .reduce((a, b) => ({ key: a.key, n: Math.max(a.n, b.n), ts: b.ts }))
          .executeAndCollect();
        const best = new Map<string, Reading>();
        const naive = (elements as Reading[]).map((reading) => {
          const id = JSON.stringify(reading.key);
          const before = best.get(id);
          const next =
            before === undefined ? reading : { key: before.key, n: Math.max(before.n, reading.n), ts: reading.ts };
          best.set(id, next);
          return next;
        });
        expect(direct).toEqual(naive);
      }),
      { numRuns: 60 },
    );
  });

  it('watermarks at a fixed distance: a generator that does the same', async () => {
    await fc.assert(
      fc.asyncProperty(readings, fc.integer({ min: 0, max: 20 }), async (elements, delay) => {
        const seen = (strategy: WatermarkStrategy<Reading>) =>
          streamEnv()
            .fromCollection(elements as Reading[])
            .assignTimestampsAndWatermarks(strategy)
            .transform('Recorder', () => new Recorder<Reading>())
            .executeAndCollect();
        const general = WatermarkStrategy.forGenerator<Reading>(
          () => new BoundedOutOfOrdernessWatermarks<Reading>(delay),
        ).withTimestampAssigner<Reading>((r) => r.ts);
        expect(await seen(boundedOutOfOrderness<Reading>(delay, (r) => r.ts))).toEqual(await seen(general));
      }),
      { numRuns: 60 },
    );
  });

  it('one subtask, and several', async () => {
    await fc.assert(
      fc.asyncProperty(readings, fc.integer({ min: 2, max: 5 }), async (elements, parallelism) => {
        const run = async (subtasks: number): Promise<string[]> => {
          const sums = await streamEnv({ parallelism: subtasks })
            .fromCollection(elements as Reading[])
            .filter((r) => r.n > 0)
            .map((r) => ({ ...r, n: Math.floor(r.n) % 1000 }))
            .keyBy((r) => r.key)
            .sum('n')
            .executeAndCollect();
          return sums.map((sum) => JSON.stringify(sum)).sort();
        };
        expect(await run(parallelism)).toEqual(await run(1));
      }),
      { numRuns: 40 },
    );
  });

  it('a flatMap that returns, yields or collects', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 9 })), async (lines) => {
        const stream = () => streamEnv().fromCollection(lines);
        const returned = await stream()
          .flatMap((line) => line.split(' '))
          .executeAndCollect();
        const yielded = await stream()
          .flatMap(function* (line) {
            yield* line.split(' ');
          })
          .executeAndCollect();
        const collected = await stream()
          .flatMap<string>((line, out) => {
            for (const word of line.split(' ')) out.collect(word);
            return undefined;
          })
          .executeAndCollect();
        expect(yielded).toEqual(returned);
        expect(collected).toEqual(returned);
      }),
      { numRuns: 40 },
    );
  });
});
