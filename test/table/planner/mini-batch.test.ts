import { describe, expect, test } from 'vitest';
import { tableEnv } from '../../../src/index.js';

/** The changes of a query over ten rows of two groups. */
async function changes(sql: string, settings: Record<string, string>): Promise<string[]> {
  const t = tableEnv();
  for (const [key, value] of Object.entries(settings)) t.config.set(key, value);
  t.createTemporaryView('a', t.fromRows(Array.from({ length: 10 }, (_, i) => ({ g: i % 3 === 0 ? 'x' : 'y', v: i }))));
  const lines: string[] = [];
  await t.executeSql(sql).print((line) => lines.push(line));
  return lines
    .filter((line) => line.startsWith('| ') && !line.startsWith('| op'))
    .map((line) => line.replace(/\s+/g, ' '));
}

const SUMS = 'SELECT g, COUNT(*) AS c, SUM(v) AS s FROM a GROUP BY g';
const on = (size: number): Record<string, string> => ({
  'table.exec.mini-batch.enabled': 'true',
  'table.exec.mini-batch.allow-latency': '10 min',
  'table.exec.mini-batch.size': String(size),
});

describe('mini-batch aggregation', () => {
  test('gives one change for a group where all rows came together', async () => {
    expect(await changes(SUMS, on(1000))).toEqual(['| +I | x | 4 | 18 |', '| +I | y | 6 | 27 |']);
  });

  test('puts out what is held when there are so many rows', async () => {
    expect(await changes(SUMS, on(6))).toEqual([
      '| +I | x | 2 | 3 |',
      '| +I | y | 4 | 12 |',
      '| -U | x | 2 | 3 |',
      '| +U | x | 4 | 18 |',
      '| -U | y | 4 | 12 |',
      '| +U | y | 6 | 27 |',
    ]);
  });

  test('takes changes, and says nothing of groups that come and go within a batch', async () => {
    const counts = 'SELECT c, COUNT(*) AS n FROM (SELECT g, COUNT(*) AS c FROM a GROUP BY g) GROUP BY c';
    expect(await changes(counts, on(1000))).toEqual(['| +I | 4 | 1 |', '| +I | 6 | 1 |']);
  });

  test('needs a latency and a size', async () => {
    await expect(changes(SUMS, { 'table.exec.mini-batch.enabled': 'true' })).rejects.toThrow(
      'MiniBatch Latency must be greater than 0 ms',
    );
    await expect(
      changes(SUMS, { 'table.exec.mini-batch.enabled': 'true', 'table.exec.mini-batch.allow-latency': '1 s' }),
    ).rejects.toThrow("Key: 'table.exec.mini-batch.size'");
  });
});
