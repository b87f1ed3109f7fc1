import type { CompressionCodec } from './codec.js';
import { corrupt, optionalPackage, tooLarge } from './codec.js';

interface Lz4Package {
  compressFrameSync(data: Buffer): Buffer;
  decompressFrameSync(data: Buffer): Buffer;
}

function lz4Package(): Lz4Package {
  return optionalPackage<Lz4Package>('lz4-napi', 'lz4');
}

/** The LZ4 frame format, as Kafka uses it since message format 2. */
export const lz4: CompressionCodec = {
  compress: (data) => lz4Package().compressFrameSync(asBuffer(data)),
  decompress(data, maxBytes) {
    const { decompressFrameSync } = lz4Package();
    const input = asBuffer(data);
    try {
      // The package has no limit of its own, so the size is counted from the sequences before anything is unpacked.
      if (decompressedBytes(input, maxBytes) > maxBytes) throw tooLarge(maxBytes);
      return decompressFrameSync(input);
    } catch (error) {
      throw corrupt('lz4', error);
    }
  },
};

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

const MAGIC = 0x184d2204;
const FLAG_BLOCK_CHECKSUM = 0x10;
const FLAG_CONTENT_SIZE = 0x08;
const FLAG_DICTIONARY = 0x01;
const UNCOMPRESSED_BLOCK = 0x80000000;

/** How large a frame is when unpacked; stops counting beyond `limit`. @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md */
function decompressedBytes(frame: Buffer, limit: number): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new Error('no LZ4 frame');
  const flags = frame[4]!;
  let at = 7 + (flags & FLAG_CONTENT_SIZE ? 8 : 0) + (flags & FLAG_DICTIONARY ? 4 : 0);
  let total = 0;
  while (total <= limit) {
    const word = frame.readUInt32LE(at);
    if (word === 0) return total;
    const length = word & ~UNCOMPRESSED_BLOCK;
    at += 4;
    if (length > frame.length - at) throw new Error(`a block of ${length} bytes, ${frame.length - at} left`);
    total += word >= UNCOMPRESSED_BLOCK ? length : blockBytes(frame, at, at + length);
    at += length + (flags & FLAG_BLOCK_CHECKSUM ? 4 : 0);
  }
  return total;
}

/** Adds up literals and matches of one block. */
function blockBytes(data: Buffer, from: number, to: number): number {
  let at = from;
  let total = 0;
  const extended = (nibble: number): number => {
    if (nibble < 15) return nibble;
    let length = nibble;
    for (let byte = 255; byte === 255 && at < to; length += byte) byte = data[at++]!;
    return length;
  };
  while (at < to) {
    const token = data[at++]!;
    const literals = extended(token >> 4);
    at += literals;
    total += literals;
    if (at >= to) break;
    at += 2;
    total += extended(token & 0x0f) + 4;
  }
  return total;
}
