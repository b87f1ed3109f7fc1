import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiskStorage } from '../../src/broker/storage/disk.js';
import { tempFolder } from './support/temp.js';

function openHandles(folder: string): number {
  return fs.readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}

describe('a disk with few handles', () => {
  it('writes and reads hundreds of files at the same time with ten handles', async () => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder, 10);
    const files = Array.from({ length: 300 }, (_, i) => storage.file(`f${i}`));
    let most = 0;
    const watch = setInterval(() => {
      if (process.platform === 'linux') most = Math.max(most, openHandles(folder));
    }, 1);
    await Promise.all(
      files.map(async (file, i) => {
        await file.append([Buffer.from(`a${i}`), Buffer.from('b')]);
        await file.append([Buffer.from('c')]);
        await file.sync();
        await storage.replace(`small${i}`, `${i}`);
        const bytes = Buffer.alloc(20);
        const count = await file.read(bytes, 0);
        expect(bytes.toString('latin1', 0, count)).toBe(`a${i}bc`);
        expect(storage.readWhole(`small${i}`)?.toString()).toBe(`${i}`);
      }),
    );
    clearInterval(watch);
    expect(most).toBeLessThanOrEqual(10);
    await storage.close();
    if (process.platform === 'linux') expect(openHandles(folder)).toBe(0);
  });

  it('does not make a removed file again', async () => {
    const folder = tempFolder();
    const storage = new DiskStorage(folder, 2);
    const file = storage.file('gone');
    await file.append([Buffer.from('x')]);
    await file.remove();
    await expect(file.read(Buffer.alloc(1), 0)).rejects.toThrow('was deleted');
    expect(fs.existsSync(join(folder, 'gone'))).toBe(false);
    await storage.close();
  });
});
