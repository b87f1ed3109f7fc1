import { describe, expect, test } from 'vitest';
import { tableEnv } from '../../src/index.js';

describe('OVER in the order of arrival', () => {
  test('ORDER BY PROCTIME() needs no column', async () => {
    const t = tableEnv();
    const rows = await t
      .executeSql(
        'SELECT id, SUM(n) OVER (ORDER BY PROCTIME()) AS s FROM (VALUES (1, 10), (2, 20), (3, 5)) AS v(id, n)',
      )
      .collect();
    expect(rows).toEqual([
      { id: 1, s: 10 },
      { id: 2, s: 30 },
      { id: 3, s: 35 },
    ]);
  });

  test('LAG with a default gives -1 for a NULL that it finds, as Flink does', async () => {
    const t = tableEnv();
    t.createTemporaryView('a', t.fromRows([{ n: 1 }, { n: null }, { n: 3 }]));
    const result = t.executeSql('SELECT LAG(n, 1, CAST(0 AS BIGINT)) OVER (ORDER BY PROCTIME()) AS l FROM a');
    expect((await result.collect()).map(({ l }) => l)).toEqual([0, 1, -1]);
  });
});
