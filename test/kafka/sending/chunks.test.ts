import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, cutUtf8 } from '../../../src/kafka/sending/chunks.js';

async function* blocks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function cut(bytes: Buffer, chunkBytes: number, blockBytes: number): Promise<Buffer[]> {
  const result: Buffer[] = [];
  for await (const chunk of chunksOf(blocks(bytes, blockBytes), chunkBytes)) result.push(chunk);
  return result;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

describe('chunksOf', () => {
  it('gives the bytes back, never too long a chunk, never half a character', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '—', '流', '😀', '\r\n', '\0', '\uFEFF'),
      maxLength: 400,
    });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 1, max: 97 }),
        async (s, size, block) => {
          const bytes = Buffer.from(s);
          const chunks = await cut(bytes, size, block);
          expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
          for (const chunk of chunks) {
            expect(chunk.length).toBeGreaterThan(0);
            expect(chunk.length).toBeLessThanOrEqual(size);
            strict.decode(chunk);
          }
          // As few as the borders allow: a chunk is at most three bytes short, but for the last one.
          for (const chunk of chunks.slice(0, -1)) expect(chunk.length).toBeGreaterThan(size - 4);
        },
      ),
    );
  });

  it('gives any bytes back, also those that are no UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 4, max: 20 }), async (raw, size) => {
        const bytes = Buffer.from(raw);
        const chunks = await cut(bytes, size, 64);
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
        for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('cuts before the character that would be halved', () => {
    const bytes = Buffer.from('abc流d');
    expect(cutUtf8(bytes, 0, 5)).toBe(3);
    expect(cutUtf8(bytes, 0, 6)).toBe(6);
  });

  it('refuses a size that cannot hold every character', async () => {
    await expect(cut(Buffer.from('a'), 3, 10)).rejects.toThrow('chunkBytes is 3');
    await expect(cut(Buffer.from('a'), 4.5, 10)).rejects.toThrow('chunkBytes is 4.5');
  });
});
