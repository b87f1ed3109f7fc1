import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type Broker, type BrokerOptions, startBroker } from '../../src/broker/index.js';
import { encodeBatch } from '../../src/wire/encode-batch.js';
import { encodeRequest } from '../../src/wire/frames.js';
import { RecordBatch } from '../../src/wire/record-batch.js';
import { RawClient } from './support/client.js';
import { until } from './support/temp.js';

let broker: Broker;
const clients: RawClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await broker.stop();
});

async function start(options: BrokerOptions): Promise<void> {
  broker = await startBroker({ port: 0, ...options });
}

async function raw(): Promise<RawClient> {
  const client = await RawClient.connect(broker.address);
  clients.push(client);
  return client;
}

const produce = (topic: string, records: Buffer) => ({
  acks: -1,
  timeoutMs: 1000,
  topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
});

describe('a broker with a limit on connections', () => {
  it('closes those beyond it at once, and takes others when there is room again', async () => {
    await start({ maxConnections: 20 });
    const all = await Promise.all(Array.from({ length: 25 }, () => raw()));
    await until(() => broker.metrics().connections.refused === 5);
    expect(broker.metrics().connections.open).toBe(20);
    const closed = (client: RawClient) => client.closed.then(() => Promise.reject(new Error('closed')));
    const answers = await Promise.allSettled(
      all.map((client) => Promise.race([client.request('ApiVersions', 0, {}), closed(client)])),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    await all[answers.findIndex(({ status }) => status === 'fulfilled')]!.close();
    await until(() => broker.metrics().connections.open === 19);
    expect((await (await raw()).request('ApiVersions', 0, {})).errorCode).toBe(0);
  });
});

describe('readers that do not read', () => {
  it('take no more memory together than they may, and one batch each', async () => {
    const limit = 8 * 1024 * 1024;
    const batchBytes = 200_000;
    await start({ maxResponseMemoryBytes: limit });
    await broker.createTopic('big');
    const writer = await raw();
    const records = encodeBatch({ records: [{ value: 'x'.repeat(batchBytes), timestamp: Date.now() }] });
    for (let i = 0; i < 50; i++) await writer.request('Produce', 3, produce('big', Buffer.from(records)));
    const topics = [{ topic: 'big', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 10_000_000 }] }];
    const fetch = { maxWaitMs: 0, minBytes: 0, maxBytes: 10_000_000, topics };
    const lazy = await Promise.all(Array.from({ length: 30 }, () => raw()));
    let most = 0;
    for (const client of lazy) {
      client.socket.pause();
      for (let id = 0; id < 5; id++) {
        client.socket.write(Buffer.concat(encodeRequest('Fetch', 4, { correlationId: id }, fetch)));
      }
      // What this connection asked has been taken up when another one is answered.
      await writer.request('Metadata', 1, { topics: null });
      most = Math.max(most, broker.metrics().responseMemoryBytes);
    }
    expect(most).toBeGreaterThan(limit / 2);
    // The first answer that passes the limit may be as large as what was left, and a little slack is read with it.
    expect(most).toBeLessThan(limit + 10_000_000 + lazy.length * (batchBytes + 200_000));
    // A reader that reads is served meanwhile.
    const answer = await writer.request('Fetch', 4, fetch);
    expect(answer.responses[0]!.partitions[0]!.records!.length).toBeGreaterThan(batchBytes);
    await Promise.all(lazy.map((client) => client.close()));
    await until(() => broker.metrics().responseMemoryBytes === 0);
  });
});

describe('a client that asks without waiting for answers', () => {
  it('is not read from while a hundred of its requests wait', async () => {
    await start({});
    await broker.createTopic('t');
    const client = await raw();
    const fault = broker.inject({ fault: 'delay', delayMs: 600_000, api: 'Metadata', times: 1 });
    const stuck = client.request('Metadata', 1, { topics: null });
    stuck.catch(() => {});
    await fault.hit();
    const records = encodeBatch({ records: [{ value: 'x'.repeat(64_000), timestamp: Date.now() }] });
    for (let i = 0; i < 1000; i++) client.tell('Produce', 3, produce('t', records));
    // The kernel's buffers take some; the rest stays with the client.
    await until(() => broker.metrics().requestMemoryBytes > 60 * 64_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(broker.metrics().requestMemoryBytes).toBeLessThan(110 * 64_000);
    expect(client.socket.writableLength).toBeGreaterThan(0);
    const other = await raw();
    expect((await other.request('ApiVersions', 0, {})).errorCode).toBe(0);
  });
});

describe('a batch that is small and says that it is large', () => {
  it('is refused where it must be unpacked, before it is in memory', async () => {
    await start({});
    await broker.createTopic('compacted', { configs: { 'cleanup.policy': 'compact' } });
    const client = await raw();
    const bomb = gzipped(Buffer.alloc(300_000_000));
    expect(bomb.length).toBeLessThan(500_000);
    const before = process.memoryUsage().rss;
    const { responses } = await client.request('Produce', 3, produce('compacted', bomb));
    expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(10);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    // Where nobody unpacks it, it is stored as it came.
    await broker.createTopic('plain');
    const stored = await client.request('Produce', 3, produce('plain', bomb));
    expect(stored.responses[0]!.partitionResponses[0]!.errorCode).toBe(0);
    // Looking for a time does.
    const topics = [{ name: 'plain', partitions: [{ partitionIndex: 0, timestamp: 1 }] }];
    const found = await client.request('ListOffsets', 1, { replicaId: -1, topics });
    expect(found.topics[0]!.partitions[0]!.errorCode).not.toBe(0);
    expect((await client.request('ApiVersions', 0, {})).errorCode).toBe(0);
  });
});

/** A batch whose records are these bytes, compressed. */
function gzipped(records: Buffer): Buffer {
  const one = encodeBatch({ records: [{ key: 'k', value: 'x', timestamp: 1000 }], compression: 'gzip' });
  const bytes = Buffer.concat([one.subarray(0, 61), gzipSync(records)]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  const batch = new RecordBatch(bytes);
  batch.updateCrc();
  return bytes;
}
