import { expect, test } from 'vitest';
import { tableEnv } from '../../../src/table/index.js';

const WORDS = "(VALUES ('a', 1), ('b', 2), ('a', 3), ('a', 3)) AS t (k, n)";

const left = (sql: string): Promise<unknown[]> => tableEnv().sqlQuery(sql).execute().rows();

// Each of them changes its rows while it runs.
test.each([
  [
    'MULTISET',
    'COLLECT(n)',
    new Map([
      [1, 1],
      [3, 2],
    ]),
    new Map([[2, 1]]),
  ],
  ['MAP', 'MAP[k, COUNT(*)]', new Map([['a', 3]]), new Map([['b', 1]])],
  ['ARRAY', 'ARRAY_AGG(n)', [1, 3, 3], [2]],
  ['ROW', 'CAST(ROW(k, SUM(n)) AS ROW<w STRING, s INT>)', { w: 'a', s: 7 }, { w: 'b', s: 2 }],
  [
    'ARRAY<MAP<STRING, ROW<MAP>>>',
    "ARRAY[MAP['x', CAST(ROW(COUNT(*), MAP[1, SUM(n)]) AS ROW<c BIGINT, m MAP<INT, INT>>)]]",
    [new Map([['x', { c: 3, m: new Map([[1, 7]]) }]])],
    [new Map([['x', { c: 1, m: new Map([[1, 2]]) }]])],
  ],
  ['BYTES', 'CAST(CAST(SUM(n) AS STRING) AS BYTES)', new Uint8Array([0x37]), new Uint8Array([0x32])],
])('rows() folds changes of %s', async (_type, expression, a, b) => {
  const rows = await left(`SELECT k, ${expression} AS v FROM ${WORDS} GROUP BY k`);
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(
    expect.arrayContaining([
      { k: 'a', v: a },
      { k: 'b', v: b },
    ]),
  );
});

const NESTED = `(SELECT CAST(ROW(k, MAP[k, n]) AS ROW<w STRING, m MAP<STRING, INT>>) AS r, n FROM ${WORDS})`;
const row = (w: string, n: number): object => ({ w, m: new Map([[w, n]]) });

test.each([
  [
    'GROUP BY',
    `SELECT r, COUNT(*) AS c FROM ${NESTED} GROUP BY r`,
    [1, 1, 2].map((c, i) => ({ r: [row('a', 1), row('b', 2), row('a', 3)][i], c })),
  ],
  ['DISTINCT', `SELECT DISTINCT r FROM ${NESTED}`, [row('a', 1), row('b', 2), row('a', 3)].map((r) => ({ r }))],
  [
    'EXCEPT',
    `SELECT r FROM ${NESTED} EXCEPT SELECT r FROM ${NESTED} WHERE n = 3`,
    [{ r: row('a', 1) }, { r: row('b', 2) }],
  ],
])('a ROW that holds a MAP can be a key: %s', async (_what, sql, expected: readonly object[]) => {
  const rows = await left(sql);
  expect(rows).toHaveLength(expected.length);
  expect(rows).toEqual(expect.arrayContaining([...expected]));
});
