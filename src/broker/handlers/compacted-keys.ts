import type { RecordBatch } from '../../wire/record-batch.js';
import { recordsOf } from '../../wire/records.js';
import { KafkaError } from '../kafka-error.js';

/**
 * Refuses records without a key, which compaction could not tell apart.
 *
 * @throws KafkaError INVALID_RECORD; RecordBatchError when the records cannot be read
 */
export function checkKeys(batch: RecordBatch): void {
  for (const { key } of recordsOf(batch)) {
    if (key === null) throw new KafkaError('INVALID_RECORD', 'Compacted topic cannot accept message without key.');
  }
}
