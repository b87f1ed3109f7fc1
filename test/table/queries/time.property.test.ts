import { type } from '../../../src/core/types/index.js';
import type { TableEnvironment } from '../../../src/table/index.js';
import { column, count, equal, grouped, joined, max, min, sorted, sum } from './evaluate.js';
import { holds, type Query } from './holds.js';
import { TIMED, timed } from './inputs.js';
import type { Cell, Cells } from './run.js';
import { cumulate, hop, perWindow, session, tumble } from './windows.js';

const SECONDS = (what: string): string => `TIMESTAMPDIFF(SECOND, TIMESTAMP '1970-01-01 00:00:00', ${what})`;
const BOUNDS = `${SECONDS('window_start')} AS s, ${SECONDS('window_end')} AS e`;
const of = (table: string): string => `TABLE ${table}, DESCRIPTOR(rowtime)`;
const TUMBLE = (table: string): string => `TABLE(TUMBLE(${of(table)}, INTERVAL '5' SECOND))`;
const time = (row: Cells): number => row[1] as number;
const byTime = (rows: readonly Cells[]): Cells[] => sorted(rows, (r) => [r[1] as Cell]);
const byId = (rows: readonly Cells[]): Cells[] => sorted(rows, (r) => [r[0] as Cell]);
const keyed = (rows: readonly Cells[]): Cells[][] => grouped(rows, 2).map(([, group]) => group);
const on = (l: Cells, r: Cells): boolean => equal(l[2], r[2]);
const values = (rows: readonly Cells[]): Cell[] => column(rows, 3);

/** For each row, in the order of `order`, what `frame` of the rows before it and itself gives. */
function over(groups: readonly Cells[][], frame: (before: readonly Cells[], row: Cells) => readonly Cells[], of = sum) {
  return groups.flatMap((rows) => rows.map((row, i) => [row[0] as Cell, of(values(frame(rows.slice(0, i + 1), row)))]));
}

const all = (before: readonly Cells[]): readonly Cells[] => before;
const greatest = (rows: readonly Cells[], n: number): Cells[] =>
  sorted(rows, (r) => [r[3] === null ? 99 : -(r[3] as number), r[0] as Cell]).slice(0, n);
const within = (l: Cells, r: Cells): boolean => on(l, r) && time(l) >= time(r) - 2000 && time(l) <= time(r) + 1000;
const short = (rows: readonly Cells[]): Cells[] => rows.map((r) => [r[0] as Cell, r[4] as Cell]);
const INTERVAL = "e.k = f.k AND e.rowtime BETWEEN f.rowtime - INTERVAL '2' SECOND AND f.rowtime + INTERVAL '1' SECOND";
const version = (l: Cells, versions: readonly Cells[]): Cells | undefined =>
  byTime(versions.filter((r) => on(l, r) && time(r) <= time(l))).at(-1);
const rising = (a: Cells | undefined, b: Cells | undefined): boolean =>
  typeof a?.[3] === 'number' && typeof b?.[3] === 'number' && b[3] > a[3];
const MATCH = (skip: string): string => `SELECT x, y FROM e MATCH_RECOGNIZE (PARTITION BY k ORDER BY rowtime
  MEASURES A.id AS x, B.id AS y ONE ROW PER MATCH AFTER MATCH SKIP ${skip} PATTERN (A B) DEFINE B AS B.v > A.v) AS m`;
const RANKED = (by: string, from = 'e'): string =>
  `SELECT id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ${by}) AS rn FROM ${from}) WHERE rn = 1`;
const WINDOWED = (by: string, n: number): string => `SELECT id, ${BOUNDS} FROM (SELECT *,
  ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ${by}) AS rn FROM ${TUMBLE('e')}) WHERE rn <= ${n}`;
const pick = (rows: readonly Cells[], one: (rows: readonly Cells[]) => Cells[]): Cells[] =>
  perWindow(tumble(rows, 5)).flatMap(([bounds, inside]) => one(inside).map((r) => [r[0] as Cell, ...bounds]));
const WINDOW_JOIN = (kind: string): string => `SELECT L.id, R.id FROM (SELECT * FROM ${TUMBLE('e')}) L
  ${kind} JOIN (SELECT * FROM ${TUMBLE('f')}) R ON L.k = R.k AND L.window_start = R.window_start AND L.window_end = R.window_end`;
const sameWindow = (l: Cells, r: Cells): boolean =>
  on(l, r) && Math.floor(time(l) / 5000) === Math.floor(time(r) / 5000);

