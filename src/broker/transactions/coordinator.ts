import type { OffsetStore } from '../groups/offset-store.js';
import { KafkaError } from '../kafka-error.js';
import type { ProducerIds } from '../producer-ids.js';
import type { Topics } from '../topics/topics.js';
import { writeMarkers } from './markers.js';
import {
  checkExpected,
  ended,
  ending,
  fenced,
  fencing,
  includesAll,
  isEnding,
  newState,
  type ProducerRef,
  type TransactionPartitions,
  type TransactionState,
  withNewEpoch,
  withPartitions,
} from './state.js';
import { TRANSACTIONS_TOPIC, type TransactionStore } from './store.js';
import { Transaction } from './transaction.js';

/** What the coordinator works with. */
export interface TransactionContext {
  readonly topics: Topics;
  readonly offsets: OffsetStore;
  readonly store: TransactionStore;
  readonly producerIds: ProducerIds;
  /** Kafka: `transaction.max.timeout.ms`. */
  readonly maxTimeoutMs: number;
  readonly now: () => number;
}

/** After a failed write it is tried again. */
const RETRY_MS = 1000;
const OFFSETS_TOPIC = '__consumer_offsets';

/**
 * Which transactional ids there are, which producer may use each, and how their transactions end.
 *
 * A transaction ends in three steps: the decision is written to `__transaction_state`, markers are written to all of its
 * partitions, and the end is written to `__transaction_state`. What a crash interrupts after the first step is finished
 * at the next start. Requests for one transactional id are served one after the other, so that clients do not see the
 * steps in between (in Kafka they are told CONCURRENT_TRANSACTIONS, and ask again).
 *
 * @see Kafka: KIP-98, KIP-360, KIP-890, and `TransactionCoordinator`
 */
export class TransactionCoordinator {
  private readonly byId = new Map<string, Transaction>();
  private stopped = false;

  private constructor(private readonly context: TransactionContext) {}

  /** Reads what is known, and finishes what has been decided. */
  static async open(context: TransactionContext): Promise<TransactionCoordinator> {
    const coordinator = new TransactionCoordinator(context);
    for (const [id, state] of await context.store.load()) {
      const transaction = new Transaction(id, state);
      coordinator.byId.set(id, transaction);
      if (state.status === 'Ongoing') coordinator.watch(transaction);
      else if (isEnding(state)) await transaction.exclusively(() => coordinator.finish(transaction));
    }
    return coordinator;
  }

  /** Nothing calls back any more; what is open stays open, and is taken up at the next start. */
  stop(): void {
    this.stopped = true;
    for (const { timer } of this.byId.values()) clearTimeout(timer);
  }

  /** All ids with their states. */
  *all(): Generator<readonly [string, TransactionState], void, undefined> {
    for (const { id, state } of this.byId.values()) if (state !== undefined) yield [id, state];
  }

  stateOf(transactionalId: string): TransactionState | undefined {
    return this.byId.get(transactionalId)?.state;
  }

  /**
   * A producer begins: it gets the next epoch, those before it are fenced, and what they left open is aborted.
   *
   * @param expected what the producer thinks it is, when it only wants a new epoch
   * @throws KafkaError INVALID_REQUEST, INVALID_TRANSACTION_TIMEOUT, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS (the last
   *   transaction's end could not be written yet), COORDINATOR_NOT_AVAILABLE
   */
  begin(transactionalId: string, timeoutMs: number, expected?: ProducerRef): Promise<ProducerRef> {
    if (transactionalId === '')
      return Promise.reject(new KafkaError('INVALID_REQUEST', 'the transactional id is empty'));
    if (timeoutMs <= 0 || timeoutMs > this.context.maxTimeoutMs) {
      const text = `the transaction time-out must be from 1 to ${this.context.maxTimeoutMs} ms, not ${timeoutMs}`;
      return Promise.reject(new KafkaError('INVALID_TRANSACTION_TIMEOUT', text));
    }
    let transaction = this.byId.get(transactionalId);
    if (transaction === undefined) {
      transaction = new Transaction(transactionalId, undefined);
      this.byId.set(transactionalId, transaction);
    }
    return this.exclusively(transaction, (found) => this.takeOver(found, timeoutMs, expected));
  }

  private async takeOver(transaction: Transaction, timeoutMs: number, expected: ProducerRef | undefined) {
    const { producerIds, now } = this.context;
    const newId = () => producerIds.take();
    let state = transaction.state ?? newState(await newId(), timeoutMs, now());
    if (expected !== undefined) checkExpected(state, expected);
    if (isEnding(state)) throw concurrent();
    if (state.status === 'Ongoing') {
      await this.decide(transaction, fencing(state, now()));
      state = transaction.state!;
      if (isEnding(state)) throw concurrent();
    }
    const next = await withNewEpoch(state, expected, timeoutMs, now(), newId);
    await this.save(transaction, next);
    return { producerId: next.producerId, epoch: next.epoch };
  }

