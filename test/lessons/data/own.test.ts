import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { datasets, makeDataSet } from '../../../src/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-own-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a seed gives the same bytes each time, and another one others', async () => {
  const mine = await makeDataSet('transactions', { to: join(folder, 'a', 'b'), seed: '20230042', rows: 50 });
  const again = await makeDataSet('transactions', { to: join(folder, 'c'), seed: '20230042', rows: 50 });
  const others = await makeDataSet('transactions', { to: join(folder, 'd'), seed: '20230043', rows: 50 });
  expect(readFileSync(mine.path).equals(readFileSync(again.path))).toBe(true);
  expect(readFileSync(mine.path).equals(readFileSync(others.path))).toBe(false);
  const text = new TextDecoder(mine.encoding, { fatal: true }).decode(readFileSync(mine.path));
  expect(text.trimEnd().split('\r\n')).toHaveLength(51);
  expect(mine.bytes).toBe(readFileSync(mine.path).length);
});

test('without more it is the file of the course', async () => {
  const made = await makeDataSet('structure', { to: folder });
  expect(readFileSync(made.path).equals(readFileSync(datasets.structure.path))).toBe(true);
});

test('refuses what is no data set and no number of rows', async () => {
  await expect(makeDataSet('novel' as 'payments', { to: folder })).rejects.toThrow('there is no data set novel');
  await expect(makeDataSet('payments', { to: folder, rows: 1.5 })).rejects.toThrow('rows is 1.5');
});
