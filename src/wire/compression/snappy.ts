import type { CompressionCodec } from './codec.js';
import { corrupt, optionalPackage, tooLarge } from './codec.js';

/*
 * The Java client writes the stream format of snappy-java ("xerial"): a header of 16 bytes, then blocks, each with its length
 * in front. librdkafka writes one bare block. Readers take either.
 */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const HEADER_BYTES = 16;
const VERSION = 1;
const COMPATIBLE_VERSION = 1;
/** What snappy-java puts into one block. */
const BLOCK_BYTES = 32_768;

interface SnappyPackage {
  compressSync(data: Uint8Array): Buffer;
  uncompressSync(data: Uint8Array, options: { asBuffer: true }): Buffer;
}

function snappyPackage(): SnappyPackage {
  return optionalPackage<SnappyPackage>('snappy', 'snappy');
}

export const snappy: CompressionCodec = {
  compress(data) {
    const { compressSync } = snappyPackage();
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    header.writeInt32BE(VERSION, 8);
    header.writeInt32BE(COMPATIBLE_VERSION, 12);
    const parts: Buffer[] = [header];
    for (let at = 0; at < data.length; at += BLOCK_BYTES) {
      const block = compressSync(data.subarray(at, at + BLOCK_BYTES));
      const length = Buffer.alloc(4);
      length.writeInt32BE(block.length);
      parts.push(length, block);
    }
    return Buffer.concat(parts);
  },

  decompress(data, maxBytes) {
    const { uncompressSync } = snappyPackage();
    const input = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    try {
      const parts: Buffer[] = [];
      let total = 0;
      for (const block of blocks(input)) {
        total += announcedBytes(block);
        if (total > maxBytes) throw tooLarge(maxBytes);
        parts.push(uncompressSync(block, { asBuffer: true }));
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    } catch (error) {
      throw corrupt('snappy', error);
    }
  },
};

function* blocks(input: Buffer): Generator<Buffer> {
  if (input.length < HEADER_BYTES || !input.subarray(0, MAGIC.length).equals(MAGIC)) {
    yield input;
    return;
  }
  for (let at = HEADER_BYTES; at < input.length; ) {
    const length = at + 4 <= input.length ? input.readInt32BE(at) : -1;
    at += 4;
    if (length < 0 || length > input.length - at)
      throw new Error(`a block of ${length} bytes, ${input.length - at} left`);
    yield input.subarray(at, at + length);
    at += length;
  }
}

/** A snappy block begins with its decompressed size as an unsigned varint. */
function announcedBytes(block: Buffer): number {
  let size = 0;
  for (let i = 0; i < 5 && i < block.length; i++) {
    size += (block[i]! & 0x7f) * 2 ** (7 * i);
    if (block[i]! < 0x80) return size;
  }
  throw new Error('no size at its beginning');
}