  /**
   * Partitions join the producer's transaction; the first ones begin it.
   *
   * @throws KafkaError INVALID_REQUEST, INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS,
   *   COORDINATOR_NOT_AVAILABLE
   */
  async addPartitions(
    transactionalId: string,
    producer: ProducerRef,
    partitions: TransactionPartitions,
  ): Promise<void> {
    await this.exclusively(this.existing(transactionalId), async (transaction) => {
      const state = known(transaction, producer);
      if (isEnding(state)) throw concurrent();
      if (state.status === 'Ongoing' && includesAll(state.partitions, partitions)) return;
      await this.save(transaction, withPartitions(state, partitions, this.context.now()));
      if (state.status !== 'Ongoing') this.watch(transaction);
    });
  }

  /** The offsets of a group join the producer's transaction. The errors are those of `addPartitions`. */
  async addOffsets(transactionalId: string, producer: ProducerRef): Promise<void> {
    await this.context.offsets.ready();
    await this.addPartitions(transactionalId, producer, new Map([[OFFSETS_TOPIC, new Set([0])]]));
  }

  /**
   * Whether records of a producer may be written to a partition now: it must have joined the producer's open transaction.
   *
   * @param generic whether the client knows TRANSACTION_ABORTABLE
   * @throws KafkaError INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE or TRANSACTION_ABORTABLE,
   *   CONCURRENT_TRANSACTIONS
   * @see Kafka: KIP-890, `transaction.partition.verification.enable`
   */
  verify(transactionalId: string, producer: ProducerRef, topic: string, partition: number, generic: boolean): void {
    const transaction = this.byId.get(transactionalId);
    if (transaction?.state === undefined) throw unknownProducer(transactionalId);
    let state: TransactionState;
    try {
      state = known(transaction, producer);
    } catch (error) {
      if (!(error instanceof KafkaError) || error.kafkaError !== 'PRODUCER_FENCED') throw error;
      // So that old clients understand it.
      throw new KafkaError('INVALID_PRODUCER_EPOCH', error.text);
    }
    if (transaction.isOpen && state.partitions.get(topic)?.has(partition) === true) return;
    if (isEnding(state) || transaction.closing) throw concurrent();
    throw new KafkaError(
      generic ? 'TRANSACTION_ABORTABLE' : 'INVALID_TXN_STATE',
      'Partition was not added to the transaction',
    );
  }

  /** The same for the offsets of groups. */
  verifyOffsets(transactionalId: string, producer: ProducerRef, generic: boolean): void {
    this.verify(transactionalId, producer, OFFSETS_TOPIC, 0, generic);
  }

  /**
   * Commits or aborts. When the promise resolves the outcome is certain, and readers see it (unless a disk refuses the
   * markers, which are then written as soon as it does not).
   *
   * @throws KafkaError INVALID_REQUEST, INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, INVALID_TXN_STATE,
   *   CONCURRENT_TRANSACTIONS, COORDINATOR_NOT_AVAILABLE
   */
  async end(transactionalId: string, producer: ProducerRef, commit: boolean): Promise<void> {
    await this.exclusively(this.existing(transactionalId), async (transaction) => {
      const state = known(transaction, producer);
      const { status } = state;
      if (status === (commit ? 'CompleteCommit' : 'CompleteAbort')) return;
      if (status === (commit ? 'PrepareCommit' : 'PrepareAbort')) throw concurrent();
      if (status !== 'Ongoing') {
        throw new KafkaError('INVALID_TXN_STATE', `the transaction cannot ${commit ? 'commit' : 'abort'}: ${status}`);
      }
      await this.decide(transaction, ending(state, commit, this.context.now()));
    });
  }

  private async decide(transaction: Transaction, decision: TransactionState): Promise<void> {
    transaction.closing = true;
    clearTimeout(transaction.timer);
    try {
      await this.save(transaction, decision);
    } catch (error) {
      transaction.closing = false;
      this.watch(transaction);
      throw error;
    }
    transaction.unmarked = decision.partitions;
    await this.finish(transaction);
  }

