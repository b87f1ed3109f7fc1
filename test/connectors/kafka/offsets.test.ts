import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds, send, streamEnv, topics } from '../../../src/index.js';
import { openGroupOffsets } from '../../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker } from '../../kafka/support/broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await testBroker();
});
afterAll(() => broker.stop());

/** A topic with so many messages in each partition: `0.0`, `0.1`, ... */
async function topicWith(...counts: number[]): Promise<string> {
  const topic = fresh('offsets');
  const { brokers } = broker;
  await topics.create(topic, { partitions: counts.length, brokers });
  for (const [partition, count] of counts.entries()) {
    const messages = Array.from({ length: count }, (_, i) => ({ partition, value: `${partition}.${i}` }));
    if (count > 0) await send(topic, messages, { brokers, show: false });
  }
  return topic;
}

/** What the group has committed, by partition. */
async function committed(groupId: string, topic: string, partitions: number): Promise<Record<number, number>> {
  const group = await openGroupOffsets(groupId, [topic], { brokers: broker.brokers });
  try {
    const all = await group.committed(Array.from({ length: partitions }, (_, partition) => ({ topic, partition })));
    return Object.fromEntries(all.filter(({ offset }) => offset >= 0).map((one) => [one.partition, one.offset]));
  } finally {
    group.close();
  }
}

async function commit(groupId: string, topic: string, offsets: Record<number, number>): Promise<void> {
  const group = await openGroupOffsets(groupId, [topic], { brokers: broker.brokers });
  await group.commit(Object.entries(offsets).map(([p, offset]) => ({ topic, partition: Number(p), offset })));
  group.close();
}

// Each as Flink 1.20.3 has it over a real Kafka.
describe('offsets of a Kafka source', () => {
  it('begin elsewhere where what the group has committed is not in the log', async () => {
    const topic = await topicWith(2, 2);
    const groupId = fresh('group');
    await commit(groupId, topic, { 0: 1, 1: 99 });
    const read = (otherwise: 'earliest' | 'latest' | 'fail') =>
      streamEnv()
        .fromKafka(topic, { from: 'committed', otherwise, groupId, until: 'end', brokers: broker.brokers })
        .map((message) => message.text)
        .executeAndCollect();
    expect((await read('earliest')).sort()).toEqual(['0.1', '1.0', '1.1']);
    expect(await read('latest')).toEqual(['0.1']);
    await expect(read('fail')).rejects.toThrow(/has committed nothing that is there[\s\S]*partition 1/);
  });

  it.each([
    ['earliest', { 0: 2 }],
    ['latest', { 0: 2, 1: 0 }],
    [{ offsets: { 0: 1, 1: 0 } }, { 0: 2, 1: 0 }],
  ] as const)('are committed of partitions begun at an offset, or read: from %j', async (from, expected) => {
    const topic = await topicWith(2, 0);
    const groupId = fresh('group');
    await streamEnv()
      .enableCheckpointing(seconds(60))
      .fromKafka(topic, { from, groupId, until: 'end', brokers: broker.brokers })
      .map((message) => message.text)
      .executeAndCollect();
    expect(await committed(groupId, topic, 2)).toEqual(expected);
  });

  it('may lie behind the beginning of an open transaction', async () => {
    const topic = await topicWith(1);
    const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ transactionalId: fresh('open'), maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'open' }, { value: 'open' }] });
    const read = (offset: number) =>
      streamEnv()
        .fromKafka(topic, { from: { offsets: { 0: offset } }, until: 'end', brokers: broker.brokers })
        .executeAndCollect();
    expect(await read(2)).toEqual([]);
    await expect(read(4)).rejects.toThrow(/offset 4 is not in the log/);
    await transaction.abort();
    await producer.disconnect();
  });
});
