import { describe, expect, test } from 'vitest';
import { Reader } from '../../src/wire/reader.js';
import { Writer } from '../../src/wire/writer.js';

const sites = ['field'];
const uuid = 'AAECAwQFBgcICQoLDA0ODw';

/** Each primitive: how it is written, how it is read, a value. */
const primitives: [string, (w: Writer) => void, (r: Reader) => unknown, unknown][] = [
  ['bool', (w) => w.bool(true, 0), (r) => r.bool(0), true],
  ['int8', (w) => w.int8(-2, 0), (r) => r.int8(0), -2],
  ['int16', (w) => w.int16(-300, 0), (r) => r.int16(0), -300],
  ['uint16', (w) => w.uint16(65000, 0), (r) => r.uint16(0), 65000],
  ['int32', (w) => w.int32(-70000, 0), (r) => r.int32(0), -70000],
  ['uint32', (w) => w.uint32(4000000000, 0), (r) => r.uint32(0), 4000000000],
  ['int64', (w) => w.int64(-5000000000, 0), (r) => r.int64(0), -5000000000],
  ['float64', (w) => w.float64(1.5e300, 0), (r) => r.float64(0), 1.5e300],
  ['uuid', (w) => w.uuid(uuid, 0), (r) => r.uuid(0), uuid],
  ['unsigned varint', (w) => w.unsignedVarint(300000), (r) => r.unsignedVarint(0), 300000],
  ['string', (w) => w.string('héllo', 0), (r) => r.string(0), 'héllo'],
  ['null string', (w) => w.nullableString(null, 0), (r) => r.nullableString(0), null],
  ['compact string', (w) => w.compactString('wörld', 0), (r) => r.compactString(0), 'wörld'],
  ['null compact string', (w) => w.compactNullableString(null, 0), (r) => r.compactNullableString(0), null],
  ['bytes', (w) => w.bytes(Buffer.from('abc'), 0), (r) => r.bytes(0), Buffer.from('abc')],
  ['compact bytes', (w) => w.compactBytes(Buffer.from('abc'), 0), (r) => r.compactBytes(0), Buffer.from('abc')],
  ['null bytes', (w) => w.nullableBytes(null, 0), (r) => r.nullableBytes(0), null],
  ['null compact bytes', (w) => w.compactNullableBytes(null, 0), (r) => r.compactNullableBytes(0), null],
];

describe('a value that does not fit the chunk goes into the next one, whole', () => {
  test.each(primitives)('%s', (_, write, read, value) => {
    for (let before = 0; before <= 40; before++) {
      const writer = new Writer({ api: 'Test', apiKey: 0, version: 0, sites }, 32);
      for (let i = 0; i < before; i++) writer.int8(7, 0);
      write(writer);
      writer.int8(9, 0);
      const size = writer.byteLength;
      const bytes = Buffer.concat(writer.finish() as Buffer[]);
      expect(bytes.length).toBe(size);
      const reader = new Reader(bytes, before, { api: 'Test', version: 0, direction: 'request', sites });
      expect(bytes.subarray(0, before).every((byte) => byte === 7)).toBe(true);
      expect(read(reader)).toEqual(value);
      expect(reader.int8(0)).toBe(9);
      expect(reader.pos).toBe(reader.end);
    }
  });
});

describe('a value that cannot be written names its field', () => {
  const writer = () => new Writer({ api: 'Test', apiKey: 0, version: 3, sites: ['topics[].count'] });
  test.each([
    ['int8', (w: Writer) => w.int8(128, 0), 'Test v3: topics[].count must be an integer from -128 to 127, not 128'],
    ['int16', (w: Writer) => w.int16(-32769, 0), 'not -32769'],
    ['int32', (w: Writer) => w.int32(1.5, 0), 'not 1.5'],
    ['int32', (w: Writer) => w.int32(Number.NaN, 0), 'not NaN'],
    ['int64', (w: Writer) => w.int64(5n as unknown as number, 0), 'must be a number, not 5'],
    ['uuid', (w: Writer) => w.uuid('short', 0), 'is no UUID: short'],
    ['string', (w: Writer) => w.string(null, 0), 'cannot be null'],
    ['string', (w: Writer) => w.string(5 as unknown as string, 0), 'must be a string, not 5'],
    ['string', (w: Writer) => w.string('x'.repeat(32768), 0), 'takes 32768 bytes'],
  ])('%s', (_, write, message) => {
    expect(() => write(writer())).toThrow(message);
  });
});
