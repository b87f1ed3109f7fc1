import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { stopRunning } from '../../src/core/running.js';
import {
  type Cluster,
  cluster,
  compare,
  type Program,
  rowKindOf,
  scalarFunction,
  tableEnv,
  type,
} from '../../src/index.js';

const gateway = inject('gateway');
const kafka = inject('kafka');
const patient = { timeout: 60_000, interval: 100 };

/** `npm run test:long` reads the million, `npm test` enough to see that memory stays flat. */
const MANY = Number(process.env.STREAMBOOK_MANY_ROWS ?? 200_000);

const endless: Program = (t) => {
  t.executeSql("CREATE TABLE ticks (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '2000')");
  return t.sqlQuery('SELECT n FROM ticks');
};

const totals: Program = (t) => {
  const orders = t.fromRows(
    [
      { name: 'Ann', price: '10.50', big: 9007199254740993n, seen: new Date(1000) },
      { name: "O'Neil", price: '30.00', big: 1n, seen: null },
      { name: 'Ann', price: '-1.25', big: -9223372036854775808n, seen: new Date(-5) },
      { name: null, price: null, big: null, seen: new Date(0) },
    ],
    { schema: { name: type.string(), price: type.decimal(10, 2), big: type.bigint(), seen: type.timestampLtz(3) } },
  );
  return t.sql`SELECT name, SUM(price) AS total, MIN(CAST(big AS STRING)) AS big, MAX(seen) AS seen FROM ${orders} GROUP BY name`;
};

