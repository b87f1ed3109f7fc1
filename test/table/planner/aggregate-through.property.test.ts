import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { tableEnv } from '../../../src/table/index.js';

// Windows over a csv file: rows that the reader adds up must come to the same, in the same order, as rows one by one.

const folder = mkdtempSync(join(tmpdir(), 'streambook-windows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FUNCTIONS = {
  exact:
    'COUNT(*) AS n, COUNT(amount) AS a, SUM(amount) AS s, AVG(amount) AS m, CAST(MIN(`value`) AS STRING) AS lo, MAX(note) AS hi, ' +
    'CAST(SUM(`value`) FILTER (WHERE amount > 0) AS STRING) AS f, SUM(price) AS p',
  // Of these Flink makes no windows that share rows.
  edges: 'FIRST_VALUE(note) AS b, LAST_VALUE(amount) AS e, COUNT(*) AS n',
  // Not to be added up in parts.
  rounded: 'SUM(x) AS s, AVG(x) AS a, MAX(x) AS m, COUNT(DISTINCT note) AS d, COUNT(*) AS n',
};
const WINDOWS = {
  tumble: "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)",
  offset: "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '3' SECOND)",
  hop: "HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '4' SECOND, INTERVAL '12' SECOND)",
  cumulate: "CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '1' DAY)",
  day: "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY)",
};
const GROUPS = { none: '', name: 'name, ', two: 'name, amount, ' };
type Query = {
  functions: keyof typeof FUNCTIONS;
  window: keyof typeof WINDOWS | 'older' | 'older hop';
  group: keyof typeof GROUPS;
};

const ALONE = ['tumble', 'offset', 'day', 'older'];
const QUERIES: readonly Query[] = [
  ...(Object.keys(WINDOWS) as (keyof typeof WINDOWS)[]),
  'older' as const,
  'older hop' as const,
].flatMap((window) =>
  (Object.keys(GROUPS) as Query['group'][]).flatMap((group) =>
    (Object.keys(FUNCTIONS) as Query['functions'][])
      .filter((functions) => functions !== 'edges' || ALONE.includes(window))
      .map((functions) => ({ functions, window, group })),
  ),
);

function queryOf({ functions, window, group }: Query, where: string): string {
  const columns = GROUPS[group];
  if (window === 'older' || window === 'older hop') {
    const [of, at] =
      window === 'older'
        ? ['TUMBLE', "ts, INTERVAL '10' SECOND"]
        : ['HOP', "ts, INTERVAL '4' SECOND, INTERVAL '6' SECOND"];
    return `SELECT ${columns}${of}_END(${at}) AS w, ${FUNCTIONS[functions]} FROM t ${where} GROUP BY ${columns}${of}(${at})`;
  }
  return `SELECT ${columns}window_start, window_end, window_time, ${FUNCTIONS[functions]}
    FROM TABLE(${WINDOWS[window]}) ${where} GROUP BY ${columns}window_start, window_end, window_time`;
}

interface Setting {
  readonly zone: string;
  readonly type: string;
  readonly delayMs: number;
}

let files = 0;

async function run(lines: readonly string[], query: string, { zone, type, delayMs }: Setting) {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const t = tableEnv();
  t.executeSql(`SET 'table.local-time-zone' = '${zone}'`);
  const ts = type === 'TIMESTAMP(3)' ? 'moment' : 'TO_TIMESTAMP_LTZ(`time`, 3)';
  t.executeSql(`CREATE TABLE t (name STRING, amount INT, note STRING, \`value\` BIGINT, price DECIMAL(8, 2), x DOUBLE,
    \`time\` BIGINT, moment TIMESTAMP(3), ts AS ${ts},
    WATERMARK FOR ts AS ts - INTERVAL '${(delayMs / 1000).toFixed(3)}' SECOND)
    WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv', 'csv.null-literal' = '-')`);
  const rows = await t.sqlQuery(query).execute().collect();
  return rows.map((row) => Object.values(row));
}

const START = Date.parse('2024-03-10T03:20:00Z');
const pad = (n: number, size = 2): string => String(n).padStart(size, '0');
function momentOf(ms: number): string {
  const at = new Date(ms);
  return `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())} ${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}.${pad(at.getUTCMilliseconds(), 3)}`;
}

const oneRow = fc.record({
  name: fc.constantFrom('Ann', 'Bob', 'Ännchen', '"a ""quoted"" name"', 'somebody with a long name', '-', ''),
  amount: fc.oneof(fc.integer({ min: -3, max: 3 }).map(String), fc.constantFrom('-', '2147483647')),
  note: fc.constantFrom('x', 'y', '-', '中文'),
  value: fc.constantFrom('1', '-7', '9007199254740993', '9223372036854775807', '-'),
  price: fc.constantFrom('0.01', '-12.50', '999999.99', '-'),
  x: fc.constantFrom('0.1', '0.2', '1e300', '-1e300', 'NaN', '-'),
  step: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: -2500, max: 3000 }) },
    { weight: 1, arbitrary: fc.constant(3_600_000) },
  ),
});

test('rows that are added up where they are read come to the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(oneRow, { maxLength: 60 }),
      fc.constantFrom(...QUERIES),
      fc.record({
        zone: fc.constantFrom('UTC', 'Asia/Shanghai', 'America/St_Johns', 'GMT+05:30'),
        type: fc.constantFrom('TIMESTAMP_LTZ(3)', 'TIMESTAMP(3)'),
        delayMs: fc.constantFrom(0, 700, 3000),
      }),
      fc.constantFrom(START, 0, -200_000_000_000),
      async (rows, query, setting, start) => {
        let time = start;
        const lines = rows.map(({ name, amount, note, value, price, x, step }) => {
          time += step;
          return [name, amount, note, value, price, x, time, momentOf(time)].join(',');
        });
        // MOD might fail, so the reader leaves the condition, and all that is above it, to operators.
        const byOne = await run(lines, queryOf(query, 'WHERE MOD(`time`, 1) = 0'), setting);
        expect(await run(lines, queryOf(query, ''), setting)).toEqual(byOne);
      },
    ),
    { numRuns: Number(process.env.STREAMBOOK_WINDOW_RUNS ?? 25) },
  );
});

test('more keys than parts can be held for, in more than a piece of a file', async () => {
  const lines = Array.from({ length: 6000 }, (_, i) => {
    const key = (i * 7919) % 2500;
    const name = i % 17 === 0 ? `"key, ${key}"` : `key number ${key % 40 === 0 ? key : key % 40}`;
    const time = START + i * 13 + ((i * 31) % 5) * 1000;
    return [name, i, 'x', i, '0.01', '0.5', time, momentOf(time)].join(',');
  });
  const query = queryOf({ functions: 'exact', window: 'tumble', group: 'name' }, '');
  const setting = { zone: 'UTC', type: 'TIMESTAMP_LTZ(3)', delayMs: 3000 };
  const rows = await run(lines, query, setting);
  expect(rows.length).toBeGreaterThan(300);
  const byOne = queryOf({ functions: 'exact', window: 'tumble', group: 'name' }, 'WHERE MOD(`time`, 1) = 0');
  expect(rows).toEqual(await run(lines, byOne, setting));
});
