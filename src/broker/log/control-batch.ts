import { decodeTransactionMarker } from '../../wire/control-batch.js';
import type { RecordBatch } from '../../wire/record-batch.js';
import type { TransactionMarker } from './producers.js';

/** What a control batch says; undefined for one that does not end a transaction, or that is damaged. */
export function markerOf(batch: RecordBatch): TransactionMarker | undefined {
  try {
    const marker = decodeTransactionMarker(batch);
    if (marker === undefined) return undefined;
    return {
      commit: marker.type === 'commit',
      coordinatorEpoch: marker.coordinatorEpoch,
      timestamp: batch.maxTimestamp,
    };
  } catch {
    return undefined;
  }
}
