import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { desc, table } from 'arquero';
import { beforeAll, describe, expect, test } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import { seconds } from '../../src/core/duration.js';
import { isStreambookError } from '../../src/core/errors.js';
import type { ArqueroTable } from '../../src/core/frames.js';
import { type } from '../../src/core/types/index.js';
import { Timestamp } from '../../src/core/values/index.js';
import { streamEnv } from '../../src/datastream/environment.js';
import { fillFramePort } from '../../src/frames/index.js';
import { tableEnv } from '../../src/table/environment.js';

// By require: its ES module form does not load in Node.
const dfd = createRequire(import.meta.url)('danfojs-node') as typeof import('danfojs-node');
beforeAll(fillFramePort);

const columnsOf = (frame: ArqueroTable): Record<string, unknown[]> =>
  Object.fromEntries(frame.columnNames().map((name) => [name, [...frame.array(name)]]));

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    expect(isStreambookError(error)).toBe(true);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('to arquero', () => {
  test('numbers stand in typed arrays, and in lists where one is missing', async () => {
    const frame = await tableEnv()
      .sqlQuery(
        "SELECT * FROM (VALUES (1, 1.5e0, 'a', CAST(1 AS BIGINT)), (2, CAST(NULL AS DOUBLE), 'b', CAST(2 AS BIGINT))) AS v(i, d, s, l)",
      )
      .toArquero();
    expect(frame.column('i')).toEqual(Int32Array.of(1, 2));
    expect(columnsOf(frame)).toEqual({ i: [1, 2], d: [1.5, null], s: ['a', 'b'], l: [1, 2] });
  });

  test('a table without rows has its columns', async () => {
    const frame = await tableEnv().sqlQuery("SELECT * FROM (VALUES (1, 'x')) AS v(a, b) WHERE a = 0").toArquero();
    expect([frame.numRows(), frame.columnNames()]).toEqual([0, ['a', 'b']]);
  });

  test('more rows than the first buffers hold', async () => {
    const t = tableEnv();
    const rows = Array.from({ length: 5000 }, (_, i) => ({ a: i + 0.5, b: i % 2 === 0 ? i : null }));
    const frame = await t.fromRows(rows, { schema: { a: type.double(), b: type.int() } }).toArquero();
    expect(columnsOf(frame)).toEqual({ a: rows.map(({ a }) => a), b: rows.map(({ b }) => b) });
  });

  test('dates, decimals, times and what is nested', async () => {
    const t = tableEnv();
    const query = `SELECT DATE '2024-05-01' AS d, TIME '12:30:01' AS h, TIMESTAMP '2024-05-01 12:30:00.123' AS ts,
      CAST(12.5 AS DECIMAL(10, 2)) AS m, ARRAY[1, 2] AS a, ROW(1, 'x') AS r, MAP['k', 1] AS k`;
    expect((await t.sqlQuery(query).toArquero()).object(0)).toEqual({
      d: '2024-05-01',
      h: '12:30:01',
      ts: new Date('2024-05-01T12:30:00.123Z'),
      m: '12.50',
      a: [1, 2],
      r: { EXPR$0: 1, EXPR$1: 'x' },
      k: new Map([['k', 1]]),
    });
    const other = await t.sqlQuery(query).toArquero({ timestamp: 'string', decimal: 'number' });
    expect(other.object(0)).toMatchObject({ ts: '2024-05-01 12:30:00.123', m: 12.5 });
  });

  test('a BIGINT beyond 2^53 is refused by name, or kept as a bigint', async () => {
    const big = tableEnv().sqlQuery('SELECT * FROM (VALUES (1), (9007199254740993)) AS v(n)');
    expect(await failure(big.toArquero())).toMatch(/9007199254740993.*\n.*column `n`\n.*bigint: 'bigint'/);
    expect((await big.toArquero({ bigint: 'bigint' })).column('n')).toEqual(BigInt64Array.of(1n, 9007199254740993n));
    expect(columnsOf(await big.toArquero({ bigint: 'string' }))).toEqual({ n: ['1', '9007199254740993'] });
  });

  test('what is finer than a millisecond is refused by name, or kept', async () => {
    const fine = tableEnv().sqlQuery("SELECT TIMESTAMP '2024-05-01 12:30:00.123456' AS ts");
    expect(await failure(fine.toArquero())).toMatch(
      /column `ts`: 2024-05-01 12:30:00.123456 is finer than a millisecond/,
    );
    const kept = await fine.toArquero({ timestamp: 'timestamp' });
    expect(kept.get('ts', 0)).toEqual(Timestamp.parse('2024-05-01 12:30:00.123456'));
  });

  test('changes are carried out: the rows that are left', async () => {
    const t = tableEnv();
    const words = t.fromRows(['b', 'a', 'b', 'c', 'b'].map((word) => ({ word })));
    const counts = t.sql`SELECT word, COUNT(*) AS n FROM ${words} GROUP BY word`;
    const frame = await counts.toArquero();
    expect(frame.orderby(desc('n'), 'word').objects()).toEqual([
      { word: 'b', n: 3 },
      { word: 'a', n: 1 },
      { word: 'c', n: 1 },
    ]);
  });

  test('equal rows are as many as there are, and maps are rows like others', async () => {
    const t = tableEnv();
    const rows = t.fromRows([{ k: 1 }, { k: 2 }, { k: 2 }, { k: 3 }]);
    const frame =
      await t.sql`SELECT MAP['n', n] AS m FROM (SELECT k, COUNT(*) AS n FROM ${rows} GROUP BY k)`.toArquero();
    expect(frame.array('m')).toHaveLength(3);
    expect([...frame.array('m')].map((m: unknown) => (m as Map<string, number>).get('n')).sort()).toEqual([1, 1, 2]);
  });

  test('of a list that a command gives', async () => {
    const t = tableEnv();
    t.executeSql("CREATE TABLE orders (n INT) WITH ('connector' = 'blackhole')");
    expect(columnsOf(await t.executeSql('SHOW TABLES').toArquero())).toEqual({ 'table name': ['orders'] });
  });

  test('a result goes by once', async () => {
    const result = tableEnv().executeSql('SELECT 1 AS a');
    await result.toArquero();
    expect(await failure(result.toArquero())).toContain('taken already');
    expect(await failure(result.collect())).toContain('taken already');
  });

  test('a query that fails says so', async () => {
    expect(await failure(tableEnv().sqlQuery("SELECT CAST('x' AS INT) AS n").toArquero())).toContain("'x'");
  });
});

