import { encodeTransactionMarker } from '../../wire/control-batch.js';
import { RecordBatch } from '../../wire/record-batch.js';
import type { Topics } from '../topics/topics.js';
import type { ProducerRef, TransactionPartitions } from './state.js';

/** How a transaction ends, on which partitions. */
export interface Ending extends ProducerRef {
  readonly commit: boolean;
  readonly partitions: TransactionPartitions;
}

/**
 * Writes the marker that ends a transaction into every partition that it wrote to.
 *
 * @param marked called for each partition whose marker is in the log
 * @returns the partitions whose marker could not be written: to be tried again. A partition that was deleted needs none.
 */
export async function writeMarkers(
  topics: Topics,
  { producerId, epoch, commit, partitions }: Ending,
  now: number,
  marked: (topic: string, partition: number) => void,
): Promise<TransactionPartitions> {
  const left = new Map<string, Set<number>>();
  const one = async (topic: string, partition: number): Promise<void> => {
    const log = topics.log(topic, partition);
    if (log === undefined) return;
    const marker = encodeTransactionMarker({
      type: commit ? 'commit' : 'abort',
      coordinatorEpoch: 0,
      producerId,
      producerEpoch: epoch,
      timestamp: now,
    });
    try {
      await log.append(new RecordBatch(marker));
      marked(topic, partition);
    } catch {
      // The log has told of the trouble. It may be gone by now.
      if (topics.log(topic, partition) !== log) return;
      const others = left.get(topic) ?? new Set<number>();
      left.set(topic, others.add(partition));
    }
  };
  const all = [...partitions].flatMap(([topic, numbers]) => [...numbers].map((partition) => one(topic, partition)));
  await Promise.all(all);
  return left;
}
