import { expect, it } from 'vitest';
import { TableEnvironment } from '../../../src/table/index.js';

/** As the real Flink 1.20.3 does (the case `sql-more-agg-nums-00`): the row is at the join before the maximum that it changes. */
it('feeds the shorter way to a join first', async () => {
  const t = new TableEnvironment();
  const rows = t.fromRows([{ v: 1 }, { v: 2 }, { v: 2 }]);
  t.createTemporaryView('t', rows);
  const lines: string[] = [];
  await t.executeSql('SELECT v FROM t WHERE v = (SELECT MAX(v) FROM t)').print((text) => lines.push(text));
  const kinds = lines.join('\n').match(/[+-][IUD] \|\s+\d/g);
  expect(kinds?.map((one) => one.replace(/\s*\|\s*/, ' '))).toEqual(['+I 1', '-U 1', '+U 2', '+I 2']);
});