describe('from arquero', () => {
  test('types are what typed arrays are called, or what values say', () => {
    const frame = table({
      d: Float64Array.of(1, 2),
      f: Float32Array.of(1, 2),
      i: Int32Array.of(1, 2),
      b: BigInt64Array.of(1n, 2n),
      whole: [1, null],
      parts: [1, 1.5],
      text: ['a', undefined],
      flag: [true, null],
      at: [new Date(0), null],
      list: [[1], [2.5]],
      none: [null, undefined],
    });
    const { schema } = tableEnv().fromArquero(frame);
    expect(Object.fromEntries(schema.fields.map(({ name, type }) => [name, String(type)]))).toEqual({
      d: 'DOUBLE',
      f: 'FLOAT',
      i: 'INT',
      b: 'BIGINT',
      whole: 'BIGINT',
      parts: 'DOUBLE',
      text: 'STRING',
      flag: 'BOOLEAN',
      at: 'TIMESTAMP_LTZ(3)',
      list: 'ARRAY<DOUBLE>',
      none: 'STRING',
    });
  });

  test('as it is filtered and ordered, and only the columns a query reads', async () => {
    const t = tableEnv();
    const frame = table({ word: ['a', 'b', 'c', 'd'], n: [3, 1, 2, 4] });
    const some = t.fromArquero(frame.filter((d: { n: number }) => d.n < 4).orderby('n'));
    expect(await t.sql`SELECT word FROM ${some}`.execute().collect()).toEqual([
      { word: 'b' },
      { word: 'c' },
      { word: 'a' },
    ]);
  });

  test('with a schema: these columns, as these types, with a time column', async () => {
    const t = tableEnv();
    const frame = table({ ts: [1000, 2000], day: [new Date(0), null], price: [1, 2], left: ['out', 'out'] });
    const orders = t.fromArquero(frame, {
      schema: { ts: type.bigint(), price: type.decimal(10, 2), day: type.date() },
      computed: { rowtime: 'TO_TIMESTAMP_LTZ(ts, 3)' },
      watermark: { rowtime: "rowtime - INTERVAL '1' SECOND" },
    });
    expect(await orders.execute().collect()).toEqual([
      { ts: 1000, price: '1.00', day: '1970-01-01', rowtime: Timestamp.ofMs(1000) },
      { ts: 2000, price: '2.00', day: null, rowtime: Timestamp.ofMs(2000) },
    ]);
  });

  test('what no type holds is refused by name', () => {
    const t = tableEnv();
    expect(() => t.fromArquero(table({ x: [1, 'a'] }))).toThrow(/column `x`: STRING and numbers/);
    expect(() => t.fromArquero(table({ x: [1n, 0.5] }))).toThrow(/column `x`: bigints and numbers with fractions/);
    expect(() => t.fromArquero(table({ x: [() => 1] }))).toThrow(/column `x`/);
    expect(() => t.fromArquero(table({ x: ['a', 7] }), { schema: { x: type.string() } })).toThrow(
      /7 is no STRING.*\n.*row 1/,
    );
    expect(() => t.fromArquero(table({ x: [1] }), { schema: { y: type.int() } })).toThrow(/no column `y`/);
    expect(() => t.fromArquero([{ x: 1 }])).toThrow(/no arquero table/);
    expect(() => t.fromDanfo(table({ x: [1] }))).toThrow(/no danfojs frame/);
  });

  test('somebody put other values in: these count', () => {
    const t = tableEnv();
    const frame = table({ x: [1, 2] });
    const column = frame.column('x') as unknown as unknown[];
    column[0] = 'a';
    column[1] = 'b';
    expect(String(t.fromArquero(frame).schema.typeOf('x'))).toBe('STRING');
  });
});

