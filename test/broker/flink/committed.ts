import { splitWholeBatches } from '../../../src/wire/record-batch.js';
import { recordsOf } from '../../../src/wire/records.js';
import { RawClient } from '../support/client.js';

const READ_COMMITTED = 1;

/**
 * Reads the committed values of a partition in order, for ever. Not by kafkajs: with Apache Kafka's answers that shows
 * records of overlapping aborted transactions, which is what a job that was cancelled leaves behind.
 *
 * @param stopped looked at between two answers
 */
export async function readCommitted(
  address: string,
  topic: string,
  partition: number,
  take: (value: string) => void,
  stopped: () => boolean,
): Promise<void> {
  const client = await RawClient.connect(address);
  for (let offset = 0; !stopped(); ) {
    const partitions = [{ partition, fetchOffset: offset, partitionMaxBytes: 1_000_000 }];
    const { responses } = await client.request('Fetch', 4, {
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: READ_COMMITTED,
      topics: [{ topic, partitions }],
    });
    const { errorCode, records, abortedTransactions } = responses[0]!.partitions[0]!;
    if (errorCode !== 0) throw new Error(`reading ${topic}-${partition} failed with ${errorCode}`);
    const coming = [...(abortedTransactions ?? [])].sort((a, b) => a.firstOffset - b.firstOffset);
    const aborted = new Set<number>();
    for (const batch of splitWholeBatches(records ?? Buffer.alloc(0)).batches) {
      while (coming[0] !== undefined && coming[0].firstOffset <= batch.lastOffset) {
        aborted.add(coming.shift()!.producerId);
      }
      if (batch.isControl) {
        aborted.delete(batch.producerId);
      } else if (!batch.isTransactional || !aborted.has(batch.producerId)) {
        for (const record of recordsOf(batch)) if (record.offset >= offset) take(String(record.value));
      }
      offset = batch.nextOffset;
    }
  }
  await client.close();
}
