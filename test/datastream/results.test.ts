import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { JoinedStreams } from '../../src/datastream/index.js';
import { fileSink, monotonousTimestamps, streamEnv, TumblingEventTimeWindows, type } from '../../src/index.js';

const wrong = (value: unknown) => value as never;
const broken = (run: Promise<unknown>) => run.then(() => 'no error', String);

describe('min, max, sum', () => {
  const keyed = (...values: unknown[]) =>
    streamEnv()
      .fromCollection(values.map((n, i) => ({ k: 'a', n: n as number, i })))
      .keyBy('k');
  const last = async (run: Promise<readonly { n: unknown; i: number }[]>) => (await run).at(-1);

  test('NaN is larger than all numbers, as in Java', async () => {
    const values = [Number.NaN, 1, Number.NaN, 2];
    expect(
      await last(
        keyed(...values)
          .minBy('n')
          .executeAndCollect(),
      ),
    ).toMatchObject({ n: 1, i: 1 });
    expect(
      await last(
        keyed(...values)
          .maxBy('n')
          .executeAndCollect(),
      ),
    ).toMatchObject({ n: Number.NaN, i: 0 });
    expect(await last(keyed(3, Number.NaN, 5).max('n').executeAndCollect())).toMatchObject({ n: Number.NaN, i: 0 });
    expect(await last(keyed(Number.NaN, 5).min('n').executeAndCollect())).toMatchObject({ n: 5, i: 0 });
  });

  test('what cannot be compared fails the job', async () => {
    for (const other of [null, 'x', undefined, new Date(0)]) {
      expect(await broken(keyed(1, other).max('n').executeAndCollect())).toMatch(/max: 1 and .* cannot be compared/);
    }
    expect(await last(keyed(1, 5n).max('n').executeAndCollect())).toMatchObject({ n: 5n });
    expect(await last(keyed('b', 'a').min('n').executeAndCollect())).toMatchObject({ n: 'a' });
  });

  test('bigints stay bigints', async () => {
    expect(await last(keyed(1n, 2n, 3n).sum('n').executeAndCollect())).toMatchObject({ n: 6n });
    const timed = keyed(1n, 2n).assignTimestampsAndWatermarks(monotonousTimestamps(() => 1));
    expect(await timed.keyBy('k').window(TumblingEventTimeWindows.of(5)).sum('n').executeAndCollect()).toEqual([
      { k: 'a', n: 3n, i: 0 },
    ]);
  });
});

describe('joins', () => {
  const env = () => {
    const one = streamEnv();
    const timed = (values: number[]) =>
      one.fromCollection(values).assignTimestampsAndWatermarks(monotonousTimestamps<number>(() => 1));
    return [timed([1, 2]), timed([10, 20])] as const;
  };
  const windowed = <M extends 'join' | 'coGroup'>(joined: JoinedStreams<number, number, M>) =>
    joined
      .where(() => 'k')
      .equalTo(() => 'k')
      .window(TumblingEventTimeWindows.of(5));
  const both = () => {
    const [a, b] = env();
    return windowed(a.join(b));
  };
  const grouped = () => {
    const [a, b] = env();
    return windowed(a.coGroup(b));
  };

  test('a join function with `out` gives any number of results', async () => {
    const pairs = both().apply<number>((a, b, out) => {
      if (b > 10) for (let i = 0; i < a; i++) out.collect(a + b);
    });
    expect(await pairs.executeAndCollect()).toEqual([21, 22, 22]);
    expect(
      await both()
        .apply((a, b) => a * b)
        .executeAndCollect(),
    ).toEqual([10, 20, 20, 40]);
  });

  test('a coGroup function returns a list or nothing', async () => {
    expect(
      await grouped()
        .apply((a, b) => [...a, ...b])
        .executeAndCollect(),
    ).toEqual([1, 2, 10, 20]);
    for (const result of ['ab', 5, null]) {
      expect(
        await broken(
          grouped()
            .apply(() => wrong(result))
            .executeAndCollect(),
        ),
      ).toMatch(/coGroup: the function returned .*, not an array/);
    }
  });
});

test('files are named by paths, URLs and file: addresses', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'streambook-paths-'));
  try {
    const path = join(folder, 'a b.txt');
    writeFileSync(path, 'one\n');
    const env = streamEnv();
    for (const name of [path, pathToFileURL(path), pathToFileURL(path).href, [path]]) {
      expect(await env.readTextFile(name).executeAndCollect()).toEqual(['one']);
    }
    for (const name of [undefined, 3, '', null, {}]) {
      expect(() => env.readTextFile(wrong(name))).toThrow(/a path is .*, not a path or a file: address/);
      expect(() => fileSink(wrong(name))).toThrow(/fileSink: the folder is/);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('sources', () => {
  const env = streamEnv();
  test('what they are told is checked where it is written', () => {
    expect(() => env.generate(wrong(async () => 1))).toThrow(/an async function gives a promise/);
    expect(() => env.generate((i) => i, { count: wrong('3') })).toThrow(/count is '3'/);
    expect(() => env.generate((i) => i, { count: 1.5 })).toThrow(/count is 1.5, not a whole number/);
    expect(() => env.generate((i) => i, { perSecond: wrong('5') })).toThrow(/perSecond is '5', not a number/);
    expect(() => env.socketTextStream(wrong(undefined), 9)).toThrow(/the host is undefined/);
    expect(() => env.socketTextStream('localhost', wrong('9999'))).toThrow(/the port is '9999'/);
  });
});

test('an environment explains everything that has a sink', () => {
  const env = streamEnv();
  expect(() => env.explain()).toThrow(/no stream of this environment has a sink/);
  const numbers = env.fromElements(1, 2);
  numbers.forEach(() => {});
  numbers
    .map((n) => n)
    .name('twice\n"so"')
    .forEach(() => {});
  expect(env.explain().nodes.map(({ name }) => name)).toEqual([
    'Collection Source',
    'ForEach',
    'twice\n"so"',
    'ForEach',
  ]);
  expect(env.explain().toMermaid()).toContain('n3["twice #34;so#34;"]');
});

test('what a cell shows is a line', async () => {
  const env = streamEnv();
  const numbers = env.fromElements(1);
  const keyed = numbers.keyBy((n) => n);
  const shown = [env, keyed.countWindow(2), numbers.connect(numbers), numbers.join(numbers), keyed.intervalJoin(keyed)];
  for (const one of shown) expect(inspect(one)).not.toMatch(/\n/);
  const job = await numbers.executeAsync('one');
  expect(inspect(job)).toMatch(/^Job `one`: (created|running); wait\(\), cancel\(\)/);
  await job.wait();
  expect(inspect(job)).toBe('Job `one`: finished; metrics(), why(), error');
});

test('what is wrong with a file of rows is said where it is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'streambook-rows-'));
  try {
    const path = join(folder, 'a.csv');
    writeFileSync(path, '1\n');
    const columns = { n: type.bigint() };
    const read = (schema: unknown, options: object) => () =>
      streamEnv().readCsvFile(path, wrong(schema), wrong(options));
    expect(read(columns, { onBadRow: 'ignore' })).toThrow(/onBadRow: 'ignore' is none of/);
    expect(read(columns, { columns: ['m'] })).toThrow(/no column `m`/);
    expect(read(columns, { fieldDelimiter: ';;' })).toThrow(/is not one ASCII character/);
    expect(read({ n: 'int' }, {})).toThrow(/int is not a type/);
    expect(read(undefined, {})).toThrow(/the schema is undefined/);
    expect(() => streamEnv().readJsonFile(path, wrong(undefined))).toThrow(/the schema is undefined/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
