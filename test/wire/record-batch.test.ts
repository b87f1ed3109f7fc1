import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addSequence,
  type BatchInput,
  crc32c,
  decodeRecords,
  encodeBatch,
  producedBatch,
  RecordBatch,
  RecordBatchError,
  splitBatches,
  splitWholeBatches,
  validateProducedBatch,
  validateRecords,
} from '../../src/wire/index.js';

const sample: BatchInput = {
  records: [
    { key: 'a', value: 'one', timestamp: 1000 },
    {
      key: null,
      value: null,
      timestamp: 990,
      headers: [
        { key: 'h', value: 'x' },
        { key: '', value: null },
      ],
    },
    { key: '', value: Buffer.alloc(300, 1), timestamp: 2000 },
  ],
  baseOffset: 40,
  producerId: 7,
  producerEpoch: 2,
  baseSequence: 5,
};

function problemOf(action: () => unknown): [string, string] {
  try {
    action();
  } catch (error) {
    if (error instanceof RecordBatchError) return [error.problem, error.kafkaError];
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('crc32c of "123456789"', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.from('6789'), crc32c(Buffer.from('12345')))).toBe(0xe3069283);
});

describe('the header', () => {
  test('reads every field', () => {
    const batch = new RecordBatch(encodeBatch({ ...sample, transactional: true, partitionLeaderEpoch: 3 }));
    expect(batch).toMatchObject({
      baseOffset: 40,
      lastOffsetDelta: 2,
      lastOffset: 42,
      nextOffset: 43,
      partitionLeaderEpoch: 3,
      magic: 2,
      compression: 'none',
      isTransactional: true,
      isControl: false,
      isLogAppendTime: false,
      baseTimestamp: 1000,
      maxTimestamp: 2000,
      producerId: 7,
      producerEpoch: 2,
      baseSequence: 5,
      lastSequence: 7,
      recordCount: 3,
      hasProducerId: true,
    });
    expect(batch.byteLength).toBe(batch.buffer.length);
  });

  test('base offset and leader epoch lie outside the checksum', () => {
    const batch = new RecordBatch(encodeBatch(sample));
    batch.baseOffset = 1_234_567_890_123;
    batch.partitionLeaderEpoch = 9;
    expect(batch.isCrcValid()).toBe(true);
    expect(decodeRecords(batch).map((r) => r.offset)).toEqual([
      1_234_567_890_123, 1_234_567_890_124, 1_234_567_890_125,
    ]);
  });

  test('LogAppendTime changes attribute, maximum and checksum, and every record reads that time', () => {
    const batch = new RecordBatch(encodeBatch(sample));
    batch.stampLogAppendTime(5555);
    expect(batch.isCrcValid()).toBe(true);
    expect(batch.isLogAppendTime).toBe(true);
    expect(decodeRecords(batch).map((r) => r.timestamp)).toEqual([5555, 5555, 5555]);
  });

  test('sequences wrap after 2^31-1', () => {
    expect(addSequence(0x7fffffff, 1)).toBe(0);
    expect(addSequence(0x7ffffffe, 1)).toBe(0x7fffffff);
    expect(addSequence(0x7fffffff, 0x7fffffff)).toBe(0x7ffffffe);
  });
});

