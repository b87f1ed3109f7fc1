import { type Consumer, type EachMessagePayload, Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Broker, type BrokerOptions, startBroker } from '../../src/broker/index.js';
import { encodeBatch } from '../../src/wire/encode-batch.js';
import { RawClient } from './support/client.js';
import { tempFolder, until } from './support/temp.js';

const brokers: Broker[] = [];
const consumers: Consumer[] = [];

afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.disconnect()));
  await Promise.all(brokers.splice(0).map((broker) => broker.stop()));
});

async function start(options: BrokerOptions = {}): Promise<Broker> {
  const broker = await startBroker({ port: 0, ...options });
  brokers.push(broker);
  return broker;
}

function client(broker: Broker): Kafka {
  return new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 3 } });
}

async function send(kafka: Kafka, topic: string, messages: { key?: string; value: string; partition?: number }[]) {
  const producer = kafka.producer({
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  await producer.connect();
  const result = await producer.send({ topic, messages });
  await producer.disconnect();
  return result;
}

type Seen = { partition: number; offset: number; value: string };

async function consume(
  kafka: Kafka,
  groupId: string,
  topic: string,
  options: { fromBeginning?: boolean; onMessage?: (payload: EachMessagePayload) => void } = {},
): Promise<{ consumer: Consumer; seen: Seen[] }> {
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 100, rebalanceTimeout: 5000, maxWaitTimeInMs: 100 });
  consumers.push(consumer);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: options.fromBeginning ?? true });
  const seen: Seen[] = [];
  await consumer.run({
    eachMessage: async (payload) => {
      const { partition, message } = payload;
      seen.push({ partition, offset: Number(message.offset), value: String(message.value) });
      options.onMessage?.(payload);
    },
  });
  return { consumer, seen };
}

