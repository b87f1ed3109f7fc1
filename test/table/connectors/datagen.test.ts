import { describe, expect, test } from 'vitest';
import { streamEnv } from '../../../src/index.js';
import type { TableDescription } from '../../../src/table/connectors/contract.js';
import { datagenConnector } from '../../../src/table/connectors/datagen/index.js';
import { described } from './describe.js';

async function rowsOf(table: TableDescription, names?: readonly string[]): Promise<Record<string, unknown>[]> {
  const columns = table.fields.filter(({ name }) => names === undefined || names.includes(name));
  const source = datagenConnector.source?.(table);
  const stream = source?.stream(streamEnv(), columns);
  return ((await stream?.executeAndCollect()) ?? []).map((row) => ({ ...row }));
}

const RATE = { 'rows-per-second': '1000000' };

describe('datagen', () => {
  test('a sequence ends the table', async () => {
    const table = described('(id BIGINT, name STRING)', {
      ...RATE,
      'fields.id.kind': 'sequence',
      'fields.id.start': '5',
      'fields.id.end': '8',
      'fields.name.length': '3',
      seed: '1',
    });
    const rows = await rowsOf(table);
    expect(rows.map(({ id }) => id)).toEqual([5, 6, 7, 8]);
    expect(rows.every(({ name }) => /^[0-9a-f]{3}$/.test(String(name)))).toBe(true);
  });

  test('the same seed makes the same rows, whichever columns are read', async () => {
    const options = { ...RATE, 'number-of-rows': '50', seed: '7', 'fields.n.min': '-3', 'fields.n.max': '3' };
    const table = described('(s STRING, n INT, d DOUBLE, b BOOLEAN)', options);
    const all = await rowsOf(table);
    expect(await rowsOf(table)).toEqual(all);
    expect(await rowsOf(table, ['n'])).toEqual(all.map(({ n }) => ({ n })));
    expect(new Set(all.map(({ n }) => n)).size).toBe(7);
    expect(await rowsOf({ ...table, options: { ...options, seed: '8' } })).not.toEqual(all);
  });

  test('every type, NULLs, texts of several lengths', async () => {
    const table = described(
      '(a TINYINT, b DECIMAL(8, 2), c ARRAY<INT>, d MAP<STRING, INT>, e ROW<x INT, y STRING>, f TIMESTAMP(3), g BYTES, h BIGINT, v STRING)',
      {
        ...RATE,
        'number-of-rows': '200',
        seed: '1',
        'fields.v.var-len': 'true',
        'fields.v.length': '5',
        'fields.h.null-rate': '0.5',
      },
    );
    const rows = await rowsOf(table);
    expect(rows.every(({ a }) => Math.abs(Number(a)) <= 128)).toBe(true);
    expect(rows.every(({ b }) => Number.isInteger(b) && Number(b) >= 0 && Number(b) < 1e8)).toBe(true);
    expect(rows.every(({ c }) => (c as unknown[]).length === 3)).toBe(true);
    expect(new Set(rows.map(({ v }) => String(v).length))).toEqual(new Set([1, 2, 3, 4, 5]));
    const nulls = rows.filter(({ h }) => h === null).length;
    expect(nulls).toBeGreaterThan(50);
    expect(nulls).toBeLessThan(150);
  });

  test.each([
    [{ 'fields.id.kind': 'sequence' }, 'a sequence needs'],
    [{ 'fields.id.kind': 'other' }, 'one of random, sequence'],
    [{ 'rows-per-secnod': '5' }, "did you mean 'rows-per-second'"],
    [{ 'fields.id.min': '5', 'fields.id.max': '4' }, 'is above'],
    [{ 'fields.id.null-rate': '2' }, 'from 0 to 1'],
    [{ 'number-of-rows': 'many' }, 'a whole number from 0'],
  ])('%s is refused', (options, message) => {
    expect(() => datagenConnector.source?.(described('(id INT)', options as Record<string, string>))).toThrow(message);
  });
});
