import { describe, expect, test } from 'vitest';
import { send } from '../../../src/kafka/index.js';
import { at, END, fill, rows, t, table, topic } from './kafka-tables.js';

describe('watermarks are made per partition', () => {
  const COLUMNS = 'id INT, ms BIGINT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts';
  const WINDOWS =
    "SELECT CAST(EXTRACT(EPOCH FROM window_start) AS BIGINT) AS s, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end";

  // The first partition, which is read first, is far ahead.
  const drifting = (i: number): { readonly id: number; readonly ms: number } => ({
    id: i,
    ms: i % 2 === 1 ? i * 500 : 1_000_000 + i * 500,
  });
  const COUNTED = [
    [0, 10],
    [10, 10],
    [1000, 10],
    [1010, 10],
  ];
  const sorted = (found: unknown[][]): unknown[][] => found.sort((a, b) => Number(a[0]) - Number(b[0]));
  const counts = (of: string): string =>
    `SELECT CAST(EXTRACT(EPOCH FROM TUMBLE_START(ts, INTERVAL '10' SECOND)) AS BIGINT) AS s, COUNT(*) AS n FROM ${of} GROUP BY TUMBLE(ts, INTERVAL '10' SECOND)`;

  test('a partition that is far ahead makes nothing of the others late', async () => {
    const name = await topic('drift', 2);
    await fill(
      name,
      Array.from({ length: 40 }, (_, i): [number, object] => [i % 2, drifting(i)]),
    );
    table('t', COLUMNS, { topic: name, ...END });
    expect(sorted(await rows(WINDOWS))).toEqual(COUNTED);
    // Also where a table is read once for two steps that want other columns of it.
    const twice = '(SELECT ts, id FROM t UNION ALL SELECT ts, CAST(ms AS INT) AS id FROM t)';
    expect(sorted(await rows(counts(twice)))).toEqual(COUNTED.map(([second, n]) => [second, 2 * Number(n)]));
  });

  test('of changes by key, too, with deletions that do not tell their time', async () => {
    const name = await topic('changing', 2);
    const key = (id: number): string => JSON.stringify({ id });
    const messages = Array.from({ length: 41 }, (_, i) => ({
      key: key(i),
      value: JSON.stringify(drifting(i)),
      partition: i % 2,
    }));
    await send(name, [...messages, { key: key(40), value: null, partition: 0 }], at()).done;
    table('t', `${COLUMNS}, PRIMARY KEY (id) NOT ENFORCED`, {
      connector: 'upsert-kafka',
      format: '',
      'scan.startup.mode': '',
      topic: name,
      'key.format': 'json',
      'value.format': 'json',
      ...END,
    });
    expect(sorted(await rows(counts('t')))).toEqual(COUNTED);
  });

  test('a partition that is silent holds nothing back after its time', async () => {
    const name = await topic('silent', 2);
    await fill(
      name,
      [0, 5, 12, 25].map((s) => [0, { id: s, ms: s * 1000 }]),
    );
    table('t', COLUMNS, { topic: name, 'scan.watermark.idle-timeout': '100 ms' });
    const found: unknown[] = [];
    let done = false;
    // With all of them silent nothing would come any more: one goes on speaking.
    const speaking = (async () => {
      while (!done) await fill(name, [[0, { id: 99, ms: 26_000 }]]);
    })();
    for await (const row of t.sqlQuery(WINDOWS).execute()) {
      found.push(Object.values(row as object));
      if (found.length === 2) break;
    }
    done = true;
    await speaking;
    expect(found).toEqual([
      [0, 2],
      [10, 1],
    ]);
  });

  test('tables of one group wait for each other', async () => {
    const [slow, fast] = [await topic('slow'), await topic('fast')];
    await fill(
      slow,
      [0, 1].map((s) => [0, { id: s, ms: s * 1000 }]),
    );
    await fill(
      fast,
      Array.from({ length: 50 }, (_, i): [number, object] => [0, { id: 100 + i, ms: i * 10_000 }]),
    );
    const together = { 'scan.watermark.alignment.group': 'g', 'scan.watermark.alignment.max-drift': '30 s' };
    table('slow', COLUMNS, { topic: slow, ...together });
    table('fast', COLUMNS, { topic: fast, ...together });
    const seen: number[] = [];
    let sent = false;
    for await (const row of t.sqlQuery('SELECT id FROM slow UNION ALL SELECT id FROM fast').execute()) {
      seen.push(Number((row as { id: number }).id));
      // As far as it may go: the slow one is at 1 s, and 40 s is the first that is more than 30 s ahead.
      if (!sent && seen.includes(104) && seen.includes(1)) {
        sent = true;
        await fill(slow, [[0, { id: 2, ms: 100_000 }]]);
      }
      if (seen.includes(105)) break;
    }
    expect(seen.indexOf(105)).toBeGreaterThan(seen.indexOf(2));
    expect(seen).toContain(2);
  });
});
