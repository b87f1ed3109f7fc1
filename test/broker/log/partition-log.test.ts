import { describe, expect, it } from 'vitest';
import { BufferPool } from '../../../src/broker/log/buffer-pool.js';
import { readLog } from '../../../src/broker/log/read.js';
import { DiskStorage } from '../../../src/broker/storage/disk.js';
import { MemoryStorage } from '../../../src/broker/storage/memory.js';
import type { LogFile, Storage } from '../../../src/broker/storage/storage.js';
import { splitWholeBatches } from '../../../src/wire/record-batch.js';
import { batch, context, one, open, readAll, values } from '../support/logs.js';
import { tempFolder } from '../support/temp.js';

const storages: [string, () => Storage][] = [
  ['on disk', () => new DiskStorage(tempFolder())],
  ['in memory', () => new MemoryStorage()],
];

describe.each(storages)('a partition log %s', (_name, make) => {
  it('gives offsets in the order of the appends and reads the records back', async () => {
    const log = await open(make());
    const appended = await Promise.all([
      log.append(batch([{ value: 'a' }, { value: 'b' }])),
      log.append(one('c')),
      log.append(batch([{ value: 'd' }, { value: 'e' }, { value: 'f' }])),
    ]);
    expect(appended.map(({ baseOffset }) => baseOffset)).toEqual([0, 2, 3]);
    expect(log.endOffset).toBe(6);
    const records = await readAll(log);
    expect(values(records)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('shows nothing to readers before it is written', async () => {
    const log = await open(make());
    const appended = log.append(one('a'));
    expect(log.nextOffset).toBe(1);
    expect(log.endOffset).toBe(0);
    await appended;
    expect(log.endOffset).toBe(1);
  });

  it('rolls segments by size and finds every offset across them', async () => {
    const log = await open(make(), { 'segment.bytes': '2000', 'index.interval.bytes': '200' });
    for (let i = 0; i < 200; i++) await log.append(one(`value ${i}`, 1000 + i));
    expect(log.segments.length).toBeGreaterThan(5);
    for (const segment of log.segments) expect(segment.size).toBeLessThanOrEqual(2000);
    for (let offset = 0; offset < 200; offset += 7) {
      const [first] = await readAll(log, offset, 300);
      expect(first?.offset).toBe(offset);
      expect(first?.value?.toString()).toBe(`value ${offset}`);
    }
    expect(await readAll(log, 0, 1)).toHaveLength(200);
  });

  it('rolls a segment whose first record is older than segment.ms', async () => {
    const log = await open(make(), { 'segment.ms': '1000' });
    await log.append(one('a', 5_000));
    await log.append(one('b', 5_999));
    expect(log.segments).toHaveLength(1);
    await log.append(one('c', 6_000));
    expect(log.segments.map(({ baseOffset }) => baseOffset)).toEqual([0, 2]);
  });

  it('answers with the whole first batch when it alone is larger than what was asked for', async () => {
    const log = await open(make());
    await log.append(one('x'.repeat(100_000)));
    await log.append(one('y'));
    const pool = new BufferPool();
    const request = { offset: 0, maxBytes: 10, upTo: log.endOffset, atLeastOne: true };
    const lent = await readLog(log, request, pool);
    expect(splitWholeBatches(lent!.view).batches).toHaveLength(1);
    expect(await readLog(log, { ...request, atLeastOne: false }, pool)).toBeUndefined();
  });

  it('stops reading before the offset that a reader may not see', async () => {
    const log = await open(make(), { 'segment.bytes': '300' });
    for (let i = 0; i < 20; i++) await log.append(one(`v${i}`));
    const pool = new BufferPool();
    for (let upTo = 1; upTo <= 20; upTo++) {
      const seen: number[] = [];
      for (let offset = 0; offset < upTo; ) {
        const lent = await readLog(log, { offset, maxBytes: 1000, upTo, atLeastOne: true }, pool);
        for (const found of splitWholeBatches(lent!.view).batches) seen.push(found.baseOffset);
        offset = seen.at(-1)! + 1;
      }
      expect(seen).toEqual([...Array(upTo).keys()]);
    }
  });

  it('stamps LogAppendTime when the topic says so', async () => {
    const storage = make();
    const log = await open(
      storage,
      { 'message.timestamp.type': 'LogAppendTime' },
      context(storage, () => 77_000),
    );
    const appended = await log.append(
      batch([
        { value: 'a', timestamp: 1 },
        { value: 'b', timestamp: 2 },
      ]),
    );
    expect(appended.logAppendTime).toBe(77_000);
    expect((await readAll(log)).map(({ timestamp }) => timestamp)).toEqual([77_000, 77_000]);
  });

  it('tells subscribers how many bytes came', async () => {
    const log = await open(make());
    let bytes = 0;
    const end = log.subscribe((more) => {
      bytes += more;
    });
    const first = one('a');
    const second = one('bb');
    await Promise.all([log.append(first), log.append(second)]);
    expect(bytes).toBe(first.byteLength + second.byteLength);
    end();
    await log.append(one('c'));
    expect(bytes).toBe(first.byteLength + second.byteLength);
  });
});

/** A disk that is full whenever `full` says so, after writing half of what it was given. */
class FullDisk extends DiskStorage {
  full = false;
  override file(path: string): LogFile {
    const file = super.file(path);
    const append = file.append.bind(file);
    file.append = async (chunks) => {
      if (!this.full) return append(chunks);
      const [first] = chunks;
      await append([first!.subarray(0, first!.length >> 1)]);
      (file as { size: number }).size -= first!.length >> 1;
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC', errno: -28 });
    };
    return file;
  }
}

describe('a failing disk', () => {
  it('fails what was to be written, keeps what is there, and goes on when there is room again', async () => {
    const storage = new FullDisk(tempFolder());
    const troubles = context(storage);
    const log = await open(storage, {}, troubles);
    await log.append(one('kept'));
    storage.full = true;
    const results = await Promise.allSettled([log.append(one('lost 1')), log.append(one('lost 2'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(troubles.troubles).not.toEqual([]);
    expect(log.endOffset).toBe(1);
    expect(log.nextOffset).toBe(1);
    storage.full = false;
    expect((await log.append(one('after'))).baseOffset).toBe(1);
    expect(values(await readAll(log))).toEqual(['kept', 'after']);
    await log.close();
    const again = await open(new DiskStorage(storage.folder!));
    expect(values(await readAll(again))).toEqual(['kept', 'after']);
  });

  it('accepts the same sequence again after its write failed', async () => {
    const storage = new FullDisk(tempFolder());
    const log = await open(storage);
    const sent = (baseSequence: number) =>
      batch([{ value: `s${baseSequence}` }], { producerId: 5, producerEpoch: 0, baseSequence });
    await log.append(sent(0));
    storage.full = true;
    await expect(log.append(sent(1))).rejects.toThrow('no space');
    storage.full = false;
    expect((await log.append(sent(1))).baseOffset).toBe(1);
    expect((await log.append(sent(1))).baseOffset).toBe(1);
    expect(values(await readAll(log))).toEqual(['s0', 's1']);
  });
});
