import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PartitionLog } from '../../../src/broker/log/partition-log.js';
import { DiskStorage } from '../../../src/broker/storage/disk.js';
import { batch, context, one, open, readAll, values } from '../support/logs.js';
import { tempFolder } from '../support/temp.js';

const SEGMENT = 'logs/t-0/00000000000000000000.log';

/** As after SIGKILL: everything is written, nothing is closed. */
async function abandonWritten(log: PartitionLog, storage: DiskStorage): Promise<void> {
  await log.settled();
  await storage.close();
}

describe('opening a log', () => {
  it('goes on after a clean end', async () => {
    const folder = tempFolder();
    const log = await open(new DiskStorage(folder));
    await log.append(batch([{ value: 'a' }, { value: 'b' }]));
    await log.close();
    const again = await open(new DiskStorage(folder));
    expect(again.nextOffset).toBe(2);
    expect((await again.append(one('c'))).baseOffset).toBe(2);
    expect(values(await readAll(again))).toEqual(['a', 'b', 'c']);
  });

  it('cuts off a torn tail, wherever it was torn', async () => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder);
    const log = await open(storage);
    await log.append(one('first'));
    const whole = log.size;
    await log.append(one('second'));
    await abandonWritten(log, storage);
    const bytes = fs.readFileSync(join(folder, SEGMENT));
    for (let size = whole; size <= bytes.length; size++) {
      fs.writeFileSync(join(folder, SEGMENT), bytes.subarray(0, size));
      const next = new DiskStorage(folder);
      const troubles = context(next);
      const again = await open(next, {}, troubles);
      const complete = size === bytes.length;
      expect(again.endOffset).toBe(complete ? 2 : 1);
      expect(values(await readAll(again))).toEqual(complete ? ['first', 'second'] : ['first']);
      expect(troubles.troubles.length).toBe(complete || size === whole ? 0 : 1);
      expect(fs.statSync(join(folder, SEGMENT)).size).toBe(complete ? size : whole);
      await next.close();
    }
  });

  it('finds any single damaged byte in what was not checkpointed', async () => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder);
    const log = await open(storage);
    await log.append(one('first'));
    const whole = log.size;
    await log.append(one('second'));
    await abandonWritten(log, storage);
    const bytes = fs.readFileSync(join(folder, SEGMENT));
    for (let at = whole; at < bytes.length; at++) {
      // The base offset and the leader epoch are outside the checksum; a later base offset would only be a gap.
      if (at < whole + 8 || (at >= whole + 12 && at < whole + 16)) continue;
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 0x40;
      fs.writeFileSync(join(folder, SEGMENT), damaged);
      const next = new DiskStorage(folder);
      const again = await open(next);
      expect([at, ...values(await readAll(again))]).toEqual([at, 'first']);
      await next.close();
    }
  });

  it('goes on behind garbage of zeros, as a file system leaves it after a power cut', async () => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder);
    const log = await open(storage);
    await log.append(one('a'));
    await abandonWritten(log, storage);
    fs.appendFileSync(join(folder, SEGMENT), Buffer.alloc(5000));
    const next = new DiskStorage(folder);
    const again = await open(next);
    expect((await again.append(one('b'))).baseOffset).toBe(1);
    expect(values(await readAll(again))).toEqual(['a', 'b']);
  });

  it('removes the segments behind a damaged one', async () => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder);
    const log = await open(storage, { 'segment.bytes': '200' });
    for (let i = 0; i < 10; i++) await log.append(one(`value ${i}`));
    const [, second] = log.segments;
    await abandonWritten(log, storage);
    fs.rmSync(join(folder, 'logs/t-0/checkpoint.json'), { force: true });
    const path = join(folder, `${second!.path}.log`);
    const bytes = fs.readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    fs.writeFileSync(path, bytes);
    const again = await open(new DiskStorage(folder), { 'segment.bytes': '200' });
    const kept = await readAll(again);
    expect(kept.at(-1)!.offset).toBe(second!.baseOffset);
    expect(again.nextOffset).toBe(second!.baseOffset + 1);
    expect(again.segments).toHaveLength(2);
  });

  it.each([
    ['missing', (path: string) => fs.rmSync(path, { force: true })],
    ['empty', (path: string) => fs.writeFileSync(path, '')],
    ['cut short', (path: string) => fs.truncateSync(path, fs.statSync(path).size - 5)],
    ['full of noise', (path: string) => fs.writeFileSync(path, Buffer.alloc(240, 0xa5))],
    [
      'damaged in one bit',
      (path: string) => {
        const bytes = fs.readFileSync(path);
        bytes[bytes.length >> 1]! ^= 8;
        fs.writeFileSync(path, bytes);
      },
    ],
  ])('makes indexes again that are %s', async (_how, damage) => {
    const folder = tempFolder();
    const settings = { 'segment.bytes': '4000', 'index.interval.bytes': '100' };
    const log = await open(new DiskStorage(folder), settings);
    for (let i = 0; i < 150; i++) await log.append(one(`value ${i}`, 1000 + i));
    await log.close();
    const indexes = fs.readdirSync(join(folder, 'logs/t-0')).filter((name) => name.endsWith('index'));
    expect(indexes.length).toBeGreaterThanOrEqual(4);
    for (const name of indexes) damage(join(folder, 'logs/t-0', name));
    const again = await open(new DiskStorage(folder), settings);
    for (let offset = 0; offset < 150; offset += 11) {
      expect((await readAll(again, offset, 200))[0]?.value?.toString()).toBe(`value ${offset}`);
    }
    expect((await again.append(one('more', 2000))).baseOffset).toBe(150);
  });

  it('checks everything when the checkpoint is damaged, and trusts nothing in it', async () => {
    const folder = tempFolder();
    const log = await open(new DiskStorage(folder));
    await log.append(one('a'));
    await log.close();
    const path = join(folder, 'logs/t-0/checkpoint.json');
    const bytes = fs.readFileSync(path);
    for (let at = 0; at < bytes.length; at += 3) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1;
      fs.writeFileSync(path, damaged);
      const next = new DiskStorage(folder);
      const again = await open(next);
      expect(values(await readAll(again))).toEqual(['a']);
      await next.close();
    }
  });

  it('keeps the next offset of a log whose records are all gone', async () => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder);
    const log = await open(storage);
    for (let i = 0; i < 3; i++) await log.append(one('x'));
    await log.exclusively(async () => {
      await log.roll();
    });
    const [first] = log.segments.splice(0, 1);
    await first!.remove();
    await abandonWritten(log, storage);
    fs.rmSync(join(folder, 'logs/t-0/checkpoint.json'), { force: true });
    const again = await open(new DiskStorage(folder));
    expect(again.startOffset).toBe(3);
    expect((await again.append(one('y'))).baseOffset).toBe(3);
  });
});

describe('producers over a restart', () => {
  const sent = (baseSequence: number, producerEpoch = 0) =>
    batch([{ value: `s${baseSequence}` }], { producerId: 9, producerEpoch, baseSequence });

  it.each(['after a clean end', 'after a crash'])('remembers sequences %s', async (how) => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder);
    const log = await open(storage);
    for (let i = 0; i < 8; i++) await log.append(sent(i));
    await log.checkpoint();
    await log.append(sent(8));
    if (how === 'after a clean end') await log.close();
    else await abandonWritten(log, storage);
    const again = await open(new DiskStorage(folder));
    expect((await again.append(sent(8))).baseOffset).toBe(8);
    expect((await again.append(sent(6))).baseOffset).toBe(6);
    expect(() => again.append(sent(10))).toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect((await again.append(sent(9))).baseOffset).toBe(9);
    expect(() => again.append(sent(3, 1))).toThrow('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect((await again.append(sent(0, 1))).baseOffset).toBe(10);
    expect(() => again.append(sent(10))).toThrow('INVALID_PRODUCER_EPOCH');
  });
});
