import { BATCH_HEADER_BYTES, RecordBatch } from '../../wire/record-batch.js';
import type { AbortedTransaction } from '../log/producers.js';

/**
 * Puts aborted transactions in the order in which their records or markers come in an answer; those that have none in it go last.
 *
 * kafkajs takes one of them for each record that it looks at. An answer that begins inside one would otherwise let
 * through what a producer wrote whose turn in the list has not come. With Kafka it does: its order is by where they end.
 * Other clients take the order as it is, or make their own.
 *
 * @param aborted by where they begin
 * @param records the batches of the answer; the last one may be cut off
 */
export function inOrderOfRecords(
  aborted: readonly AbortedTransaction[],
  records: Buffer,
): readonly AbortedTransaction[] {
  // When none is under way at the beginning, they come in the order they are in.
  if (aborted.length < 2 || aborted[0]!.firstOffset >= new RecordBatch(records).baseOffset) return aborted;
  const byProducer = new Map<number, AbortedTransaction[]>();
  for (const transaction of aborted) {
    const others = byProducer.get(transaction.producerId);
    if (others === undefined) byProducer.set(transaction.producerId, [transaction]);
    else others.push(transaction);
  }
  const ordered = new Set<AbortedTransaction>();
  for (let at = 0; at + BATCH_HEADER_BYTES <= records.length && ordered.size < aborted.length; ) {
    const batch = new RecordBatch(records, at);
    at += batch.byteLength;
    if (!batch.isTransactional) continue;
    // A marker counts, too: whoever takes its transaction after it believes that it has not ended.
    const own = byProducer
      .get(batch.producerId)
      ?.find(({ firstOffset, lastOffset }) => firstOffset <= batch.baseOffset && batch.baseOffset <= lastOffset);
    if (own !== undefined) ordered.add(own);
  }
  for (const transaction of aborted) ordered.add(transaction);
  return [...ordered];
}