describe('danfojs', () => {
  test("the course's 1,000 x 2 random doubles, there and back", async () => {
    const t = tableEnv();
    const values = Array.from({ length: 1000 }, () => [Math.random(), Math.random()]);
    const numbers = t.fromDanfo(new dfd.DataFrame(values), { schema: { a: type.double(), b: type.double() } });
    const frame = await numbers.toDanfo();
    expect([frame.shape, frame.columns, frame.dtypes]).toEqual([
      [1000, 2],
      ['a', 'b'],
      ['float32', 'float32'],
    ]);
    expect(frame.values).toEqual(values);
    const same = await numbers.toArquero();
    expect([...same.array('b')]).toEqual(values.map(([, b]) => b));
  });

  test('100,000 rows there and back are equal', async () => {
    const t = tableEnv();
    const rows = Array.from({ length: 100_000 }, (_, i) => [
      i,
      i / 7,
      `name ${i % 100}`,
      i % 3 === 0,
      new Date(i * 1000),
    ]);
    const frame = new dfd.DataFrame(rows, {
      columns: ['id', 'price', 'name', 'flag', 'at'],
      dtypes: ['int32', 'float32', 'string', 'boolean', 'datetime'],
    });
    const back = await t.fromDanfo(frame).toDanfo();
    expect([back.columns, back.dtypes, back.index]).toEqual([frame.columns, frame.dtypes, frame.index]);
    // One comparison of plain texts: the rows are many.
    expect(JSON.stringify(back.values) === JSON.stringify(frame.values)).toBe(true);
  });

  test('NaN is a number in a column of numbers, and elsewhere a value that is missing', async () => {
    const t = tableEnv();
    const frame = new dfd.DataFrame(
      [
        [1.5, 'a', true],
        [Number.NaN, Number.NaN, null],
      ],
      { columns: ['d', 's', 'b'] },
    );
    const made = t.fromDanfo(frame);
    expect(String(made.schema)).toBe('(`d` DOUBLE, `s` STRING, `b` BOOLEAN)');
    expect(await made.execute().collect()).toEqual([
      { d: 1.5, s: 'a', b: true },
      { d: Number.NaN, s: null, b: null },
    ]);
  });

  test('a series, and a frame without rows', async () => {
    const t = tableEnv();
    expect(
      await t
        .fromDanfo(new dfd.Series([1, 2]))
        .execute()
        .collect(),
    ).toEqual([{ value: 1 }, { value: 2 }]);
    const none = await t.sqlQuery('SELECT * FROM (VALUES (1)) AS v(a) WHERE a = 0').toDanfo();
    expect([none.shape, none.columns]).toEqual([[0, 1], ['a']]);
  });

  test('what it cannot hold is refused by name', async () => {
    const t = tableEnv();
    expect(await failure(t.sqlQuery("SELECT 1 AS n, ARRAY['x'] AS tags").toDanfo())).toMatch(
      /column `tags` is ARRAY<.*>.*: a danfojs frame holds numbers, texts, booleans and dates\n.*CAST it to STRING/,
    );
    expect(await failure(t.sqlQuery('SELECT 1 AS n').toDanfo({ timestamp: 'timestamp' }))).toContain(
      "danfojs knows 'date'",
    );
  });
});

