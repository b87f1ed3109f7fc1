import { ArgumentError, messageOf } from '../../core/errors.js';
import { serialisable } from '../../core/serialise/index.js';
import {
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../../engine/source.js';
import { type As, decoderFor, type NamedDecoder } from '../../kafka/decode.js';
import {
  type BrokersOption,
  type GroupOffsets,
  KafkaRecord,
  Message,
  type Offsets,
  openGroupOffsets,
  openReader,
  type Reader,
  type ReaderBatch,
  type StartPosition,
} from '../../kafka/index.js';
import { badValue } from '../../kafka/message.js';

/** Where to begin and to end. */
export interface KafkaSourceOptions {
  /** Default `earliest`. Offsets by partition: `{ offsets: { 0: 120 } }`. `committed`: where the group stands. */
  readonly from?: StartPosition | 'committed';
  /** A consumer group that mirrors how far the source has come. It decides nothing, unless `from` is `committed`. */
  readonly groupId?: string;
  /**
   * When the group's offsets are committed. `on-checkpoint` (default): with each checkpoint. `on-receipt`: before the
   * elements are processed, so that with `from: 'committed'` and no checkpoints none is ever processed twice, and some may
   * be lost: at most once.
   */
  readonly commitOffsets?: 'on-checkpoint' | 'on-receipt';
  /** `'end'`: what is there now. Default: for ever. */
  readonly until?: 'end' | { readonly timestamp: number } | { readonly offsets: Offsets };
  /** How values are read: `text` (default), `json`, `csv`, `bytes`, or a function of the bytes. */
  readonly as?: As;
  /** A value that cannot be read fails the job (default), or is left out and counted. */
  readonly onBad?: 'fail' | 'skip';
  /** Where the cluster is; default as everywhere: `STREAMBOOK_BROKERS`, `.streambook/broker.json`, `localhost:9092`. */
  readonly brokers?: BrokersOption;
}

/**
 * Reads Kafka topics. The source owns its offsets (they are part of checkpoints); no consumer group decides where it goes
 * on. Elements carry Kafka's timestamps, and watermarks made at the source are made per partition.
 *
 * @see Flink: Kafka connector, source
 */
export function kafkaSource<V = string>(
  topic: string | readonly string[],
  options: KafkaSourceOptions = {},
): Source<Message<V>> {
  if (options.groupId === undefined && (options.from === 'committed' || options.commitOffsets !== undefined)) {
    throw new ArgumentError('a Kafka source that goes by committed offsets needs a group', {
      hint: "{ groupId: 'my-group' }",
    });
  }
  return {
    name: `Kafka: ${typeof topic === 'string' ? topic : topic.join(', ')}`,
    bounded: options.until !== undefined,
    maxParallelism: 1,
    createReader: (context) => new KafkaReader<V>(topic, options, context),
  };
}

interface PlainMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly value: unknown;
  readonly key: Uint8Array | null;
  readonly bytes: Uint8Array | null;
  readonly headers: readonly (readonly [string, Uint8Array | null])[];
}

const toBuffer = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
// Copies: what is kept in state must not keep the whole fetch it came with.
const toBytes = (bytes: Buffer | null): Uint8Array | null => (bytes === null ? null : new Uint8Array(bytes));

serialisable<Message<unknown>, PlainMessage>(Message, {
  name: 'streambook/Message',
  toPlain: ({ topic, partition, offset, timestamp, value, keyBytes, bytes, rawHeaders }) => ({
    topic,
    partition,
    offset,
    timestamp,
    value,
    key: toBytes(keyBytes),
    bytes: toBytes(bytes),
    headers: rawHeaders.map(([name, header]) => [name, toBytes(header)] as const),
  }),
  fromPlain: ({ topic, partition, offset, timestamp, value, key, bytes, headers }) => {
    const raw = headers.map(([name, header]) => [name, toBuffer(header)] as const);
    const record = new KafkaRecord(offset, timestamp, toBuffer(key), toBuffer(bytes), raw);
    return new Message<unknown>(topic, partition, offset, timestamp, value, record, undefined);
  },
});

type Positions = Record<string, Record<number, number>>;

