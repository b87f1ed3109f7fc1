import { RecordBatchError } from '../errors.js';
import type { CompressionCodec } from './codec.js';
import { corrupt, nodeZlib, optionalPackage, tooLarge } from './codec.js';
import { isTooLarge } from './gzip.js';

/** Node has zstd from 22.15 on; our types are those of the oldest Node we support. */
interface ZstdOfNode {
  zstdCompressSync?(data: Uint8Array): Buffer;
  zstdDecompressSync?(data: Uint8Array, options: { maxOutputLength: number }): Buffer;
}
interface FzstdPackage {
  Decompress: new (
    onData: (chunk: Uint8Array, final?: boolean) => void,
  ) => {
    push(chunk: Uint8Array, final: boolean): void;
  };
}

/** From node:zlib where Node has it. Below Node 22.15 the package `fzstd` reads, and nothing writes. */
export const zstd: CompressionCodec = {
  compress(data) {
    const { zstdCompressSync } = nodeZlib() as ZstdOfNode;
    if (zstdCompressSync === undefined) {
      const advice = 'use Node 22.15 or later, or registerCodec("zstd", ...)';
      throw new RecordBatchError('codec', 'UNSUPPORTED_COMPRESSION_TYPE', `this Node cannot write zstd: ${advice}`);
    }
    return zstdCompressSync(data);
  },
  decompress(data, maxBytes) {
    try {
      const { zstdDecompressSync } = nodeZlib() as ZstdOfNode;
      if (zstdDecompressSync === undefined) return inJavaScript(data, maxBytes);
      return zstdDecompressSync(data, { maxOutputLength: Math.max(1, maxBytes) });
    } catch (error) {
      throw isTooLarge(error) ? tooLarge(maxBytes) : corrupt('zstd', error);
    }
  },
};

/** The window may be as large as the content; beyond this the decoder would allocate what a few bytes ask for. */
const INPUT_SLICE_BYTES = 16_384;

function inJavaScript(data: Uint8Array, maxBytes: number): Buffer {
  const { Decompress } = optionalPackage<FzstdPackage>('fzstd', 'zstd');
  checkWindow(data, maxBytes);
  const parts: Uint8Array[] = [];
  let total = 0;
  const stream = new Decompress((chunk) => {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    parts.push(chunk.slice());
  });
  // In slices, so that the limit is checked between blocks.
  for (let at = 0; at < data.length; at += INPUT_SLICE_BYTES) {
    stream.push(data.subarray(at, at + INPUT_SLICE_BYTES), at + INPUT_SLICE_BYTES >= data.length);
  }
  return Buffer.concat(parts);
}

/** Refuses a frame whose header asks for a window far above the limit. @see RFC 8878, Frame_Header */
function checkWindow(data: Uint8Array, maxBytes: number): void {
  const descriptor = data[4];
  if (descriptor === undefined) throw new Error('no zstd frame');
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  let at = 5;
  if (!singleSegment) {
    const window = data[at++] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    const largest = Math.max(2 * maxBytes, 8 * 1024 * 1024);
    if (base + (base / 8) * (window & 7) > largest) throw tooLarge(maxBytes);
  }
  at += dictionaryBytes;
  let size = 0;
  for (let i = 0; i < sizeBytes; i++) size += (data[at + i] ?? 0) * 2 ** (8 * i);
  if (sizeBytes === 2) size += 256;
  if (size > maxBytes) throw tooLarge(maxBytes);
}
