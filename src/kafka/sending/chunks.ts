import { ArgumentError } from '../../core/errors.js';

/** The longest UTF-8 character; a chunk must be able to hold one. */
const LONGEST = 4;

/**
 * Where a chunk of at most `size` bytes that begins at `from` ends, so that no UTF-8 character is cut. Bytes that are
 * not UTF-8 are cut at `size`.
 */
export function cutUtf8(bytes: Buffer, from: number, size: number): number {
  const end = from + size;
  if (end >= bytes.length) return bytes.length;
  if (!isContinuation(bytes[end]!)) return end;
  let lead = end - 1;
  while (lead > from && end - lead < LONGEST && isContinuation(bytes[lead]!)) lead--;
  return lead > from && lengthOf(bytes[lead]!) > end - lead ? lead : end;
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** The length that a character's first byte announces; 0 for a byte that is none. */
function lengthOf(lead: number): number {
  if (lead >= 0xf8) return 0;
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  if (lead >= 0xc0) return 2;
  return lead < 0x80 ? 1 : 0;
}

/**
 * Cuts a stream of bytes into chunks of at most `size` bytes, each ending at the border of a UTF-8 character. Put
 * together again they are the same bytes. Memory: one block and one chunk.
 *
 * @param size 4 or more
 */
export async function* chunksOf(blocks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer, void> {
  checkChunkBytes(size);
  let rest: Buffer = Buffer.alloc(0);
  for await (const block of blocks) {
    const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
    let from = 0;
    // Only while a whole chunk and the byte behind it are there can the border be known.
    while (bytes.length - from > size) {
      const end = cutUtf8(bytes, from, size);
      yield bytes.subarray(from, end);
      from = end;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield rest;
}

export function checkChunkBytes(size: number): void {
  if (!Number.isInteger(size) || size < LONGEST) {
    throw new ArgumentError(`chunkBytes is ${size}`, {
      hint: 'a whole number, 4 or more: the longest UTF-8 character has 4 bytes, and none is ever cut',
    });
  }
}
