import { describe, expect, it } from 'vitest';
import { streamEnv, type } from '../../src/index.js';
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
  it('becomes a part of a DataStream program', async () => {
    const env = streamEnv();
    const t = tableEnv({ streamEnv: env });
    const written: unknown[] = [];
    t.registerConnector({
      name: 'list',
      sink: () => ({
        accepts: (requested) => requested,
        write: (stream) => stream.forEach(({ x }) => void written.push(x)),
      }),
    });
    t.executeSql("CREATE TABLE a (x BIGINT) WITH ('connector' = 'list')");
    const numbers = t.fromDataStream(env.fromElements({ x: 1 }, { x: 2 }), { schema: { x: type.bigint() } });
    t.createTemporaryView('numbers', numbers);
    const set = t.createStatementSet().addInsertSql('INSERT INTO a SELECT x * 10 FROM numbers').addInsert('a', numbers);
    set.attachAsDataStream();
    const seen: unknown[] = [];
    t.toDataStream(numbers).forEach((row) => void seen.push(row.x));
    expect(written).toEqual([]);
    await env.execute('both');
    expect(seen).toEqual([1, 2]);
    expect(written.sort((a, b) => Number(a) - Number(b))).toEqual([1, 2, 10, 20]);
    expect(() => set.attachAsDataStream()).toThrow('a statement set without an INSERT');
  });
  it('refuses to be empty, and what is no INSERT', () => {
    const t = tableEnv();
    expect(() => t.createStatementSet().execute()).toThrow('a statement set without an INSERT');
    expect(() => t.createStatementSet().addInsertSql('SHOW TABLES').execute()).toThrow('is no INSERT');
  });
});

describe('a statement set in a script', () => {
  const run = async (script: string): Promise<string[]> => {
    const t = tableEnv();
    t.executeSql("CREATE TABLE a (x INT) WITH ('connector' = 'blackhole')");
    const made: string[] = [];
    for await (const result of t.executeScript(script)) {
      made.push(result.schema.names.join());
      await result.wait();
    }
    return made;
  };

  it('is carried out at END', async () => {
    const path = 'default_catalog.default_database.a';
    expect(
      await run('BEGIN STATEMENT SET; INSERT INTO a VALUES (1); INSERT INTO a VALUES (2); END; SHOW VIEWS'),
    ).toEqual([`${path},${path}_1`, 'view name']);
  });
  it.each([
    ['BEGIN STATEMENT SET; SHOW TABLES; END', "Only 'INSERT/CREATE TABLE AS' statement is allowed in Statement Set"],
    ['BEGIN STATEMENT SET; BEGIN STATEMENT SET; END', "Only 'INSERT/CREATE TABLE AS' statement is allowed"],
    [
      "BEGIN STATEMENT SET; CREATE TABLE b WITH ('connector' = 'print') AS SELECT 1; END",
      'CREATE TABLE AS in a statement',
    ],
    ['END', 'No Statement Set to submit'],
    ['BEGIN STATEMENT SET; INSERT INTO a VALUES (1)', 'never ended'],
  ])('%s is refused', async (script, said) => {
    await expect(run(script)).rejects.toThrow(said);
  });
});
