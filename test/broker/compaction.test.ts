import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { DiskStorage } from '../../src/broker/storage/disk.js';
import { codecOf, registerCodec } from '../../src/wire/compression/index.js';
import { encodeBatch } from '../../src/wire/encode-batch.js';
import { RecordBatchError } from '../../src/wire/errors.js';
import { compressions, RecordBatch } from '../../src/wire/record-batch.js';
import { RawClient } from './support/client.js';
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
  // Replaced files go when the broker stops. On a busy machine it may not have come to compact all before.
  await until(async () => {
    await broker!.stop();
    const bytes = size();
    broker = await startBroker(small);
    return bytes < 30_000;
  }, 'the topics small');
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

/** A frame of the zstd format whose blocks are stored as they are: this can be written on every Node. */
function storedZstd(data: Uint8Array): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(data.length, 5);
  const parts: Uint8Array[] = [header];
  for (let at = 0; at === 0 || at < data.length; at += 100_000) {
    const block = data.subarray(at, at + 100_000);
    const last = at + 100_000 >= data.length ? 1 : 0;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE(block.length * 8 + last, 0, 3);
    parts.push(blockHeader, block);
  }
  return Buffer.concat(parts);
}

it('leaves what every client can read where zstd can be read and not written, as on Node before 22.15', async () => {
  broker = await startBroker({ port: 0, data: tempFolder(), housekeepingMs: 20 });
  await broker.createTopic('table', {
    configs: { 'cleanup.policy': 'compact', 'segment.bytes': 2_000, 'min.cleanable.dirty.ratio': 0.01 },
  });
  const zstd = codecOf(compressions.indexOf('zstd'));
  const client = await RawClient.connect(broker.address);
  try {
    registerCodec('zstd', { compress: storedZstd, decompress: zstd.decompress });
    const model = new Map<string, string>();
    const batches = Array.from({ length: 120 }, (_, i) => {
      // Of each batch something stays, and something goes.
      const records = Array.from({ length: 20 }, (_, n) => ({
        key: n === 7 ? `own ${i}` : `k${n}`,
        value: `${i} ${n}`,
      }));
      for (const { key, value } of records) model.set(key, value);
      // The active segment is not compacted.
      return encodeBatch({ compression: i < 60 ? 'zstd' : 'none', records });
    });
    registerCodec('zstd', {
      compress: () => {
        throw new RecordBatchError('codec', 'UNSUPPORTED_COMPRESSION_TYPE', 'this Node cannot write zstd');
      },
      decompress: zstd.decompress,
    });
    for (const records of batches) {
      const topicData = [{ name: 'table', partitionData: [{ index: 0, records }] }];
      const { responses } = await client.request('Produce', 7, { acks: -1, timeoutMs: 1000, topicData });
      expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(0);
    }
    const compressed = async (): Promise<Set<string | undefined>> => {
      const found = new Set<string | undefined>();
      for (let fetchOffset = 0; fetchOffset < 2400; ) {
        const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1 }];
        const body = {
          maxWaitMs: 0,
          minBytes: 0,
          maxBytes: 1,
          isolationLevel: 0,
          topics: [{ topic: 'table', partitions }],
        };
        const batch = new RecordBatch((await client.request('Fetch', 4, body)).responses[0]!.partitions[0]!.records!);
        found.add(batch.compression);
        fetchOffset = batch.nextOffset;
      }
      return found;
    };
    await until(async () => !(await compressed()).has('zstd'), 'all rewritten');
    expect(await compressed()).toEqual(new Set(['gzip', 'none']));
    // kafkajs knows no compression but gzip.
    const { values } = await readToEnd('table', 2399);
    expect([...values].sort()).toEqual([...model].sort());
  } finally {
    registerCodec('zstd', zstd);
    await client.close();
  }
});
