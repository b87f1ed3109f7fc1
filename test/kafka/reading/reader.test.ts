import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReader, send, topics } from '../../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker, until } from '../support/broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await testBroker();
});
afterAll(() => broker.stop());

const at = () => ({ brokers: broker.brokers, show: false }) as const;

async function filled(partitions: number, perPartition: number): Promise<string> {
  const topic = fresh('reader');
  await topics.create(topic, { partitions, ...at() });
  const values = Array.from({ length: partitions * perPartition }, (_, i) => ({
    partition: i % partitions,
    value: String(Math.floor(i / partitions)),
  }));
  await send(topic, values, at());
  return topic;
}

describe('openReader', () => {
  it('hands out every partition in order, and says where it is', async () => {
    const topic = await filled(3, 100);
    const reader = await openReader({ topic, until: 'end', ...at() });
    const seen = new Map<number, number[]>();
    for await (const { partition, records, highWatermark } of reader) {
      seen.set(partition, [...(seen.get(partition) ?? []), ...records.map((r) => r.offset)]);
      expect(highWatermark).toBe(100);
      const position = reader.positions().find((p) => p.partition === partition)!;
      expect(position.offset).toBe(records.at(-1)!.offset + 1);
      expect(position.end).toBe(100);
    }
    const all = Array.from({ length: 100 }, (_, i) => i);
    expect(Object.fromEntries(seen)).toEqual({ 0: all, 1: all, 2: all });
  });

  it('starts and ends at given offsets, in small fetches too', async () => {
    const topic = await filled(2, 50);
    const reader = await openReader({
      topic,
      start: { offsets: { 0: 10, 1: 45 } },
      until: { offsets: { 0: 12 } },
      maxBytesPerPartition: 1,
      maxBufferedBytes: 1,
      ...at(),
    });
    const seen: [number, number][] = [];
    for await (const { partition, records } of reader) for (const r of records) seen.push([partition, r.offset]);
    expect(seen.filter(([p]) => p === 0)).toEqual([
      [0, 10],
      [0, 11],
    ]);
    expect(seen.filter(([p]) => p === 1).map(([, offset]) => offset)).toEqual([45, 46, 47, 48, 49]);
  });

  it('holds back a paused partition, and goes on with it', async () => {
    const topic = await filled(2, 10);
    const reader = await openReader({ topic, until: 'end', ...at() });
    reader.pause(topic, 0);
    const first = await reader.next();
    expect(first!.partition).toBe(1);
    expect(
      reader
        .positions()
        .map((p) => p.offset)
        .sort(),
    ).toEqual([0, 10]);
    expect(reader.poll()).toBeUndefined();
    expect(reader.atEnd).toBe(false);
    reader.resume(topic, 0);
    expect((await reader.next())!.partition).toBe(0);
    expect(await reader.next()).toBeUndefined();
    expect(reader.atEnd).toBe(true);
    reader.close();
  });

  it('can be polled, and moved', async () => {
    const topic = await filled(1, 10);
    const reader = await openReader({ topic, ...at() });
    let seen = 0;
    while (seen < 10) {
      await reader.ready();
      for (let batch = reader.poll(); batch !== undefined; batch = reader.poll()) seen += batch.records.length;
    }
    reader.assign([{ topic, partition: 0, offset: 7, end: 9 }]);
    const offsets: number[] = [];
    while (!reader.atEnd) {
      await reader.ready();
      for (const r of reader.poll()?.records ?? []) offsets.push(r.offset);
    }
    expect(offsets).toEqual([7, 8]);
    reader.close();
    expect(await reader.next()).toBeUndefined();
  });

  it('leaves no group behind', async () => {
    const topic = await filled(1, 1);
    const before = await topics.lag(at());
    for await (const _ of await openReader({ topic, until: 'end', ...at() }));
    expect(await topics.lag(at())).toEqual(before.filter((one) => one.topic !== topic));
  });

  it('sees a topic that is deleted under it', async () => {
    const topic = await filled(1, 1);
    const reader = await openReader({ topic, retryMs: 300, ...at() });
    await reader.next();
    const next = reader.next();
    await topics.delete(topic, at());
    await expect(next).rejects.toThrow(/streambook\//);
    reader.close();
  });

  it('does not wait for data when closed', async () => {
    const reader = await openReader({ topic: await filled(1, 0), maxWaitMs: 30_000, ...at() });
    const next = reader.next();
    let ended = false;
    void next.then(() => {
      ended = true;
    });
    reader.close();
    await until(() => ended);
    expect(await next).toBeUndefined();
  });
});
