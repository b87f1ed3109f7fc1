import { KafkaError } from '../kafka-error.js';

/** What a transactional id may be in, by Kafka's numbers. `PrepareEpochFence` and `Dead` are never written. */
export const statuses = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
export type TransactionStatus = (typeof statuses)[number];

/** Topic -> partitions that a transaction writes to. */
export type TransactionPartitions = ReadonlyMap<string, ReadonlySet<number>>;

/** Everything that is known of a transactional id at one moment, as it is written down. */
export interface TransactionState {
  readonly producerId: number;
  /** The one before, when its epochs were used up; -1 otherwise. */
  readonly previousProducerId: number;
  /** -1 before the first producer has come. */
  readonly epoch: number;
  /** The epoch before the last bump that a producer asked for by its own epoch: a retry is answered the same. -1: none. */
  readonly lastEpoch: number;
  readonly timeoutMs: number;
  readonly status: TransactionStatus;
  readonly partitions: TransactionPartitions;
  /** When the transaction, or the last one, began, in epoch milliseconds; -1: none has. */
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** A producer as it names itself. */
export interface ProducerRef {
  readonly producerId: number;
  readonly epoch: number;
}

const NONE: TransactionPartitions = new Map();
/** Epochs are 16 bits; the last one is kept for fencing. */
const LAST_EPOCH = 32_766;

export function newState(producerId: number, timeoutMs: number, now: number): TransactionState {
  return {
    producerId,
    previousProducerId: -1,
    epoch: -1,
    lastEpoch: -1,
    timeoutMs,
    status: 'Empty',
    partitions: NONE,
    startedAt: -1,
    updatedAt: now,
  };
}

/** Whether the outcome is decided, and the markers are still to be written. */
export function isEnding({ status }: TransactionState): boolean {
  return status === 'PrepareCommit' || status === 'PrepareAbort';
}

export function isExhausted(epoch: number): boolean {
  return epoch >= LAST_EPOCH;
}

/**
 * Refuses a producer that asks for a new epoch of its own (KIP-360) and is not the one we know.
 *
 * @throws KafkaError PRODUCER_FENCED
 */
export function checkExpected(state: TransactionState, { producerId, epoch }: ProducerRef): void {
  const same = producerId === state.producerId;
  const asksAgain = producerId === state.previousProducerId && isExhausted(epoch);
  if (state.epoch === -1 || same || asksAgain) return;
  throw fenced(`the transactional id has producer ${state.producerId} by now, not ${producerId}`);
}

/**
 * The state after a producer has come, with no transaction open.
 *
 * @param newId gives the next producer id, for when the epochs of this one are used up
 * @throws KafkaError PRODUCER_FENCED
 * @see Kafka: `TransactionMetadata.prepareIncrementProducerEpoch`, `prepareProducerIdRotation`
 */
export async function withNewEpoch(
  state: TransactionState,
  expected: ProducerRef | undefined,
  timeoutMs: number,
  now: number,
  newId: () => Promise<number>,
): Promise<TransactionState> {
  const next = { ...state, timeoutMs, status: 'Empty', partitions: NONE, startedAt: -1, updatedAt: now } as const;
  if (isExhausted(state.epoch) && (expected === undefined || expected.epoch === state.epoch)) {
    const lastEpoch = expected === undefined ? -1 : state.epoch;
    return { ...next, producerId: await newId(), previousProducerId: state.producerId, epoch: 0, lastEpoch };
  }
  if (expected === undefined) return { ...next, epoch: state.epoch + 1, lastEpoch: -1 };
  if (state.epoch === -1 || expected.epoch === state.epoch) {
    return { ...next, epoch: state.epoch + 1, lastEpoch: state.epoch };
  }
  // It asked before and did not hear the answer.
  if (expected.epoch === state.lastEpoch) return next;
  throw fenced(`the producer has epoch ${state.epoch} by now, not ${expected.epoch}`);
}

/** The state with more partitions; begins a transaction if none is open. */
export function withPartitions(state: TransactionState, more: TransactionPartitions, now: number): TransactionState {
  const partitions = new Map<string, ReadonlySet<number>>(state.partitions);
  for (const [topic, added] of more) partitions.set(topic, new Set([...(partitions.get(topic) ?? []), ...added]));
  const startedAt = state.status === 'Ongoing' ? state.startedAt : now;
  return { ...state, status: 'Ongoing', partitions, startedAt, updatedAt: now };
}

export function includesAll(partitions: TransactionPartitions, others: TransactionPartitions): boolean {
  for (const [topic, wanted] of others) {
    const there = partitions.get(topic);
    for (const partition of wanted) if (there?.has(partition) !== true) return false;
  }
  return true;
}

/** The decision. It counts once it is written down, whatever happens afterwards. */
export function ending(state: TransactionState, commit: boolean, now: number): TransactionState {
  return { ...state, status: commit ? 'PrepareCommit' : 'PrepareAbort', updatedAt: now };
}

/** The decision to abort against the producer's will: its epoch is over with it. */
export function fencing(state: TransactionState, now: number): TransactionState {
  return { ...ending(state, false, now), epoch: state.epoch + 1, lastEpoch: -1 };
}

/** All markers have been written. */
export function ended(state: TransactionState, now: number): TransactionState {
  const status = state.status === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort';
  return { ...state, status, partitions: NONE, updatedAt: now };
}

export function fenced(text: string): KafkaError {
  return new KafkaError('PRODUCER_FENCED', text);
}
