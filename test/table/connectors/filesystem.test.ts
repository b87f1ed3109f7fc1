import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tableEnv } from '../../../src/table/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sums(lines: readonly string[]): Promise<unknown[]> {
  const path = join(folder, 'tx.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const t = tableEnv();
  t.executeSql(`CREATE TABLE tx (name STRING, amount INT, ms BIGINT, ts AS TO_TIMESTAMP_LTZ(ms, 3),
    WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
    WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv')`);
  const result = t
    .sqlQuery(`SELECT name, SUM(amount) AS s FROM TABLE(TUMBLE(TABLE tx, DESCRIPTOR(ts), INTERVAL '10' SECOND))
      WHERE amount >= 5 GROUP BY name, window_start, window_end`)
    .execute();
  return result.collect();
}

test('a row that is filtered out raises the watermark: what comes too late after it is dropped', async () => {
  const rows = await sums(['Ann,5,1000', 'Ann,1,10998', 'Bob,7,2000', 'Ann,1,10999', 'Ann,9,3000', '"Ann",6,12000']);
  expect(rows.map((row) => Object.values(row as object))).toEqual([
    ['Ann', 5],
    ['Bob', 7],
    ['Ann', 6],
  ]);
});

test('bad rows are named by file and line, also those that a filter might have left out', async () => {
  await expect(sums(['Ann,5,1000', 'Ann,x,2000'])).rejects.toThrow(
    /'x' is no INT[\s\S]*tx\.csv, line 2, column `amount`/,
  );
});
