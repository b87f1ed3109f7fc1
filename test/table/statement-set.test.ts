import { describe, expect, it } from 'vitest';
import { type Program, tableEnv } from '../../src/table/index.js';

describe('a table program', () => {
  const doubled: Program = (t) => {
    const orders = t.fromRows([
      { name: 'Ann', price: 10 },
      { name: 'Bob', price: 30 },
    ]);
    return t.sql`SELECT name, price * 2 AS price FROM ${orders}`;
  };

  it('is carried out by an environment', async () => {
    expect(await tableEnv().execute(doubled).collect()).toEqual([
      { name: 'Ann', price: 20 },
      { name: 'Bob', price: 60 },
    ]);
  });
});

describe('a statement set', () => {
  it('is one job for all of its INSERTs', async () => {
    const t = tableEnv();
    t.executeSql("CREATE TABLE a (x BIGINT) WITH ('connector' = 'blackhole')");
    t.executeSql("CREATE TABLE b (x BIGINT) WITH ('connector' = 'blackhole')");
    const rows = t.fromRows([{ x: 1 }, { x: 2 }]);
    const set = t.createStatementSet().addInsert('a', rows).addInsertSql('INSERT INTO b VALUES (CAST(1 AS BIGINT))');
    const result = tableEnv().execute(() => set);
    await result.wait();
    expect(result.schema.names).toEqual(['default_catalog.default_database.a', 'default_catalog.default_database.b']);
  });
  it('refuses to be empty, and what is no INSERT', () => {
    const t = tableEnv();
    expect(() => t.createStatementSet().execute()).toThrow('a statement set without an INSERT');
    expect(() => t.createStatementSet().addInsertSql('SHOW TABLES').execute()).toThrow('is no INSERT');
  });
});