class KafkaReader<V> implements SourceReader<Message<V>> {
  private reader: Reader | undefined;
  private next: ReaderBatch | undefined;
  private ended = false;
  private closed = false;
  private decoder!: NamedDecoder;
  private group: GroupOffsets | undefined;
  private readonly positions: Positions;
  private warned = false;
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
    const { from, until, brokers, groupId } = this.options;
    if (groupId !== undefined) {
      const topics = typeof this.topic === 'string' ? [this.topic] : this.topic;
      this.group = await openGroupOffsets(groupId, topics, { brokers });
    }
    this.decoder = await decoderFor(this.options.as ?? 'text', {});
    this.reader = await openReader({
      topic: this.topic,
      start: restored
        ? { offsets: this.positions as Offsets }
        : from === undefined || from === 'committed'
          ? 'earliest'
          : from,
      ...(until === undefined ? {} : { until }),
      ...(brokers === undefined ? {} : { brokers }),
    });
    if (!restored && from === 'committed') await this.goToCommitted(this.reader);
    // Every partition from the beginning, so that one without new records is not forgotten at a restart.
    for (const { topic, partition, offset } of this.reader.positions()) this.moved(topic, partition, offset);
    this.fetch();
  }

  poll(): SourceBatch<Message<V>> | typeof END_OF_INPUT | undefined {
    const batch = this.next;
    if (batch === undefined) return this.ended ? END_OF_INPUT : undefined;
    this.next = undefined;
    const { topic, partition, records } = batch;
    const values: Message<V>[] = [];
    const timestamps: number[] = [];
    for (const record of records) {
      const message = this.messageFor(topic, partition, record);
      if (message === undefined) continue;
      values.push(message);
      timestamps.push(record.timestamp);
    }
    const last = records[records.length - 1];
    if (last !== undefined) this.moved(topic, partition, last.offset + 1);
    this.fetch();
    return { values, timestamps, split: `${topic}-${partition}` };
  }

  splits(): string[] {
    return (this.reader?.positions() ?? []).map(({ topic, partition }) => `${topic}-${partition}`);
  }

  pauseSplits(paused: ReadonlySet<string>): void {
    for (const { topic, partition } of this.reader?.positions() ?? []) {
      if (paused.has(`${topic}-${partition}`)) this.reader?.pause(topic, partition);
      else this.reader?.resume(topic, partition);
    }
  }

  position(): Positions {
    return structuredClone(this.positions);
  }

  /** Lets the group show how far checkpoints have come. It is only for show: a failure is told once, and ends nothing. */
  async checkpointCompleted(_checkpointId: number, position: unknown): Promise<void> {
    const { group } = this;
    if (group === undefined || this.options.commitOffsets === 'on-receipt' || position === undefined) return;
    const offsets = Object.entries(position as Positions).flatMap(([topic, perPartition]) =>
      Object.entries(perPartition).map(([partition, offset]) => ({ topic, partition: Number(partition), offset })),
    );
    await group.commit(offsets).catch((error: unknown) => {
      if (!this.warned) console.warn(`${messageOf(error)}\n  the source goes on; the group shows where it was before`);
      this.warned = true;
    });
  }

  close(): void {
    this.closed = true;
    this.reader?.close();
    this.group?.close();
  }

  private async goToCommitted(reader: Reader): Promise<void> {
    const positions = reader.positions();
    const committed = (await this.group?.committed(positions)) ?? [];
    reader.assign(
      positions.map((one) => {
        const known = committed.find(({ topic, partition }) => topic === one.topic && partition === one.partition);
        return known === undefined || known.offset < 0 ? one : { ...one, offset: known.offset };
      }),
    );
  }

  /** Before the elements are handed over: from then on they count as processed, whatever happens. */
  private async receive(batch: ReaderBatch | undefined): Promise<ReaderBatch | undefined> {
    const last = batch?.records[batch.records.length - 1];
    if (this.options.commitOffsets !== 'on-receipt' || batch === undefined || last === undefined) return batch;
    await this.group?.commit([{ topic: batch.topic, partition: batch.partition, offset: last.offset + 1 }]);
    return batch;
  }

  private messageFor(topic: string, partition: number, record: KafkaRecord): Message<V> | undefined {
    const { offset, timestamp, value } = record;
    const { decode, kind } = this.decoder;
    try {
      const decoded = value === null ? null : decode(value, { topic, partition, offset });
      return new Message<V>(topic, partition, offset, timestamp, decoded as V, record, undefined);
    } catch (error) {
      if (this.options.onBad !== 'skip') throw badValue(topic, partition, record, kind, messageOf(error));
      this.context.skipped?.(1);
      return undefined;
    }
  }

  private moved(topic: string, partition: number, offset: number): void {
    const perTopic = this.positions[topic] ?? {};
    perTopic[partition] = offset;
    this.positions[topic] = perTopic;
  }

  private fetch(): void {
    const { reader } = this;
    if (reader === undefined || this.closed) return;
    const ready = this.options.commitOffsets === 'on-receipt' ? undefined : reader.poll();
    if (ready !== undefined) {
      this.next = ready;
      return;
    }
    this.busy = this.options.until !== undefined;
    reader
      .next()
      .then((batch) => this.receive(batch))
      .then(
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
