/*
 * Variable-length integers, seven bits a byte, least significant group first. Kafka's records use the zigzag form
 * (0, -1, 1, -2 ... -> 0, 1, 2, 3 ...); compact types and tagged fields use the plain unsigned form.
 */

/** Bytes that `value` (0 .. 2^32-1) takes as an unsigned varint: 1 to 5. */
export function sizeOfUnsignedVarint(value: number): number {
  const bits = value >>> 0;
  if (bits < 0x80) return 1;
  if (bits < 0x4000) return 2;
  if (bits < 0x200000) return 3;
  return bits < 0x10000000 ? 4 : 5;
}

/** Writes `value` (0 .. 2^32-1) at `at`; returns the position after it. */
export function writeUnsignedVarint(bytes: Uint8Array, value: number, at: number): number {
  let rest = value >>> 0;
  let position = at;
  while (rest > 0x7f) {
    bytes[position++] = rest | 0x80;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}

/** Zigzag of a 32-bit integer, as an unsigned number. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** Bytes that `value` (a 32-bit integer) takes as a zigzag varint: 1 to 5. */
export function sizeOfVarint(value: number): number {
  return sizeOfUnsignedVarint(zigzag(value));
}

/** Writes a 32-bit integer as a zigzag varint; returns the position after it. */
export function writeVarint(bytes: Uint8Array, value: number, at: number): number {
  return writeUnsignedVarint(bytes, zigzag(value), at);
}

/** Bytes that `value` (a safe integer) takes as a zigzag varlong: 1 to 10. */
export function sizeOfVarlong(value: number): number {
  if (isWide(value)) return writeBigVarlong(new Uint8Array(10), BigInt(value), 0);
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  let size = 1;
  while (rest >= 0x80) {
    rest = Math.floor(rest / 0x80);
    size++;
  }
  return size;
}

/** Writes a safe integer as a zigzag varlong; returns the position after it. */
export function writeVarlong(bytes: Uint8Array, value: number, at: number): number {
  if (isWide(value)) return writeBigVarlong(bytes, BigInt(value), at);
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  let position = at;
  while (rest >= 0x80) {
    bytes[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[position++] = rest;
  return position;
}

/** Beyond 2^52 the zigzag form no longer fits a double exactly. */
function isWide(value: number): boolean {
  return value > 0xfffffffffffff || value < -0xfffffffffffff;
}

function writeBigVarlong(bytes: Uint8Array, value: bigint, at: number): number {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  let position = at;
  while (rest > 0x7fn) {
    bytes[position++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  bytes[position++] = Number(rest);
  return position;
}
