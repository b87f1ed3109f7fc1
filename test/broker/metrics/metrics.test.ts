import { request } from 'node:http';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { countRecords } from '../../../src/broker/metrics/count-records.js';
import { Histogram } from '../../../src/broker/metrics/histogram.js';
import { TrafficCounters } from '../../../src/broker/metrics/traffic.js';
import { encodeBatch } from '../../../src/wire/encode-batch.js';
import { tempFolder, until } from '../support/temp.js';

describe('a histogram', () => {
  it('knows percentiles to a sixteenth, from microseconds to minutes', () => {
    const histogram = new Histogram();
    const values = Array.from({ length: 10_000 }, (_, i) => 0.001 * 1.0015 ** i);
    for (const value of values) histogram.record(value);
    for (const share of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      const exact = values[Math.ceil(share * values.length) - 1]!;
      const found = histogram.percentile(share);
      expect(found).toBeGreaterThanOrEqual(exact * 0.999);
      expect(found).toBeLessThanOrEqual(Math.max(exact * 1.07, exact + 0.001));
    }
    expect(histogram.percentile(1)).toBe(values.at(-1));
    expect(histogram.maxMs).toBe(values.at(-1));
    expect(histogram.meanMs).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 6);
  });

  it('takes nothing, zero, and what is beyond its range', () => {
    const histogram = new Histogram();
    expect([histogram.percentile(0.5), histogram.meanMs]).toEqual([0, 0]);
    for (const value of [0, -1, 1e12]) histogram.record(value);
    expect(histogram.count).toBe(3);
    expect(histogram.atMost(0)).toBe(2);
    expect(histogram.percentile(0.5)).toBeLessThanOrEqual(0.001);
  });
});

describe('counting', () => {
  it('looks at whole batches from an offset on', () => {
    const batches = [3, 1, 5].map((count) =>
      encodeBatch({ records: Array.from({ length: count }, () => ({ value: 'x' })) }),
    );
    batches[1]!.writeBigInt64BE(3n, 0);
    batches[2]!.writeBigInt64BE(4n, 0);
    const all = Buffer.concat(batches);
    expect(countRecords(all)).toBe(9);
    expect(countRecords(all, 0)).toBe(9);
    expect(countRecords(all, 2)).toBe(7);
    expect(countRecords(all.subarray(0, all.length - 1), 2)).toBe(2);
    expect(countRecords(Buffer.alloc(0))).toBe(0);
    expect(countRecords(Buffer.alloc(200, 0xff))).toBe(0);
  });

  it('keeps no more than a thousand clients apart', () => {
    const counters = new TrafficCounters();
    for (let i = 0; i < 5000; i++) counters.produced('t', `client-${i}`, 1, 10);
    expect(counters.clients.size).toBe(1001);
    expect(counters.client('(others)').recordsIn).toBe(4000);
    expect(counters.topic('t').bytesIn).toBe(50_000);
  });
});

