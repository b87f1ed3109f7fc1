import { beforeEach, describe, expect, test } from 'vitest';
import { type TableEnvironment, tableEnv, type, udf } from '../../../src/index.js';

let t: TableEnvironment;
beforeEach(() => {
  t = tableEnv();
});

const payments = () =>
  t.fromRows(
    [
      { card: '01', amount: ' 5000 ', year: 2001 },
      { card: '02', amount: '12', year: 2002 },
      { card: null, amount: null, year: null },
    ],
    { schema: { card: type.string(), amount: type.string(), year: type.int() } },
  );

describe('map, flatMap and filter of a table', () => {
  test('take functions of TypeScript over rows', async () => {
    const parse = (row: { card: string | null; amount: string | null }) => ({
      card: row.card,
      amount: Number(row.amount),
    });
    const made = payments()
      .map(udf(parse, { returns: { card: type.string(), amount: type.int() } }))
      .filter(udf((payment) => (payment.amount ?? 0) >= 12));
    expect(made.schema.toString()).toContain('amount');
    expect(await made.execute().rows()).toEqual([
      { card: '01', amount: 5000 },
      { card: '02', amount: 12 },
    ]);
  });

  test('map may give columns that are called as those before, in another order', async () => {
    const turned = udf((row: { card: string | null; year: number | null }) => ({ year: row.card, card: row.year }), {
      returns: { year: type.string(), card: type.int() },
    });
    expect(await payments().map(turned).limit(1).execute().rows()).toEqual([{ year: '01', card: 2001 }]);
  });

  test('flatMap gives none, one or many rows', async () => {
    const digits = udf((row: { amount: string | null }) => [...(row.amount ?? '').trim()].map((digit) => ({ digit })), {
      returns: { digit: type.string() },
    });
    const rows = await payments().flatMap(digits).execute().rows();
    expect(rows.map((row) => row.digit).join('')).toBe('500012');
  });

  test('rows that change are changed behind a map', async () => {
    const totals = payments()
      .groupBy((p) => p.year.isNull())
      .select((p) => ({ n: p.card.count() }));
    const twice = udf((row: { n: number | null }) => ({ n: Number(row.n) * 2 }), { returns: { n: type.bigint() } });
    expect(await totals.map(twice).execute().rows()).toEqual([{ n: 4 }, { n: 0 }]);
  });

  test('what was captured is that of the definition', async () => {
    let limit = 100;
    const over = (amount: string | null): boolean => Number(amount) > limit;
    const isLarge = udf((row: { amount: string | null }) => over(row.amount), { captured: { limit, over } });
    limit = 0;
    const rows = await payments().filter(isLarge).execute().rows();
    expect(rows.map((row) => row.card)).toEqual(['01']);
    expect(limit).toBe(0);
  });

  test('BIGINT comes as a number, or as a bigint', async () => {
    const big = t.fromRows([{ n: 9007199254740993n }, { n: 2 }], { schema: { n: type.bigint() } });
    const next = udf((row: { n: bigint | null }) => ({ n: (row.n ?? 0n) + 1n }), {
      returns: { n: type.bigint() },
      bigint: 'bigint',
    });
    const text = big.map(next).select((r) => ({ n: r.n.cast(type.string()) }));
    expect(await text.execute().rows()).toEqual([{ n: '9007199254740994' }, { n: '3' }]);
    const plain = udf((row: { n: number | null }) => ({ n: Number(row.n) }), { returns: { n: type.bigint() } });
    await expect(big.map(plain).execute().rows()).rejects.toThrow('beyond 2^53-1');
    const none = udf((_: object) => ({ n: 1 }), { returns: { n: type.bigint() } });
    expect(await big.map(none).execute().rows()).toEqual([{ n: 1 }, { n: 1 }]);
  });

  test('say what they want', async () => {
    const table = payments();
    const rows = udf(() => ({ a: 1 }), { returns: { a: type.int() } });
    expect(() => table.filter(rows as never)).toThrow('the function gives rows, and a condition is asked for');
    expect(() => table.map(udf(() => true) as never)).toThrow('map: a function that gives rows is asked for');
    expect(() => udf((() => ({})) as never, { returns: type.int() as never })).toThrow('the columns of the rows');
    const none = udf(function nothing() {} as never, { returns: { a: type.int() } });
    await expect(
      table
        .map(none as never)
        .execute()
        .rows(),
    ).rejects.toThrow('nothing gave undefined, which is no row');
    await expect(
      table
        .flatMap(none as never)
        .execute()
        .rows(),
    ).rejects.toThrow('nothing gave undefined, and no rows');
    const wrong = udf(() => 'yes' as never as boolean, {});
    await expect(table.filter(wrong).execute().rows()).rejects.toThrow("'yes' is no BOOLEAN");
  });
});