/** What the table `d (k, w)`, which is asked row by row, answers. */
const LOOKED_UP: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [10]],
  [2, [20, 21]],
]);

/** Queries over `e (id, ts, k, v)` and `f`, which only grow, by the times of rows. */
const queries: Readonly<Record<string, Query>> = {
  [`SELECT k, ${BOUNDS}, COUNT(*), SUM(v), MAX(v), COUNT(DISTINCT v) FROM ${TUMBLE('e')} GROUP BY k, window_start, window_end`]:
    (e) =>
      perWindow(tumble(e, 5), 2).map(([key, rows]) => {
        const v = values(rows);
        return [...key, rows.length, sum(v), max(v), new Set(v.filter((one) => one !== null)).size];
      }),
  [`SELECT ${BOUNDS}, COUNT(v), MIN(v) FROM TABLE(HOP(${of('e')}, INTERVAL '2' SECOND, INTERVAL '6' SECOND)) GROUP BY window_start, window_end`]:
    (e) => perWindow(hop(e, 2, 6)).map(([key, rows]) => [...key, count(values(rows)), min(values(rows))]),
  [`SELECT ${BOUNDS}, SUM(v) FROM TABLE(CUMULATE(${of('e')}, INTERVAL '2' SECOND, INTERVAL '6' SECOND)) GROUP BY window_start, window_end`]:
    (e) => perWindow(cumulate(e, 2, 6)).map(([key, rows]) => [...key, sum(values(rows))]),
  "SELECT k, COUNT(*), SUM(v), MIN(ts) FROM TABLE(SESSION(TABLE e PARTITION BY k, DESCRIPTOR(rowtime), INTERVAL '2' SECOND)) GROUP BY k, window_start, window_end":
    (e) =>
      perWindow(session(e, 2000), 2).map(([[k = null, start = null], rows]) => [
        k,
        rows.length,
        sum(values(rows)),
        start,
      ]),
  [`SELECT id, ${BOUNDS} FROM TABLE(HOP(${of('e')}, INTERVAL '2' SECOND, INTERVAL '4' SECOND))`]: (e) =>
    hop(e, 2, 4).map(([row, start, end]) => [row[0] as Cell, start, end]),
  [WINDOWED('v DESC, id', 2)]: (e) => pick(e, (rows) => greatest(rows, 2)),
  [WINDOWED('rowtime', 1)]: (e) => pick(e, (rows) => byTime(rows).slice(0, 1)),
  [WINDOWED('rowtime DESC', 1)]: (e) => pick(e, (rows) => byTime(rows).slice(-1)),
  [WINDOW_JOIN('')]: (e, f) => short(joined('inner', e, f, sameWindow)),
  [WINDOW_JOIN('LEFT')]: (e, f) => short(joined('left', e, f, sameWindow)),
  [WINDOW_JOIN('FULL')]: (e, f) => short(joined('full', e, f, sameWindow)),
  [`SELECT k, ${SECONDS("TUMBLE_END(rowtime, INTERVAL '5' SECOND)")}, SUM(v) FROM e GROUP BY k, TUMBLE(rowtime, INTERVAL '5' SECOND)`]:
    (e) => perWindow(tumble(e, 5), 2).map(([[k = null, , end = null], rows]) => [k, end, sum(values(rows))]),
  [`SELECT ${SECONDS("HOP_START(rowtime, INTERVAL '2' SECOND, INTERVAL '5' SECOND)")}, COUNT(*) FROM e GROUP BY HOP(rowtime, INTERVAL '2' SECOND, INTERVAL '5' SECOND)`]:
    (e) => perWindow(hop(e, 2, 5)).map(([[start = null], rows]) => [start, rows.length]),
  "SELECT k, COUNT(*), MIN(ts) FROM e GROUP BY k, SESSION(rowtime, INTERVAL '2' SECOND)": (e) =>
    perWindow(session(e, 2000), 2).map(([[k = null, start = null], rows]) => [k, rows.length, start]),
  'SELECT id, SUM(v) OVER (PARTITION BY k ORDER BY rowtime ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM e': (e) =>
    over(keyed(byTime(e)), (before) => before.slice(-3)),
  "SELECT id, MAX(v) OVER (ORDER BY rowtime RANGE BETWEEN INTERVAL '3' SECOND PRECEDING AND CURRENT ROW) FROM e": (e) =>
    over([byTime(e)], (before, row) => before.filter((r) => time(r) >= time(row) - 3000), max),
  'SELECT id, SUM(v) OVER w FROM e WINDOW w AS (PARTITION BY k ORDER BY rowtime)': (e) => over(keyed(byTime(e)), all),
  'SELECT id, COUNT(v) OVER (ORDER BY pt ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM e': (e) =>
    over([byId(e)], (before) => before.slice(-2), count),
  'SELECT id, LAG(v) OVER (PARTITION BY k ORDER BY rowtime) FROM e': (e) =>
    keyed(byTime(e)).flatMap((rows) => rows.map((row, i) => [row[0] as Cell, rows[i - 1]?.[3] ?? null])),
  [RANKED('rowtime')]: (e) => keyed(byTime(e)).map((rows) => [rows[0]?.[0] as Cell]),
  [RANKED('rowtime DESC')]: (e) => keyed(byTime(e)).map((rows) => [rows.at(-1)?.[0] as Cell]),
  [RANKED('pt')]: (e) => keyed(byId(e)).map((rows) => [rows[0]?.[0] as Cell]),
  [RANKED('pt DESC')]: (e) => keyed(byId(e)).map((rows) => [rows.at(-1)?.[0] as Cell]),
  'SELECT k, COUNT(*), SUM(v) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k, v ORDER BY rowtime) AS rn FROM e) WHERE rn = 1 GROUP BY k':
    (e) =>
      grouped(e, 2).map(([[k = null], rows]) => {
        const distinct = grouped(rows, 3).map(([[v = null]]) => v);
        return [k, distinct.length, sum(distinct)];
      }),
  [`SELECT e.id, f.id FROM e JOIN f ON ${INTERVAL}`]: (e, f) => short(joined('inner', e, f, within)),
  [`SELECT e.id, f.id FROM e LEFT JOIN f ON ${INTERVAL}`]: (e, f) => short(joined('left', e, f, within)),
  [`SELECT e.id, f.id FROM e FULL JOIN f ON ${INTERVAL}`]: (e, f) => short(joined('full', e, f, within)),
  'SELECT e.id, r.id FROM e JOIN r FOR SYSTEM_TIME AS OF e.rowtime ON e.k = r.k': (e, f) =>
    e.flatMap((l) => (version(l, f) === undefined ? [] : [[l[0] as Cell, version(l, f)?.[0] as Cell]])),
  'SELECT e.id, r.id FROM e LEFT JOIN r FOR SYSTEM_TIME AS OF e.rowtime ON e.k = r.k': (e, f) =>
    e.map((l) => [l[0] as Cell, version(l, f)?.[0] ?? null]),
  'SELECT e.id, d.w FROM e LEFT JOIN d FOR SYSTEM_TIME AS OF e.pt ON e.k = d.k': (e) =>
    e.flatMap((l) => (LOOKED_UP.get(l[2] as number) ?? [null]).map((w) => [l[0] as Cell, w])),
  'SELECT id FROM e ORDER BY rowtime': (e) => e.map((r) => [r[0] as Cell]),
  [MATCH('TO NEXT ROW')]: (e) =>
    keyed(byTime(e)).flatMap((rows) =>
      rows.flatMap((row, i) => (rising(row, rows[i + 1]) ? [[row[0] as Cell, rows[i + 1]?.[0] as Cell]] : [])),
    ),
  [MATCH('PAST LAST ROW')]: (e) =>
    keyed(byTime(e)).flatMap((rows) => {
      const found: Cells[] = [];
      for (let i = 0; i + 1 < rows.length; i++) {
        if (!rising(rows[i], rows[i + 1])) continue;
        found.push([rows[i]?.[0] as Cell, rows[i + 1]?.[0] as Cell]);
        i++;
      }
      return found;
    }),
};

const VERSIONS = `CREATE TEMPORARY VIEW r AS SELECT id, k, rowtime FROM (SELECT *,
  ROW_NUMBER() OVER (PARTITION BY k ORDER BY rowtime DESC) AS rn FROM f) WHERE rn = 1`;

holds(
  Object.entries(queries).map(([sql, rows]) => ({
    setup: [...TIMED, VERSIONS],
    sql: sql.replace(/\s+/g, ' '),
    rows,
    tables: ['e', 'f'],
    prepare: (t: TableEnvironment) =>
      t.createLookupTable('d', { k: type.int(), w: type.int() }, async ({ k }) =>
        (LOOKED_UP.get(k as number) ?? []).map((w) => ({ k, w })),
      ),
  })),
  timed,
);
