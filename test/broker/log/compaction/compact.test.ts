import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compact } from '../../../../src/broker/log/compaction/compact.js';
import type { PartitionLog } from '../../../../src/broker/log/partition-log.js';
import { applyRetention } from '../../../../src/broker/log/retention.js';
import { DiskStorage } from '../../../../src/broker/storage/disk.js';
import { MemoryStorage } from '../../../../src/broker/storage/memory.js';
import { encodeTransactionMarker } from '../../../../src/wire/control-batch.js';
import type { BatchInput } from '../../../../src/wire/encode-batch.js';
import { RecordBatch } from '../../../../src/wire/record-batch.js';
import { batch, context, open, readAll } from '../../support/logs.js';
import { tempFolder } from '../../support/temp.js';

const COMPACTED = {
  'cleanup.policy': 'compact',
  'segment.bytes': '300',
  'min.cleanable.dirty.ratio': '0',
  'delete.retention.ms': '1000',
};

/** Node before 22.15 cannot write zstd. */
const codecs = (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).filter(
  (codec) => codec !== 'zstd' || 'zstdCompressSync' in zlib,
);

let now = 10_000;

async function begin(more: Record<string, string> = {}, storage = new MemoryStorage() as MemoryStorage | DiskStorage) {
  now = 10_000;
  const log = await open(
    storage,
    { ...COMPACTED, ...more },
    context(storage, () => now),
  );
  return { log, storage };
}

/** `k=v` sets, `k` deletes. */
async function put(log: PartitionLog, text: string, more: Partial<BatchInput> = {}): Promise<void> {
  const records = text.split(' ').map((word) => {
    const [key, value] = word.split('=');
    return { key: key!, value: value ?? null, timestamp: now };
  });
  await log.append(batch(records, more), { checkProducer: false });
}

async function marker(log: PartitionLog, producerId: number, type: 'commit' | 'abort'): Promise<void> {
  const bytes = encodeTransactionMarker({ type, coordinatorEpoch: 0, producerId, producerEpoch: 0, timestamp: now });
  await log.append(new RecordBatch(bytes));
}

/** What is in the log: `offset key=value`. */
async function all(log: PartitionLog): Promise<string[]> {
  const records = await readAll(log);
  return records.map(({ offset, key, value }) => {
    if (key?.length === 4 && key.readInt16BE(0) === 0)
      return `${offset} ${key.readInt16BE(2) === 1 ? 'commit' : 'abort'}`;
    return `${offset} ${key}${value === null ? '' : `=${value}`}`;
  });
}

