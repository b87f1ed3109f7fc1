import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  codecOf,
  compressions,
  decodeRecords,
  encodeBatch,
  RecordBatch,
  RecordBatchError,
  splitBatches,
} from '../../src/wire/index.js';

const require = createRequire(import.meta.url);
const nodeHasZstd = 'zstdCompressSync' in zlib;
const writable = (['gzip', 'snappy', 'lz4', 'zstd'] as const).filter((name) => name !== 'zstd' || nodeHasZstd);

function codec(name: (typeof compressions)[number]) {
  return codecOf(compressions.indexOf(name));
}

/** A megabyte that compresses well, in more than one block of every codec. */
const text = Buffer.from(Array.from({ length: 100_000 }, (_, i) => `line ${i * 7919}\n`).join(''));

describe.each(writable)('%s', (name) => {
  test('what it writes it reads', () => {
    expect(codec(name).decompress(codec(name).compress(text), text.length).equals(text)).toBe(true);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 5000 }), (data) => {
        expect(codec(name).decompress(codec(name).compress(data), 5000).equals(Buffer.from(data))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('a batch keeps its records', () => {
    const records = Array.from({ length: 500 }, (_, i) => ({ key: `k${i}`, value: `value ${i}`, timestamp: 1000 + i }));
    const batch = new RecordBatch(encodeBatch({ records, baseOffset: 10, compression: name }));
    expect(batch.compression).toBe(name);
    expect(batch.isCrcValid()).toBe(true);
    const decoded = decodeRecords(batch);
    expect(decoded).toHaveLength(500);
    expect(decoded[499]).toEqual({
      offset: 509,
      timestamp: 1499,
      key: Buffer.from('k499'),
      value: Buffer.from('value 499'),
      headers: [],
    });
  });

  test('a bomb is refused', () => {
    const bomb = codec(name).compress(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(3_000_000);
    expect(() => codec(name).decompress(bomb, 1_000_000)).toThrow('decompresses to more than 1000000 bytes');
    expect(codec(name).decompress(bomb, 50_000_000).length).toBe(50_000_000);
  });

  test('damaged data gives a RecordBatchError', () => {
    const good = codec(name).compress(text.subarray(0, 3000));
    fc.assert(
      fc.property(
        fc.nat({ max: good.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        fc.nat({ max: 40 }),
        (at, value, cut) => {
          const bytes = Buffer.from(good.subarray(0, good.length - cut));
          if (at < bytes.length) bytes[at] = value;
          try {
            codec(name).decompress(bytes, 100_000);
          } catch (error) {
            expect(error).toBeInstanceOf(RecordBatchError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('snappy: the bare block of librdkafka is read too', () => {
  const { compressSync } = require('snappy') as { compressSync(data: Buffer): Buffer };
  expect(codec('snappy').decompress(compressSync(text), text.length).equals(text)).toBe(true);
});

const hello = 'hello hello hello hello zstd\n';

// By the zstd command line: with checksum and content size, without either, without content size only.
test.each([
  '28b52ffd241d8d00005868656c6c6f207a7374640a0100f14a116c29973c',
  '28b52ffd00688d00005868656c6c6f207a7374640a0100f14a11',
  '28b52ffd04488d00005868656c6c6f207a7374640a0100f14a116c29973c',
])('zstd: %s of the reference implementation is read on every Node', (frame) => {
  const bytes = Buffer.from(frame, 'hex');
  expect(codec('zstd').decompress(bytes, 29).toString()).toBe(hello);
  expect(() => codec('zstd').decompress(bytes, 28)).toThrow('more than 28 bytes');
});

test('zstd: a bomb of the reference implementation is refused', () => {
  // 200,000 times "a", without a content size.
  const bomb = Buffer.from('28b52ffd04585400001061610100fbff39c002036a08618356bc98', 'hex');
  expect(codec('zstd').decompress(bomb, 200_000).equals(Buffer.alloc(200_000, 'a'))).toBe(true);
  expect(() => codec('zstd').decompress(bomb, 199_999)).toThrow('more than 199999 bytes');
});

// By the lz4 command line: as it is by default; with linked blocks, block checksums and the content size.
test.each([
  '04224d186440a70f0000006e68656c6c6f200600507a7374640a000000009d471b09',
  '04224d187c401d000000000000008e0f0000006e68656c6c6f200600507a7374640a23ffb73f000000009d471b09',
])('lz4: %s of the reference implementation is read', (frame) => {
  const bytes = Buffer.from(frame, 'hex');
  expect(codec('lz4').decompress(bytes, 29).toString()).toBe(hello);
  expect(() => codec('lz4').decompress(bytes, 28)).toThrow('more than 28 bytes');
});

// Segments of Apache Kafka 4.3.1, written by its console producer.
const path = new URL('fixtures/java-batches.json', import.meta.url);
const segments = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
test.each(Object.keys(segments))("%s of Kafka's own producer is read", (name) => {
  const [batch, ...more] = splitBatches(Buffer.from(segments[name]!, 'hex'));
  expect(more).toEqual([]);
  expect(batch!.compression).toBe(name);
  expect(batch!.isCrcValid()).toBe(true);
  const read = decodeRecords(batch!).map((r) => `${r.offset} ${r.key} ${r.value}`);
  const line = (i: number) => `${i} k${i} the value of record ${i}, ${'x'.repeat(i)}`;
  expect(read).toEqual(Array.from({ length: 40 }, (_, i) => line(i)));
});

test('a number that means no compression is refused', () => {
  expect(() => codecOf(5)).toThrow('no compression has the number 5');
});
