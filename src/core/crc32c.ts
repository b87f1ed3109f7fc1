import { createRequire } from 'node:module';

type Crc32c = (data: Uint8Array, initial?: number) => number;

const require = createRequire(import.meta.url);
let native: Crc32c | undefined;

/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches and of snapshots, about 8 GB/s. The native library is loaded by the first
 * call, which takes some milliseconds: a broker that must answer at once calls `crc32c(Buffer.alloc(0))` when it is idle.
 *
 * @param data the bytes; they are not copied
 * @param initial the checksum of what came before, to go on from
 * @example crc32c(Buffer.from('123456789')); // 0xe3069283
 */
export function crc32c(data: Uint8Array, initial = 0): number {
  native ??= (require('@node-rs/crc32') as { crc32c: Crc32c }).crc32c;
  return native(data, initial);
}
