import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { type TableEnvironment, tableEnv } from '../../src/index.js';

let broker: Broker;
let t: TableEnvironment;
beforeAll(async () => {
  broker = await startBroker({ port: 0, data: 'memory' });
});
afterAll(() => broker.stop());

const table = (name: string, columns: string, more: string): void => {
  t.executeSql(
    `CREATE TABLE ${name} (${columns}) WITH (${more}, 'properties.bootstrap.servers' = '${broker.address}', 'scan.bounded.mode' = 'latest-offset')`,
  );
};

describe('SQL over Kafka', () => {
  test('into a topic, out of it with its metadata, windows by its time', async () => {
    t = tableEnv();
    const options = `'connector' = 'kafka', 'topic' = 'orders', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset'`;
    table('orders', "name STRING, price INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'", options);
    // Of this hour: a broker deletes what is older than its retention.
    const minute = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
    const at = (ms: number): string => `TO_TIMESTAMP_LTZ(${minute + ms}, 3)`;
    const rows = `('Ann', 10, ${at(1000)}), ('Bob', 30, ${at(2000)}), ('Ann', 5, ${at(61_000)})`;
    await t.executeSql(`INSERT INTO orders VALUES ${rows}`).wait();
    const columns =
      "name STRING, price INT, o BIGINT METADATA FROM 'offset' VIRTUAL, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', WATERMARK FOR ts AS ts";
    table('again', columns, options);
    expect((await t.executeSql('SELECT o, name FROM again').collect()).map(({ o, name }) => [o, name])).toEqual([
      [0, 'Ann'],
      [1, 'Bob'],
      [2, 'Ann'],
    ]);
    const windows = await t
      .executeSql(
        "SELECT window_start, SUM(price) AS s FROM TABLE(TUMBLE(TABLE again, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
      )
      .collect();
    expect(windows.map(({ s }) => s)).toEqual([40, 5]);
  });

  test('a changing result into upsert-kafka, the newest rows out of it', async () => {
    const options = "'connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json'";
    table('totals', 'name STRING, total INT, PRIMARY KEY (name) NOT ENFORCED', options);
    await t.executeSql('INSERT INTO totals SELECT name, SUM(price) FROM again GROUP BY name').wait();
    const rows = await t.executeSql('SELECT name, total FROM totals').rows();
    expect(rows.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1))).toEqual([
      { name: 'Ann', total: 15 },
      { name: 'Bob', total: 30 },
    ]);
    expect(await t.executeSql('SELECT SUM(total) AS s FROM totals').rows()).toEqual([{ s: 45 }]);
  });

  test('what is wrong is said with topic, partition and offset', async () => {
    t = tableEnv();
    const options =
      "'connector' = 'kafka', 'topic' = 'orders', 'format' = 'csv', 'scan.startup.mode' = 'earliest-offset'";
    table('wrong', 'n INT', options);
    await expect(t.executeSql('SELECT n FROM wrong').collect()).rejects.toThrow(
      'topic `orders`, partition 0, offset 0',
    );
  });
});
