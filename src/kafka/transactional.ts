import type * as KafkaJs from 'kafkajs';
import { StreambookError } from '../core/errors.js';
import { makeTopic } from './connection/admin.js';
import type { FoundBroker } from './connection/brokers.js';
import { type Client, openClient } from './connection/client.js';
import { kafkajs } from './connection/kafkajs.js';
import { explain, kafkaErrorType } from './errors.js';
import { openReader } from './reading/reader.js';
import type { Ready } from './sending/outgoing.js';
import type { Place } from './sending/producer.js';

/** Settings of a {@link TransactionalPair}. */
export interface TransactionalOptions {
  /** The two producers are `<id>-0` and `<id>-1`. */
  readonly transactionalId: string;
  /** A topic with one partition, in which each transaction leaves a record. Made if missing. */
  readonly controlTopic: string;
  /** The broker aborts a transaction that is older. At most its `transaction.max.timeout.ms`, 15 minutes by default. */
  readonly transactionTimeoutMs: number;
  readonly clientId?: string | undefined;
  /** Called at moments that tests want to know. */
  readonly at?: ((moment: 'control-record' | 'end-txn-sent' | 'end-txn-answered') => void) | undefined;
}

/** Where a consumer group stands, as part of a transaction. */
export interface GroupProgress {
  readonly groupId: string;
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[];
}

/** One of the two producers, with the transaction that is open or sealed. */
interface Half {
  readonly producer: KafkaJs.Producer;
  transaction: KafkaJs.Transaction | undefined;
  /** Everything ordered so far, one after the other: kafkajs's sequence numbers allow no two at once. */
  chain: Promise<void>;
  ending: boolean;
}

/**
 * Two transactional producers that take turns: while the transaction of one is being committed, the other already
 * collects the next. Each transaction ends with a record in the control topic, so that whoever comes later can read which
 * was the last to be committed.
 *
 * kafkajs cannot take up a transaction of a process that died; it does not need to: the next one aborts it, unless it was
 * committed, and the control topic tells which.
 *
 * @see Kafka: transactional.id, KIP-98
 */
export class TransactionalPair {
  private turn: 0 | 1 = 0;
  private readonly partitions = new Map<string, KafkaJs.PartitionMetadata[]>();
  private choose!: ReturnType<KafkaJs.ICustomPartitioner>;

  private constructor(
    private readonly client: Client,
    private readonly admin: KafkaJs.Admin,
    private readonly halves: readonly [Half, Half],
    private readonly options: TransactionalOptions,
  ) {}

  /**
   * Connects, and ends whatever transactions an earlier process left open under these ids. That process, should it still
   * run, can write no more.
   */
  static async open(found: FoundBroker, options: TransactionalOptions): Promise<TransactionalPair> {
    const client = await openClient(found, options.clientId);
    try {
      const admin = client.kafka.admin();
      await admin.connect();
      const halves = [0, 1].map((number): Half => {
        const producer = client.kafka.producer({
          transactionalId: `${options.transactionalId}-${number}`,
          transactionTimeout: options.transactionTimeoutMs,
          idempotent: true,
          maxInFlightRequests: 1,
          allowAutoTopicCreation: false,
        });
        return { producer, transaction: undefined, chain: Promise.resolve(), ending: false };
      });
      for (const { producer } of halves) {
        await producer.connect();
        // Asks for a producer id, which ends what was open under this name.
        await (await producer.transaction()).abort();
      }
      const pair = new TransactionalPair(client, admin, halves as [Half, Half], options);
      const { Partitioners } = await kafkajs();
      pair.choose = Partitioners.DefaultPartitioner();
      await makeTopic(admin, {
        topic: options.controlTopic,
        numPartitions: 1,
        configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
      });
      return pair;
    } catch (error) {
      client.cut();
      throw timeoutHint(error, options) ?? explain(error, 'preparing transactions', found);
    }
  }

  /** The last committed record of the control topic with this key. */
  async lastControl(key: string): Promise<string | undefined> {
    const reader = await openReader({ topic: this.options.controlTopic, until: 'end', brokers: this.client.found });
    let last: string | undefined;
    for await (const { records } of reader) {
      for (const record of records) if (record.key?.toString() === key) last = record.value?.toString();
    }
    reader.close();
    return last;
  }

  /** Makes a topic known before something is sent to it. @param create make it with so many partitions if it is missing */
  async prepare(topic: string, create: number): Promise<void> {
    if (this.partitions.has(topic)) return;
    try {
      await makeTopic(this.admin, { topic, numPartitions: create });
      const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
      this.partitions.set(topic, topics[0]!.partitions);
    } catch (error) {
      throw explain(error, `preparing to send to \`${topic}\``, this.client.found);
    }
  }

  /**
   * Sends in the transaction whose turn it is. Resolves when it is acknowledged.
   *
   * @param create makes the topic with so many partitions if it is missing and was not prepared
   * @param place the partition of messages that name none; absent: by their keys
   */
  send(topic: string, messages: readonly Ready[], create = 1, place?: Place): Promise<void> {
    return this.order(this.halves[this.turn], topic, messages, create, place);
  }

