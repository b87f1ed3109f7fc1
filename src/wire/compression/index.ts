import { RecordBatchError } from '../errors.js';
import type { Compression } from '../record-batch.js';
import { compressions } from '../record-batch.js';
import type { CompressionCodec } from './codec.js';
import { gzip } from './gzip.js';
import { lz4 } from './lz4.js';
import { snappy } from './snappy.js';
import { zstd } from './zstd.js';

const none: CompressionCodec = {
  compress: (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  decompress: (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength),
};

// Each loads its package when it is first used, so that naming them here costs nothing.
const codecs: Record<Compression, CompressionCodec> = { none, gzip, snappy, lz4, zstd };

/** Replaces a codec, for example by one of another package. */
export function registerCodec(compression: Compression, codec: CompressionCodec): void {
  codecs[compression] = codec;
}

/**
 * The codec for the number in a batch's attributes.
 *
 * @throws RecordBatchError for a number that Kafka has not given out
 */
export function codecOf(compressionType: number): CompressionCodec {
  const name = compressions[compressionType];
  if (name === undefined) {
    throw new RecordBatchError(
      'codec',
      'UNSUPPORTED_COMPRESSION_TYPE',
      `no compression has the number ${compressionType}`,
    );
  }
  return codecs[name];
}
