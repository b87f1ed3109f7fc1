import { addSequence, type RecordBatch } from '../../wire/record-batch.js';
import { KafkaError } from '../kafka-error.js';

/** What is remembered of a batch that an idempotent producer wrote. */
export interface ProducerBatch {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly timestamp: number;
}

/** What a partition remembers of a producer. */
export interface ProducerEntry {
  readonly id: number;
  epoch: number;
  /** The last batches, oldest first. */
  batches: ProducerBatch[];
  /** The first offset of its open transaction here; -1 when there is none. */
  transactionStart: number;
  /** Epoch of the transaction coordinator that wrote the last marker. */
  coordinatorEpoch: number;
  lastTimestamp: number;
}

/** A transaction that was aborted: readers of committed records skip what its producer wrote in between. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** The offset of the abort marker. */
  readonly lastOffset: number;
}

/** Kafka looks for duplicates among the last 5 batches; more are kept, so that 5 remain when the last ones fail. */
const KEPT_BATCHES = 10;

/**
 * The producers of one partition: which sequence number each shall send next, which batches would be duplicates, and
 * which transactions are open or were aborted.
 *
 * @see Kafka: KIP-98, and `ProducerStateManager`
 */
export class Producers {
  private readonly entries = new Map<number, ProducerEntry>();
  /** Producer id -> first offset of its open transaction, in the order of those offsets. */
  private readonly open = new Map<number, number>();
  private aborted: AbortedTransaction[] = [];

  get size(): number {
    return this.entries.size;
  }

  get(producerId: number): ProducerEntry | undefined {
    return this.entries.get(producerId);
  }

  all(): IterableIterator<ProducerEntry> {
    return this.entries.values();
  }

  /** The first offset of the oldest open transaction: readers of committed records stop there. */
  get firstOpenOffset(): number | undefined {
    for (const offset of this.open.values()) return offset;
    return undefined;
  }

  /**
   * Looks at a batch that a client wants to write.
   *
   * @returns the batch that it repeats, if it was written before
   * @throws KafkaError INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE
   */
  check(batch: RecordBatch): ProducerBatch | undefined {
    const entry = this.entries.get(batch.producerId);
    // A producer that we know nothing of may have been forgotten with its records: any sequence will do (KIP-360).
    if (entry === undefined) return undefined;
    const epoch = batch.producerEpoch;
    if (epoch < entry.epoch) {
      throw new KafkaError(
        'INVALID_PRODUCER_EPOCH',
        `producer ${entry.id} has epoch ${entry.epoch} by now, the batch was sent with ${epoch}`,
      );
    }
    if (entry.transactionStart >= 0 && !batch.isTransactional) {
      throw new KafkaError('INVALID_TXN_STATE', `producer ${entry.id} has a transaction open, and wrote outside of it`);
    }
    const first = batch.baseSequence;
    if (epoch > entry.epoch) {
      if (first === 0) return undefined;
      throw outOfOrder(batch, 0);
    }
    const last = entry.batches.at(-1);
    if (last === undefined || last.epoch !== epoch) return undefined;
    const lastSequence = batch.lastSequence;
    for (const known of entry.batches) {
      if (known.epoch === epoch && known.firstSequence === first && known.lastSequence === lastSequence) return known;
    }
    const expected = addSequence(last.lastSequence, 1);
    if (first !== expected) throw outOfOrder(batch, expected);
    return undefined;
  }

  /** Remembers a batch that has been given its offsets, or was found in the log. */
  add(batch: RecordBatch): void {
    const id = batch.producerId;
    const entry = this.entryFor(id, batch.producerEpoch);
    entry.epoch = batch.producerEpoch;
    entry.lastTimestamp = batch.maxTimestamp;
    if (entry.batches.length === KEPT_BATCHES) entry.batches.shift();
    entry.batches.push({
      epoch: batch.producerEpoch,
      firstSequence: batch.baseSequence,
      lastSequence: batch.lastSequence,
      firstOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      timestamp: batch.maxTimestamp,
    });
    if (batch.isTransactional && entry.transactionStart < 0) {
      entry.transactionStart = batch.baseOffset;
      this.open.set(id, batch.baseOffset);
    }
  }

