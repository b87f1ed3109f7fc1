import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findCluster } from '../../../src/flink/find-cluster.js';
import { tablesIn } from '../../../src/flink/remote/names.js';
import { objectsFor } from '../../../src/flink/remote/objects.js';
import { checkSize } from '../../../src/flink/remote/values-size.js';
import { aggregateFunction, scalarFunction, type TableEnvironment, tableEnv, type } from '../../../src/index.js';
import type { FlinkSqlContext } from '../../../src/table/flink-sql/context.js';
import { callsUserFunction } from '../../../src/table/flink-sql/user-calls.js';

describe('tablesIn', () => {
  it.each([
    ['SELECT * FROM a JOIN db.b ON a.x = b.x', [['a'], ['db', 'b']]],
    ['WITH c AS (SELECT * FROM a) SELECT * FROM c, d', [['a'], ['d']]],
    ["SELECT * FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(ts), INTERVAL '1' MINUTE))", [['w']]],
    ['INSERT INTO s SELECT x FROM a WHERE x IN (SELECT x FROM b)', [['s'], ['a'], ['b']]],
    [
      'EXECUTE STATEMENT SET BEGIN INSERT INTO s SELECT * FROM a; INSERT INTO u TABLE b; END',
      [['s'], ['a'], ['u'], ['b']],
    ],
    ['SELECT 1', []],
  ])('%s', (sql, names) => {
    expect(tablesIn(sql)).toEqual(names);
  });
});

const contextOf = (t: TableEnvironment): FlinkSqlContext => ({
  catalog: t.catalog,
  timeZone: 'UTC',
  callsUser: callsUserFunction,
  rowsOf: () => undefined,
  userCall: ({ function: name }) => name,
});
const sent = (t: TableEnvironment, sql: string): string[] =>
  objectsFor(sql, t.catalog, t.connectors, contextOf(t)).flatMap(({ statements }) => statements);

describe('what a cluster is told before a statement', () => {
  it('is what the statement names, what views are made of first', () => {
    const t = tableEnv();
    t.executeSql("CREATE TABLE a (x INT) WITH ('connector' = 'datagen')");
    t.executeSql("CREATE TABLE other (x INT) WITH ('connector' = 'datagen')");
    t.executeSql('CREATE VIEW z AS SELECT x FROM a');
    t.createTemporaryView('y', t.sqlQuery('SELECT x + 1 AS x1 FROM z'));
    const statements = sent(t, 'SELECT * FROM y');
    expect(statements.map((text) => text.split(/[\n(]/)[0]?.trim())).toEqual([
      'CREATE TEMPORARY TABLE `default_catalog`.`default_database`.`a`',
      'CREATE TEMPORARY VIEW default_catalog.default_database.z',
      'CREATE TEMPORARY VIEW default_catalog.default_database.y',
    ]);
    expect(statements[2]).toContain('AS SELECT x + 1 AS x1 FROM z');
  });
  it('makes paths absolute, and databases', () => {
    const t = tableEnv();
    t.executeSql('CREATE DATABASE d');
    t.executeSql("CREATE TABLE d.f (x INT) WITH ('connector' = 'filesystem', 'path' = 'data/x', 'format' = 'csv')");
    const [database, table] = sent(t, 'SELECT * FROM d.f');
    expect(database).toBe('CREATE DATABASE IF NOT EXISTS default_catalog.d');
    expect(table).toContain(`'path' = '${pathToFileURL(resolve('data/x')).href}'`);
  });
  it('refuses a connector of this process', () => {
    const t = tableEnv();
    t.registerConnector({ name: 'own' });
    t.executeSql("CREATE TABLE a (x INT) WITH ('connector' = 'own')");
    expect(() => sent(t, 'SELECT * FROM a')).toThrow("the connector 'own' of");
  });
  it('has a limit for collections', () => {
    expect(() => checkSize('rows', 1000, 5)).not.toThrow();
    expect(() => checkSize('rows', 1000, 6)).toThrow('at most 833 of 6 columns');
  });
});

describe('what a plan would be sent as', () => {
  const t = tableEnv();
  t.executeSql(
    "CREATE TABLE orders (name STRING, price DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')",
  );
  const shown = (text: string): string => text.split('== Flink SQL ==\n')[1]?.trim() ?? '';

  it('stands in explain()', () => {
    const made = t
      .from('orders')
      .filter((o) => o.price.isGreater(5))
      .groupBy((o) => o.name)
      .select((o) => ({ name: o.name, total: o.price.sum() }));
    expect(shown(made.explain())).toBe(
      'SELECT t0.name AS name, t0.`EXPR$0` AS total FROM (SELECT t1.name AS name, SUM(t1.price) AS `EXPR$0` FROM default_catalog.default_database.orders AS t1 WHERE (t1.price > 5) GROUP BY t1.name\n) AS t0',
    );
  });
  it('keeps the words of SQL', () => {
    expect(shown(t.sqlQuery('SELECT name -- who\n FROM orders').explain())).toBe('SELECT name -- who\n FROM orders');
  });
  it('calls functions of TypeScript, and names what it cannot', () => {
    const twice = scalarFunction({ accepts: [type.double()], returns: type.double() }, (n) => Number(String(n)));
    t.createTemporarySystemFunction('twice', twice);
    expect(shown(t.sqlQuery('SELECT twice(price) AS p FROM orders').explain())).toBe(
      [
        '-- twice is sent as JavaScript:',
        '--   (n) => Number(String(n))',
        "SELECT js('DOUBLE', <twice>, t0.price) AS p FROM default_catalog.default_database.orders AS t0",
      ].join('\n'),
    );
    const largest = aggregateFunction(
      { accepts: [type.double()], returns: type.double() },
      { createAccumulator: () => 0, accumulate: (most, n) => Math.max(most, n ?? 0), getValue: (most) => most },
    );
    t.createTemporarySystemFunction('largest', largest);
    expect(shown(t.sqlQuery('SELECT largest(price) AS p FROM orders').explain())).toMatch(
      /^-- largest is an aggregate function of TypeScript, and those run here alone\n/,
    );
  });
});

describe('findCluster', () => {
  it('takes what is given, then what the environment says, then the usual port', () => {
    const around = { cwd: resolve('/'), env: { STREAMBOOK_CLUSTER: 'http://there:1' } };
    expect(findCluster('http://here:2', around)).toBe('http://here:2');
    expect(findCluster(undefined, around)).toBe('http://there:1');
    expect(findCluster(undefined, { cwd: resolve('/'), env: {} })).toBe('http://127.0.0.1:8083');
  });
});
