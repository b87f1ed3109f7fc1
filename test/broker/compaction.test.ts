import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { DiskStorage } from '../../src/broker/storage/disk.js';
import { tempFolder, until } from './support/temp.js';

const open: (Producer | Consumer)[] = [];
let broker: Broker | undefined;

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.disconnect()));
  await broker?.stop();
});

function kafka(): Kafka {
  return new Kafka({ brokers: [broker!.address], logLevel: logLevel.NOTHING });
}

async function producer(): Promise<Producer> {
  const made = kafka().producer({ idempotent: true, maxInFlightRequests: 1 });
  open.push(made);
  await made.connect();
  return made;
}

/** Key -> value at the end, and how many records there were on the way. */
async function readToEnd(topic: string, end: number): Promise<{ values: Map<string, string>; records: number }> {
  const consumer = kafka().consumer({ groupId: `g${open.length}`, maxWaitTimeInMs: 20 });
  open.push(consumer);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values = new Map<string, string>();
  let records = 0;
  let last = -1;
  await consumer.run({
    eachMessage: async ({ message }) => {
      records++;
      last = Number(message.offset);
      if (message.value === null) values.delete(String(message.key));
      else values.set(String(message.key), String(message.value));
    },
  });
  await until(() => last >= end);
  return { values, records };
}

it('compacts while clients write, and kafkajs reads what is left', async () => {
  broker = await startBroker({ port: 0, data: tempFolder(), housekeepingMs: 20 });
  await broker.createTopic('table', {
    configs: { 'cleanup.policy': 'compact', 'segment.bytes': 20_000, 'min.cleanable.dirty.ratio': 0.01 },
  });
  const p = await producer();
  const model = new Map<string, string>();
  let end = -1;
  const admin = kafka().admin();
  await admin.connect();
  for (let i = 0; i < 200; i++) {
    const messages = Array.from({ length: 50 }, (_, n) => {
      const key = `k${(i * 50 + n) % 37}`;
      const value = n % 11 === 0 ? null : `${i}.${n}`;
      if (value === null) model.delete(key);
      else model.set(key, value);
      return { key, value };
    });
    const [sent] = await p.send({ topic: 'table', messages });
    end = Number(sent!.baseOffset) + 49;
  }
  await until(async () => (await readToEnd('table', end)).records < 1500);
  const { values } = await readToEnd('table', end);
  expect([...values].sort()).toEqual([...model].sort());
  await admin.disconnect();
});

it('keeps the topics of groups and transactions small, and groups and transactions through restarts', async () => {
  const data = tempFolder();
  const small = { port: 0, data, housekeepingMs: 20 };
  broker = await startBroker(small);
  await broker.createTopic('t');
  const admin = kafka().admin();
  await admin.connect();
  const transactional = kafka().producer({ transactionalId: 'tx', idempotent: true, maxInFlightRequests: 1 });
  open.push(transactional);
  await transactional.connect();
  const commit = async (offset: number): Promise<void> => {
    const tx = await transactional.transaction();
    const topics = [{ topic: 't', partitions: [{ partition: 0, offset: String(offset) }] }];
    await tx.sendOffsets({ consumerGroupId: 'g', topics });
    await (offset % 3 === 0 ? tx.abort() : tx.commit());
  };
  await commit(1);
  for (const name of ['__consumer_offsets', '__transaction_state']) {
    const configEntries = [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'segment.bytes', value: '5000' },
      { name: 'min.cleanable.dirty.ratio', value: '0.01' },
      { name: 'delete.retention.ms', value: '0' },
    ];
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name, configEntries }] });
  }
  for (let offset = 2; offset <= 200; offset++) await commit(offset);
  const size = (): number => {
    const storage = new DiskStorage(data);
    let bytes = 0;
    for (const name of ['__consumer_offsets-0', '__transaction_state-0']) {
      for (const entry of storage.list(`logs/${name}`)) {
        if (entry.name.endsWith('.log')) bytes += storage.file(`logs/${name}/${entry.name}`).size;
      }
    }
    return bytes;
  };
  await admin.disconnect();
  await Promise.all(open.splice(0).map((client) => client.disconnect()));
  // Replaced files go when the broker stops.
  await broker.stop();
  expect(size()).toBeLessThan(30_000);
  broker = await startBroker(small);
  const again = kafka().admin();
  await again.connect();
  const [offsets] = await again.fetchOffsets({ groupId: 'g', topics: ['t'] });
  expect(offsets!.partitions[0]!.offset).toBe('200');
  await again.disconnect();
  const next = kafka().producer({ transactionalId: 'tx', idempotent: true, maxInFlightRequests: 1 });
  open.push(next);
  await next.connect();
  const tx = await next.transaction();
  await tx.send({ topic: 't', messages: [{ value: 'still there' }] });
  await tx.commit();
});