  /** Ends the producer's open transaction, if there is one: its marker is in the log at `offset`. */
  endTransaction(producerId: number, epoch: number, offset: number, marker: TransactionMarker): void {
    const entry = this.entryFor(producerId, epoch);
    if (entry.transactionStart >= 0 && !marker.commit) {
      this.aborted.push({ producerId, firstOffset: entry.transactionStart, lastOffset: offset });
    }
    if (epoch > entry.epoch) entry.batches = [];
    entry.epoch = epoch;
    entry.transactionStart = -1;
    entry.coordinatorEpoch = marker.coordinatorEpoch;
    entry.lastTimestamp = marker.timestamp;
    this.open.delete(producerId);
  }

  private entryFor(id: number, epoch: number): ProducerEntry {
    let entry = this.entries.get(id);
    if (entry === undefined) {
      entry = { id, epoch, batches: [], transactionStart: -1, coordinatorEpoch: -1, lastTimestamp: -1 };
      this.entries.set(id, entry);
    }
    return entry;
  }

  /**
   * The aborted transactions of which something may lie between the two offsets (`to` excluded), by where they begin:
   * kafkajs goes through them in that order, and would let records slip through in Kafka's, which is by where they end.
   */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    if (this.aborted.length === 0) return NONE;
    const found: AbortedTransaction[] = [];
    for (let index = this.aborted.length - 1; index >= 0; index--) {
      const transaction = this.aborted[index]!;
      // They are kept in the order of their ends.
      if (transaction.lastOffset < from) break;
      if (transaction.firstOffset < to) found.push(transaction);
    }
    return found.sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Forgets what lies at `offset` and beyond: its write failed. */
  truncate(offset: number): void {
    for (const entry of this.entries.values()) {
      entry.batches = entry.batches.filter((batch) => batch.lastOffset < offset);
      const last = entry.batches.at(-1);
      if (last === undefined && entry.coordinatorEpoch < 0) this.entries.delete(entry.id);
      else if (last !== undefined) entry.epoch = last.epoch;
      if (entry.transactionStart >= offset) {
        entry.transactionStart = -1;
        this.open.delete(entry.id);
      }
    }
    this.aborted = this.aborted.filter((transaction) => transaction.lastOffset < offset);
  }

  /** Forgets aborted transactions that end before `offset`: their records are gone. */
  forgetAborted(offset: number): void {
    if (this.aborted.length > 0) this.aborted = this.aborted.filter((transaction) => transaction.lastOffset >= offset);
  }

  /** Forgets producers that have written nothing since `timestamp` and have no open transaction. */
  expire(timestamp: number): void {
    for (const entry of this.entries.values()) {
      if (entry.transactionStart < 0 && entry.lastTimestamp < timestamp) this.entries.delete(entry.id);
    }
  }

  /** What is to be kept over a restart, of all that lies before `offset`. Plain data for JSON. */
  snapshot(offset: number): ProducersSnapshot {
    const entries: ProducerEntry[] = [];
    for (const entry of this.entries.values()) {
      const batches = entry.batches.filter((batch) => batch.lastOffset < offset);
      if (batches.length === 0 && entry.batches.length > 0 && entry.coordinatorEpoch < 0) continue;
      const transactionStart = entry.transactionStart < offset ? entry.transactionStart : -1;
      entries.push({ ...entry, epoch: batches.at(-1)?.epoch ?? entry.epoch, batches, transactionStart });
    }
    return { entries, aborted: this.aborted.filter((transaction) => transaction.lastOffset < offset) };
  }

  /** Takes up what `snapshot` gave. */
  restore(snapshot: ProducersSnapshot): void {
    this.entries.clear();
    this.open.clear();
    this.aborted = [...snapshot.aborted];
    for (const entry of snapshot.entries) this.entries.set(entry.id, { ...entry, batches: [...entry.batches] });
    const open = snapshot.entries.filter((entry) => entry.transactionStart >= 0);
    open.sort((a, b) => a.transactionStart - b.transactionStart);
    for (const entry of open) this.open.set(entry.id, entry.transactionStart);
  }
}

/** What a control batch says about the transaction that it ends. */
export interface TransactionMarker {
  readonly commit: boolean;
  readonly coordinatorEpoch: number;
  readonly timestamp: number;
}

/** The state of a partition's producers as plain data. */
export interface ProducersSnapshot {
  readonly entries: readonly ProducerEntry[];
  readonly aborted: readonly AbortedTransaction[];
}

const NONE: AbortedTransaction[] = [];

function outOfOrder(batch: RecordBatch, expected: number): KafkaError {
  return new KafkaError(
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    `producer ${batch.producerId} sent sequence ${batch.baseSequence} where ${expected} was expected`,
  );
}
