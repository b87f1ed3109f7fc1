import { describe, expect, it } from 'vitest';
import { type TableEnvironment, tableEnv } from '../../../../src/index.js';
import { registerAll, TRANSLATIONS, valuesText } from './translations.js';

/** What a cluster would be sent for a query. */
const sent = (t: TableEnvironment, sql: string): string =>
  t.sqlQuery(sql).explain().split('== Flink SQL ==\n')[1]?.trim() ?? '';

describe('functions that are said in SQL', () => {
  const t = tableEnv();
  registerAll(t);
  it.each(TRANSLATIONS.map((one, i) => [one.says, one, i] as const))(
    '%s',
    async (_, { accepts, sql, definition }, i) => {
      const source = definition.named('f').source;
      const given = source?.returns.root === 'DOUBLE' ? (x: string) => `CAST(${x} AS STRING)` : (x: string) => x;
      const written = `SELECT ${given(`f${i}(${accepts.join(', ')})`)} AS x FROM ${valuesText(accepts)}`;
      const text = sent(t, written);
      expect(text.includes('js(')).toBe(!sql);
      if (!sql) return;
      expect(await t.sqlQuery(text).execute().rows()).toEqual(await t.sqlQuery(written).execute().rows());
    },
  );
});
