import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { col, ifThenElse, rowKindOf, seconds, Tumble, tableEnv, type } from '../../src/index.js';

const people = [
  { name: 'Ann', price: 10, ts: 1000 },
  { name: 'Bob', price: 30, ts: 2000 },
  { name: 'Ann', price: 5, ts: 7000 },
];

describe('tables of rows', () => {
  test('columns are inferred, changes carry their kind', async () => {
    const t = tableEnv();
    const orders = t.fromRows(people);
    expect(String(orders.schema)).toBe('(`name` STRING, `price` BIGINT, `ts` BIGINT)');
    const totals = orders.groupBy((o) => o.name).select(col('name'), col('price').sum().as('total'));
    const changes = (await totals.execute().collect()).map((row) => [rowKindOf(row), row.name, row.total]);
    expect(changes).toEqual([
      ['+I', 'Ann', 10],
      ['+I', 'Bob', 30],
      ['-U', 'Ann', 10],
      ['+U', 'Ann', 15],
    ]);
    expect(await totals.execute().rows()).toEqual([
      { name: 'Bob', total: 30 },
      { name: 'Ann', total: 15 },
    ]);
  });

  test('typed columns in callbacks', async () => {
    const t = tableEnv();
    const orders = t.fromRows(people, { schema: { name: type.string(), price: type.double(), ts: type.bigint() } });
    const fees = orders
      .filter((o) => o.price.isGreater(5).and(o.name.isNotNull()))
      .select((o) => ({ name: o.name.upperCase(), fee: o.price.times(0.5) }));
    expect(await fees.execute().collect()).toEqual([
      { name: 'ANN', fee: 5 },
      { name: 'BOB', fee: 15 },
    ]);
  });

  test('windows of event time', async () => {
    const t = tableEnv();
    const orders = t.fromRows(people, {
      computed: { rowtime: 'TO_TIMESTAMP_LTZ(ts, 3)' },
      watermark: { rowtime: "rowtime - INTERVAL '1' SECOND" },
    });
    const windows = orders
      .window(Tumble.over(seconds(5)).on(col('rowtime')).as('w'))
      .groupBy(col('w'))
      .select(col('w').start().as('start'), col('price').sum().as('total'), col('name').count().as('n'));
    const rows = await windows.execute().collect();
    expect(rows.map(({ start, total, n }) => [String(start), total, n])).toEqual([
      ['1970-01-01 00:00:00.000', 40, 2],
      ['1970-01-01 00:00:05.000', 5, 1],
    ]);
  });

  test('SQL templates take tables and values', async () => {
    const t = tableEnv();
    const orders = t.fromRows(people);
    const found = t.sql`SELECT name, price FROM ${orders} WHERE price >= ${10} AND name <> ${"O'Brien"}`;
    expect(await found.execute().collect()).toEqual([
      { name: 'Ann', price: 10 },
      { name: 'Bob', price: 30 },
    ]);
  });

  test('joins, unions, columns', async () => {
    const t = tableEnv();
    const orders = t.fromRows(people);
    const cities = t.fromRows([{ who: 'Ann', city: 'Bern' }]);
    const both = orders.join(cities, (o, c) => o.name.isEqual(c.who));
    const rows = await both
      .select(col('name'), col('city'), ifThenElse(col('price').isGreater(7), 'much', 'little').as('how'))
      .execute()
      .rows();
    expect(rows).toEqual([
      { name: 'Ann', city: 'Bern', how: 'much' },
      { name: 'Ann', city: 'Bern', how: 'little' },
    ]);
    const twice = orders
      .select(col('name'))
      .unionAll(orders.select(col('name')))
      .distinct();
    expect(await twice.execute().rows()).toEqual([{ name: 'Ann' }, { name: 'Bob' }]);
    expect(orders.dropColumns('ts').addColumns(col('price').plus(1).as('more')).schema.names).toEqual([
      'name',
      'price',
      'more',
    ]);
    expect(orders.renameColumns(col('name').as('who')).schema.names).toEqual(['who', 'price', 'ts']);
  });
});

