import { ArgumentError } from '../core/errors.js';
import { codecOf } from './compression/index.js';
import { writeInt64 } from './int64.js';
import type { Compression } from './record-batch.js';
import {
  BATCH_HEADER_BYTES,
  BATCH_OVERHEAD_BYTES,
  compressions,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  RecordBatch,
} from './record-batch.js';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.js';

/** A record to encode. Texts become UTF-8. */
export interface RecordInput {
  /** Default: one after the record before. */
  readonly offset?: number;
  /** Epoch milliseconds. Default: the batch's base timestamp. */
  readonly timestamp?: number;
  readonly key?: Uint8Array | string | null;
  readonly value?: Uint8Array | string | null;
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | string | null }[];
}

/** A batch to encode. */
export interface BatchInput {
  /** In rising order of their offsets. May be empty, as compaction leaves a producer's last batch. */
  readonly records: readonly RecordInput[];
  /** Default: the first record's offset, or 0. */
  readonly baseOffset?: number;
  /** Default: the last record's. Compaction keeps the old one, so that offsets and sequences stay covered. */
  readonly lastOffsetDelta?: number;
  /** Default 0. */
  readonly partitionLeaderEpoch?: number;
  /** Default `none`. */
  readonly compression?: Compression;
  /** Epoch milliseconds. Default: the first record's timestamp, or -1. */
  readonly baseTimestamp?: number;
  /** Default: the latest of the records, or the base timestamp. */
  readonly maxTimestamp?: number;
  readonly logAppendTime?: boolean;
  readonly transactional?: boolean;
  readonly control?: boolean;
  /** The base timestamp is the time after which compaction may drop the tombstones. */
  readonly hasDeleteHorizon?: boolean;
  /** Default -1: none. */
  readonly producerId?: number;
  /** Default -1: none. */
  readonly producerEpoch?: number;
  /** Default -1: none. */
  readonly baseSequence?: number;
}

interface Sized {
  readonly bytes: number;
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: Uint8Array; readonly value: Uint8Array | null }[];
}

/**
 * Encodes a version 2 record batch, checksum included.
 *
 * @throws ArgumentError when offsets fall or a number is out of its range
 * @throws RecordBatchError when the codec's package is missing
 * @example const bytes = encodeBatch({ records: [{ key: 'a', value: '1', timestamp: Date.now() }] });
 */
export function encodeBatch(input: BatchInput): Buffer {
  const baseOffset = input.baseOffset ?? input.records[0]?.offset ?? 0;
  const baseTimestamp = input.baseTimestamp ?? input.records[0]?.timestamp ?? -1;
  const sized = measure(input.records, baseOffset, baseTimestamp);
  const lastOffsetDelta = input.lastOffsetDelta ?? sized.at(-1)?.offsetDelta ?? 0;
  if ((sized.at(-1)?.offsetDelta ?? 0) > lastOffsetDelta) {
    throw new ArgumentError(`lastOffsetDelta ${lastOffsetDelta} lies before the last record's`);
  }
  let body = encodeRecords(sized);
  // Nothing compresses to something: Kafka, too, leaves an empty batch uncompressed.
  const type = sized.length === 0 ? 0 : compressions.indexOf(input.compression ?? 'none');
  if (type !== 0) body = codecOf(type).compress(body.subarray(BATCH_HEADER_BYTES));
  const whole = type === 0 ? body : Buffer.concat([Buffer.allocUnsafe(BATCH_HEADER_BYTES), body]);
  let maxTimestamp = input.maxTimestamp ?? Number.NEGATIVE_INFINITY;
  if (input.maxTimestamp === undefined) {
    for (const { timestampDelta } of sized) maxTimestamp = Math.max(maxTimestamp, baseTimestamp + timestampDelta);
  }
  writeInt64(whole, baseOffset, 0);
  whole.writeInt32BE(whole.length - BATCH_OVERHEAD_BYTES, 8);
  whole.writeInt32BE(input.partitionLeaderEpoch ?? 0, 12);
  whole.writeInt8(2, 16);
  whole.writeInt16BE(type | flags(input), 21);
  whole.writeInt32BE(lastOffsetDelta, 23);
  writeInt64(whole, baseTimestamp, 27);
  writeInt64(whole, maxTimestamp === Number.NEGATIVE_INFINITY ? baseTimestamp : maxTimestamp, 35);
  writeInt64(whole, input.producerId ?? NO_PRODUCER_ID, 43);
  whole.writeInt16BE(input.producerEpoch ?? -1, 51);
  whole.writeInt32BE(input.baseSequence ?? NO_SEQUENCE, 53);
  whole.writeInt32BE(sized.length, 57);
  new RecordBatch(whole).updateCrc();
  return whole;
}

function flags(input: BatchInput): number {
  return (
    (input.logAppendTime === true ? 0x08 : 0) |
    (input.transactional === true ? 0x10 : 0) |
    (input.control === true ? 0x20 : 0) |
    (input.hasDeleteHorizon === true ? 0x40 : 0)
  );
}

function measure(records: readonly RecordInput[], baseOffset: number, baseTimestamp: number): Sized[] {
  let nextDelta = 0;
  return records.map((record) => {
    const offsetDelta = record.offset === undefined ? nextDelta : record.offset - baseOffset;
    if (offsetDelta < nextDelta || offsetDelta > 0x7fffffff) {
      throw new ArgumentError(`record offset ${record.offset} does not follow the one before it`);
    }
    nextDelta = offsetDelta + 1;
    const timestampDelta = record.timestamp === undefined ? 0 : record.timestamp - baseTimestamp;
    const key = toBytes(record.key);
    const value = toBytes(record.value);
    const headers = (record.headers ?? []).map((h) => ({ key: Buffer.from(h.key), value: toBytes(h.value) }));
    let bytes = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfBytes(key) + sizeOfBytes(value);
    bytes += sizeOfVarint(headers.length);
    for (const header of headers) bytes += sizeOfBytes(header.key) + sizeOfBytes(header.value);
    return { bytes, offsetDelta, timestampDelta, key, value, headers };
  });
}

/** The records uncompressed, with room for the header before them. */
function encodeRecords(sized: readonly Sized[]): Buffer {
  let total = BATCH_HEADER_BYTES;
  for (const { bytes } of sized) total += sizeOfVarint(bytes) + bytes;
  const out = Buffer.allocUnsafe(total);
  let at = BATCH_HEADER_BYTES;
  for (const record of sized) {
    at = writeVarint(out, record.bytes, at);
    out[at++] = 0; // attributes: none in use
    at = writeVarlong(out, record.timestampDelta, at);
    at = writeVarint(out, record.offsetDelta, at);
    at = writeBytes(out, record.key, at);
    at = writeBytes(out, record.value, at);
    at = writeVarint(out, record.headers.length, at);
    for (const header of record.headers) {
      at = writeBytes(out, header.key, at);
      at = writeBytes(out, header.value, at);
    }
  }
  return out;
}

function toBytes(value: Uint8Array | string | null | undefined): Uint8Array | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? Buffer.from(value) : value;
}

function sizeOfBytes(value: Uint8Array | null): number {
  return value === null ? 1 : sizeOfVarint(value.length) + value.length;
}

function writeBytes(out: Buffer, value: Uint8Array | null, at: number): number {
  if (value === null) return writeVarint(out, -1, at);
  const start = writeVarint(out, value.length, at);
  out.set(value, start);
  return start + value.length;
}