describe('splitting', () => {
  const one = encodeBatch(sample);
  const two = Buffer.concat([one, encodeBatch({ ...sample, baseOffset: 43 })]);

  test('gives views, one a batch', () => {
    const batches = splitBatches(two);
    expect(batches.map((b) => [b.start, b.baseOffset])).toEqual([
      [0, 40],
      [one.length, 43],
    ]);
    expect(batches[1]!.bytes().buffer).toBe(two.buffer);
    expect(splitBatches(Buffer.alloc(0))).toEqual([]);
  });

  test('every truncation is refused; a reader of fetched bytes gets the whole batches', () => {
    for (let length = 1; length < two.length; length++) {
      const cut = two.subarray(0, length);
      const whole = length >= one.length ? 1 : 0;
      const { batches, bytes } = splitWholeBatches(cut);
      expect([batches.length, bytes]).toEqual([whole, whole * one.length]);
      if (length !== one.length) expect(problemOf(() => splitBatches(cut))).toEqual(['truncated', 'INVALID_RECORD']);
    }
  });

  test.each([
    [0, ['magic', 'INVALID_RECORD']],
    [1, ['magic', 'INVALID_RECORD']],
    [3, ['magic', 'CORRUPT_MESSAGE']],
  ])('magic %i', (magic, expected) => {
    const bytes = Buffer.from(one);
    bytes.writeInt8(magic, 16);
    expect(problemOf(() => splitBatches(bytes))).toEqual(expected);
    expect(problemOf(() => splitWholeBatches(bytes))).toEqual(expected);
  });

  test.each([48, 0, -1, -2147483648])('a batch length of %i is less than the header', (length) => {
    const bytes = Buffer.from(one);
    bytes.writeInt32BE(length, 8);
    expect(problemOf(() => splitBatches(bytes))).toEqual(['length', 'CORRUPT_MESSAGE']);
    expect(problemOf(() => splitWholeBatches(bytes))).toEqual(['length', 'CORRUPT_MESSAGE']);
  });
});

describe('what a producer may send', () => {
  function changed(change: (bytes: Buffer) => void, fixCrc = true): RecordBatch {
    const bytes = encodeBatch({ ...sample, baseOffset: 0 });
    change(bytes);
    const batch = new RecordBatch(bytes);
    if (fixCrc) batch.updateCrc();
    return batch;
  }

  test('a good batch passes', () => {
    expect(() => validateProducedBatch(changed(() => {}))).not.toThrow();
  });
  test('a flipped bit is found', () => {
    const batch = changed((bytes) => bytes.writeUInt8(bytes[70]! ^ 1, 70), false);
    expect(problemOf(() => validateProducedBatch(batch))).toEqual(['crc', 'CORRUPT_MESSAGE']);
  });
  test.each([
    ['no records', (b: Buffer) => b.writeInt32BE(0, 57), 'count'],
    ['a negative count', (b: Buffer) => b.writeInt32BE(-1, 57), 'count'],
    ['a count unlike the offsets', (b: Buffer) => b.writeInt32BE(2, 57), 'offsets'],
    [
      'a count that cannot fit',
      (b: Buffer) => {
        b.writeInt32BE(999_999, 57);
        b.writeInt32BE(999_998, 23);
      },
      'count',
    ],
    ['a base offset', (b: Buffer) => b.writeInt32BE(1, 4), 'offsets'],
    ['control records', (b: Buffer) => b.writeInt16BE(0x20, 21), 'control'],
    ['a producer id without a sequence', (b: Buffer) => b.writeInt32BE(-1, 53), 'record'],
  ])('%s', (_, change, problem) => {
    expect(problemOf(() => validateProducedBatch(changed(change)))).toEqual([problem, 'INVALID_RECORD']);
  });
});

