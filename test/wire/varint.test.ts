import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInt64, writeInt64 } from '../../src/wire/int64.js';
import { Reader } from '../../src/wire/reader.js';
import { RecordCursor } from '../../src/wire/record-cursor.js';
import {
  sizeOfUnsignedVarint,
  sizeOfVarint,
  sizeOfVarlong,
  writeUnsignedVarint,
  writeVarint,
  writeVarlong,
} from '../../src/wire/varint.js';

const context = { api: 'Test', version: 0, direction: 'request', sites: ['field'] } as const;

function hex(write: (bytes: Buffer) => number): string {
  const bytes = Buffer.alloc(16);
  return bytes.toString('hex', 0, write(bytes));
}

test.each([
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [63, '7e'],
  [-64, '7f'],
  [64, '8001'],
  [-65, '8101'],
  [8191, 'fe7f'],
  [-8192, 'ff7f'],
  [8192, '808001'],
  [1048575, 'feff7f'],
  [134217727, 'feffff7f'],
  [134217728, '8080808001'],
  [2147483647, 'feffffff0f'],
  [-2147483648, 'ffffffff0f'],
])('varint %i is %s', (value, expected) => {
  expect(hex((b) => writeVarint(b, value, 0))).toBe(expected);
  expect(sizeOfVarint(value)).toBe(expected.length / 2);
  expect(new RecordCursor(Buffer.from(expected, 'hex')).varint()).toBe(value);
  expect(hex((b) => writeVarlong(b, value, 0))).toBe(expected);
  expect(new RecordCursor(Buffer.from(expected, 'hex')).varlong()).toBe(value);
});

test.each([
  [17179869183, 'feffffff7f'],
  [-17179869184, 'ffffffff7f'],
  [2199023255551, 'feffffffff7f'],
  [4503599627370495, 'feffffffffffff0f'],
  [4503599627370496, '8080808080808010'],
  [Number.MAX_SAFE_INTEGER, 'feffffffffffff1f'],
  [-Number.MAX_SAFE_INTEGER, 'fdffffffffffff1f'],
  [-(2 ** 63), 'ffffffffffffffffff01'],
])('varlong %i is %s', (value, expected) => {
  expect(hex((b) => writeVarlong(b, value, 0))).toBe(expected);
  expect(sizeOfVarlong(value)).toBe(expected.length / 2);
  expect(new RecordCursor(Buffer.from(expected, 'hex')).varlong()).toBe(value);
});

test('every safe integer survives as a varlong, every 32-bit one as a varint', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer(), (wide, narrow) => {
      const bytes = Buffer.alloc(16);
      expect(writeVarlong(bytes, wide, 0)).toBe(sizeOfVarlong(wide));
      expect(new RecordCursor(bytes).varlong()).toBe(wide);
      expect(writeVarint(bytes, narrow, 0)).toBe(sizeOfVarint(narrow));
      expect(new RecordCursor(bytes).varint()).toBe(narrow);
    }),
  );
});

test('unsigned varints take one byte per seven bits, up to 2^32-1', () => {
  for (const value of [0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455, 268435456, 4294967295]) {
    const bytes = Buffer.alloc(8);
    const size = writeUnsignedVarint(bytes, value, 0);
    expect(size).toBe(sizeOfUnsignedVarint(value));
    expect(new Reader(bytes.subarray(0, size), 0, context).unsignedVarint(0)).toBe(value);
  }
});

test.each(['8080808080', '8080808010', 'ffffffffff01', '80'])('varint %s is too long or breaks off', (bytes) => {
  expect(() => new Reader(Buffer.from(bytes, 'hex'), 0, context).unsignedVarint(0)).toThrow('malformed Test v0');
  expect(() => new RecordCursor(Buffer.from(bytes, 'hex')).varint()).toThrow('damaged record');
});

test('a varlong of more than 64 bits is refused', () => {
  expect(() => new RecordCursor(Buffer.from('ffffffffffffffffff02', 'hex')).varlong()).toThrow('64 bits');
  expect(() => new RecordCursor(Buffer.from('80808080808080808080', 'hex')).varlong()).toThrow('64 bits');
});

test('int64 is exact to 2^53, agrees with bigint beyond, and saturates', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger(), (big, safe) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(big);
      expect(readInt64(bytes, 0)).toBe(Number(big));
      writeInt64(bytes, safe, 0);
      expect(bytes.readBigInt64BE()).toBe(BigInt(safe));
    }),
  );
  const bytes = Buffer.alloc(8);
  for (const [value, expected] of [
    [2 ** 63, 2n ** 63n - 1n],
    [Number.POSITIVE_INFINITY, 2n ** 63n - 1n],
    [-(2 ** 63), -(2n ** 63n)],
    [Number.NEGATIVE_INFINITY, -(2n ** 63n)],
    [Number.NaN, 0n],
    [-1, -1n],
  ] as const) {
    writeInt64(bytes, value, 0);
    expect(bytes.readBigInt64BE()).toBe(expected);
  }
});
