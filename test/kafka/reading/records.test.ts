import { createRequire } from 'node:module';
import { crc32c } from '@node-rs/crc32';
import { describe, expect, it } from 'vitest';
import { decodeRecords } from '../../../src/kafka/reading/records.js';

// kafkajs's own encoder is the judge: it is what real producers send.
const require = createRequire(import.meta.url);
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: (batch: Record<string, unknown>) => Promise<{ buffer: Buffer }>;
};
const Record = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (r: object) => unknown;

interface Given {
  key?: string | null;
  value?: string | null;
  headers?: object;
}

async function batch(baseOffset: number, given: Given[], more: object = {}): Promise<Buffer> {
  const { buffer } = await RecordBatch({
    compression: 0,
    firstTimestamp: 1_000,
    maxTimestamp: 1_000 + given.length,
    producerId: 7,
    producerEpoch: 0,
    firstSequence: 0,
    transactional: false,
    lastOffsetDelta: given.length - 1,
    records: given.map((r, i) =>
      Record({
        offsetDelta: i,
        timestampDelta: i,
        key: r.key ?? null,
        value: r.value === undefined ? 'v' : r.value,
        headers: r.headers ?? {},
      }),
    ),
    ...more,
  });
  return at(Buffer.from(buffer), baseOffset);
}

/** Where the broker would put it; neither field is under the checksum. */
function at(bytes: Buffer, baseOffset: number): Buffer {
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  return bytes;
}

/** Changes attributes, or the number of records, and mends the checksum. */
function patched(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  change(bytes);
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)) >>> 0, 17);
  return bytes;
}

const noCodec = async (): Promise<Buffer> => {
  throw new Error('not compressed');
};
const decode = (
  bytes: Buffer,
  from = 0,
  aborted: { producerId: bigint; firstOffset: number }[] = [],
  committed = true,
) => decodeRecords(bytes, from, aborted, committed, noCodec);

describe('decodeRecords', () => {
  it('reads keys, values, headers, times and offsets', async () => {
    const bytes = await batch(100, [
      { key: 'k', value: 'one' },
      { value: null, headers: { a: 'x', b: Buffer.from([255]) } },
    ]);
    const { records, nextOffset } = await decode(bytes, 100);
    expect(nextOffset).toBe(102);
    expect(records.map((r) => [r.offset, r.timestamp, r.key?.toString() ?? null, r.value?.toString() ?? null])).toEqual(
      [
        [100, 1_000, 'k', 'one'],
        [101, 1_001, null, null],
      ],
    );
    expect(records[1]!.headers).toEqual([
      ['a', Buffer.from('x')],
      ['b', Buffer.from([255])],
    ]);
  });

  it('begins within a batch, and stops before one that is cut off', async () => {
    const whole = Buffer.concat([await batch(0, [{}, {}, {}]), await batch(3, [{}, {}])]);
    const { records, nextOffset } = await decode(whole.subarray(0, whole.length - 1), 1);
    expect(records.map((r) => r.offset)).toEqual([1, 2]);
    expect(nextOffset).toBe(3);
  });

  it('moves over empty batches, which compaction leaves', async () => {
    const empty = patched((await batch(5, [{}])).subarray(0, 61), (b) => {
      b.writeInt32BE(49, 8);
      b.writeInt32BE(9, 23);
      b.writeInt32BE(0, 57);
    });
    expect(await decode(empty, 5)).toEqual({ records: [], nextOffset: 15 });
  });

  it('leaves out aborted transactions and markers, by producer', async () => {
    const inTransaction = { transactional: true };
    const marker = async (offset: number, producerId: number, type: number) => {
      const bytes = await batch(offset, [{ key: `\0\0\0${String.fromCharCode(type)}`, value: '' }], {
        transactional: true,
        producerId,
      });
      return patched(bytes, (b) => b.writeInt16BE(b.readInt16BE(21) | 0x20, 21));
    };
    const log = Buffer.concat([
      await batch(0, [{ value: 'aborted' }], { ...inTransaction, producerId: 1 }),
      await batch(1, [{ value: 'kept' }], { ...inTransaction, producerId: 2 }),
      await batch(2, [{ value: 'plain' }], { producerId: 1 }),
      await marker(3, 1, 0),
      await batch(4, [{ value: 'later' }], { ...inTransaction, producerId: 1 }),
      await marker(5, 2, 1),
      await marker(6, 1, 1),
    ]);
    const aborted = [{ producerId: 1n, firstOffset: 0 }];
    const committed = await decode(log, 0, aborted);
    expect(committed.records.map((r) => r.value!.toString())).toEqual(['kept', 'plain', 'later']);
    expect(committed.nextOffset).toBe(7);
    const all = await decode(log, 0, aborted, false);
    expect(all.records.map((r) => r.value!.toString())).toEqual(['aborted', 'kept', 'plain', 'later']);
  });

  it("takes the broker's time where the topic says so", async () => {
    const bytes = patched(await batch(0, [{}, {}]), (b) => {
      b.writeInt16BE(b.readInt16BE(21) | 0x08, 21);
      b.writeBigInt64BE(1_795_000_000_000n, 35);
    });
    const { records } = await decode(bytes);
    expect(records.map((r) => r.timestamp)).toEqual([1_795_000_000_000, 1_795_000_000_000]);
  });

  it('reads many records, long values and times far apart', async () => {
    const long = 'x'.repeat(300_000);
    const many = Array.from({ length: 20_000 }, (_, i) => ({ value: i === 7 ? long : String(i) }));
    const { buffer } = await RecordBatch({
      compression: 0,
      firstTimestamp: 1,
      maxTimestamp: 2 ** 41,
      producerId: -1,
      producerEpoch: 0,
      firstSequence: 0,
      lastOffsetDelta: many.length - 1,
      records: many.map((r, i) =>
        Record({ offsetDelta: i, timestampDelta: i === 9 ? 2 ** 41 : i === 10 ? -5 : 0, value: r.value, headers: {} }),
      ),
    });
    const { records } = await decode(at(Buffer.from(buffer), 2 ** 40));
    expect(records).toHaveLength(20_000);
    expect(records[7]!.value!.toString()).toBe(long);
    expect(records[9]!.timestamp).toBe(2 ** 41 + 1);
    expect(records[10]!.timestamp).toBe(-4);
    expect(records.at(-1)!.offset).toBe(2 ** 40 + 19_999);
  });

  it('refuses damaged bytes', async () => {
    const bytes = await batch(0, [{ value: 'hello' }]);
    bytes[bytes.length - 3]! ^= 1;
    await expect(decode(bytes)).rejects.toThrow(/bad-record-batch.*checksum/);
    const old = await batch(0, [{}]);
    old[16] = 1;
    await expect(decode(old)).rejects.toThrow('message format 1');
  });

  it('unpacks what is compressed', async () => {
    const plain = await batch(0, [{ value: 'zipped' }]);
    const body = plain.subarray(61);
    const packed = patched(Buffer.concat([plain.subarray(0, 61), Buffer.from('PACKED')]), (b) => {
      b.writeInt32BE(b.length - 12, 8);
      b.writeInt16BE(1, 21);
    });
    const seen: [number, string][] = [];
    const { records } = await decodeRecords(packed, 0, [], true, async (codec, bytes) => {
      seen.push([codec, bytes.toString()]);
      return body;
    });
    expect(seen).toEqual([[1, 'PACKED']]);
    expect(records[0]!.value!.toString()).toBe('zipped');
  });
});