describe('the one batch of a partition in a Produce request', () => {
  const batch = encodeBatch({ records: [{ value: 'x', timestamp: 5 }] });
  function edited(change: (bytes: Buffer) => void): Buffer {
    const bytes = Buffer.from(batch);
    change(bytes);
    return bytes;
  }

  // The answers of Apache Kafka 4.3.1 to a Produce request of version 9.
  test.each([
    ['null', null, 'INVALID_RECORD'],
    ['nothing', Buffer.alloc(0), 'INVALID_RECORD'],
    ['too few bytes', Buffer.alloc(5), 'INVALID_RECORD'],
    ['a batch cut off', batch.subarray(0, batch.length - 3), 'INVALID_RECORD'],
    ['two batches', Buffer.concat([batch, batch]), 'INVALID_RECORD'],
    ['message format 1', edited((b) => b.writeInt8(1, 16)), 'INVALID_RECORD'],
    ['an impossible format', edited((b) => b.writeInt8(5, 16)), 'CORRUPT_MESSAGE'],
    ['a length of 10', edited((b) => b.writeInt32BE(10, 8)), 'CORRUPT_MESSAGE'],
    ['zeros after the batch', Buffer.concat([batch, Buffer.alloc(61)]), 'CORRUPT_MESSAGE'],
  ])('%s', (_, records, kafkaError) => {
    expect(problemOf(() => producedBatch(records, 9))[1]).toBe(kafkaError);
  });

  test('a few bytes after the batch are passed over, as Kafka does', () => {
    expect(producedBatch(Buffer.concat([batch, Buffer.from('abc')]), 9).byteLength).toBe(batch.length);
  });

  test('zstd needs version 7', () => {
    const zstd = edited((b) => b.writeInt16BE(4, 21));
    expect(problemOf(() => producedBatch(zstd, 6))).toEqual(['codec', 'UNSUPPORTED_COMPRESSION_TYPE']);
    expect(producedBatch(zstd, 7).compression).toBe('zstd');
  });

  test('validateRecords wants whole records at offsets without gaps', () => {
    const gap = encodeBatch({ records: [{ value: 'x' }, { offset: 2, value: 'y' }], baseOffset: 0 });
    expect(() => validateRecords(new RecordBatch(batch))).not.toThrow();
    expect(problemOf(() => validateRecords(new RecordBatch(gap)))).toEqual(['offsets', 'INVALID_RECORD']);
  });
});

describe('records', () => {
  test('come back as they went', () => {
    const records = decodeRecords(new RecordBatch(encodeBatch(sample)));
    expect(records).toEqual([
      { offset: 40, timestamp: 1000, key: Buffer.from('a'), value: Buffer.from('one'), headers: [] },
      {
        offset: 41,
        timestamp: 990,
        key: null,
        value: null,
        headers: [
          { key: 'h', value: Buffer.from('x') },
          { key: '', value: null },
        ],
      },
      { offset: 42, timestamp: 2000, key: Buffer.alloc(0), value: Buffer.alloc(300, 1), headers: [] },
    ]);
  });

  test('gaps stay, as compaction leaves them', () => {
    const records = [
      { offset: 12, value: 'x', timestamp: 1 },
      { offset: 18, value: 'y', timestamp: 2 },
    ];
    const batch = new RecordBatch(encodeBatch({ records, baseOffset: 10, lastOffsetDelta: 9 }));
    expect(batch.lastOffset).toBe(19);
    expect(decodeRecords(batch).map((r) => r.offset)).toEqual([12, 18]);
    expect(() => encodeBatch({ records: [...records].reverse() })).toThrow('does not follow');
    expect(() => encodeBatch({ records, baseOffset: 10, lastOffsetDelta: 7 })).toThrow('lastOffsetDelta 7');
  });

  test.each(['none', 'gzip'] as const)('an empty batch keeps its producer state (%s)', (compression) => {
    const bytes = encodeBatch({ records: [], baseOffset: 10, lastOffsetDelta: 4, producerId: 3, compression });
    expect(bytes.length).toBe(61);
    const batch = new RecordBatch(bytes);
    expect(batch).toMatchObject({ lastOffset: 14, producerId: 3, recordCount: 0 });
    expect(decodeRecords(batch)).toEqual([]);
  });

  test('damaged bytes give a RecordBatchError and nothing else', () => {
    const good = encodeBatch(sample);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 21, max: good.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
        }),
        (changes) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          // Without compression here: what the codecs throw is tested with them.
          bytes.writeInt16BE(bytes.readInt16BE(21) & ~7, 21);
          try {
            decodeRecords(new RecordBatch(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(RecordBatchError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