describe.skipIf(gateway === '')('results of a real Flink', () => {
  let flink: Cluster;
  const folder = mkdtempSync(join(tmpdir(), 'streambook-results-'));
  beforeAll(async () => {
    flink = await cluster(gateway);
  });
  beforeEach(allSlotsFree);
  afterAll(async () => {
    await flink?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  async function allSlotsFree(): Promise<void> {
    await vi.waitFor(async () => {
      const { slots, freeSlots } = await flink.overview();
      expect(freeSlots).toBe(slots);
    }, patient);
  }

  it('are the same typed changes', async () => {
    const seen = async (result: AsyncIterable<object>): Promise<string[]> => {
      const rows: string[] = [];
      for await (const row of result) rows.push(`${rowKindOf(row)} ${JSON.stringify(row)}`);
      return rows.sort();
    };
    const there = await seen(await flink.execute(totals));
    expect(there).toEqual(await seen(tableEnv().execute(totals)));
    expect(there.some((row) => row.startsWith('-U'))).toBe(true);
  });

  it('are compared with those of this process', async () => {
    const comparison = await compare(totals, { cluster: flink });
    expect(comparison.same).toBe(true);
    expect(comparison.rows).toHaveLength(3);
    expect(comparison.caption).toContain('the same on both engines');
  });

  it('are printed alike, and are arquero tables', async () => {
    const program: Program = (t) =>
      t.sqlQuery("SELECT * FROM (VALUES (1, 'a', 1.50), (2, 'b', 2.25)) AS v (id, name, price)");
    const print = async (result: { print(write: (text: string) => void): Promise<void> }): Promise<string[]> => {
      const lines: string[] = [];
      await result.print((text) => lines.push(text));
      return lines;
    };
    expect(await print(await flink.execute(program))).toEqual(await print(tableEnv().execute(program)));
    const frame = await (await flink.execute(program)).toArquero();
    expect(frame.objects()).toEqual((await tableEnv().execute(program).toArquero()).objects());
  });

  it('of the Table API are those of its plan', async () => {
    const program: Program = (t) =>
      t
        .fromRows([
          { name: 'Ann', price: 10 },
          { name: 'Bob', price: 30 },
          { name: 'Ann', price: 5 },
        ])
        .filter((o) => o.price.isGreater(1))
        .groupBy((o) => o.name)
        .select((o) => ({ name: o.name, total: o.price.sum().times(2), n: o.price.count() }));
    const rows = async (result: { rows(): Promise<object[]> }): Promise<string[]> =>
      (await result.rows()).map((row) => JSON.stringify(row)).sort();
    expect(await rows(await flink.execute(program))).toEqual(await rows(tableEnv().execute(program)));
  });

  it('show moments, whatever the time zone', async () => {
    const program: Program = (t) => {
      t.config.set('table.local-time-zone', 'Asia/Shanghai');
      return t.sqlQuery('SELECT TO_TIMESTAMP_LTZ(0, 3) AS seen, CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING) AS shown');
    };
    const there = await (await flink.execute(program)).collect();
    expect(JSON.stringify(there)).toBe(JSON.stringify(await tableEnv().execute(program).collect()));
    expect(String(there[0]?.shown)).toContain('08:00:00');
  });

  it('of more rows than fit anywhere come in order of pages, with flat memory', async () => {
    const result = await flink.execute((t) => {
      t.executeSql(`CREATE TABLE many (id BIGINT, name STRING, amount DOUBLE) WITH (
        'connector' = 'datagen', 'number-of-rows' = '${MANY}', 'rows-per-second' = '100000000', 'fields.name.length' = '10')`);
      return t.sqlQuery('SELECT CAST(id AS STRING) AS id, name, amount FROM many');
    });
    let count = 0;
    const least: number[] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for await (const row of result) {
      if (count % 1000 === 0) {
        const half = count < MANY / 2 ? 0 : 1;
        least[half] = Math.min(least[half] as number, process.memoryUsage().heapUsed);
      }
      if (typeof row.id !== 'string') throw new Error(`row ${count} has no id`);
      count++;
    }
    expect(count).toBe(MANY);
    expect((least[1] as number) - (least[0] as number)).toBeLessThan(100e6);
  });

  it('end when nobody wants more of them, and give their slot back', async () => {
    const result = await flink.execute(endless);
    let count = 0;
    for await (const _ of result) if (++count === 100) break;
    expect(count).toBe(100);
    await allSlotsFree();
    const [job] = await flink.jobs();
    expect(await job?.status()).toBe('CANCELED');
  });

  it('end with the kernel', async () => {
    const rows = (await flink.execute(endless))[Symbol.asyncIterator]();
    expect((await rows.next()).done).toBe(false);
    expect((await flink.overview()).running).toBe(1);
    expect(await stopRunning()).toContain('a query of the cluster');
    while ((await rows.next()).done !== true);
    await allSlotsFree();
  });

  it('are not asked for before they are read', async () => {
    const before = (await flink.jobs()).length;
    await flink.execute(endless);
    expect((await flink.jobs()).length).toBe(before);
  });

  it('of a job that fails are its error', async () => {
    const result = await flink.execute((t) => t.sqlQuery('SELECT 1 / (a - 1) AS x FROM (VALUES (1)) AS v (a)'));
    await expect(result.collect()).rejects.toMatchObject({
      code: 'flink-job-failed',
      exception: 'java.lang.ArithmeticException',
    });
    await allSlotsFree();
  });

  it('go to Kafka and to files, and come back', async () => {
    const tables = (t: Parameters<Program>[0]): void => {
      t.executeSql(`CREATE TABLE topic (name STRING, price DOUBLE) WITH ('connector' = 'kafka', 'topic' = 'cluster-orders',
        'properties.bootstrap.servers' = '${kafka}', 'scan.startup.mode' = 'earliest-offset',
        'scan.bounded.mode' = 'latest-offset', 'format' = 'json')`);
      t.executeSql(`CREATE TABLE file (name STRING, price DOUBLE) WITH ('connector' = 'filesystem',
        'path' = '${pathToFileURL(join(folder, 'orders')).href}', 'format' = 'json')`);
    };
    const write: Program = (t) => {
      tables(t);
      const orders = t.fromRows([
        { name: 'Ann', price: 10.5 },
        { name: 'Bob', price: 30.25 },
      ]);
      return t.createStatementSet().addInsert('topic', orders).addInsert('file', orders);
    };
    const inserted = await flink.execute(write);
    expect(inserted.remoteJob?.id).toMatch(/^[0-9a-f]{32}$/);
    await inserted.wait();
    const wanted = ['{"name":"Ann","price":10.5}', '{"name":"Bob","price":30.25}'];
    const read: Program = (t) => {
      tables(t);
      return t.sqlQuery('SELECT name, price FROM topic');
    };
    const texts = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
    expect(texts(await (await flink.execute(read)).collect())).toEqual(wanted);
    expect(texts(await tableEnv().execute(read).collect())).toEqual(wanted);
    const fromFile: Program = (t) => {
      tables(t);
      return t.from('file');
    };
    expect(texts(await (await flink.execute(fromFile)).collect())).toEqual(wanted);
  });

  it('can be asked for step by step in one session', async () => {
    const t = flink.tableEnv();
    t.executeSql('CREATE VIEW v AS SELECT * FROM (VALUES (1), (2)) AS x (a)');
    expect(await t.sqlQuery('SELECT SUM(a) AS s FROM v').execute().rows()).toEqual([{ s: 3 }]);
    t.executeSql('DROP VIEW v');
    t.executeSql('CREATE VIEW v AS SELECT * FROM (VALUES (5)) AS x (a)');
    expect(await t.from('v').execute().rows()).toEqual([{ a: 5 }]);
  });

  describe('that cannot be had are named before anything is sent', () => {
    const refused: readonly (readonly [string, Program, RegExp])[] = [
      [
        'a function that uses what a cluster has not',
        (t) => {
          const now = scalarFunction({ accepts: [], returns: type.double() }, () => performance.now());
          t.createTemporarySystemFunction('since', now);
          return t.sqlQuery('SELECT since() AS x');
        },
        /since cannot run on a cluster: `performance` is of Node/,
      ],
      [
        'a collection that is too large',
        (t) => t.fromRows(Array.from({ length: 1001 }, (_, id) => ({ id }))),
        /has 1001 rows: at most 1000/,
      ],
      [
        'rows with a watermark',
        (t) =>
          t.fromRows([{ ts: 1 }], {
            computed: { seen: 'TO_TIMESTAMP_LTZ(ts, 3)' },
            watermark: { seen: "seen - INTERVAL '1' SECOND" },
          }),
        /a watermark over rows that are only in this process/,
      ],
      [
        'a map with other keys',
        (t) => t.sqlQuery("SELECT MAP[1, 'a'] AS m"),
        /the gateway can only write those with keys/,
      ],
    ];
    it.each(refused)('%s', async (_, program, message) => {
      const before = (await flink.jobs()).length;
      await expect(flink.execute(program)).rejects.toThrow(message);
      await expect(flink.execute(program)).rejects.toMatchObject({ code: 'not-on-cluster', hint: expect.any(String) });
      expect((await flink.jobs()).length).toBe(before);
    });
  });
});
