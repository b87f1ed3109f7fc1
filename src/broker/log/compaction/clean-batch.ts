import { type BatchInput, encodeBatch } from '../../../wire/encode-batch.js';
import { RecordBatchError } from '../../../wire/errors.js';
import type { RecordBatch } from '../../../wire/record-batch.js';
import { type KafkaRecord, recordsOf } from '../../../wire/records.js';
import type { Producers } from '../producers.js';
import type { AbortedBatches } from './aborted-batches.js';
import type { OffsetMap } from './offset-map.js';

/** What decides about records. */
export interface Cleaning {
  /** Of the records before `upTo`. */
  readonly latest: OffsetMap;
  readonly upTo: number;
  readonly startOffset: number;
  readonly aborted: AbortedBatches;
  readonly producers: Producers;
  readonly now: number;
  /** `delete.retention.ms` */
  readonly deleteRetentionMs: number;
  /** Producers of which data were met since their last marker. */
  readonly seen: Set<number>;
}

/**
 * What compaction leaves of a batch: the batch itself, a new one with fewer records, or undefined for nothing. Offsets,
 * times and sequence numbers stay.
 *
 * Records go that have a later one with the same key, that lie in an aborted transaction, or that have no key. Tombstones,
 * and markers of transactions of which nothing is left, stay for `delete.retention.ms` from the run that first finds them
 * to be what they are: the batch then says when that is over. The last batch of a producer stays even if it is empty, for
 * its sequence numbers.
 *
 * @see Kafka: `Cleaner.cleanInto`, `MemoryRecords.filterTo`, KIP-534
 */
export function cleanBatch(batch: RecordBatch, cleaning: Cleaning): RecordBatch | Buffer | undefined {
  if (batch.lastOffset < cleaning.startOffset) return undefined;
  const horizon = batch.hasDeleteHorizon ? batch.baseTimestamp : undefined;
  const over = horizon !== undefined && horizon <= cleaning.now;
  if (batch.isControl) {
    const needed = cleaning.seen.delete(batch.producerId) || batch.lastOffset >= cleaning.upTo;
    if (needed || (horizon !== undefined && !over)) return batch;
    if (over) return isLastOfProducer(batch, cleaning.producers) ? emptied(batch) : undefined;
    return rewritten(batch, [...recordsOf(batch)], cleaning.now + cleaning.deleteRetentionMs);
  }
  if (batch.isTransactional) cleaning.seen.add(batch.producerId);
  if (batch.baseOffset >= cleaning.upTo) return batch;
  const kept: KafkaRecord[] = [];
  let tombstones = false;
  if (!cleaning.aborted.has(batch)) {
    for (const record of recordsOf(batch)) {
      if (!stays(record, over, cleaning)) continue;
      kept.push(record);
      if (record.value === null) tombstones = true;
    }
  }
  const needsHorizon = tombstones && horizon === undefined;
  if (kept.length === 0) return isLastOfProducer(batch, cleaning.producers) ? emptied(batch) : undefined;
  if (kept.length === batch.recordCount && !needsHorizon) return batch;
  return rewritten(batch, kept, needsHorizon ? cleaning.now + cleaning.deleteRetentionMs : horizon);
}

function stays({ offset, key, value }: KafkaRecord, over: boolean, { latest, upTo }: Cleaning): boolean {
  if (offset >= upTo) return true;
  if (key === null || offset < latest.get(key)) return false;
  return value !== null || !over;
}

function isLastOfProducer(batch: RecordBatch, producers: Producers): boolean {
  const entry = batch.hasProducerId ? producers.get(batch.producerId) : undefined;
  if (entry === undefined) return false;
  const last = entry.batches.at(-1);
  if (last === undefined) return batch.isControl && batch.producerEpoch === entry.epoch;
  return batch.lastOffset === last.lastOffset;
}

function emptied(batch: RecordBatch): RecordBatch | Buffer {
  return batch.recordCount === 0 ? batch : rewritten(batch, [], undefined);
}

/** @param horizon takes the place of the base timestamp, from which the records' times are then counted */
function rewritten(batch: RecordBatch, records: readonly KafkaRecord[], horizon: number | undefined): Buffer {
  const input: BatchInput = {
    records: records.map(({ headers, ...record }) => ({ ...record, headers })),
    baseOffset: batch.baseOffset,
    lastOffsetDelta: batch.lastOffsetDelta,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    compression: batch.compression ?? 'none',
    baseTimestamp: horizon ?? batch.baseTimestamp,
    maxTimestamp: latestOf(batch, records),
    logAppendTime: batch.isLogAppendTime,
    transactional: batch.isTransactional,
    control: batch.isControl,
    hasDeleteHorizon: horizon !== undefined,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
  };
  try {
    return encodeBatch(input);
  } catch (error) {
    // Node before 22.15 reads zstd and cannot write it.
    if (!(error instanceof RecordBatchError) || error.problem !== 'codec') throw error;
    return encodeBatch({ ...input, compression: 'gzip' });
  }
}

function latestOf(batch: RecordBatch, records: readonly KafkaRecord[]): number {
  if (batch.isLogAppendTime || records.length === 0) return batch.maxTimestamp;
  let latest = records[0]!.timestamp;
  for (const { timestamp } of records) if (timestamp > latest) latest = timestamp;
  return latest;
}