describe('compaction', () => {
  it('keeps the last record of each key, with its offset and time; never touches the active segment', async () => {
    const { log } = await begin();
    await put(log, 'a=1 b=1 a=2');
    now += 5;
    await put(log, 'b=2 c=1');
    await log.roll();
    await put(log, 'a=3 a=4');
    expect(await compact(log)).toBe(1);
    expect(await all(log)).toEqual(['2 a=2', '3 b=2', '4 c=1', '5 a=3', '6 a=4']);
    expect((await readAll(log)).map(({ timestamp }) => timestamp)).toEqual([10_000, 10_005, 10_005, 10_005, 10_005]);
    expect(log.startOffset).toBe(0);
    for (let from = 0; from < 7; from++) {
      expect((await readAll(log, from, 1))[0]!.offset).toBe(Math.max(from, 2));
    }
    // Nothing more to do until more is written.
    expect(await compact(log)).toBe(0);
  });

  it.each(codecs)('rewrites batches compressed by %s', async (compression) => {
    const { log } = await begin();
    const records = Array.from({ length: 100 }, (_, i) => ({
      key: `k${i % 7}`,
      value: `value ${i}`,
      timestamp: 1_000 + i,
      headers: [{ key: 'h', value: `${i}` }],
    }));
    await log.append(batch(records, { compression }));
    await log.roll();
    await compact(log);
    const left = await readAll(log);
    expect(left.map(({ offset }) => offset)).toEqual([93, 94, 95, 96, 97, 98, 99]);
    for (const { offset, timestamp, value, headers } of left) {
      expect([timestamp, String(value), String(headers[0]!.value)]).toEqual([
        1_000 + offset,
        `value ${offset}`,
        `${offset}`,
      ]);
    }
  });

  it('keeps tombstones for delete.retention.ms from the run that finds them', async () => {
    const { log } = await begin();
    await put(log, 'a=1 b=1');
    await put(log, 'a');
    await log.roll();
    expect(await compact(log)).toBe(1);
    expect(await all(log)).toEqual(['1 b=1', '2 a']);
    expect((await readAll(log)).map(({ timestamp }) => timestamp)).toEqual([10_000, 10_000]);
    now += 999;
    await put(log, 'c=1');
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['1 b=1', '2 a', '3 c=1']);
    now += 1;
    await put(log, 'd=1');
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['1 b=1', '3 c=1', '4 d=1']);
  });

  it('drops records without a key, which an earlier policy let in', async () => {
    const { log } = await begin();
    await log.append(batch([{ value: 'no key' }, { key: 'a', value: '1' }]));
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['1 a=1']);
  });

  it('leaves alone what is younger than min.compaction.lag.ms', async () => {
    const { log } = await begin({ 'min.compaction.lag.ms': '100' });
    await put(log, 'a=1 a=2');
    await log.roll();
    now += 50;
    await put(log, 'a=3 a=4');
    await log.roll();
    expect(await compact(log)).toBe(0);
    now += 60;
    expect(await compact(log)).toBe(1);
    expect(await all(log)).toEqual(['1 a=2', '2 a=3', '3 a=4']);
  });

  it('waits until enough is dirty, or max.compaction.lag.ms is over', async () => {
    const ratio = { 'min.cleanable.dirty.ratio': '0.6', 'max.compaction.lag.ms': '5000', 'segment.bytes': '100000' };
    const { log } = await begin(ratio);
    await put(log, 'a=1 b=1 c=1 d=1 e=1');
    await log.roll();
    await compact(log);
    await put(log, 'a=2 a=3');
    await log.roll();
    expect(await compact(log)).toBe(0);
    now += 5001;
    expect(await compact(log)).toBeGreaterThan(0);
    expect((await all(log)).at(-1)).toBe('6 a=3');
  });

  it('makes one segment of several small ones', async () => {
    const { log, storage } = await begin({ 'segment.bytes': '1000' });
    for (let i = 0; i < 10; i++) {
      await put(log, `k${i % 3}=${i}`);
      await log.roll();
    }
    expect(log.segments.length).toBe(11);
    expect(await compact(log)).toBe(10);
    expect(log.segments.length).toBe(2);
    expect(await all(log)).toEqual(['7 k1=7', '8 k2=8', '9 k0=9']);
    await log.close();
    expect(storage.list('logs/t-0').filter(({ name }) => name.endsWith('.log'))).toHaveLength(2);
  });

  it('goes as far as its memory lets it, and further the next time', async () => {
    const { log } = await begin({ 'segment.bytes': '10000000' });
    for (let i = 0; i < 100; i++) await put(log, `k${i}=1 k${i}=2`);
    await log.roll();
    await compact(log, { maxMapBytes: 2000 });
    const partly = (await all(log)).length;
    expect(partly).toBeGreaterThan(100);
    expect(partly).toBeLessThan(200);
    while ((await compact(log, { maxMapBytes: 2000 })) > 0);
    expect((await all(log)).length).toBe(100);
  });

  it('stays with the old file when it finds damage', async () => {
    const { log, storage } = await begin({}, new DiskStorage(tempFolder()));
    await put(log, 'a=1 a=2');
    await put(log, 'a=3 a=4');
    await log.roll();
    const file = storage.file(log.segments[0]!.path.concat('.log'));
    const bytes = Buffer.alloc(file.size);
    await file.read(bytes, 0);
    bytes[bytes.length - 1]! ^= 1;
    await file.truncate(0);
    await file.append([bytes]);
    await expect(compact(log)).rejects.toThrow('damaged');
    expect(storage.list('logs/t-0').some(({ name }) => name.endsWith('.log.new'))).toBe(false);
    expect(log.segments[0]!.generation).toBe(0);
  });

  it('works beside retention: compact,delete', async () => {
    const { log } = await begin({ 'cleanup.policy': 'compact,delete', 'retention.ms': '100' });
    await put(log, 'a=1 a=2');
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['1 a=2']);
    now += 101;
    await put(log, 'b=1');
    await applyRetention(log);
    expect(await all(log)).toEqual(['2 b=1']);
    expect(log.startOffset).toBe(2);
  });

  it('keeps the start of the log though nothing is left there', async () => {
    const { log } = await begin({ 'segment.bytes': '80' });
    await put(log, 'a=1');
    await put(log, 'a=2');
    await put(log, 'a=3');
    await compact(log);
    await applyRetention(log);
    expect(log.startOffset).toBe(0);
    expect(await all(log)).toEqual(['1 a=2', '2 a=3']);
  });
});

