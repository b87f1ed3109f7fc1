import { describe, expect, it } from 'vitest';
import { type Table, tableEnv, type, udf } from '../../../../src/index.js';

const types = { d: type.double(), i: type.int(), s: type.string(), big: type.bigint() };
const numbers = [null, Number.NaN, Number.POSITIVE_INFINITY, -0, 0, 4.9, 5, 5.1];
const rows = numbers.map((d, n) => ({ d, i: n === 3 ? null : n - 2, s: n % 2 === 0 ? null : `s${n}`, big: 2 ** 40 }));
type Row = { d: number | null; i: number | null; s: string | null; big: number | null };

const sql = (table: Table): string => table.explain().split('== Flink SQL ==\n')[1]?.trim() ?? '';
const made = () => tableEnv().fromRows(rows, { schema: types });

/** Both ways, here. */
async function same(table: Table): Promise<string> {
  const text = sql(table);
  expect(text).not.toContain('js');
  const view = text.replace(/\(SELECT (?:(?!\(SELECT)[\s\S])*?\(VALUES [\s\S]*? AS v \([^)]*\)\)/, 'rows_here');
  const t = tableEnv();
  t.createTemporaryView('rows_here', t.fromRows(rows, { schema: types }));
  expect(await t.sqlQuery(view).execute().rows()).toEqual(await table.execute().rows());
  return view;
}

describe('functions over rows, as SQL', () => {
  it('map is a projection', async () => {
    type Priced = { price: number; name: string; i: number | null; note: string; missing: null };
    const priced = ({ d, s, i }: Row) =>
      ({ price: (d ?? 1.5) * 1.19, name: s ?? 'none', i, note: `${i}: ${s}` }) as Priced;
    const price = udf(priced, {
      returns: { i: type.int(), name: type.string(), price: type.double(), note: type.string(), missing: type.int() },
    });
    expect(await same(made().map(price))).toMatch(/^(-- .*\n)?SELECT t1\.i0 AS i, t1\.name AS name/);
    const shorter = udf((row: { name: string | null }) => ({ n: row.name?.length ?? 0 }), {
      returns: { n: type.int() },
    });
    expect(sql(made().map(price).map(shorter))).toContain('LATERAL TABLE(js_table(');
  });
  const filters: readonly (readonly [string, (row: Row) => boolean])[] = [
    ['NaN is not larger', (r) => (r.d as number) > 5],
    ['NULL is 0', (r) => (r.d as number) >= 0],
    ['between', (r) => (r.d as number) >= 0 && (r.d as number) < 5.1],
    ['not the same', (r) => r.d !== null && r.d !== 5],
    ['one or another', (r) => (r.d as number) > 5 || (r.i as number) < 0],
    ['a text', (r) => (r.s ?? '').startsWith('s')],
  ];
  it.each(filters)('a filter: %s', async (_, filter) => {
    await same(made().filter(udf(filter)));
  });
  const kept: readonly (readonly [string, (row: Row) => boolean])[] = [
    ['a comparison turned round', (r) => !((r.d as number) > 5)],
    ['a comparison and its opposite', (r) => (r.d as number) > 5 || (r.d as number) < 5],
    ['BIGINT, which may be too large', (r) => (r.big as number) > 5],
    ['a length', (r) => (r.s ?? '').length > 1],
  ];
  it.each(kept)('stays JavaScript: %s', (_, filter) => {
    expect(sql(made().filter(udf(filter)))).toContain("js('BOOLEAN NOT NULL'");
  });
  it('an operand that is no column is computed once', () => {
    const t = tableEnv();
    t.createTemporaryView('v', t.fromRows(rows, { schema: types }));
    const f = (row: { r: number }) => (row.r > 3 && row.r < 4) as boolean;
    // A column of a table is a column; RAND() stays where it is.
    expect(sql(t.sqlQuery('SELECT RAND_INTEGER(5) AS r FROM v').filter(udf(f)))).toContain('RAND_INTEGER(5) AS r');
  });
});
