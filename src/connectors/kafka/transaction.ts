import { createHash } from 'node:crypto';
import { atFault } from '../../engine/checkpoint/fault-points.js';
import type {
  CommittedCheckpoint,
  JobTransaction,
  TransactionContext,
  TransactionFactory,
} from '../../engine/checkpoint/transaction.js';
import {
  type BrokersOption,
  findBroker,
  type GroupProgress,
  type Place,
  type Ready,
  TransactionalPair,
} from '../../kafka/index.js';

/** What is added to the longest time that a checkpoint may take. */
const MARGIN_MS = 60_000;

/** The transactions of a job on one Kafka cluster: all its exactly-once sinks write in them. */
export class KafkaTransaction implements JobTransaction {
  private pair!: TransactionalPair;
  /** What groups have to show when the sealed transaction is committed. */
  private progress: GroupProgress[] = [];

  constructor(
    private readonly brokers: BrokersOption | undefined,
    private readonly context: TransactionContext,
  ) {}

  async recover(): Promise<CommittedCheckpoint | undefined> {
    const { jobUid, longestMs } = this.context;
    const name = topicName(jobUid);
    this.pair = await TransactionalPair.open(findBroker(this.brokers), {
      transactionalId: `streambook-${name}`,
      controlTopic: `streambook-checkpoints-${name}`,
      transactionTimeoutMs: longestMs + MARGIN_MS,
      at: atFault,
    });
    const last = await this.pair.lastControl(jobUid);
    return last === undefined ? undefined : (JSON.parse(last) as CommittedCheckpoint);
  }

  /** Whether it writes to the same cluster. */
  covers(brokers: BrokersOption | undefined): boolean {
    return clusterOf(brokers) === clusterOf(this.brokers);
  }

  /** Lets a group show, once the sealed transaction is committed, how far the source has come in it. */
  addProgress(progress: GroupProgress): void {
    this.progress.push(progress);
  }

  prepare(topic: string, create: number): Promise<void> {
    return this.pair.prepare(topic, create);
  }

  /** Sends in the present transaction, as `TransactionalPair.send` does. A failure ends the attempt. */
  async send(topic: string, messages: readonly Ready[], create: number, place: Place | undefined): Promise<void> {
    try {
      await this.pair.send(topic, messages, create, place);
    } catch (error) {
      this.context.fail(error);
      throw error;
    }
  }

  seal(_id: number): Promise<void> {
    return this.pair.seal();
  }

  commit({ id, run }: CommittedCheckpoint): Promise<void> {
    const progress = this.progress.splice(0);
    return this.pair.commit(this.context.jobUid, JSON.stringify({ id, run }), progress);
  }

  async close(): Promise<void> {
    await this.pair?.close();
  }
}

/** What nodes carry whose operators write in Kafka's transactions. */
export function kafkaTransactions(brokers: BrokersOption | undefined): TransactionFactory {
  return {
    system: `Kafka at ${clusterOf(brokers)}`,
    create: (context) => new KafkaTransaction(brokers, context),
  };
}

function clusterOf(brokers: BrokersOption | undefined): string {
  return [...findBroker(brokers).brokers].sort().join(', ');
}

/** A job's uid as a part of topic names: letters, digits, dots, hyphens, underscores. */
function topicName(uid: string): string {
  if (/^[\w.-]{1,150}$/.test(uid)) return uid;
  const hash = createHash('sha256').update(uid).digest('hex').slice(0, 12);
  return `${uid.replace(/[^\w.-]+/g, '-').slice(0, 100)}-${hash}`;
}
