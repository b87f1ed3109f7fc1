import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { RowKind, rowClassOf, rowKind } from '../../../src/core/rows/index.js';
import { streamEnv } from '../../../src/index.js';
import { receive, send, topics } from '../../../src/kafka/index.js';
import type { TableConnector, TableDescription } from '../../../src/table/connectors/contract.js';
import { kafkaConnector, upsertKafkaConnector } from '../../../src/table/connectors/kafka/index.js';
import { planSchema } from '../../../src/table/plan/field.js';
import { described } from './describe.js';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ port: 0, data: 'memory' });
});
afterAll(() => broker.stop());

const bounded = (more: Record<string, string>): Record<string, string> => ({
  'properties.bootstrap.servers': broker.address,
  'scan.bounded.mode': 'latest-offset',
  ...more,
});

async function rowsOf(connector: TableConnector, table: TableDescription, names?: readonly string[]) {
  const columns = table.fields.filter(({ name }) => names === undefined || names.includes(name));
  const stream = connector.source?.(table).stream(streamEnv(), columns);
  return ((await stream?.executeAndCollect()) ?? []).map((row) => [row[rowKind], { ...row }]);
}

async function write(connector: TableConnector, table: TableDescription, rows: readonly (readonly unknown[])[]) {
  const RowOf = rowClassOf(planSchema(table.fields));
  const env = streamEnv();
  const made = rows.map(([kind, ...values]) => {
    const row = RowOf.of(values);
    row[rowKind] = kind as RowKind;
    return row;
  });
  connector.sink?.(table).write(env.fromCollection(made));
  await env.execute();
}

describe('kafka', () => {
  test('values and metadata of messages are columns', async () => {
    await topics.create('orders', { partitions: 1, brokers: broker.address } as never);
    // Of now: a broker deletes what is older than its retention.
    const timestamp = Date.now();
    await send('orders', [{ value: '{"id":1,"name":"Ann"}', timestamp, headers: { h: 'x' } }], {
      brokers: broker.address,
    });
    const table = described(
      '(id INT, name STRING, ts TIMESTAMP_LTZ(3), p INT, o BIGINT, h MAP<STRING, BYTES>)',
      bounded({ topic: 'orders', format: 'json', 'scan.startup.mode': 'earliest-offset' }),
      {
        metadata: [
          { index: 2, key: 'timestamp' },
          { index: 3, key: 'partition' },
          { index: 4, key: 'offset' },
          { index: 5, key: 'headers' },
        ],
      },
    );
    expect(await rowsOf(kafkaConnector, table)).toEqual([
      [RowKind.INSERT, { id: 1, name: 'Ann', ts: timestamp, p: 0, o: 0, h: new Map([['h', Buffer.from('x')]]) }],
    ]);
    expect(await rowsOf(kafkaConnector, table, ['name'])).toEqual([[RowKind.INSERT, { name: 'Ann' }]]);
  });

  test('what was written with a key is read again', async () => {
    const options = {
      topic: 'keyed',
      'key.format': 'raw',
      'key.fields': 'name',
      'value.format': 'csv',
      'value.fields-include': 'EXCEPT_KEY',
      'scan.startup.mode': 'earliest-offset',
    };
    const table = described('(name STRING, n INT)', bounded(options));
    await write(kafkaConnector, table, [
      [0, 'Ann', 1],
      [0, 'Bob', 2],
    ]);
    const messages = [];
    for await (const message of receive('keyed', { brokers: broker.address, until: 'end' })) {
      messages.push([message.key, message.value]);
    }
    expect(messages).toEqual([
      ['Ann', '1'],
      ['Bob', '2'],
    ]);
    expect((await rowsOf(kafkaConnector, table)).map(([, row]) => row)).toEqual([
      { name: 'Ann', n: 1 },
      { name: 'Bob', n: 2 },
    ]);
  });

  test.each([
    [{ format: 'json' }, "Either 'topic' or 'topic-pattern' must be set"],
    [{ topic: 't' }, "needs a 'format'"],
    [{ topic: 't', format: 'avro' }, 'there are: csv, json, raw'],
    [{ topic: 't', format: 'json', 'key.fields': 'id' }, "if a key format is defined using 'key.format'"],
    [{ topic: 't', format: 'json', 'scan.startup.mode': 'newest' }, 'one of group-offsets'],
    [
      { topic: 't', format: 'json', 'scan.startup.mode': 'specific-offsets', 'scan.startup.specific-offsets': '0:1' },
      "should follow the format 'partition:0,offset:42;partition:1,offset:300', but is '0:1'",
    ],
    [{ topic: 't', format: 'json', 'json.ignore-errors': 'true' }, "Unsupported options found for 'kafka'"],
  ])('%s is refused', (options, message) => {
    expect(() => kafkaConnector.source?.(described('(id INT)', options as Record<string, string>))).toThrow(message);
  });
});

describe('upsert-kafka', () => {
  test('the newest row of a key, and deletions', async () => {
    const table = described(
      '(name STRING NOT NULL, n INT)',
      bounded({ topic: 'counts', 'key.format': 'json', 'value.format': 'json' }),
      { primaryKey: [0] },
    );
    await write(upsertKafkaConnector, table, [
      [RowKind.INSERT, 'Ann', 1],
      [RowKind.UPDATE_AFTER, 'Ann', 2],
      [RowKind.DELETE, 'Ann', 2],
    ]);
    expect(await rowsOf(upsertKafkaConnector, table)).toEqual([
      [RowKind.UPDATE_AFTER, { name: 'Ann', n: 1 }],
      [RowKind.UPDATE_AFTER, { name: 'Ann', n: 2 }],
      [RowKind.DELETE, { name: 'Ann', n: null }],
    ]);
  });

  test('without a key it is refused', () => {
    const table = described('(n INT)', { topic: 't', 'key.format': 'json', 'value.format': 'json' });
    expect(() => upsertKafkaConnector.source?.(table)).toThrow('needs a PRIMARY KEY');
  });
});
