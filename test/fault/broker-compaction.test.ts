import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { encodeBatch } from '../../src/wire/encode-batch.js';
import { splitWholeBatches } from '../../src/wire/record-batch.js';
import { decodeRecords } from '../../src/wire/records.js';
import { spawnBroker } from '../broker/support/built.js';
import { RawClient } from '../broker/support/client.js';
import { tempFolder } from '../broker/support/temp.js';
import { Random } from '../wire/fuzz/random.js';

const kills = Number(process.env.FAULT_KILLS ?? 20);
const random = new Random(Number(process.env.FAULT_SEED ?? 3));
const KEYS = 200;

/*
 * A broker that compacts all the time is killed at random moments while one client counts up a value per key. The last
 * value of a key must be the last one that was acknowledged, or the one that was under way.
 */
test(`compaction loses no last value over ${kills} kills`, { timeout: 24 * 3_600_000 }, async () => {
  const data = tempFolder();
  const values = new Array<number>(KEYS).fill(0);
  let written = 0;
  let kept = 0;
  for (let kill = 0; kill <= kills; kill++) {
    const broker = await spawnBroker(['--port', '0', '--data', data]);
    const client = await RawClient.connect(broker.address);
    if (kill === 0) await create(client);
    else {
      const found = await read(client);
      kept = found.records;
      for (const [key, value] of values.entries()) {
        const last = found.last.get(`k${key}`) ?? 0;
        expect([value, value + 1], `k${key} after kill ${kill}`).toContain(last);
        values[key] = last;
      }
    }
    if (kill === kills) {
      await client.close();
      expect(await broker.end('SIGTERM')).toBe(0);
      break;
    }
    let running = true;
    const writing = (async () => {
      while (running) {
        const first = random.below(KEYS);
        const keys = Array.from({ length: 50 }, (_, i) => (first + i * 3) % KEYS);
        const distinct = [...new Set(keys)];
        await write(
          client,
          distinct.map((key) => [`k${key}`, values[key]! + 1]),
        );
        for (const key of distinct) values[key] = values[key]! + 1;
        written += distinct.length;
      }
    })().catch(() => {});
    // Compaction runs once a second: the blow falls before, in and after it.
    await delay(800 + random.below(600));
    await broker.end('SIGKILL');
    running = false;
    await writing;
    await client.close();
  }
  expect(kept, 'most of it was compacted').toBeLessThan(written / 2);
  console.log(`${kills} kills, ${written} records acknowledged, ${kept} left at the end, every last value there`);
});

async function create(client: RawClient): Promise<void> {
  const configs = Object.entries({
    'cleanup.policy': 'compact',
    'segment.bytes': '100000',
    'min.cleanable.dirty.ratio': '0.01',
  }).map(([name, value]) => ({ name, value }));
  const topic = { name: 'table', numPartitions: 1, replicationFactor: 1, assignments: [], configs };
  await client.request('CreateTopics', 4, { topics: [topic], timeoutMs: 5000 });
}

async function write(client: RawClient, pairs: readonly (readonly [string, number])[]): Promise<void> {
  const timestamp = Date.now();
  const records = encodeBatch({ records: pairs.map(([key, value]) => ({ key, value: String(value), timestamp })) });
  const topicData = [{ name: 'table', partitionData: [{ index: 0, records }] }];
  const { responses } = await client.request('Produce', 7, { acks: -1, timeoutMs: 5000, topicData });
  const { errorCode } = responses[0]!.partitionResponses[0]!;
  if (errorCode !== 0) throw new Error(`not taken: ${errorCode}`);
}

async function read(client: RawClient): Promise<{ last: Map<string, number>; records: number }> {
  const last = new Map<string, number>();
  let records = 0;
  for (let fetchOffset = 0; ; ) {
    const topics = [{ topic: 'table', partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }] }];
    const { responses } = await client.request('Fetch', 11, {
      maxWaitMs: 0,
      minBytes: 0,
      topics,
      forgottenTopicsData: [],
    });
    const answer = responses[0]!.partitions[0]!;
    expect(answer.errorCode).toBe(0);
    const { batches } = splitWholeBatches(answer.records!);
    if (batches.length === 0) return { last, records };
    for (const batch of batches) {
      expect(batch.isCrcValid()).toBe(true);
      for (const { key, value } of decodeRecords(batch)) {
        records++;
        // In order, whatever compaction took out in between.
        expect(Number(value)).toBeGreaterThan(last.get(String(key)) ?? 0);
        last.set(String(key), Number(value));
      }
      fetchOffset = batch.nextOffset;
    }
  }
}
