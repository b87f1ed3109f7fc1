import {
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../../engine/source.js';
import {
  type BrokersOption,
  type Offsets,
  openReader,
  type Reader,
  type ReaderBatch,
  type StartPosition,
} from '../../kafka/index.js';
import { KafkaElement } from './element.js';

/** Where to begin and to end. */
export interface KafkaSourceOptions {
  /** Default `earliest`. Offsets by partition: `{ offsets: { 0: 120 } }`. */
  readonly from?: StartPosition;
  /** `'end'`: what is there now. Default: for ever. */
  readonly until?: 'end' | { readonly timestamp: number } | { readonly offsets: Offsets };
  /** Where the cluster is; default as everywhere: `STREAMBOOK_BROKERS`, `.streambook/broker.json`, `localhost:9092`. */
  readonly brokers?: BrokersOption;
}

/**
 * Reads Kafka topics. The source owns its offsets (they are part of checkpoints); no consumer group decides where it goes
 * on. Elements carry Kafka's timestamps, and watermarks made at the source are made per partition.
 *
 * @see Flink: Kafka connector, source
 */
export function kafkaSource(topic: string | readonly string[], options: KafkaSourceOptions = {}): Source<KafkaElement> {
  return {
    name: `Kafka: ${typeof topic === 'string' ? topic : topic.join(', ')}`,
    bounded: options.until !== undefined,
    maxParallelism: 1,
    createReader: (context) => new KafkaReader(topic, options, context),
  };
}

type Positions = Record<string, Record<number, number>>;

class KafkaReader implements SourceReader<KafkaElement> {
  private reader: Reader | undefined;
  private next: ReaderBatch | undefined;
  private ended = false;
  private closed = false;
  private readonly positions: Positions;
  busy = false;

  constructor(
    private readonly topic: string | readonly string[],
    private readonly options: KafkaSourceOptions,
    private readonly context: SourceContext,
  ) {
    this.positions = (context.restored as Positions | undefined) ?? {};
  }

  async open(): Promise<void> {
    const restored = Object.keys(this.positions).length > 0;
    const { from, until, brokers } = this.options;
    this.reader = await openReader({
      topic: this.topic,
      start: restored ? { offsets: this.positions as Offsets } : (from ?? 'earliest'),
      ...(until === undefined ? {} : { until }),
      ...(brokers === undefined ? {} : { brokers }),
    });
    // Every partition from the beginning, so that one without new records is not forgotten at a restart.
    for (const { topic, partition, offset } of this.reader.positions()) this.moved(topic, partition, offset);
    this.fetch();
  }

  poll(): SourceBatch<KafkaElement> | typeof END_OF_INPUT | undefined {
    const batch = this.next;
    if (batch === undefined) return this.ended ? END_OF_INPUT : undefined;
    this.next = undefined;
    const { topic, partition, records } = batch;
    const values: KafkaElement[] = new Array(records.length);
    const timestamps: number[] = new Array(records.length);
    records.forEach((record, index) => {
      values[index] = new KafkaElement(topic, partition, record);
      timestamps[index] = record.timestamp;
    });
    const last = records[records.length - 1];
    if (last !== undefined) this.moved(topic, partition, last.offset + 1);
    this.fetch();
    return { values, timestamps, split: `${topic}-${partition}` };
  }

  position(): Positions {
    return structuredClone(this.positions);
  }

  close(): void {
    this.closed = true;
    this.reader?.close();
  }

  private moved(topic: string, partition: number, offset: number): void {
    const perTopic = this.positions[topic] ?? {};
    perTopic[partition] = offset;
    this.positions[topic] = perTopic;
  }

  private fetch(): void {
    const { reader } = this;
    if (reader === undefined || this.closed) return;
    const ready = reader.poll();
    if (ready !== undefined) {
      this.next = ready;
      return;
    }
    this.busy = this.options.until !== undefined;
    reader.next().then(
      (batch) => {
        this.busy = false;
        if (batch === undefined) this.ended = true;
        else this.next = batch;
        this.context.wake();
      },
      (error: unknown) => {
        this.busy = false;
        if (!this.closed) this.context.fail(error);
      },
    );
  }
}