describe('the metrics of a broker', () => {
  let broker: Broker;
  const consumers: Consumer[] = [];

  beforeEach(async () => {
    broker = await startBroker({ port: 0, metricsPort: 0, data: tempFolder() });
  });

  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.disconnect()));
    await broker.stop();
  });

  async function traffic(): Promise<void> {
    await broker.createTopic('novel', { partitions: 2 });
    const kafka = (clientId: string) => new Kafka({ brokers: [broker.address], clientId, logLevel: logLevel.NOTHING });
    const producer = kafka('writer').producer({ createPartitioner: () => () => 1 });
    await producer.connect();
    const message = { value: 'x'.repeat(100) };
    for (let i = 0; i < 3; i++) await producer.send({ topic: 'novel', messages: Array(10).fill(message) });
    await producer.disconnect();
    const consumer = kafka('reader "one"').consumer({ groupId: 'readers', maxWaitTimeInMs: 50 });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic: 'novel', fromBeginning: true });
    let seen = 0;
    await consumer.run({ autoCommit: false, eachMessage: async () => void seen++ });
    await until(() => seen === 30);
    await consumer.commitOffsets([{ topic: 'novel', partition: 1, offset: '12' }]);
  }

  it('are what went through, per topic, client and API, with the lag of groups', async () => {
    await traffic();
    const metrics = broker.metrics();
    const topic = metrics.topics.find((one) => one.topic === 'novel')!;
    expect(topic).toMatchObject({ internal: false, recordsIn: 30, recordsOut: 30 });
    expect(topic.bytesIn).toBe(topic.sizeBytes);
    expect(topic.bytesOut).toBe(topic.bytesIn);
    expect(topic.partitions.map(({ startOffset, endOffset, segments }) => [startOffset, endOffset, segments])).toEqual([
      [0, 0, 1],
      [0, 30, 1],
    ]);
    const client = (id: string) => metrics.clients.find(({ clientId }) => clientId === id)!;
    expect(client('writer')).toMatchObject({ recordsIn: 30, recordsOut: 0, bytesIn: topic.bytesIn, connections: 0 });
    expect(client('writer').requestBytes).toBeGreaterThan(topic.bytesIn);
    expect(client('reader "one"')).toMatchObject({ recordsIn: 0, recordsOut: 30 });
    expect(client('reader "one"').responseBytes).toBeGreaterThan(topic.bytesOut);
    expect(client('reader "one"').connections).toBe(metrics.connections.open);
    expect(metrics.connections.open).toBeGreaterThan(0);
    expect(metrics.connections.accepted).toBeGreaterThan(metrics.connections.open);
    const produce = metrics.apis.find(({ api }) => api === 'Produce')!;
    expect(produce.requests).toBe(3);
    const { p50, p95, p99, max, mean } = produce.latencyMs;
    expect(p50 > 0 && p50 <= p95 && p95 <= p99 && p99 <= max && mean <= max).toBe(true);
    expect(metrics.groups).toEqual([
      {
        group: 'readers',
        state: 'Stable',
        members: 1,
        lag: 18,
        partitions: [{ topic: 'novel', partition: 1, committedOffset: 12, endOffset: 30, lag: 18 }],
      },
    ]);
    expect(structuredClone(metrics)).toEqual(metrics);
  });

  it('forget a topic that is deleted, and give all memory back', async () => {
    await traffic();
    await consumers.pop()!.disconnect();
    const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: ['novel'] });
    await admin.disconnect();
    await until(() => broker.metrics().connections.open === 0);
    const metrics = broker.metrics();
    expect(metrics.topics.map(({ topic }) => topic)).toEqual(['__consumer_offsets']);
    expect(broker.prometheus()).not.toContain('topic="novel"');
    expect([metrics.requestMemoryBytes, metrics.responseMemoryBytes]).toEqual([0, 0]);
  });

  it('can be read by Prometheus, from this machine only', async () => {
    await traffic();
    const { status, type, text } = await get(broker.metricsAddress!);
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('\nstreambook_broker_topic_records_in_total{topic="novel"} 30\n');
    expect(text).toContain('\nstreambook_broker_client_records_out_total{client_id="reader \\"one\\""} 30\n');
    expect(text).toContain('\nstreambook_broker_group_lag_records{group="readers",topic="novel",partition="1"} 18\n');
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of samples) expect(line).toMatch(/^[a-z_]+(\{([a-z_]+="([^"\\]|\\.)*",?)+\})? [0-9.e+-]+$/);
    // Each family is announced once, before its samples, and nothing is said twice.
    const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    expect(new Set(samples.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(samples.length);
    // Buckets hold what the ones before them hold.
    const buckets = [...text.matchAll(/duration_seconds_bucket\{api="Produce",le="([^"]+)"\} (\d+)/g)].map(([, , n]) =>
      Number(n),
    );
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
    expect(buckets.at(-1)).toBe(3);
    expect((await get(broker.metricsAddress!.replace('/metrics', '/'))).status).toBe(404);
    expect((await get(broker.metricsAddress!, 'evil.example')).status).toBe(403);
    const address = broker.metricsAddress!;
    await broker.stop();
    await expect(get(address)).rejects.toThrow();
  });
});

function get(address: string, host?: string): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const options = host === undefined ? {} : { headers: { host } };
    request(address, options, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode!, type: String(response.headers['content-type']), text }),
      );
    })
      .on('error', reject)
      .end();
  });
}
