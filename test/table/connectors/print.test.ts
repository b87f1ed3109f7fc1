import { afterEach, expect, test, vi } from 'vitest';
import { parseSchema } from '../../../src/core/types/index.js';
import { javaText } from '../../../src/table/connectors/java-text.js';
import { tableEnv } from '../../../src/table/index.js';

afterEach(() => vi.restoreAllMocks());

// The line that Flink 1.20.3 printed for the same statement; maps keep their order here.
test('every type as Flink prints it', async () => {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const t = tableEnv({ timeZone: 'Asia/Shanghai' });
  t.executeSql(`CREATE TABLE p (b BOOLEAN, f FLOAT, d DOUBLE, de DECIMAL(10,2), da DATE, tm TIME, ts TIMESTAMP(3), ts0 TIMESTAMP(3),
    ts9 TIMESTAMP(9), l3 TIMESTAMP_LTZ(3), bb BYTES, s STRING, n STRING, ar ARRAY<INT>, ma MAP<STRING, INT>,
    ro ROW<x INT, y STRING>, ad ARRAY<TIMESTAMP(3)>) WITH ('connector'='print')`);
  await t
    .executeSql(`INSERT INTO p VALUES (TRUE, CAST(1.5 AS FLOAT), 1e10, 100.00, DATE '2024-05-01', TIME '12:34:00',
      TIMESTAMP '2024-05-01 12:34:56.700', TIMESTAMP '2024-05-01 12:34:00', TIMESTAMP '2024-05-01 12:34:56.123456789',
      TO_TIMESTAMP_LTZ(1714567890123, 3), x'00ff41', 'a b', CAST(NULL AS STRING), ARRAY[1, 2], MAP['k', 1, 'j', 2],
      ROW(1, 'x'), ARRAY[TIMESTAMP '2024-05-01 12:34:00'])`)
    .wait();
  expect(lines).toEqual([
    '+I[true, 1.5, 1.0E10, 100.00, 2024-05-01, 12:34, 2024-05-01T12:34:56.700, 2024-05-01T12:34, 2024-05-01T12:34:56.123456789, 2024-05-01T12:51:30.123Z, [0, -1, 65], a b, null, [1, 2], {k=1, j=2}, +I[1, x], [2024-05-01T12:34]]',
  ]);
});

test.each([
  ['INTERVAL DAY TO SECOND', 5_400_500, 'PT1H30M0.5S'],
  ['INTERVAL DAY TO SECOND', 0, 'PT0S'],
  ['INTERVAL YEAR TO MONTH', 14, 'P1Y2M'],
  ['MULTISET<STRING>', new Map([['a', 2]]), '{a=2}'],
])('%s', (type, value, text) => {
  expect(javaText(parseSchema(`(v ${type})`).typeOf('v'))(value)).toBe(text);
});

test('to standard error, with a name, from several subtasks', async () => {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
  const t = tableEnv();
  t.executeSql(
    "CREATE TABLE p (n INT) WITH ('connector'='print', 'print-identifier'='me', 'standard-error'='true', 'sink.parallelism'='2')",
  );
  await t.executeSql('INSERT INTO p VALUES (1), (2)').wait();
  expect(lines.map((line) => line.replace(/^me:[12]> /, '')).sort()).toEqual(['+I[1]', '+I[2]']);
  expect(lines.every((line) => /^me:[12]> /.test(line))).toBe(true);
});