describe('compaction and transactions', () => {
  const tx = (producerId: number, baseSequence: number): Partial<BatchInput> => ({
    ...{ producerId, producerEpoch: 0, baseSequence, transactional: true },
  });

  it('removes what was aborted, which does not count as the last record of its key', async () => {
    const { log } = await begin({ 'segment.bytes': '100000' });
    await put(log, 'a=1');
    await put(log, 'a=2 b=1', tx(7, 0));
    await marker(log, 7, 'abort');
    await put(log, 'b=2', tx(7, 2));
    await marker(log, 7, 'commit');
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['0 a=1', '3 abort', '4 b=2', '5 commit']);
  });

  it('leaves open transactions and what comes behind them', async () => {
    const { log } = await begin();
    await put(log, 'a=1');
    await log.roll();
    await put(log, 'a=2', tx(7, 0));
    await log.roll();
    await put(log, 'a=3 a=4');
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['0 a=1', '1 a=2', '2 a=3', '3 a=4']);
    await marker(log, 7, 'abort');
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['3 a=4', '4 abort']);
  });

  it('removes a marker delete.retention.ms after nothing is left of its transaction', async () => {
    const { log } = await begin({ 'segment.bytes': '100000' });
    await put(log, 'a=1', tx(7, 0));
    await marker(log, 7, 'commit');
    await put(log, 'a=2');
    const again = async () => {
      await put(log, 'x=1');
      await log.roll();
      await compact(log);
      return (await all(log)).filter((line) => !line.endsWith('x=1'));
    };
    expect(await again()).toEqual(['1 commit', '2 a=2']);
    expect(await again()).toEqual(['1 commit', '2 a=2']);
    now += 1000;
    // The last batch of a producer stays, empty, and so does its marker.
    expect(await again()).toEqual(['1 commit', '2 a=2']);
    log.producers.expire(now + 1);
    // Now the batch goes, then the marker's time begins to run, then it is over.
    expect(await again()).toEqual(['1 commit', '2 a=2']);
    expect(await again()).toEqual(['1 commit', '2 a=2']);
    now += 1000;
    expect(await again()).toEqual(['2 a=2']);
  });

  it('remembers sequence numbers of producers whose records are gone, even if the checkpoint is lost', async () => {
    const storage = new DiskStorage(tempFolder());
    const { log } = await begin({ 'segment.bytes': '100000' }, storage);
    const from = (baseSequence: number) => ({ producerId: 9, producerEpoch: 0, baseSequence });
    await put(log, 'a=1 a=2', from(0));
    await put(log, 'a=3');
    await log.roll();
    await compact(log);
    expect(await all(log)).toEqual(['2 a=3']);
    await log.close();
    await storage.remove('logs/t-0/checkpoint.json');
    const { log: again } = await begin({}, storage);
    const repeated = batch(
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
      from(0),
    );
    expect((await again.append(repeated)).baseOffset).toBe(0);
    const gap = batch([{ key: 'a', value: '9' }], from(7));
    expect(() => again.append(gap)).toThrow('OUT_OF_ORDER');
    expect((await again.append(batch([{ key: 'a', value: '4' }], from(2)))).baseOffset).toBe(3);
  });
});