describe('streams', () => {
  test('elements become columns by their properties', async () => {
    const env = streamEnv();
    const frame = await env.fromElements<object>({ a: 1, at: Timestamp.ofMs(5) }, { a: 2, b: 'x' }).toArquero();
    expect(columnsOf(frame)).toEqual({ a: [1, 2], at: [new Date(5), null], b: [null, 'x'] });
    expect(columnsOf(await env.fromElements('x', 'y').toArquero())).toEqual({ value: ['x', 'y'] });
    expect((await env.fromElements({ a: 1, b: 'x' }).toDanfo()).values).toEqual([[1, 'x']]);
  });

  test('the last rows of a stream, at any time', async () => {
    const recent = streamEnv()
      .fromSequence(1, 10_000)
      .map((n) => ({ n }))
      .recent({ rows: 3 });
    await recent.job.wait();
    expect([recent.size, recent.seen]).toEqual([3, 10_000]);
    expect(inspect(recent)).toBe('Recent (the last 3 of 10,000 rows, finished)');
    expect(columnsOf(await recent.toArquero())).toEqual({ n: [9998, 9999, 10_000] });
    await recent.stop();
  });

  test('the last seconds of a stream, by the clock of its environment', async () => {
    const clock = virtualClock();
    const env = streamEnv({ clock });
    const recent = env.generate((n) => ({ n }), { perSecond: 1 }).recent({ time: seconds(3) });
    await env.advance(seconds(10));
    const { n } = columnsOf(await recent.toArquero()) as { n: number[] };
    expect(n).toEqual([recent.seen - 3, recent.seen - 2, recent.seen - 1]);
    await env.advance(seconds(1));
    expect(recent.size).toBe(3);
    await recent.stop();
    expect(recent.job.status).toBe('cancelled');
    // What was kept can still be had.
    expect((await recent.toDanfo()).shape).toEqual([3, 1]);
  });

  test('of a table that changes: the rows that changed last', async () => {
    const t = tableEnv();
    const words = t.fromRows(['a', 'b', 'c', 'a'].map((word) => ({ word })));
    const recent = t.sql`SELECT word, COUNT(*) AS n FROM ${words} GROUP BY word`.recent({ rows: 2 });
    await recent.job.wait();
    expect(columnsOf(await recent.toArquero())).toEqual({ word: ['c', 'a'], n: [1, 2] });
  });

  test('what cannot be kept is refused', async () => {
    const t = tableEnv();
    const rows = t.fromRows([{ a: 1 }]);
    expect(() => rows.recent({ rows: 0 })).toThrow(/rows is 0/);
    expect(() => rows.recent({ time: -1 })).toThrow(/time is -1/);
    expect(() => t.sql`SELECT a, COUNT(*) AS n FROM ${rows} GROUP BY a`.recent({ time: 5 })).toThrow(/changes rows/);
  });

  test('a stream that failed says so', async () => {
    const recent = streamEnv()
      .fromElements(1)
      .map((): number => {
        throw new Error('broken');
      })
      .recent();
    await recent.job.wait().catch(() => undefined);
    await expect(recent.toArquero()).rejects.toThrow('broken');
  });
});
