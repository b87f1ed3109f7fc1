import { array, int8, int16, int32, int64, string } from '../../wire/schema.js';
import { internalCodec } from '../internal-codec.js';
import { statuses, type TransactionState } from './state.js';

/*
 * The records of `__transaction_state`, in Kafka's own format.
 * See Kafka: TransactionLogKey.json, TransactionLogValue.json.
 */

const key = internalCodec('TransactionLogKey', { transactionalId: string() }, [0, 0], 0);

/** Version 1, which Kafka writes since `transaction.version` 1. */
const value = internalCodec(
  'TransactionLogValue',
  {
    producerId: int64(),
    previousProducerId: int64({ since: 1, default: -1, tag: 0 }),
    nextProducerId: int64({ since: 1, default: -1, tag: 1 }),
    producerEpoch: int16(),
    nextProducerEpoch: int16({ since: 1, default: -1, tag: 3 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array({ topic: string(), partitionIds: array(int32()) }, { nullable: 0 }),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16({ since: 1, default: 0, tag: 2 }),
  },
  [0, 1],
  1,
  1,
);

export function encodeKey(transactionalId: string): Buffer {
  return key.encode({ transactionalId });
}

/** The transactional id; undefined for a key of a version that we do not know. */
export function decodeKey(bytes: Buffer): string | undefined {
  return key.decode(bytes)?.transactionalId;
}

export function encodeState(state: TransactionState): Buffer {
  return value.encode({
    producerId: state.producerId,
    previousProducerId: state.previousProducerId,
    producerEpoch: state.epoch,
    transactionTimeoutMs: state.timeoutMs,
    transactionStatus: statuses.indexOf(state.status),
    transactionPartitions:
      state.status === 'Empty'
        ? null
        : [...state.partitions].map(([topic, partitions]) => ({ topic, partitionIds: [...partitions] })),
    transactionLastUpdateTimestampMs: state.updatedAt,
    transactionStartTimestampMs: state.startedAt,
  });
}

/** Undefined for a value of a version or status that we do not know. */
export function decodeState(bytes: Buffer): TransactionState | undefined {
  const body = value.decode(bytes);
  const status = statuses[body?.transactionStatus ?? -1];
  if (body === undefined || status === undefined) return undefined;
  const partitions = new Map<string, Set<number>>();
  for (const { topic, partitionIds } of body.transactionPartitions ?? []) partitions.set(topic, new Set(partitionIds));
  return {
    producerId: body.producerId,
    previousProducerId: body.previousProducerId,
    epoch: body.producerEpoch,
    // As in Kafka it is not written down: only a retry across a restart would want it.
    lastEpoch: -1,
    timeoutMs: body.transactionTimeoutMs,
    status,
    partitions,
    startedAt: body.transactionStartTimestampMs,
    updatedAt: body.transactionLastUpdateTimestampMs,
  };
}
