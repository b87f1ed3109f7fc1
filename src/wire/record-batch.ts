import { crc32c } from './crc32c.js';
import { RecordBatchError } from './errors.js';
import { readInt64, writeInt64 } from './int64.js';

/** Bytes of a version 2 batch header, the count included. The records follow. */
export const BATCH_HEADER_BYTES = 61;
/** Base offset and length: what precedes the bytes that `batchLength` counts. */
export const BATCH_OVERHEAD_BYTES = 12;
/** What must be there to tell the format of a batch. */
const HEADER_UP_TO_MAGIC_BYTES = 17;
/** What follows the length in the smallest message of the formats before record batches. */
const LEAST_OLD_MESSAGE_BYTES = 14;
/** The checksum covers everything from the attributes to the end of the batch. */
const CRC_FROM = 21;

export const NO_PRODUCER_ID = -1;
export const NO_SEQUENCE = -1;
export const NO_TIMESTAMP = -1;

const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

/** How the records of a batch are compressed, by the number in its attributes. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/**
 * A view over one version 2 record batch inside a larger buffer. Nothing is copied; setters write through.
 *
 * @example
 *   const batch = new RecordBatch(buffer, 0);
 *   batch.baseOffset = 42;            // outside the checksum: the batch stays valid
 * @see Kafka: Record Batch, https://kafka.apache.org/documentation/#recordbatch
 */
export class RecordBatch {
  /**
   * @param buffer holds the batch; at least `start + 61` bytes long
   * @param start where the batch begins in `buffer`
   */
  constructor(
    readonly buffer: Buffer,
    readonly start: number = 0,
  ) {}

  get baseOffset(): number {
    return readInt64(this.buffer, this.start);
  }
  set baseOffset(offset: number) {
    writeInt64(this.buffer, offset, this.start);
  }
  /** Bytes after this field. The whole batch takes 12 more: see `byteLength`. */
  get batchLength(): number {
    return this.buffer.readInt32BE(this.start + 8);
  }
  get partitionLeaderEpoch(): number {
    return this.buffer.readInt32BE(this.start + 12);
  }
  set partitionLeaderEpoch(epoch: number) {
    this.buffer.writeInt32BE(epoch, this.start + 12);
  }
  get magic(): number {
    return this.buffer.readInt8(this.start + 16);
  }
  get crc(): number {
    return this.buffer.readUInt32BE(this.start + 17);
  }
  get attributes(): number {
    return this.buffer.readInt16BE(this.start + 21);
  }
  get lastOffsetDelta(): number {
    return this.buffer.readInt32BE(this.start + 23);
  }
  /** Epoch milliseconds; a record's timestamp is this plus its delta. With `hasDeleteHorizon` it is that horizon. */
  get baseTimestamp(): number {
    return readInt64(this.buffer, this.start + 27);
  }
  get maxTimestamp(): number {
    return readInt64(this.buffer, this.start + 35);
  }
  get producerId(): number {
    return readInt64(this.buffer, this.start + 43);
  }
  get producerEpoch(): number {
    return this.buffer.readInt16BE(this.start + 51);
  }
  get baseSequence(): number {
    return this.buffer.readInt32BE(this.start + 53);
  }
  get recordCount(): number {
    return this.buffer.readInt32BE(this.start + 57);
  }

  /** Bytes of the whole batch, header included. */
  get byteLength(): number {
    return this.batchLength + BATCH_OVERHEAD_BYTES;
  }
  get end(): number {
    return this.start + this.byteLength;
  }
  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }
  /** The offset after the last one of this batch. */
  get nextOffset(): number {
    return this.lastOffset + 1;
  }
  /** The sequence number of the last record; wraps after 2^31-1. -1 without a producer id. */
  get lastSequence(): number {
    return this.baseSequence === NO_SEQUENCE ? NO_SEQUENCE : addSequence(this.baseSequence, this.lastOffsetDelta);
  }
  /** The number in the attributes: 0 to 7, of which 5 to 7 mean nothing yet. */
  get compressionType(): number {
    return this.attributes & COMPRESSION_MASK;
  }
  /** `undefined` for a number that Kafka has not given out. */
  get compression(): Compression | undefined {
    return compressions[this.compressionType];
  }
  get isLogAppendTime(): boolean {
    return (this.attributes & LOG_APPEND_TIME) !== 0;
  }
  get isTransactional(): boolean {
    return (this.attributes & TRANSACTIONAL) !== 0;
  }
  get isControl(): boolean {
    return (this.attributes & CONTROL) !== 0;
  }
  get hasDeleteHorizon(): boolean {
    return (this.attributes & DELETE_HORIZON) !== 0;
  }
  get hasProducerId(): boolean {
    return this.producerId > NO_PRODUCER_ID;
  }

  /** The whole batch, as a view. */
  bytes(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }
  /** The records as they came, compressed or not, as a view. */
  recordBytes(): Buffer {
    return this.buffer.subarray(this.start + BATCH_HEADER_BYTES, this.end);
  }
  /** The checksum that the bytes have, to compare with `crc`. */
  computeCrc(): number {
    return crc32c(this.buffer.subarray(this.start + CRC_FROM, this.end));
  }
  isCrcValid(): boolean {
    return this.computeCrc() === this.crc;
  }
  /** Writes the checksum that the bytes have now. */
  updateCrc(): void {
    this.buffer.writeUInt32BE(this.computeCrc(), this.start + 17);
  }
  /**
   * What Kafka does to a batch with `message.timestamp.type=LogAppendTime`: the attribute, the maximum timestamp and the
   * checksum. Readers then take every record's time from the header, so the records stay as they are.
   */
  stampLogAppendTime(timestampMs: number): void {
    this.buffer.writeInt16BE(this.attributes | LOG_APPEND_TIME, this.start + 21);
    writeInt64(this.buffer, timestampMs, this.start + 35);
    this.updateCrc();
  }
}

