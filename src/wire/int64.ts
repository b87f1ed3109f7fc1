/*
 * Kafka's 64-bit integers are JavaScript numbers here. Offsets, timestamps and producer ids never pass 2^53 in practice,
 * and number arithmetic is an order of magnitude faster than bigint. Values beyond 2^53-1 are rounded to the nearest
 * double when read; writing saturates, so that Long.MAX_VALUE and Long.MIN_VALUE survive a round trip.
 */
const TWO_32 = 4294967296;
const TWO_63 = 2 ** 63;

/** Reads a signed 64-bit big-endian integer at `at`. The caller has checked the bounds. */
export function readInt64(bytes: Uint8Array, at: number): number {
  const high = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const low = bytes[at + 4]! * 16777216 + ((bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!);
  return high * TWO_32 + low;
}

/** Writes a signed 64-bit big-endian integer at `at`. Fractions are cut off; NaN becomes 0. */
export function writeInt64(bytes: Uint8Array, value: number, at: number): void {
  if (value >= TWO_63) {
    writeHalves(bytes, 0x7fffffff, 0xffffffff, at);
  } else if (value > -TWO_63) {
    const high = Math.floor(value / TWO_32);
    writeHalves(bytes, high, value - high * TWO_32, at);
  } else {
    writeHalves(bytes, Number.isNaN(value) ? 0 : 0x80000000, 0, at);
  }
}

function writeHalves(bytes: Uint8Array, high: number, low: number, at: number): void {
  bytes[at] = high >> 24;
  bytes[at + 1] = high >> 16;
  bytes[at + 2] = high >> 8;
  bytes[at + 3] = high;
  bytes[at + 4] = low >>> 24;
  bytes[at + 5] = low >>> 16;
  bytes[at + 6] = low >>> 8;
  bytes[at + 7] = low;
}
