import type { CancelTimer } from '../../core/clock.js';
import { StreambookError } from '../../core/errors.js';
import { Operator } from '../../engine/operator.js';
import type { DeliveryGuarantee } from '../../engine/sink.js';
import { type BrokersOption, findBroker, type OutgoingMessage, type Place, ready } from '../../kafka/index.js';
import type { Partitioner } from './sink.js';
import { TopicBatches } from './topic-batches.js';
import { plainOutlet, type TopicOutlet, transactionOutlet } from './topic-outlet.js';
import { KafkaTransaction } from './transaction.js';

/** What a Kafka sink's operator is told. */
export interface KafkaSinkSettings<T> {
  readonly topic: string | ((element: T, timestamp: number) => string);
  readonly deliveryGuarantee: DeliveryGuarantee;
  readonly partitions: number;
  readonly partitioner: Partitioner;
  readonly buffer: { readonly maxMessages: number; readonly intervalMs: number } | undefined;
  readonly brokers: BrokersOption | undefined;
  readonly retryMs: number;
  readonly message: (element: T, timestamp: number) => OutgoingMessage;
}

/** The job waits while so many batches are not acknowledged. */
const MOST_BATCHES = 8;

/** Gathers messages into batches, for each topic, and sends them, one after the other. */
export class KafkaSinkOperator<T> extends Operator<T, never> {
  private readonly topics = new Map<string, TopicBatches>();
  private count = 0;
  private underWay = 0;
  private outletOf!: (topic: string) => TopicOutlet;
  private release: (() => void) | undefined;
  /** The last message of each key, with `buffer`. */
  private readonly kept = new Map<string, { readonly topic: string; readonly message: OutgoingMessage }>();
  private cancelKept: CancelTimer | undefined;

  constructor(private readonly settings: KafkaSinkSettings<T>) {
    super('Kafka Sink');
  }

  override async open(): Promise<void> {
    const { topic, partitions, brokers, retryMs } = this.settings;
    const options = (name: string) => ({ topic: name, partitions, place: this.place() });
    if (this.settings.deliveryGuarantee === 'exactly-once') {
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
      this.outletOf = (name) => transactionOutlet(transaction, options(name));
    } else {
      const found = findBroker(brokers);
      this.outletOf = (name) => plainOutlet(found, retryMs, options(name));
    }
    if (typeof topic === 'string') await this.batchesOf(topic).outlet.open();
  }

  override processElement(value: T, timestamp: number): void {
    const { topic, buffer } = this.settings;
    const name = typeof topic === 'string' ? topic : topic(value, timestamp);
    const message = this.settings.message(value, timestamp);
    if (buffer === undefined) this.add(name, message);
    else this.keep(name, message, buffer);
  }

  private keep(
    topic: string,
    message: OutgoingMessage,
    buffer: { readonly maxMessages: number; readonly intervalMs: number },
  ): void {
    const key = `${topic} ${Buffer.from(message.key ?? '').toString('latin1')}`;
    // Anew, so that what changed last goes last.
    this.kept.delete(key);
    this.kept.set(key, { topic, message });
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
    for (const { topic, message } of this.kept.values()) this.add(topic, message);
    this.kept.clear();
  }

  /** For each topic its own, so that each has its turns. */
  private place(): Place | undefined {
    const { partitioner } = this.settings;
    const { subtask } = this.context;
    if (partitioner === 'fixed') return (partitions) => subtask % partitions;
    if (partitioner !== 'round-robin') return undefined;
    let next = subtask;
    return (partitions) => next++ % partitions;
  }

  private batchesOf(topic: string): TopicBatches {
    let batches = this.topics.get(topic);
    if (batches === undefined) {
      batches = new TopicBatches(this.outletOf(topic), (outlet, batch) => this.send(outlet, batch));
      this.topics.set(topic, batches);
    }
    return batches;
  }

  private add(topic: string, message: OutgoingMessage): void {
    this.batchesOf(topic).add(ready(message, this.count++));
  }

  override snapshotState(): Promise<void> | undefined {
    this.letGo();
    this.flush();
    if (this.settings.deliveryGuarantee !== 'at-least-once') return undefined;
    return this.acknowledgedAll();
  }

  private async acknowledgedAll(): Promise<void> {
    await Promise.all([...this.topics.values()].map(({ outlet }) => outlet.acknowledged()));
  }

  override endInput(): void {
    this.letGo();
  }

  override drained(): boolean {
    this.flush();
    return this.underWay === 0;
  }

  override async close(): Promise<void> {
    this.cancelKept?.();
    await Promise.all([...this.topics.values()].map((batches) => batches.close()));
  }

  private flush(): void {
    for (const batches of this.topics.values()) batches.flush();
  }

  private send(outlet: TopicOutlet, batch: Parameters<TopicOutlet['send']>[0]): void {
    this.underWay++;
    if (this.underWay >= MOST_BATCHES) this.release ??= this.context.block();
    outlet.send(batch).then(
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
