import { above, column, count, equal, grouped, joined, known, max, min, sorted, sum, unique } from './evaluate.js';
import { holds, type Query } from './holds.js';
import { CHANGING, changing } from './inputs.js';
import type { Cells } from './run.js';

const on = (l: Cells, r: Cells): boolean => equal(l[0], r[0]);
const stands = (text: string): string => text.replace(/\s+/g, ' ');

/** Queries over `a (k, v)` and `b (k, v)`, whose rows come, change and go. */
const queries: Readonly<Record<string, Query>> = {
  'SELECT k + 1 AS x, v FROM a WHERE v > 1': (a) =>
    a.filter((r) => above(r[1], 1)).map(([k = null, v = null]) => [k === null ? null : (k as number) + 1, v]),
  'SELECT k, COUNT(*), COUNT(v), SUM(v), MIN(v), MAX(v), COUNT(DISTINCT v), SUM(DISTINCT v) FROM a GROUP BY k': (a) =>
    grouped(a, 0).map(([[k = null], rows]) => {
      const v = column(rows, 1);
      const distinct = [...new Set(known(v))];
      return [k, rows.length, count(v), sum(v), min(v), max(v), distinct.length, sum(distinct)];
    }),
  'SELECT k, SUM(v) FILTER (WHERE v > 1), COUNT(*) FILTER (WHERE v IS NULL) FROM a GROUP BY k': (a) =>
    grouped(a, 0).map(([[k = null], rows]) => [
      k,
      sum(column(rows, 1).filter((v) => above(v, 1))),
      rows.filter((r) => r[1] === null).length,
    ]),
  'SELECT k, SUM(v) AS s FROM a GROUP BY k HAVING COUNT(*) > 1': (a) =>
    grouped(a, 0).flatMap(([[k = null], rows]) => (rows.length > 1 ? [[k, sum(column(rows, 1))]] : [])),
  'SELECT DISTINCT k, v FROM a': (a) => unique(a),
  'SELECT k, v, COUNT(*) AS n FROM a GROUP BY GROUPING SETS ((k, v), (k), ())': (a) => [
    ...grouped(a, 0, 1).map(([key, rows]) => [...key, rows.length]),
    ...grouped(a, 0).map(([key, rows]) => [...key, null, rows.length]),
    ...grouped(a).map(([, rows]) => [null, null, rows.length]),
  ],
  'SELECT k, v, GROUPING_ID(k, v) AS g, SUM(v) AS s FROM a GROUP BY ROLLUP (k, v)': (a) => [
    ...grouped(a, 0, 1).map(([key, rows]) => [...key, 0, sum(column(rows, 1))]),
    ...grouped(a, 0).map(([key, rows]) => [...key, null, 1, sum(column(rows, 1))]),
    ...grouped(a).map(([, rows]) => [null, null, 3, sum(column(rows, 1))]),
  ],
  'SELECT k, v, GROUPING(k) AS g, COUNT(*) AS n FROM a GROUP BY CUBE (k, v)': (a) => [
    ...grouped(a, 0, 1).map(([key, rows]) => [...key, 0, rows.length]),
    ...grouped(a, 0).map(([key, rows]) => [...key, null, 0, rows.length]),
    ...grouped(a, 1).map(([key, rows]) => [null, ...key, 1, rows.length]),
    ...grouped(a).map(([, rows]) => [null, null, 1, rows.length]),
  ],
  'SELECT n, COUNT(*) AS c FROM (SELECT k, COUNT(*) AS n FROM a GROUP BY k) GROUP BY n': (a) =>
    grouped(
      grouped(a, 0).map(([, rows]) => [rows.length]),
      0,
    ).map(([key, rows]) => [...key, rows.length]),
  'SELECT k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC) AS rn FROM a) WHERE rn <= 2': (a) =>
    grouped(a, 0).flatMap(([, rows]) =>
      sorted(rows, (r) => [r[1] ?? null])
        .reverse()
        .slice(0, 2),
    ),
  'SELECT k, v, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) AS rn FROM a) WHERE rn <= 2': (a) =>
    grouped(a, 0).flatMap(([, rows]) =>
      sorted(rows, (r) => [r[1] ?? null])
        .slice(0, 2)
        .map((r, i) => [...r, i + 1]),
    ),
  'SELECT k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k, v ORDER BY k) AS rn FROM a) WHERE rn = 1': unique,
  'SELECT k, v FROM a ORDER BY k DESC, v LIMIT 3': (a) =>
    sorted(a, ([k = null, v = null]) => [k === null ? 99 : -(k as number), v]).slice(0, 3),
  'SELECT k, s FROM (SELECT k, SUM(v) AS s FROM a GROUP BY k) ORDER BY s DESC, k LIMIT 2': (a) =>
    sorted(
      grouped(a, 0).map(([[k = null], rows]): Cells => [k, sum(column(rows, 1))]),
      ([k = null, s = null]) => [s === null ? 99 : -(s as number), k],
    ).slice(0, 2),
  'SELECT a.k, a.v, b.k, b.v FROM a JOIN b ON a.k = b.k': (a, b) => joined('inner', a, b, on),
  'SELECT a.k, a.v, b.k, b.v FROM a LEFT JOIN b ON a.k = b.k AND a.v < b.v': (a, b) =>
    joined('left', a, b, (l, r) => on(l, r) && l[1] !== null && above(r[1], l[1] as number)),
  'SELECT a.k, a.v, b.k, b.v FROM a RIGHT JOIN b ON a.k = b.k': (a, b) => joined('right', a, b, on),
  'SELECT a.k, a.v, b.k, b.v FROM a FULL JOIN b ON a.k = b.k AND a.v = b.v': (a, b) =>
    joined('full', a, b, (l, r) => on(l, r) && equal(l[1], r[1])),
  'SELECT a.v, COUNT(*) AS n, SUM(b.v) AS s FROM a JOIN b ON a.k = b.k GROUP BY a.v': (a, b) =>
    grouped(joined('inner', a, b, on), 1).map(([key, rows]) => [...key, rows.length, sum(column(rows, 3))]),
  'SELECT * FROM a WHERE k IN (SELECT k FROM b)': (a, b) => joined('semi', a, b, on),
  'SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND b.v > 1)': (a, b) =>
    joined('semi', a, b, (l, r) => on(l, r) && above(r[1], 1)),
  'SELECT * FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.k = a.k)': (a, b) => joined('anti', a, b, on),
  'SELECT * FROM a WHERE k NOT IN (SELECT k FROM b)': (a, b) =>
    b.length === 0 ? a : a.filter(([k = null]) => k !== null && b.every((r) => r[0] !== null && r[0] !== k)),
  'SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.v > 2)': (a, b) => (b.some((r) => above(r[1], 2)) ? a : []),
  'SELECT k, v, (SELECT COUNT(*) FROM b WHERE b.k = a.k) AS n FROM a': (a, b) =>
    a.map((l) => [...l, b.filter((r) => on(l, r)).length]),
  'SELECT k, v, (SELECT SUM(b.v) FROM b WHERE b.k < a.k) AS s FROM a': (a, b) =>
    a.map((l) => [
      ...l,
      sum(
        column(
          b.filter((r) => r[0] !== null && above(l[0], r[0] as number)),
          1,
        ),
      ),
    ]),
  'SELECT k, v FROM a UNION ALL SELECT k, v FROM b': (a, b) => [...a, ...b],
  'SELECT k, v FROM a UNION SELECT k, v FROM b': (a, b) => unique([...a, ...b]),
  'SELECT k, v FROM a INTERSECT SELECT k, v FROM b': (a, b) =>
    unique(a.filter((l) => b.some((r) => JSON.stringify(l) === JSON.stringify(r)))),
  'SELECT k, v FROM a EXCEPT SELECT k, v FROM b': (a, b) =>
    unique(a.filter((l) => !b.some((r) => JSON.stringify(l) === JSON.stringify(r)))),
  'SELECT k, x FROM a CROSS JOIN UNNEST(ARRAY[v, k, 7]) AS t (x)': (a) =>
    a.flatMap(([k = null, v = null]) => [v, k, 7].map((x) => [k, x])),
  'WITH s AS (SELECT k, MAX(v) AS m FROM a GROUP BY k) SELECT a.k, a.v FROM a JOIN s ON a.k = s.k AND a.v = s.m': (a) =>
    a.filter(([k = null, v = null]) => {
      const same = column(
        a.filter((r) => equal(r[0], k)),
        1,
      );
      return v !== null && same.length > 0 && max(same) === v;
    }),
};

holds(
  Object.entries(queries).map(([sql, rows]) => ({ setup: CHANGING, sql: stands(sql), rows, tables: ['a', 'b'] })),
  changing,
);
