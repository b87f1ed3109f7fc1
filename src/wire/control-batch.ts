import { encodeBatch } from './encode-batch.js';
import { RecordBatchError } from './errors.js';
import type { RecordBatch } from './record-batch.js';
import { recordsOf } from './records.js';

/** How a transaction ended on a partition, as its control batch says. */
export interface TransactionMarker {
  readonly type: 'commit' | 'abort';
  readonly coordinatorEpoch: number;
}

/** What a marker's batch needs besides. */
export interface TransactionMarkerInput extends TransactionMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Default 0, to be set when it is appended. */
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
}

const ABORT = 0;
const COMMIT = 1;
const KEY_VERSION = 0;
const VALUE_VERSION = 0;

/**
 * The control batch that ends a producer's transaction on a partition.
 *
 * @see Kafka: Control Batches, https://kafka.apache.org/documentation/#controlbatch
 */
export function encodeTransactionMarker(marker: TransactionMarkerInput): Buffer {
  const {
    type,
    coordinatorEpoch,
    producerId,
    producerEpoch,
    timestamp,
    baseOffset = 0,
    partitionLeaderEpoch = 0,
  } = marker;
  const key = Buffer.alloc(4);
  key.writeInt16BE(KEY_VERSION, 0);
  key.writeInt16BE(type === 'commit' ? COMMIT : ABORT, 2);
  const value = Buffer.alloc(6);
  value.writeInt16BE(VALUE_VERSION, 0);
  value.writeInt32BE(coordinatorEpoch, 2);
  return encodeBatch({
    records: [{ key, value, timestamp }],
    baseOffset,
    partitionLeaderEpoch,
    producerId,
    producerEpoch,
    transactional: true,
    control: true,
  });
}

/**
 * Reads a control batch; undefined for one that is no transaction marker (Kafka's own quorum writes others).
 *
 * @throws RecordBatchError when the batch is damaged
 */
export function decodeTransactionMarker(batch: RecordBatch): TransactionMarker | undefined {
  for (const { key, value } of recordsOf(batch)) {
    if (key === null || key.length < 4) {
      throw new RecordBatchError('control', 'CORRUPT_MESSAGE', 'a control record without a type');
    }
    const type = key.readInt16BE(2);
    if (type !== COMMIT && type !== ABORT) return undefined;
    if (value === null || value.length < 6) {
      throw new RecordBatchError('control', 'CORRUPT_MESSAGE', 'a transaction marker without its coordinator epoch');
    }
    return { type: type === COMMIT ? 'commit' : 'abort', coordinatorEpoch: value.readInt32BE(2) };
  }
  return undefined;
}
