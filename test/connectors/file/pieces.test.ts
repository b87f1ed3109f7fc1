import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FilePieces } from '../../../src/connectors/file/pieces.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-pieces-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MIB = 1024 * 1024;

/** Reads a file of so many bytes, from `offset` on, and compares. @returns how many times nothing had come yet */
async function readAll(bytes: number, offset: number, promptMs: number, patienceBytes: number): Promise<number> {
  const content = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i++) content[i] = (i * 31 + (i >> 12)) & 255;
  const path = join(folder, 'file');
  writeFileSync(path, content);
  const handle = await open(path, 'r');
  let wake = (): void => {};
  let failure: unknown;
  let waited = 0;
  const loop = {
    wake: () => wake(),
    fail: (error: unknown) => {
      failure = error;
      wake();
    },
  };
  const pieces = new FilePieces(handle, offset, loop, promptMs, patienceBytes);
  const read: Buffer[] = [];
  for (;;) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const piece = pieces.next();
    if (failure !== undefined) throw failure;
    if (piece?.length === 0) break;
    if (piece === undefined) {
      expect(pieces.waits).toBe(true);
      waited++;
      await woken;
    } else read.push(Buffer.from(piece));
  }
  await handle.close();
  expect(Buffer.concat(read).equals(content.subarray(offset))).toBe(true);
  return waited;
}

const SIZES = [0, 1, 64 * 1024, 64 * 1024 + 1, MIB, 3 * MIB + 7, 9 * MIB];

describe('all bytes of a file come, in order', () => {
  test.each(SIZES)('%i bytes at once', async (bytes) => {
    expect(await readAll(bytes, 0, Number.POSITIVE_INFINITY, MIB)).toBe(0);
  });

  test.each(SIZES)('%i bytes fetched ahead, as no answer is fast enough', async (bytes) => {
    const waited = await readAll(bytes, 0, -1, 64 * MIB);
    if (bytes > MIB) expect(waited).toBeGreaterThan(0);
  });

  test.each(SIZES)('%i bytes with changes from one way to the other', async (bytes) => {
    await readAll(bytes, Math.floor(bytes / 3), -1, MIB + 5);
    await readAll(bytes, 0, -1, 1);
  });
});
