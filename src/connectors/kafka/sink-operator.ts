import type { CancelTimer } from '../../core/clock.js';
import { StreambookError } from '../../core/errors.js';
import { Operator } from '../../engine/operator.js';
import type { DeliveryGuarantee } from '../../engine/sink.js';
import {
  type BrokersOption,
  findBroker,
  type OutgoingMessage,
  type Ready,
  ready,
  TopicProducer,
} from '../../kafka/index.js';
import type { Partitioner } from './sink.js';
import { KafkaTransaction } from './transaction.js';

/** What a Kafka sink's operator is told. */
export interface KafkaSinkSettings<T> {
  readonly topic: string;
  readonly deliveryGuarantee: DeliveryGuarantee;
  readonly partitions: number;
  readonly partitioner: Partitioner;
  readonly buffer: { readonly maxMessages: number; readonly intervalMs: number } | undefined;
  readonly brokers: BrokersOption | undefined;
  readonly retryMs: number;
  readonly message: (element: T, timestamp: number) => OutgoingMessage;
}

/** A batch stays well below what a broker takes (1 MiB by default). */
const BATCH_BYTES = 256 * 1024;
const BATCH_MESSAGES = 5_000;
/** The job waits while so many batches are not acknowledged. */
const MOST_BATCHES = 8;
/** What has gathered goes out after this time even if it is little. */
const LINGER_MS = 20;

/** Gathers messages into batches and sends them, one after the other. */
export class KafkaSinkOperator<T> extends Operator<T, never> {
  private batch: Ready[] = [];
  private bytes = 0;
  private count = 0;
  private underWay = 0;
  private sent: Promise<void> = Promise.resolve();
  private send!: (batch: readonly Ready[]) => Promise<void>;
  private producer: TopicProducer | undefined;
  private release: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** The last message of each key, with `buffer`. */
  private readonly kept = new Map<string, OutgoingMessage>();
  private cancelKept: CancelTimer | undefined;
  /** The partition of the next message that names none; absent: the client chooses. */
  private nextPartition: (() => number) | undefined;
  private readonly exactly: boolean;

  constructor(private readonly settings: KafkaSinkSettings<T>) {
    super('Kafka Sink');
    this.exactly = settings.deliveryGuarantee === 'exactly-once';
  }

  override async open(): Promise<void> {
    const { topic, partitions, brokers, retryMs } = this.settings;
    if (this.exactly) {
      const { transaction } = this.context.job;
      if (!(transaction instanceof KafkaTransaction)) {
        throw new StreambookError(
          'no-transaction',
          'an exactly-once Kafka sink was put into a graph without its transaction',
          {
            hint: 'use stream.sinkTo(kafkaSink(...))',
          },
        );
      }
      await transaction.prepare(topic, partitions);
      this.send = (batch) => transaction.send(topic, batch);
      this.choosePartitions(transaction.partitionCount(topic));
      return;
    }
    const producer = await TopicProducer.open(findBroker(brokers), {
      topic,
      create: partitions,
      retryMs,
      onWaiting: () => undefined,
    });
    this.producer = producer;
    this.choosePartitions(producer.partitions);
    this.send = (batch) => {
      // One at a time: that is what keeps the order, and what kafkajs's sequence numbers need.
      this.sent = this.sent.then(() => producer.send(batch));
      return this.sent;
    };
  }

  override processElement(value: T, timestamp: number): void {
    const message = this.settings.message(value, timestamp);
    const { buffer } = this.settings;
    if (buffer === undefined) this.add(message);
    else this.keep(message, buffer);
  }

  private keep(message: OutgoingMessage, buffer: { readonly maxMessages: number; readonly intervalMs: number }): void {
    const key = Buffer.from(message.key ?? '').toString('latin1');
    // Anew, so that what changed last goes last.
    this.kept.delete(key);
    this.kept.set(key, message);
    if (this.kept.size >= buffer.maxMessages) this.letGo();
    else this.watchKept(buffer.intervalMs);
  }

  private watchKept(intervalMs: number): void {
    const { clock, job } = this.context;
    this.cancelKept ??= clock.schedule(clock.now() + intervalMs, () => job.mail(() => this.letGo()));
  }

  /** What was kept goes the usual way. */
  private letGo(): void {
    this.cancelKept?.();
    this.cancelKept = undefined;
    for (const message of this.kept.values()) this.add(message);
    this.kept.clear();
  }

  private choosePartitions(count: number): void {
    const { partitioner } = this.settings;
    if (partitioner === 'fixed') {
      const own = this.context.subtask % count;
      this.nextPartition = () => own;
    } else if (partitioner === 'round-robin') {
      let next = this.context.subtask % count;
      this.nextPartition = () => {
        const partition = next;
        next = (next + 1) % count;
        return partition;
      };
    }
  }

  private add(outgoing: OutgoingMessage): void {
    const { nextPartition } = this;
    const placed =
      nextPartition === undefined || outgoing.partition !== undefined
        ? outgoing
        : { ...outgoing, partition: nextPartition() };
    const message = ready(placed, this.count++);
    this.batch.push(message);
    this.bytes += message.byteLength + (message.key?.length ?? 0);
    if (this.bytes >= BATCH_BYTES || this.batch.length >= BATCH_MESSAGES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), LINGER_MS);
  }

  override snapshotState(): Promise<void> | undefined {
    this.letGo();
    this.flush();
    // Exactly once: the transaction knows when all of it is acknowledged.
    if (this.settings.deliveryGuarantee !== 'at-least-once') return undefined;
    return this.sent;
  }

  override endInput(): void {
    this.letGo();
  }

  override drained(): boolean {
    this.flush();
    return this.underWay === 0;
  }

  override async close(): Promise<void> {
    clearTimeout(this.timer);
    this.cancelKept?.();
    this.producer?.abandon();
    await this.sent.catch(() => undefined);
    this.producer?.close();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { batch } = this;
    if (batch.length === 0) return;
    this.batch = [];
    this.bytes = 0;
    this.underWay++;
    if (this.underWay >= MOST_BATCHES) this.release ??= this.context.block();
    this.send(batch).then(
      () => this.acknowledged(),
      (error: unknown) => this.context.job.fail(error),
    );
  }

  private acknowledged(): void {
    this.underWay--;
    if (this.underWay < MOST_BATCHES / 2) {
      this.release?.();
      this.release = undefined;
    }
    if (this.underWay === 0) this.context.job.mail(() => this.context.tryFinish());
  }
}