  /** What comes now belongs to the next transaction. Resolves when all of the present one is acknowledged. */
  seal(): Promise<void> {
    const sealed = this.halves[this.turn];
    this.turn = this.turn === 0 ? 1 : 0;
    const next = this.halves[this.turn];
    if (next.transaction !== undefined) {
      throw new StreambookError('kafka', 'a transaction was sealed before the one before it was committed');
    }
    // Elements keep their order in a partition across transactions too: the log counts when it was written, not committed.
    next.chain = next.chain.then(() => sealed.chain);
    next.chain.catch(() => undefined);
    return sealed.chain;
  }

  /**
   * Commits the sealed transaction, with `value` under `key` in the control topic, and the offsets of groups.
   *
   * @see Kafka: KIP-98, `sendOffsetsToTransaction`
   */
  async commit(key: string, value: string, progress: readonly GroupProgress[] = []): Promise<void> {
    const half = this.halves[this.turn === 0 ? 1 : 0];
    const at = this.options.at ?? (() => undefined);
    try {
      const transaction = await this.begin(half);
      await transaction.send({
        topic: this.options.controlTopic,
        acks: -1,
        messages: [{ key, value, partition: 0 }],
      });
      at('control-record');
      for (const { groupId, offsets } of progress) {
        await transaction.sendOffsets({ consumerGroupId: groupId, topics: byTopic(offsets) });
      }
      half.ending = true;
      const ending = transaction.commit();
      ending.catch(() => undefined);
      await new Promise<void>((resolve) => setImmediate(resolve));
      at('end-txn-sent');
      await ending;
      at('end-txn-answered');
      half.transaction = undefined;
      half.ending = false;
    } catch (error) {
      throw explain(error, 'committing a transaction', this.client.found);
    }
  }

  /** Aborts what was not committed, as far as that is quick, so that readers need not wait for its time to run out. */
  async close(): Promise<void> {
    const aborting = this.halves.map(async (half) => {
      // How a commit that was under way came out is for the control topic to say.
      if (half.transaction === undefined || half.ending) return;
      await half.chain.catch(() => undefined);
      await half.transaction.abort().catch(() => undefined);
    });
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.all(aborting),
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 2_000);
      }),
    ]);
    clearTimeout(timer);
    this.client.cut();
  }

  private async begin(half: Half): Promise<KafkaJs.Transaction> {
    half.transaction ??= await half.producer.transaction();
    return half.transaction;
  }

  private order(
    half: Half,
    topic: string,
    batch: readonly Ready[],
    create: number,
    place: Place | undefined,
  ): Promise<void> {
    half.chain = half.chain.then(async () => {
      await this.prepare(topic, create);
      const metadata = this.partitions.get(topic) ?? [];
      const messages = batch.map(({ key, value, headers, timestamp, partition }) => ({
        key,
        value,
        // Chosen once, so that an attempt that is made again writes to the same ones.
        partition:
          partition ??
          place?.(metadata.length) ??
          this.choose({ topic, partitionMetadata: metadata, message: { key, value } }),
        ...(headers === undefined ? {} : { headers }),
        ...(timestamp === undefined ? {} : { timestamp }),
      }));
      const transaction = await this.begin(half);
      try {
        await transaction.send({ topic, messages, acks: -1 });
      } catch (error) {
        throw fencedHint(error) ?? explain(error, `sending to \`${topic}\``, this.client.found);
      }
    });
    half.chain.catch(() => undefined);
    return half.chain;
  }
}

function byTopic(offsets: GroupProgress['offsets']): KafkaJs.TopicOffsets[] {
  const topics = new Map<string, KafkaJs.PartitionOffset[]>();
  for (const { topic, partition, offset } of offsets) {
    const partitions = topics.get(topic) ?? [];
    partitions.push({ partition, offset: String(offset) });
    topics.set(topic, partitions);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

function timeoutHint(error: unknown, options: TransactionalOptions): StreambookError | undefined {
  if (kafkaErrorType(error) !== 'INVALID_TRANSACTION_TIMEOUT') return undefined;
  return new StreambookError(
    'transaction-timeout',
    `the broker refuses transactions of ${options.transactionTimeoutMs} ms`,
    {
      hint: 'shorten the checkpoint interval or its timeout, or raise transaction.max.timeout.ms on the broker (15 minutes)',
      cause: error,
    },
  );
}

const FENCED = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']);

function fencedHint(error: unknown): StreambookError | undefined {
  if (!FENCED.has(kafkaErrorType(error) ?? '')) return undefined;
  return new StreambookError(
    'fenced',
    'another run of the same job has taken over, or the transaction ran out of time',
    {
      hint: 'jobs that run side by side need different uids: env.execute({ uid })',
      cause: error,
    },
  );
}
