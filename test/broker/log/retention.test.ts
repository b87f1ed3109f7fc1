import { describe, expect, it } from 'vitest';
import { findOffset } from '../../../src/broker/log/offset-by-time.js';
import { applyRetention, deleteRecords } from '../../../src/broker/log/retention.js';
import { DiskStorage } from '../../../src/broker/storage/disk.js';
import { MemoryStorage } from '../../../src/broker/storage/memory.js';
import { batch, config, context, one, open, readAll } from '../support/logs.js';
import { tempFolder } from '../support/temp.js';

describe('retention', () => {
  it('deletes whole segments whose newest record is older than retention.ms, the active one too', async () => {
    let now = 10_000;
    const storage = new DiskStorage(tempFolder());
    const settings = { 'segment.bytes': '200', 'retention.ms': '1000' };
    const log = await open(
      storage,
      settings,
      context(storage, () => now),
    );
    for (let i = 0; i < 10; i++) await log.append(one(`value ${i}`, 10_000 + i * 100));
    expect(await applyRetention(log)).toBe(0);
    now = 11_450;
    expect(await applyRetention(log)).toBeGreaterThan(0);
    const [first] = await readAll(log);
    expect(first!.offset).toBe(log.startOffset);
    expect(log.startOffset).toBeGreaterThan(0);
    expect(log.startOffset).toBeLessThanOrEqual(5);
    now = 20_000;
    await applyRetention(log);
    expect(log.startOffset).toBe(10);
    expect(log.endOffset).toBe(10);
    expect(await readAll(log)).toEqual([]);
    expect(storage.list('logs/t-0').filter(({ name }) => name.endsWith('.log'))).toHaveLength(1);
    expect((await log.append(one('later', now))).baseOffset).toBe(10);
  });

  it('keeps about retention.bytes', async () => {
    const storage = new MemoryStorage();
    const log = await open(storage, { 'segment.bytes': '1000', 'retention.bytes': '3000', 'retention.ms': '-1' });
    for (let i = 0; i < 200; i++) await log.append(one(`value ${i}`));
    await applyRetention(log);
    expect(log.size).toBeGreaterThanOrEqual(3000);
    expect(log.size).toBeLessThan(4100);
    expect((await readAll(log)).at(-1)!.offset).toBe(199);
  });

  it('deletes nothing that is only compacted', async () => {
    const storage = new MemoryStorage();
    const log = await open(storage, { 'cleanup.policy': 'compact', 'segment.bytes': '200' });
    for (let i = 0; i < 10; i++) await log.append(batch([{ key: 'k', value: `${i}`, timestamp: 1 }]));
    expect(await applyRetention(log)).toBe(0);
  });

  it('leaves records with timestamps of long ago for five minutes, as Kafka may', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const storage = new DiskStorage(tempFolder());
    const clock = () => now;
    const log = await open(storage, {}, context(storage, clock));
    await log.append(one('an event of 2023', 1_700_000_000_000));
    now += 200_000;
    await log.append(one('another', 1_700_000_001_000));
    now += 299_000;
    expect(await applyRetention(log)).toBe(0);
    await log.close();
    // Nobody may have read it before the broker was stopped.
    const again = await open(storage, {}, context(storage, clock));
    now += 299_000;
    expect(await applyRetention(again)).toBe(0);
    expect(await readAll(again)).toHaveLength(2);
    now += 1_000;
    expect(await applyRetention(again)).toBe(1);
    expect(await readAll(again)).toEqual([]);
  });

  it('acts when the configuration changes', async () => {
    let now = 1_000_000;
    const storage = new MemoryStorage();
    const logContext = context(storage, () => now);
    const log = await open(storage, { 'segment.bytes': '200', 'retention.ms': '-1' }, logContext);
    for (let i = 0; i < 10; i++) await log.append(one('x', 1000));
    expect(await applyRetention(log)).toBe(0);
    log.config = config({ 'segment.bytes': '200', 'retention.ms': '1' });
    now += 1;
    await applyRetention(log);
    expect(log.startOffset).toBe(10);
  });

  it('does not lose what is appended while it deletes', async () => {
    const storage = new DiskStorage(tempFolder());
    const log = await open(storage, { 'segment.bytes': '300', 'retention.bytes': '0', 'retention.ms': '0' });
    const offsets: number[] = [];
    for (let round = 0; round < 30; round++) {
      const appending = [0, 1, 2, 3].map((i) => log.append(one(`${round}.${i}`, 1000)));
      await applyRetention(log);
      for (const { baseOffset } of await Promise.all(appending)) offsets.push(baseOffset);
    }
    expect(offsets).toEqual([...Array(120).keys()]);
    expect(log.endOffset).toBe(120);
    await log.close();
    expect((await open(new DiskStorage(storage.folder))).nextOffset).toBe(120);
  });
});

describe('DeleteRecords', () => {
  it('moves the start, for good, and frees segments that lie before it', async () => {
    const storage = new DiskStorage(tempFolder());
    const log = await open(storage, { 'segment.bytes': '300' });
    for (let i = 0; i < 20; i++) await log.append(one(`value ${i}`, Date.now()));
    const segments = log.segments.length;
    expect(await deleteRecords(log, 13)).toBe(13);
    expect(await deleteRecords(log, 5)).toBe(13);
    await applyRetention(log);
    expect(log.segments.length).toBeLessThan(segments);
    await storage.close();
    const again = await open(new DiskStorage(storage.folder), { 'segment.bytes': '300' });
    expect(again.startOffset).toBe(13);
    expect((await readAll(again))[0]!.offset).toBe(13);
    expect(await deleteRecords(again, -1)).toBe(20);
    expect(await readAll(again)).toEqual([]);
    await expect(deleteRecords(again, 21)).rejects.toThrow('OFFSET_OUT_OF_RANGE');
  });
});

describe('offsets by time', () => {
  it.each(['1', '4096'])('finds the first record that is not older, with index.interval.bytes=%s', async (interval) => {
    const storage = new DiskStorage(tempFolder());
    const settings = { 'segment.bytes': '1000', 'index.interval.bytes': interval, 'retention.ms': '-1' };
    const log = await open(storage, settings);
    // Out of order, as producers' clocks are.
    const times = Array.from({ length: 150 }, (_, i) => 1000 + i * 10 + ((i * 7919) % 95));
    for (let i = 0; i < times.length; i += 3) {
      await log.append(batch(times.slice(i, i + 3).map((timestamp) => ({ value: 'v', timestamp }))));
    }
    for (let target = 900; target < 2700; target += 13) {
      const expected = times.findIndex((time) => time >= target);
      const found = await findOffset(log, target, false);
      expect(found).toEqual(
        expected < 0 ? { offset: -1, timestamp: -1 } : { offset: expected, timestamp: times[expected] },
      );
    }
    const largest = Math.max(...times);
    expect(await findOffset(log, 'latest-record', false)).toEqual({
      offset: times.indexOf(largest),
      timestamp: largest,
    });
  });

  it('looks into compressed batches', async () => {
    const storage = new MemoryStorage();
    const log = await open(storage);
    const records = [1000, 2000, 3000].map((timestamp) => ({ value: 'x'.repeat(100), timestamp }));
    await log.append(batch(records, { compression: 'gzip' }));
    expect(await findOffset(log, 1500, false)).toEqual({ offset: 1, timestamp: 2000 });
  });
});
