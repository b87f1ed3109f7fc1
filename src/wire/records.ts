import { codecOf } from './compression/index.js';
import { RecordBatchError } from './errors.js';
import type { RecordBatch } from './record-batch.js';
import { MIN_RECORD_BYTES } from './record-batch.js';
import { RecordCursor } from './record-cursor.js';

/** A header of a record. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/** One record of a batch. Its bytes are views into the batch, or into what the batch was decompressed to. */
export interface KafkaRecord {
  readonly offset: number;
  /** Epoch milliseconds: the producer's, or the broker's for a batch stamped with LogAppendTime. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/** How far decoding a batch may go. */
export interface DecodeRecordsOptions {
  /** The most bytes that the records may decompress to. Default 128 MiB. */
  readonly maxBytes?: number;
}

/** Enough for any batch that a broker accepts by default, too little for a bomb to hurt. */
export const DEFAULT_MAX_DECOMPRESSED_BYTES = 128 * 1024 * 1024;

const NO_HEADERS: readonly RecordHeader[] = Object.freeze([]);

/**
 * Reads the records of a batch one by one, decompressing first where needed. The checksum is not looked at again.
 *
 * @throws RecordBatchError when the records are not what the header says, when they decompress to more than the limit, or
 *   when the codec's package is missing
 * @example for (const record of recordsOf(batch)) console.log(record.offset, record.value?.toString());
 */
export function* recordsOf(
  batch: RecordBatch,
  options: DecodeRecordsOptions = {},
): Generator<KafkaRecord, void, undefined> {
  const { maxBytes = DEFAULT_MAX_DECOMPRESSED_BYTES } = options;
  const raw = batch.recordBytes();
  if (raw.length === 0 && batch.recordCount === 0) return;
  const type = batch.compressionType;
  const bytes = type === 0 ? raw : codecOf(type).decompress(raw, maxBytes);
  const count = batch.recordCount;
  if (count < 0 || count > bytes.length / MIN_RECORD_BYTES) {
    throw new RecordBatchError('count', 'INVALID_RECORD', `${count} records cannot fit ${bytes.length} bytes`);
  }
  const { baseOffset, baseTimestamp } = batch;
  const appendTime = batch.isLogAppendTime ? batch.maxTimestamp : undefined;
  const cursor = new RecordCursor(bytes);
  for (let i = 0; i < count; i++) {
    const length = cursor.varint();
    const end = cursor.end(length);
    cursor.skip(1); // attributes: none in use
    const timestampDelta = cursor.varlong();
    const offset = baseOffset + cursor.varint();
    const key = cursor.bytes();
    const value = cursor.bytes();
    const headers = readHeaders(cursor);
    cursor.mustBeAt(end);
    yield { offset, timestamp: appendTime ?? baseTimestamp + timestampDelta, key, value, headers };
  }
  cursor.mustBeAt(bytes.length);
}

/** The same as an array. */
export function decodeRecords(batch: RecordBatch, options?: DecodeRecordsOptions): KafkaRecord[] {
  return [...recordsOf(batch, options)];
}

function readHeaders(cursor: RecordCursor): readonly RecordHeader[] {
  const count = cursor.varint();
  if (count === 0) return NO_HEADERS;
  cursor.mustHold(count, 2);
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) headers.push({ key: cursor.text(), value: cursor.bytes() });
  return headers;
}
