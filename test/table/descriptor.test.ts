import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FormatDescriptor, Schema, TableDescriptor, type TableEnvironment, tableEnv, type } from '../../src/index.js';

let folder: string;
let t: TableEnvironment;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-descriptor-'));
  t = tableEnv();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ORDERS = Schema.newBuilder()
  .column('name', type.string())
  .withComment("the customer's")
  .column('price', 'DOUBLE')
  .column('ts', type.bigint().notNull())
  .columnByExpression('rowtime', 'TO_TIMESTAMP_LTZ(ts, 3)')
  .columnByMetadata('file', type.string(), 'file.name', true)
  .watermark('rowtime', "rowtime - INTERVAL '3' SECOND")
  .build();

function orders(): TableDescriptor {
  writeFileSync(join(folder, 'orders.csv'), 'Ann;1.5;1000\nBob;x;2000\nAnn;2.5;3000\n');
  return TableDescriptor.forConnector('filesystem')
    .schema(ORDERS)
    .option('path', join(folder, 'orders.csv'))
    .format(
      FormatDescriptor.forFormat('csv').option('field-delimiter', ';').option('ignore-parse-errors', true).build(),
    )
    .comment('what was ordered')
    .build();
}

async function rowsOf(table: { execute(): { collect(): Promise<unknown[]> } }): Promise<unknown[][]> {
  return (await table.execute().collect()).map((row) => Object.values(row as object));
}

describe('a descriptor', () => {
  test('makes the table that CREATE TABLE makes', async () => {
    t.createTemporaryTable('orders', orders());
    const [created] = await rowsOf({ execute: () => t.executeSql('SHOW CREATE TABLE orders') });
    expect(String(created)).toMatch(
      /CREATE TEMPORARY TABLE [\s\S]*`name` VARCHAR\(2147483647\) COMMENT 'the customer''s'/,
    );
    expect(String(created)).toMatch(/`file` VARCHAR\(2147483647\) METADATA FROM 'file.name' VIRTUAL/);
    expect(String(created)).toMatch(/WATERMARK FOR `rowtime` AS `rowtime` - INTERVAL '3' SECOND/);
    expect(String(created)).toMatch(/COMMENT 'what was ordered'[\s\S]*'csv.field-delimiter' = ';'/);
    expect(await rowsOf(t.sqlQuery('SELECT name, price, file FROM orders'))).toEqual([
      ['Ann', 1.5, 'orders.csv'],
      ['Bob', null, 'orders.csv'],
      ['Ann', 2.5, 'orders.csv'],
    ]);
    expect(() => t.createTemporaryTable('orders', orders())).toThrow('already exists');
  });

  test('is a source, and a sink, without a name', async () => {
    const totals = TableDescriptor.forConnector('filesystem')
      .schema({ name: type.string(), day: type.string(), n: type.bigint() })
      .option('path', join(folder, 'totals'))
      .format('json')
      .partitionedBy('day');
    const table = t.from(orders());
    await t.sql`SELECT name, CAST('monday' AS STRING) AS d, CAST(ts AS BIGINT) AS n FROM ${table}`
      .executeInsert(totals)
      .wait();
    const [file = ''] = readdirSync(join(folder, 'totals', 'day=monday'));
    expect(readFileSync(join(folder, 'totals', 'day=monday', file), 'utf8')).toBe(
      '{"name":"Ann","n":1000}\n{"name":"Bob","n":2000}\n{"name":"Ann","n":3000}\n',
    );
    expect(await rowsOf(t.from(totals).select((c) => ({ n: c.n })))).toEqual([[1000], [2000], [3000]]);
  });

  test('keys and formats of keys', () => {
    const described = TableDescriptor.forConnector('upsert-kafka')
      .schema(Schema.newBuilder().column('id', 'INT NOT NULL').column('n', 'INT').primaryKey('id').build())
      .option('topic', 't')
      .format('key.format', 'json')
      .format('value.format', FormatDescriptor.forFormat('json').option('encode.ignore-null-fields', true));
    t.createTable('default_database.counts', described);
    expect(() => t.explainSql('SELECT * FROM counts')).not.toThrow();
    expect(t.listTables()).toContain('counts');
  });

  test('without columns, or with an option that names no format', () => {
    expect(() => t.createTemporaryTable('x', TableDescriptor.forConnector('datagen'))).toThrow('it has no columns');
    expect(() => TableDescriptor.forConnector('kafka').format('key', 'json')).toThrow('names a format');
    expect(() => t.from(TableDescriptor.forConnector('datagn').schema({ n: type.int() })).execute()).toThrow(
      "did you mean 'datagen'",
    );
  });
});

test('every connector is also a source or a sink of the Table API', async () => {
  const numbers = TableDescriptor.forConnector('datagen')
    .schema({ n: type.int() })
    .option('number-of-rows', 3)
    .option('rows-per-second', 100_000)
    .option('fields.n.min', 7)
    .option('fields.n.max', 7);
  expect(await rowsOf(t.from(numbers))).toEqual([[7], [7], [7]]);
  await t
    .from(numbers)
    .executeInsert(TableDescriptor.forConnector('blackhole').schema({ n: type.int() }))
    .wait();
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    await t
      .from(numbers)
      .executeInsert(TableDescriptor.forConnector('print').schema({ n: type.int() }).option('print-identifier', 'p'))
      .wait();
  } finally {
    console.log = log;
  }
  expect(lines).toEqual(['p> +I[7]', 'p> +I[7]', 'p> +I[7]']);
});