describe('a broker', () => {
  it('takes what kafkajs sends and gives it back with key, headers and time', async () => {
    const broker = await start();
    const kafka = client(broker);
    const producer = kafka.producer();
    await producer.connect();
    const sent = { key: 'k', value: 'v', headers: { h: 'x' }, timestamp: '1700000000000' };
    const [metadata] = await producer.send({ topic: 'novel', messages: [sent, { value: null }] });
    expect(metadata).toMatchObject({ topicName: 'novel', partition: 0, errorCode: 0, baseOffset: '0' });
    await producer.disconnect();
    const messages: EachMessagePayload['message'][] = [];
    await consume(kafka, 'g', 'novel', { onMessage: ({ message }) => messages.push(message) });
    await until(() => messages.length === 2);
    expect(String(messages[0]!.key)).toBe('k');
    expect(String(messages[0]!.headers!.h)).toBe('x');
    expect(messages[0]!.timestamp).toBe('1700000000000');
    expect(messages[1]!.value).toBeNull();
  });

  it('keeps topics, records, configurations and committed offsets over a restart', async () => {
    const data = tempFolder();
    const first = await start({ data });
    const kafka = client(first);
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = [{ name: 'retention.ms', value: '123456789' }];
    await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 3, configEntries }] });
    await admin.disconnect();
    await send(kafka, 'kept', [
      { value: 'a', partition: 1 },
      { value: 'b', partition: 1 },
    ]);
    const { consumer, seen } = await consume(kafka, 'readers', 'kept');
    await until(() => seen.length === 2);
    await consumer.commitOffsets([{ topic: 'kept', partition: 1, offset: '1' }]);
    await consumer.disconnect();
    await first.stop();

    const second = await start({ data });
    expect(second.clusterId).toBe(first.clusterId);
    const again = client(second);
    const adminAgain = again.admin();
    await adminAgain.connect();
    expect((await adminAgain.fetchTopicMetadata({ topics: ['kept'] })).topics[0]!.partitions).toHaveLength(3);
    const offsets = await adminAgain.fetchOffsets({ groupId: 'readers', topics: ['kept'] });
    expect(offsets[0]!.partitions.find(({ partition }) => partition === 1)!.offset).toBe('1');
    const resources = [{ type: 2, name: 'kept', configNames: ['retention.ms'] }];
    const { resources: described } = await adminAgain.describeConfigs({ resources, includeSynonyms: false });
    expect(described[0]!.configEntries[0]).toMatchObject({
      configName: 'retention.ms',
      configValue: '123456789',
      configSource: 1,
    });
    await adminAgain.disconnect();
    const { seen: resumed } = await consume(again, 'readers', 'kept');
    await until(() => resumed.length === 1);
    expect(resumed).toEqual([{ partition: 1, offset: 1, value: 'b' }]);
  });

  it('shares partitions among the members of a group, and again when one leaves', async () => {
    const broker = await start();
    await broker.createTopic('shared', { partitions: 4 });
    const kafka = client(broker);
    const one = await consume(kafka, 'pair', 'shared');
    const two = await consume(kafka, 'pair', 'shared');
    const admin = kafka.admin();
    await admin.connect();
    const members = async () => (await admin.describeGroups(['pair'])).groups[0]!;
    await until(async () => (await members()).state === 'Stable' && (await members()).members.length === 2);
    await send(
      kafka,
      'shared',
      [0, 1, 2, 3].map((partition) => ({ value: `p${partition}`, partition })),
    );
    await until(() => one.seen.length + two.seen.length === 4);
    expect(one.seen.length).toBe(2);
    expect(two.seen.length).toBe(2);
    await two.consumer.disconnect();
    await until(async () => (await members()).state === 'Stable' && (await members()).members.length === 1);
    await send(
      kafka,
      'shared',
      [0, 1, 2, 3].map((partition) => ({ value: `q${partition}`, partition })),
    );
    await until(() => one.seen.filter(({ value }) => value.startsWith('q')).length === 4);
    await admin.disconnect();
  });

  it('answers the admin calls of kafkajs', async () => {
    const broker = await start();
    const kafka = client(broker);
    const admin = kafka.admin();
    await admin.connect();
    expect(await admin.createTopics({ topics: [{ topic: 'a', numPartitions: 2 }] })).toBe(true);
    expect(await admin.createTopics({ topics: [{ topic: 'a' }] })).toBe(false);
    const invalid = (topic: object) => admin.createTopics({ topics: [{ topic: 'b', ...topic }] });
    await expect(invalid({ replicationFactor: 3 })).rejects.toThrow();
    await expect(invalid({ topic: 'no spaces' })).rejects.toThrow();
    await expect(invalid({ configEntries: [{ name: 'retention.ms', value: 'long' }] })).rejects.toThrow();
    await expect(invalid({ configEntries: [{ name: 'retention.years', value: '1' }] })).rejects.toThrow();
    expect(await admin.createTopics({ topics: [{ topic: 'c' }], validateOnly: true, waitForLeaders: false })).toBe(
      true,
    );
    expect(await admin.listTopics()).toEqual(['a']);
    await admin.createPartitions({ topicPartitions: [{ topic: 'a', count: 3 }] });
    await send(kafka, 'a', [{ value: '1' }, { value: '2' }, { value: '3' }]);
    await admin.deleteTopicRecords({ topic: 'a', partitions: [{ partition: 0, offset: '2' }] });
    expect((await admin.fetchTopicOffsets('a')).sort((x, y) => x.partition - y.partition)).toEqual([
      { partition: 0, offset: '3', high: '3', low: '2' },
      { partition: 1, offset: '0', high: '0', low: '0' },
      { partition: 2, offset: '0', high: '0', low: '0' },
    ]);
    const altered = [{ type: 2, name: 'a', configEntries: [{ name: 'retention.ms', value: '5000' }] }];
    await admin.alterConfigs({ validateOnly: false, resources: altered });
    const { brokers: nodes, clusterId } = await admin.describeCluster();
    expect(nodes).toEqual([{ nodeId: 1, host: '127.0.0.1', port: broker.port }]);
    expect(clusterId).toBe(broker.clusterId);
    const { consumer, seen } = await consume(kafka, 'g', 'a');
    await until(() => seen.length === 1);
    await expect(admin.deleteGroups(['g'])).rejects.toThrow();
    await consumer.disconnect();
    await admin.deleteGroups(['g']);
    expect((await admin.listGroups()).groups).toEqual([]);
    await admin.deleteTopics({ topics: ['a'] });
    expect(await admin.listTopics()).not.toContain('a');
    await admin.disconnect();
  });

  it('does not make the next member wait for one whose connection dropped', async () => {
    const broker = await start();
    await send(client(broker), 'left', [{ value: 'x' }]);
    const { spawn } = await import('node:child_process');
    // A consumer in a process of its own, with a session timeout of 30 s, killed as a kernel is.
    const script = `
      const { Kafka } = require('kafkajs');
      const consumer = new Kafka({ brokers: [process.argv[1]], logLevel: 0 }).consumer({ groupId: 'g', sessionTimeout: 30000 });
      consumer.connect().then(() => consumer.subscribe({ topic: 'left', fromBeginning: true }))
        .then(() => consumer.run({ eachMessage: () => new Promise(() => console.log('got it')) }));`;
    const child = spawn(process.execPath, ['-e', script, broker.address], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    const { seen } = await consume(client(broker), 'g', 'left');
    // It never came to commit: the message comes again, long before the session could have timed out.
    await until(() => seen.length === 1, 'the message', 10_000);
  });

  it('refuses sequences that do not follow and answers repeated ones once', async () => {
    const broker = await start();
    const kafka = client(broker);
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let i = 0; i < 10; i++) await producer.send({ topic: 'once', acks: -1, messages: [{ value: `${i}` }] });
    await producer.disconnect();
    const { seen } = await consume(kafka, 'g', 'once');
    await until(() => seen.length === 10);
    expect(seen.map(({ value }) => value)).toEqual([...Array(10).keys()].map(String));
  });

  it('waits with an empty fetch until something comes', async () => {
    const broker = await start();
    const kafka = client(broker);
    await broker.createTopic('slow');
    const { seen } = await consume(kafka, 'g', 'slow');
    await send(kafka, 'slow', [{ value: 'at last' }]);
    await until(() => seen.length === 1);
  });

  it('deletes by retention what a topic gives up', async () => {
    const broker = await start({ housekeepingMs: 10, data: tempFolder() });
    await broker.createTopic('short', { configs: { 'retention.ms': 100 } });
    const kafka = client(broker);
    await send(kafka, 'short', [{ value: 'gone soon' }]);
    const admin = kafka.admin();
    await admin.connect();
    await until(async () => (await admin.fetchTopicOffsets('short'))[0]!.low === '1');
    await admin.disconnect();
  });

  it('finishes what it has taken when it is stopped in the middle, and can be stopped twice', async () => {
    const data = tempFolder();
    const broker = await start({ data });
    await broker.createTopic('busy');
    const raw = await RawClient.connect(broker.address);
    const acknowledged: number[] = [];
    const sends = Array.from({ length: 200 }, (_, i) => {
      const records = encodeBatch({ records: [{ value: `${i}`, timestamp: Date.now() }] });
      const topicData = [{ name: 'busy', partitionData: [{ index: 0, records }] }];
      return raw.request('Produce', 7, { acks: -1, timeoutMs: 1000, topicData }).then(
        ({ responses }) => {
          const [answer] = responses[0]!.partitionResponses;
          if (answer!.errorCode === 0) acknowledged.push(answer!.baseOffset);
        },
        () => {},
      );
    });
    await sends[0];
    await Promise.all([broker.stop(), broker.stop()]);
    await Promise.all(sends);
    expect(acknowledged.length).toBeGreaterThan(0);
    const again = await start({ data });
    const next = await RawClient.connect(again.address);
    const topics = [{ name: 'busy', partitions: [{ partitionIndex: 0, timestamp: -1 }] }];
    const ends = await next.request('ListOffsets', 1, { replicaId: -1, topics });
    expect(ends.topics[0]!.partitions[0]!.offset).toBeGreaterThan(Math.max(...acknowledged));
    await next.close();
  });
});
