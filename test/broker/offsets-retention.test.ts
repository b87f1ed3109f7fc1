import { Kafka, logLevel } from 'kafkajs';
import { afterEach, expect, it, vi } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { until } from './support/temp.js';

let broker: Broker;
let later = 0;
const realNow = Date.now;

afterEach(async () => {
  vi.restoreAllMocks();
  await broker.stop();
});

it('forgets the offsets of groups without members after offsets.retention.minutes, and no others', async () => {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + later);
  broker = await startBroker({ port: 0, offsetsRetentionMinutes: 60, housekeepingMs: 10 });
  await broker.createTopic('t');
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const offsetOf = async (groupId: string) =>
    (await admin.fetchOffsets({ groupId, topics: ['t'] }))[0]!.partitions[0]!.offset;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 4, name: '1', configNames: ['offsets.retention.minutes'] }],
  });
  expect(resources[0]!.configEntries.map(({ configValue }) => configValue)).toEqual(['60']);

  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 't', messages: [{ value: 'a' }] });
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: 'alive', heartbeatInterval: 50, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => {} });
  await until(async () => (await offsetOf('alive')) === '1');
  const partitions = [{ partition: 0, offset: '1' }];
  await admin.setOffsets({ groupId: 'old', topic: 't', partitions });
  later = 61 * 60_000;
  await until(async () => (await offsetOf('old')) === '-1', 'the old offset forgotten');
  await admin.setOffsets({ groupId: 'new', topic: 't', partitions });
  later += 59 * 60_000;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([await offsetOf('alive'), await offsetOf('new')]).toEqual(['1', '1']);
  // It is looked for every ten minutes.
  later += 11 * 60_000;
  await until(async () => (await offsetOf('new')) === '-1', 'the newer offset forgotten');
  expect(await offsetOf('alive')).toBe('1');
  await consumer.disconnect();
  await admin.disconnect();
});
