import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Schema, type } from '../../src/core/types/index.js';
import { type Cluster, cluster, type Program, tableEnv } from '../../src/index.js';
import type { Table } from '../../src/table/index.js';
import { collected } from '../conformance/sql/run.js';
import { type Given, nested, refused, single } from '../table/flink-sql/support/every-value.js';

const gateway = inject('gateway');
const TOGETHER = 12;

/** Columns of one table, those with fewer values filled up with NULL. */
const tableOf =
  (columns: readonly Given[]): Program =>
  (t) => {
    const schema = new Schema(columns.map(([of], i) => ({ name: `c${i}`, type: of })));
    const rows = Array.from({ length: 1 + Math.max(...columns.map(([, values]) => values.length)) }, (_, row) =>
      Object.fromEntries(columns.map(([, values], i) => [`c${i}`, values[row] ?? null])),
    );
    return t.fromRows(rows, { schema }) as unknown as Table;
  };

describe.skipIf(gateway === '')('values of every type', () => {
  let flink: Cluster;
  beforeAll(async () => {
    flink = await cluster(gateway);
  });
  afterAll(() => flink?.close());

  const all = [...single, ...nested];
  const portions = Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, i) =>
    all.slice(i * TOGETHER, (i + 1) * TOGETHER),
  );
  it.each(portions.map((columns) => [columns.map(([of]) => String(of)).join(', '), columns] as const))(
    'come back as they were sent: %s',
    async (_, columns) => {
      const [there, here] = [
        await collected(await flink.execute(tableOf(columns))),
        await collected(tableEnv().execute(tableOf(columns))),
      ];
      if ('error' in there || 'error' in here) throw new Error(JSON.stringify([there, here]));
      expect(there.final).toEqual(here.final);
    },
  );

  it('are refused by name where they cannot be', async () => {
    for (const [of, value, says] of refused) {
      await expect(flink.execute(tableOf([[of, [value]]]))).rejects.toMatchObject({
        code: 'not-on-cluster',
        message: expect.stringMatching(says.source.replace(/rows_0/, 'rows_\\d+').replace('`v`', '`c0`')),
      });
    }
  });

  it('of an empty map can be looked for', async () => {
    const result = await flink.execute((t) => {
      const schema = new Schema([{ name: 'm', type: type.map(type.string(), type.string()) }]);
      const maps = t.fromRows([{ m: new Map() }, { m: new Map([['a', 'b']]) }], { schema }) as unknown as Table;
      return t.sql`SELECT CARDINALITY(m) AS n, m['a'] AS a FROM ${maps}`;
    });
    expect(await result.collect()).toEqual([
      { n: 0, a: null },
      { n: 1, a: 'b' },
    ]);
  });
});