/** Sequence numbers count 0 .. 2^31-1 and begin again at 0. */
export function addSequence(sequence: number, increment: number): number {
  const sum = sequence + increment;
  return sum > 0x7fffffff ? sum - 0x80000000 : sum;
}

/**
 * Looks at the batch that begins at `at`: its length against what is there, and its magic. No checksum yet.
 *
 * @param limit where the bytes end
 * @throws RecordBatchError `truncated`, `length` or `magic`
 */
export function batchAt(buffer: Buffer, at: number, limit: number): RecordBatch {
  // The order of the checks is Kafka's, so that the errors are.
  const left = limit - at;
  if (left < HEADER_UP_TO_MAGIC_BYTES) {
    throw new RecordBatchError(
      'truncated',
      'INVALID_RECORD',
      `${left} bytes left at byte ${at}: too few for a record batch`,
    );
  }
  const length = buffer.readInt32BE(at + 8);
  if (length < LEAST_OLD_MESSAGE_BYTES) {
    throw new RecordBatchError(
      'length',
      'CORRUPT_MESSAGE',
      `record size ${length} at byte ${at} is less than any record takes`,
    );
  }
  const magic = buffer.readInt8(at + 16);
  if (magic < 0 || magic > 2) {
    throw new RecordBatchError('magic', 'CORRUPT_MESSAGE', `invalid magic ${magic} at byte ${at}`);
  }
  if (length > left - BATCH_OVERHEAD_BYTES) {
    throw new RecordBatchError(
      'truncated',
      'INVALID_RECORD',
      `batch at byte ${at} says ${length + BATCH_OVERHEAD_BYTES} bytes, ${left} are there`,
    );
  }
  if (magic !== 2) {
    throw new RecordBatchError(
      'magic',
      'INVALID_RECORD',
      `message format ${magic} at byte ${at} is older than record batches: only magic 2 is stored`,
    );
  }
  if (length < BATCH_HEADER_BYTES - BATCH_OVERHEAD_BYTES) {
    throw new RecordBatchError(
      'length',
      'CORRUPT_MESSAGE',
      `batch length ${length} at byte ${at} is less than its own header`,
    );
  }
  return new RecordBatch(buffer, at);
}

/**
 * Splits a `records` field into its batches, strictly: every byte must belong to a whole version 2 batch.
 *
 * @param records a view; the batches are views into it
 * @throws RecordBatchError
 */
export function splitBatches(records: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let at = 0; at < records.length; ) {
    const batch = batchAt(records, at, records.length);
    batches.push(batch);
    at += batch.byteLength;
  }
  return batches;
}

/**
 * The same for what a client fetched or a torn segment holds: stops without an error at a batch cut off by the end.
 *
 * @returns the whole batches, and the bytes they take
 */
export function splitWholeBatches(records: Buffer): { batches: RecordBatch[]; bytes: number } {
  const batches: RecordBatch[] = [];
  let at = 0;
  while (records.length - at >= HEADER_UP_TO_MAGIC_BYTES) {
    const magic = records.readInt8(at + 16);
    const length = records.readInt32BE(at + 8);
    if (magic >= 0 && magic <= 2 && length > records.length - at - BATCH_OVERHEAD_BYTES) break;
    const batch = batchAt(records, at, records.length);
    batches.push(batch);
    at += batch.byteLength;
  }
  return { batches, bytes: at };
}

/**
 * What Kafka checks of the header of a batch that a producer sent: checksum, count, offsets, no control records, a sequence
 * where there is a producer id. `producedBatch` finds the batch, `validateRecords` looks into it.
 *
 * @throws RecordBatchError whose `kafkaError` is the answer to the producer
 */
export function validateProducedBatch(batch: RecordBatch): void {
  if (!batch.isCrcValid()) {
    throw new RecordBatchError(
      'crc',
      'CORRUPT_MESSAGE',
      `checksum ${hex(batch.crc)} in the batch, ${hex(batch.computeCrc())} by its bytes`,
    );
  }
  const count = batch.recordCount;
  if (count <= 0) throw new RecordBatchError('count', 'INVALID_RECORD', `record count ${count} must be positive`);
  const span = batch.lastOffsetDelta + 1;
  if (span !== count) {
    throw new RecordBatchError('offsets', 'INVALID_RECORD', `${count} records but offsets for ${span}`);
  }
  if (batch.compressionType === 0 && count > batch.recordBytes().length / MIN_RECORD_BYTES) {
    throw new RecordBatchError(
      'count',
      'INVALID_RECORD',
      `${count} records cannot fit ${batch.recordBytes().length} bytes`,
    );
  }
  if (batch.compression === undefined) {
    throw new RecordBatchError(
      'codec',
      'UNSUPPORTED_COMPRESSION_TYPE',
      `no compression has the number ${batch.compressionType}`,
    );
  }
  if (batch.baseOffset !== 0) {
    throw new RecordBatchError('offsets', 'INVALID_RECORD', `base offset ${batch.baseOffset} must be 0`);
  }
  if (batch.isControl) {
    throw new RecordBatchError('control', 'INVALID_RECORD', 'clients are not allowed to write control records');
  }
  if (batch.hasProducerId && batch.baseSequence < 0) {
    throw new RecordBatchError(
      'record',
      'INVALID_RECORD',
      `sequence ${batch.baseSequence} with producer id ${batch.producerId}`,
    );
  }
}

/** Length, attributes, timestamp delta, offset delta, key length, value length, header count: a byte each at least. */
export const MIN_RECORD_BYTES = 7;

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, '0')}`;
}
