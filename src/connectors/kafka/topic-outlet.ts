import { type FoundBroker, type Place, type Ready, TopicProducer } from '../../kafka/index.js';
import type { KafkaTransaction } from './transaction.js';

/** Where batches of one topic go. */
export interface TopicOutlet {
  /** Makes sure that the topic is there. @throws what a broker says */
  open(): Promise<void>;
  /** Sends after everything before. Resolves when it is acknowledged. */
  send(batch: readonly Ready[]): Promise<void>;
  /** Resolves when all that was sent is acknowledged. */
  acknowledged(): Promise<void>;
  close(): Promise<void>;
}

export interface OutletOptions {
  readonly topic: string;
  /** A topic that is missing is made with so many partitions. */
  readonly partitions: number;
  readonly place: Place | undefined;
}

/** Batches that are there for readers at once. */
export function plainOutlet(found: FoundBroker, retryMs: number, options: OutletOptions): TopicOutlet {
  const { topic, partitions, place } = options;
  let opened: Promise<TopicProducer> | undefined;
  let sent: Promise<void> = Promise.resolve();
  const producer = (): Promise<TopicProducer> => {
    opened ??= TopicProducer.open(found, { topic, create: partitions, retryMs, place, onWaiting: () => undefined });
    return opened;
  };
  return {
    open: async () => void (await producer()),
    send: (batch) => {
      // One at a time: that is what keeps the order, and what kafkajs's sequence numbers need.
      sent = sent.then(async () => (await producer()).send(batch));
      return sent;
    },
    acknowledged: () => sent,
    close: async () => {
      const made = await opened?.catch(() => undefined);
      made?.abandon();
      await sent.catch(() => undefined);
      made?.close();
    },
  };
}

/** Batches that are there for readers when the job's transaction is committed; it keeps their order. */
export function transactionOutlet(transaction: KafkaTransaction, options: OutletOptions): TopicOutlet {
  const { topic, partitions, place } = options;
  return {
    open: () => transaction.prepare(topic, partitions),
    send: (batch) => transaction.send(topic, batch, partitions, place),
    // The transaction knows when all of it is acknowledged, and asks for it before it is committed.
    acknowledged: async () => undefined,
    close: async () => undefined,
  };
}