describe('what goes wrong', () => {
  const t = tableEnv();
  const orders = t.fromRows(people, {
    schema: { name: type.string(), price: type.double(), ok: type.boolean(), ts: type.bigint() },
  });

  test('JavaScript operators', () => {
    expect(() => orders.select((o) => ({ x: ((o.price as never) + 1) as never }))).toThrow('a.plus(b)');
    expect(() => orders.filter((o) => o.price.isGreater(5) && o.name.isNotNull())).toThrow('.and(');
    expect(() => orders.filter((o) => o.ok && o.name.isNotNull())).toThrow('the column `ok`');
    expect(() => orders.filter((o) => (o.ok ? o.price.isGreater(1) : o.price.isLess(1)))).toThrow('ifThenElse');
    expect(() => `${col('a')}`).toThrow('concat');
  });

  test('wrong columns and types', () => {
    expect(() => orders.select(col('nmae'))).toThrow('did you mean `name`');
    expect(() => orders.select((o) => ({ x: (o as never as Record<string, never>).prcie as never }))).toThrow('price');
    expect(() => orders.filter(col('price'))).toThrow('not BOOLEAN');
    expect(() => orders.select((() => {}) as never)).toThrow('parentheses');
    expect(() => orders.groupBy(col('name')).select(col('price'))).toThrow('neither grouped by nor aggregated');
    expect(() => orders.window(Tumble.over(5000).on(col('ts')).as('w')).groupBy(col('w'))).toThrow('time attribute');
    expect(() => orders.union(orders)).toThrow('unbounded');
    expect(() => orders.join(orders)).toThrow('both sides');
    expect(() => t.fromRows([])).toThrow('schema');
    expect(() => t.fromRows([{ a: 1 }, { a: 'x' }])).toThrow('another');
  });

  test('a result goes by once', async () => {
    const result = orders.execute();
    await result.collect();
    await expect(result.collect()).rejects.toThrow('execute() again');
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'streambook-table-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('a csv file in, a csv file out', async () => {
    writeFileSync(join(folder, 'in.csv'), 'Ann,10\nBob,30\n');
    const t = tableEnv();
    t.executeSql(
      `CREATE TABLE a (name STRING, price INT) WITH ('connector' = 'filesystem', 'path' = '${join(folder, 'in.csv')}', 'format' = 'csv')`,
    );
    t.executeSql(
      `CREATE TABLE b (price INT, who STRING) WITH ('connector' = 'filesystem', 'path' = '${join(folder, 'out')}', 'format' = 'csv')`,
    );
    await t.executeSql('INSERT INTO b SELECT price * 2, name FROM a').wait();
    const [file] = readdirSync(join(folder, 'out'));
    expect(readFileSync(join(folder, 'out', file as string), 'utf8')).toBe('20,Ann\n60,Bob\n');
    expect(() => t.executeSql('INSERT INTO b SELECT CAST(COUNT(*) AS INT), name FROM a GROUP BY name')).toThrow(
      'only takes new rows',
    );
    expect(() => t.executeSql('INSERT INTO b SELECT name, price FROM a')).toThrow();
  });

  test('options are checked', () => {
    const t = tableEnv();
    t.executeSql("CREATE TABLE a (n INT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'cvs')");
    expect(() => t.executeSql('SELECT * FROM a')).toThrow('there are: csv, json, raw');
    t.executeSql("CREATE TABLE b (n INT) WITH ('connector' = 'filesytem')");
    expect(() => t.executeSql('SELECT * FROM b')).toThrow("did you mean 'filesystem'");
    expect(() => t.executeSql('CREATE TABLE c (n INT)')).toThrow("option key 'connector'");
  });
});

test('an environment and a table that are printed say what they hold, and run nothing', () => {
  const t = tableEnv();
  const rows = t.fromRows([{ name: 'Ann', price: 1 }]);
  t.createTemporaryView('orders', rows);
  expect(inspect(t)).toBe('TableEnvironment(orders)');
  expect(inspect(rows)).toBe('Table(name STRING, price BIGINT)');
});

describe('what beginners write', () => {
  const t = tableEnv();
  const orders = t.fromRows([{ ts: 1000, name: 'Ann', price: 1 }]);
  const hintOf = (write: () => unknown): unknown => {
    try {
      write();
    } catch (error) {
      return (error as { hint?: unknown }).hint;
    }
    return 'nothing was thrown';
  };

  test('the name of a variable in place of its table', () => {
    t.sql`SELECT name FROM ${orders}`;
    expect(hintOf(() => t.sqlQuery('SELECT name FROM orders'))).toBe(
      `a table held in a variable goes into t.sql\`...\` as \${orders}`,
    );
    t.createTemporaryView('people', orders);
    expect(hintOf(() => t.sqlQuery('SELECT name FROM orders'))).toBe(
      `tables: people; a table held in a variable goes into t.sql\`...\` as \${orders}`,
    );
    expect(hintOf(() => t.sqlQuery('SELECT name FROM peopel'))).toBe('did you mean `people`? tables: people');
    expect(hintOf(() => t.executeSql('INSERT INTO peopel SELECT name FROM people'))).toBe(
      'did you mean `people`? tables: people',
    );
  });

  test('a window function over a table without the word TABLE', () => {
    expect(hintOf(() => t.sql`SELECT name FROM TABLE(TUMBLE(${orders}, DESCRIPTOR(ts), INTERVAL '5' SECOND))`)).toBe(
      `a table as an argument has the word TABLE before it: TUMBLE(TABLE \${orders}, ...)`,
    );
  });

  test('a watermark on a column of numbers', () => {
    expect(() => t.fromRows([{ ts: 1000 }], { watermark: { ts: 'ts' } })).toThrow(
      'Invalid data type of time field for watermark definition',
    );
    expect(hintOf(() => t.fromRows([{ ts: 1000 }], { watermark: { ts: 'ts' } }))).toContain(
      "computed: { ts_time: 'TO_TIMESTAMP_LTZ(ts, 3)' }",
    );
  });
});
