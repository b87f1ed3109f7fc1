import { crc32c as native } from '@node-rs/crc32';

/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches, about 4 GB/s.
 *
 * @param data the bytes; they are not copied
 * @param initial the checksum of what came before, to go on from
 * @example crc32c(Buffer.from('123456789')); // 0xe3069283
 */
export function crc32c(data: Uint8Array, initial = 0): number {
  return native(data as Buffer, initial);
}
