import { createHash } from 'node:crypto';
import { atFault } from '../../engine/checkpoint/fault-points.js';
import type {
  CommittedCheckpoint,
  JobTransaction,
  TransactionContext,
  TransactionFactory,
} from '../../engine/checkpoint/transaction.js';
import { type BrokersOption, findBroker, type Ready, TransactionalPair } from '../../kafka/index.js';

/** What is added to the longest time that a checkpoint may take. */
const MARGIN_MS = 60_000;

/** The transactions of a job on one Kafka cluster: all its exactly-once sinks write in them. */
export class KafkaTransaction implements JobTransaction {
  private pair!: TransactionalPair;

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

  prepare(topic: string, create: number): Promise<void> {
    return this.pair.prepare(topic, create);
  }

  /** Sends in the present transaction. A failure ends the attempt. */
  async send(topic: string, messages: readonly Ready[]): Promise<void> {
    try {
      await this.pair.send(topic, messages);
    } catch (error) {
      this.context.fail(error);
      throw error;
    }
  }

  seal(_id: number): Promise<void> {
    return this.pair.seal();
  }

  commit({ id, run }: CommittedCheckpoint): Promise<void> {
    return this.pair.commit(this.context.jobUid, JSON.stringify({ id, run }));
  }

  async close(): Promise<void> {
    await this.pair?.close();
  }
}

/** What nodes carry whose operators write in Kafka's transactions. */
export function kafkaTransactions(brokers: BrokersOption | undefined): TransactionFactory {
  return {
    system: `Kafka at ${findBroker(brokers).brokers.join(', ')}`,
    create: (context) => new KafkaTransaction(brokers, context),
  };
}

/** A job's uid as a part of topic names: letters, digits, dots, hyphens, underscores. */
function topicName(uid: string): string {
  if (/^[\w.-]{1,150}$/.test(uid)) return uid;
  const hash = createHash('sha256').update(uid).digest('hex').slice(0, 12);
  return `${uid.replace(/[^\w.-]+/g, '-').slice(0, 100)}-${hash}`;
}
