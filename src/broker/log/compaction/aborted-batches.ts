import type { RecordBatch } from '../../../wire/record-batch.js';
import type { AbortedTransaction } from '../producers.js';

/** Tells the batches of aborted transactions from others. */
export class AbortedBatches {
  /** Producer id -> its aborted transactions, by where they begin. They cannot overlap. */
  private readonly byProducer = new Map<number, AbortedTransaction[]>();

  /** @param aborted by where they begin */
  constructor(aborted: readonly AbortedTransaction[]) {
    for (const transaction of aborted) {
      const others = this.byProducer.get(transaction.producerId);
      if (others === undefined) this.byProducer.set(transaction.producerId, [transaction]);
      else others.push(transaction);
    }
  }

  has(batch: RecordBatch): boolean {
    if (!batch.isTransactional || batch.isControl) return false;
    const transactions = this.byProducer.get(batch.producerId);
    if (transactions === undefined) return false;
    const { baseOffset } = batch;
    let low = 0;
    let high = transactions.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (transactions[middle]!.firstOffset <= baseOffset) low = middle + 1;
      else high = middle - 1;
    }
    return high >= 0 && transactions[high]!.lastOffset > baseOffset;
  }
}
