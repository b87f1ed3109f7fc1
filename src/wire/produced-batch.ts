import { RecordBatchError } from './errors.js';
import type { RecordBatch } from './record-batch.js';
import { batchAt, splitWholeBatches } from './record-batch.js';
import type { DecodeRecordsOptions } from './records.js';
import { recordsOf } from './records.js';

const ZSTD = 4;
/** The first version of Produce that may carry zstd. */
const ZSTD_SINCE = 7;

/**
 * The one batch that a producer may send to a partition in one request. As with Kafka, bytes after it that are too few to
 * be a batch are passed over. The answers to everything else were taken from Apache Kafka 4.3.1.
 *
 * @param records the field of the request
 * @param produceVersion the version of the request
 * @throws RecordBatchError whose `kafkaError` is the answer to the producer
 */
export function producedBatch(records: Buffer | null, produceVersion: number): RecordBatch {
  const refuse = (what: string): RecordBatchError =>
    new RecordBatchError(
      'count',
      'INVALID_RECORD',
      `Produce requests with version ${produceVersion} must have ${what}`,
    );
  if (records === null || records.length === 0) throw refuse('a record batch for each partition');
  const batch = batchAt(records, 0, records.length);
  if (batch.compressionType === ZSTD && produceVersion < ZSTD_SINCE) {
    throw new RecordBatchError(
      'codec',
      'UNSUPPORTED_COMPRESSION_TYPE',
      `Produce requests with version ${produceVersion} must not use zstd: it came with version ${ZSTD_SINCE}`,
    );
  }
  if (splitWholeBatches(records.subarray(batch.byteLength)).batches.length > 0) throw refuse('one record batch only');
  return batch;
}

/**
 * Looks into the records of a produced batch as Kafka does: each must be whole, and at the offset that follows the one
 * before. This decompresses; a broker that stores batches as they come may leave it out and trust the checksum.
 *
 * @throws RecordBatchError
 */
export function validateRecords(batch: RecordBatch, options?: DecodeRecordsOptions): void {
  let expected = batch.baseOffset;
  for (const { offset } of recordsOf(batch, options)) {
    if (offset !== expected) {
      throw new RecordBatchError(
        'offsets',
        'INVALID_RECORD',
        `a record at offset ${offset} where ${expected} should be`,
      );
    }
    expected++;
  }
}
