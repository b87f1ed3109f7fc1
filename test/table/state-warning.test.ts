import { afterEach, describe, expect, test, vi } from 'vitest';
import { tableEnv } from '../../src/index.js';

const datagen = (more: string): string =>
  `CREATE TABLE clicks (user_name STRING, n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000', 'fields.user_name.length' = '1'${more})`;
const QUERY = 'SELECT user_name, COUNT(*) AS c FROM clicks GROUP BY user_name';

describe('what a query keeps for ever', () => {
  afterEach(() => vi.restoreAllMocks());

  test('is said before it runs, where the input never ends', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const t = tableEnv();
    t.executeSql(datagen(''));
    for await (const _ of t.executeSql(QUERY)) break;
    expect(warn.mock.calls.flat().join('\n')).toContain('GroupAggregate keeps');
    expect(t.explainSql(QUERY)).toContain('== State ==');
  });

  test('is nothing to worry about with an end, or with a time to live', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const t = tableEnv();
    t.executeSql(datagen(", 'number-of-rows' = '10'"));
    await t.executeSql(QUERY).collect();
    t.executeSql('DROP TABLE clicks');
    t.executeSql(datagen(''));
    t.executeSql("SET 'table.exec.state.ttl' = '1 h'");
    for await (const _ of t.executeSql(QUERY)) break;
    expect(warn).not.toHaveBeenCalled();
  });
});
