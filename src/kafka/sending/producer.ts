import type * as KafkaJs from 'kafkajs';
import { StreambookError } from '../../core/errors.js';
import { makeTopic, ownTopics } from '../connection/admin.js';
import type { FoundBroker } from '../connection/brokers.js';
import { type Client, openClient } from '../connection/client.js';
import { kafkajs } from '../connection/kafkajs.js';
import { explain, isConnectionError, kafkaErrorType, topicNotFound, unreachable } from '../errors.js';
import type { Ready } from './outgoing.js';

/** Chooses a partition, from 0, out of so many. */
export type Place = (partitions: number) => number;

export interface ProducerOptions {
  readonly topic: string;
  /** Make the topic if it is missing, with this many partitions; `false`: an error instead. */
  readonly create: number | false;
  /** How long a broker that went away is waited for. */
  readonly retryMs: number;
  readonly clientId?: string | undefined;
  /** The partition of a message that names none, out of so many; absent: by its key, and without one in turns. */
  readonly place?: Place | undefined;
  /** Called while the broker is waited for, and when it is back (`undefined`). */
  readonly onWaiting: (why: string | undefined) => void;
}

/** Errors after which the same batch is sent again: the broker was not ready, it did not refuse. */
const TRY_AGAIN = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NETWORK_EXCEPTION',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
]);

/**
 * Sends batches to one topic, one after the other, so that a partition keeps the order of the source.
 *
 * It is idempotent: the broker knows producer and sequence number of each batch, so a batch that is sent again because
 * its acknowledgement was lost is not written twice. (kafkajs rolls its sequence back when a send fails; that is right
 * only while nothing else is sent by the same producer. Hence one producer per sending, and one batch at a time.)
 *
 * @see Kafka: enable.idempotence, acks=all
 */
export class TopicProducer {
  /** Whether the topic was made by us. */
  created = false;
  private abandoned = false;
  private readonly givenUp = givenUp();

  private constructor(
    private readonly client: Client,
    private readonly producer: KafkaJs.Producer,
    private readonly options: ProducerOptions,
    private readonly partitionOf: (message: Ready) => number,
    readonly partitions: number,
  ) {}

  static async open(found: FoundBroker, options: ProducerOptions): Promise<TopicProducer> {
    const client = await openClient(found, options.clientId, 'brief');
    try {
      const { created, metadata } = await ensureTopic(client, options);
      const { Partitioners } = await kafkajs();
      const producer = client.kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        // kafkajs demands at least one retry of an idempotent producer; waiting for a lost broker is done here.
        retry: { retries: 1, initialRetryTime: 50, maxRetryTime: 200 },
      });
      await producer.connect();
      // Partitions are chosen here and once: kafkajs would choose again at each attempt, and spread a batch that was
      // half written over other partitions.
      const choose = Partitioners.DefaultPartitioner();
      const partitionOf = ({ key, partition, value }: Ready) =>
        partition ??
        options.place?.(metadata.length) ??
        choose({ topic: options.topic, partitionMetadata: metadata, message: { key, value } });
      const result = new TopicProducer(client, producer, options, partitionOf, metadata.length);
      result.created = created;
      return result;
    } catch (error) {
      client.cut();
      throw explain(error, `preparing to send to \`${options.topic}\``, found);
    }
  }

  /** Sends and waits for the acknowledgement of all replicas. */
  async send(batch: readonly Ready[]): Promise<void> {
    const messages = batch.map((message) => {
      const partition = this.partitionOf(message);
      if (partition >= this.partitions) {
        throw new StreambookError('no-such-partition', `\`${this.options.topic}\` has no partition ${partition}`, {
          hint: `it has ${this.partitions}, numbered from 0`,
        });
      }
      const { key, value, headers, timestamp } = message;
      return {
        key,
        value,
        partition,
        ...(headers === undefined ? {} : { headers }),
        ...(timestamp === undefined ? {} : { timestamp }),
      };
    });
    const since = performance.now();
    for (let attempt = 0; ; attempt++) {
      try {
        const sending = this.producer.send({ topic: this.options.topic, messages, acks: -1 });
        await Promise.race([sending, this.givenUp.promise]);
        if (attempt > 0) this.options.onWaiting(undefined);
        return;
      } catch (error) {
        const again = isConnectionError(error) || TRY_AGAIN.has(kafkaErrorType(error) ?? '');
        const waitedMs = performance.now() - since;
        if (!again || this.abandoned || waitedMs > this.options.retryMs) {
          throw explain(error, `sending to \`${this.options.topic}\``, this.client.found);
        }
        this.options.onWaiting('the broker does not answer; trying again');
        await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 50 * 2 ** attempt)));
      }
    }
  }

  /** Gives what is under way a second to be acknowledged, and waits no longer for a broker that went away. */
  abandon(): void {
    this.abandoned = true;
    this.givenUp.soon();
  }

  close(): void {
    this.givenUp.never();
    this.client.cut();
  }
}

const GRACE_MS = 1_000;

/** A promise that rejects a second after it was asked to, unless that was taken back. */
function givenUp() {
  let reject: (error: unknown) => void;
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  promise.catch(() => {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    promise,
    soon() {
      const error = new StreambookError(
        'not-acknowledged',
        'stopped, and the broker did not acknowledge the last batch',
      );
      timer ??= setTimeout(() => reject(error), GRACE_MS);
    },
    never: () => clearTimeout(timer),
  };
}

async function ensureTopic(
  client: Client,
  options: ProducerOptions,
): Promise<{ created: boolean; metadata: KafkaJs.PartitionMetadata[] }> {
  const { topic } = options;
  const admin = client.kafka.admin();
  await admin.connect().catch((error: unknown) => {
    throw unreachable(client.found, 'something is there, but it does not speak the Kafka protocol', error);
  });
  let created = false;
  const metadata = () => admin.fetchTopicMetadata({ topics: [topic] });
  const { topics } = await metadata().catch(async (error: unknown) => {
    if (kafkaErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    if (options.create === false) throw topicNotFound(topic, await ownTopics(admin), client.found);
    created = await makeTopic(admin, { topic, numPartitions: options.create });
    return metadata();
  });
  return { created, metadata: topics[0]!.partitions };
}