  /** Writes the markers and then the end. What fails is tried again later; the decision stands. */
  private async finish(transaction: Transaction): Promise<void> {
    const { topics, offsets, now } = this.context;
    const { state } = transaction;
    if (state === undefined || !isEnding(state)) return;
    const commit = state.status === 'PrepareCommit';
    const { producerId, epoch } = state;
    const partitions = transaction.unmarked ?? state.partitions;
    const left = await writeMarkers(topics, { producerId, epoch, commit, partitions }, now(), (topic) => {
      if (topic === OFFSETS_TOPIC) offsets.endTransaction(producerId, commit);
    });
    transaction.unmarked = left;
    try {
      if (left.size > 0) throw concurrent();
      await this.save(transaction, ended(state, now()));
      transaction.unmarked = undefined;
      transaction.closing = false;
    } catch {
      if (this.stopped) return;
      transaction.callBack(() => void transaction.exclusively(() => this.finish(transaction)), RETRY_MS);
    }
  }

  /** Aborts the transaction when its time is over. */
  private watch(transaction: Transaction): void {
    const { state } = transaction;
    if (state?.status !== 'Ongoing' || this.stopped) return;
    const { startedAt } = state;
    const timeOut = async (): Promise<void> => {
      const { now } = this.context;
      const open = transaction.state;
      if (open?.status !== 'Ongoing' || open.startedAt !== startedAt || this.stopped) return;
      if (now() < startedAt + open.timeoutMs) this.watch(transaction);
      // If it cannot be written down, that watches again.
      else await this.decide(transaction, fencing(open, now())).catch(() => {});
    };
    const left = startedAt + state.timeoutMs - this.context.now();
    transaction.callBack(() => void transaction.exclusively(timeOut), left > 0 ? left : RETRY_MS);
  }

  /** Forgets ids that nobody has used since `before` (Kafka: `transactional.id.expiration.ms`). */
  async expire(before: number): Promise<void> {
    const old = [...this.byId.values()].filter(({ state, isIdle }) => {
      const done = state !== undefined && state.status !== 'Ongoing' && !isEnding(state);
      return isIdle && done && state.updatedAt < before;
    });
    // Taken out first: who comes meanwhile begins anew, behind the tombstone.
    for (const { id } of old) this.byId.delete(id);
    try {
      await this.context.store.remove(old.map(({ id }) => id));
    } catch (error) {
      for (const transaction of old) if (!this.byId.has(transaction.id)) this.byId.set(transaction.id, transaction);
      throw error;
    }
  }

  /** When the topic of the transactions is deleted, all ids are unknown from then on. What they left open is aborted. */
  async topicDeleted(topic: string): Promise<void> {
    if (topic !== TRANSACTIONS_TOPIC) return;
    const forgotten = [...this.byId.values()];
    this.byId.clear();
    await Promise.all(forgotten.map((transaction) => transaction.exclusively(() => this.forget(transaction))));
  }

  private async forget(transaction: Transaction): Promise<void> {
    const { state } = transaction;
    clearTimeout(transaction.timer);
    transaction.state = undefined;
    if (state === undefined || (state.status !== 'Ongoing' && !isEnding(state))) return;
    const commit = state.status === 'PrepareCommit';
    const { topics, offsets, now } = this.context;
    await writeMarkers(topics, { ...state, commit }, now(), (topic) => {
      if (topic === OFFSETS_TOPIC) offsets.endTransaction(state.producerId, commit);
    });
  }

  private async save(transaction: Transaction, next: TransactionState): Promise<void> {
    await this.context.store.save(transaction.id, next);
    transaction.state = next;
  }

  private existing(transactionalId: string): Transaction {
    if (transactionalId === '') throw new KafkaError('INVALID_REQUEST', 'the transactional id is empty');
    const transaction = this.byId.get(transactionalId);
    if (transaction === undefined) throw unknownProducer(transactionalId);
    return transaction;
  }

  private exclusively<T>(transaction: Transaction, action: (found: Transaction) => Promise<T>): Promise<T> {
    return transaction.exclusively(() => action(transaction));
  }
}

/** The state, if the producer is the one that has it. */
function known({ id, state }: Transaction, { producerId, epoch }: ProducerRef): TransactionState {
  if (state === undefined || state.producerId !== producerId) throw unknownProducer(id);
  if (state.epoch !== epoch) throw fenced(`the producer has epoch ${state.epoch} by now, not ${epoch}`);
  return state;
}

function unknownProducer(transactionalId: string): KafkaError {
  return new KafkaError('INVALID_PRODUCER_ID_MAPPING', `no such producer with transactional id '${transactionalId}'`);
}

function concurrent(): KafkaError {
  return new KafkaError('CONCURRENT_TRANSACTIONS', 'the last transaction of this id is still ending');
}
