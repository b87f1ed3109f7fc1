import type { CancelTimer } from '../../core/clock.js';
import { messageOf, StreambookError } from '../../core/errors.js';
import { OutputTag } from '../../engine/channels/output-tag.js';
import {
  END_OF_INPUT,
  type SideElement,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../../engine/source.js';
import {
  type GroupOffsets,
  type KafkaRecord,
  Message,
  type Offsets,
  openGroupOffsets,
  openReader,
  type Position,
  type Reader,
  type ReaderBatch,
  topicPartitions,
} from '../../kafka/index.js';
import { decoderFor, type NamedDecoder } from '../../kafka/receiving/decode.js';
import { badValue } from '../../kafka/receiving/message.js';
import { committedOf, type KafkaPosition, latestOffsets, nested, ownerOf, splitOf } from './offsets.js';
import type { KafkaSourceOptions } from './source-options.js';
import { KafkaTransaction } from './transaction.js';

/**
 * How many records are handed over at once: a checkpoint waits for the end of them, and a fetch may bring twenty thousand.
 * Kafka's consumer gives 500.
 */
const MOST_AT_ONCE = 1000;

/** Reads a subtask's partitions of Kafka topics. */
export class KafkaReader<V> implements SourceReader<Message<V>> {
  private reader: Reader | undefined;
  private next: ReaderBatch | undefined;
  /** How much of it has been handed over. */
  private begin = 0;
  private mostAtOnce = MOST_AT_ONCE;
  private ended = false;
  private closed = false;
  private decoder!: NamedDecoder;
  private group: GroupOffsets | undefined;
  private readonly positions = new Map<string, KafkaPosition['offsets'][number]>();
  private read: number;
  private readonly most: number;
  /** Partitions of which nothing has come yet, and that were not begun at an offset: for these nothing is committed. */
  private readonly untouched = new Set<string>();
  /** With no partition to read, and no end: it has said that nothing will come. */
  private saidIdle = false;
  private warned = false;
  private topics: readonly string[];
  private cancelLook: CancelTimer | undefined;
  /** The job's transaction, where it takes the group's offsets along. */
  private readonly transaction: KafkaTransaction | undefined;
  busy = false;

  constructor(
    private readonly topic: string | readonly string[] | RegExp,
    private readonly options: KafkaSourceOptions,
    private readonly context: SourceContext,
  ) {
    this.topics = typeof topic === 'string' ? [topic] : topic instanceof RegExp ? [] : topic;
    const { until, groupId, commitOffsets, brokers } = options;
    this.most = typeof until === 'object' && 'count' in until ? until.count : Number.POSITIVE_INFINITY;
    this.read = (context.restored as KafkaPosition | undefined)?.read ?? 0;
    const { transaction } = context;
    if (groupId !== undefined && commitOffsets !== 'on-receipt' && transaction instanceof KafkaTransaction) {
      if (transaction.covers(brokers)) this.transaction = transaction;
    }
  }

  async open(): Promise<void> {
    const { from = 'earliest', until, brokers, groupId, readUncommitted, clientId } = this.options;
    const restored = this.context.restored as KafkaPosition | undefined;
    if (this.topic instanceof RegExp) {
      const there = await topicPartitions(this.topic, { brokers });
      const before = (restored?.offsets ?? []).map((one) => one.topic);
      this.topics = [...new Set([...there.map((one) => one.topic), ...before])].sort();
    }
    if (groupId !== undefined) this.group = await openGroupOffsets(groupId, this.topics, { brokers });
    this.decoder = await decoderFor(this.options.as ?? 'text', {});
    const end = until === 'committed' ? { offsets: await this.committedEnds() } : until;
    this.reader = await openReader({
      topic: this.topics,
      start:
        restored !== undefined
          ? { offsets: nested(this.topics, restored.offsets) }
          : from === 'committed'
            ? 'earliest'
            : from,
      only: (topic, partition) => this.owns(topic, partition),
      until: typeof end === 'object' && 'count' in end ? undefined : end,
      brokers,
      readUncommitted,
      clientId,
    });
    if (restored === undefined && from === 'committed') await this.goToCommitted(this.reader);
    // The group's coordinator is found, or made, now: in the middle of a commit there is no time for it.
    else if (this.transaction !== undefined && this.reader.positions().length > 0) {
      await this.group?.committed(this.reader.positions());
    }
    // Every partition from the beginning, so that one without new records is not forgotten at a restart.
    for (const { topic, partition, offset } of this.reader.positions()) this.moved(topic, partition, offset);
    if (restored === undefined && (from === 'earliest' || from === 'committed')) {
      for (const split of this.positions.keys()) this.untouched.add(split);
    }
    if (this.read >= this.most) this.ended = true;
    else if (this.positions.size > 0 || until !== undefined) this.fetch();
    this.lookAgain();
  }

  poll(): SourceBatch<Message<V>> | typeof END_OF_INPUT | undefined {
    const batch = this.next;
    if (batch === undefined) return this.ended ? END_OF_INPUT : this.nothing();
    const { topic, partition, records } = batch;
    const values: Message<V>[] = [];
    const timestamps: number[] = [];
    const sides: SideElement[] = [];
    const begin = this.begin;
    const end = begin + Math.min(records.length - begin, this.most - this.read, this.mostAtOnce);
    for (let i = begin; i < end; i++) {
      const record = records[i] as KafkaRecord;
      const message = this.messageFor(topic, partition, record, sides);
      if (message === undefined) continue;
      values.push(message);
      timestamps.push(record.timestamp);
    }
    const last = records[end - 1];
    if (last !== undefined) {
      this.moved(topic, partition, last.offset + 1);
      this.untouched.delete(splitOf(topic, partition));
    }
    this.read += end - begin;
    const more = end < records.length && this.read < this.most;
    this.begin = more ? end : 0;
    if (!more) this.next = undefined;
    // Before the next batch is asked for: what has been taken has been handed over, so far.
    const endedSplits = this.options.until === undefined ? [] : this.endedSplits();
    if (this.read >= this.most) this.ended = true;
    else if (!more) this.fetch();
    return {
      values,
      timestamps,
      split: splitOf(topic, partition),
      ...(sides.length === 0 ? {} : { sides }),
      ...(endedSplits.length === 0 ? {} : { endedSplits }),
    };
  }

  splits(): string[] {
    const ended = new Set(this.endedSplits());
    const all = (this.reader?.positions() ?? []).map(({ topic, partition }) => splitOf(topic, partition));
    return all.filter((split) => !ended.has(split));
  }

  private endedSplits(): string[] {
    const positions = this.reader?.positions() ?? [];
    const ended = positions.filter(({ offset, end }) => end !== undefined && offset >= end);
    const splits = ended.map(({ topic, partition }) => splitOf(topic, partition));
    // What was fetched of it has not been handed over to its end.
    const { next } = this;
    return next === undefined ? splits : splits.filter((split) => split !== splitOf(next.topic, next.partition));
  }

  pauseSplits(paused: ReadonlySet<string>): void {
    // What waits is held by the job: in few pieces.
    this.mostAtOnce = paused.size === 0 ? MOST_AT_ONCE : Number.POSITIVE_INFINITY;
    for (const { topic, partition } of this.reader?.positions() ?? []) {
      if (paused.has(splitOf(topic, partition))) this.reader?.pause(topic, partition);
      else this.reader?.resume(topic, partition);
    }
  }

  position(): KafkaPosition {
    return { offsets: [...this.positions.values()], read: this.read };
  }

  checkpointCommitting(position: unknown): void {
    const offsets = this.toCommit(position);
    const { groupId } = this.options;
    if (groupId !== undefined && offsets.length > 0) this.transaction?.addProgress({ groupId, offsets });
  }

  /** Lets the group show how far checkpoints have come. It is only for show: a failure is told once, and ends nothing. */
  async checkpointCompleted(_checkpointId: number, position: unknown): Promise<void> {
    const { group, transaction, options } = this;
    if (group === undefined || transaction !== undefined || options.commitOffsets === 'on-receipt') return;
    const offsets = this.toCommit(position);
    if (offsets.length === 0) return;
    await group.commit(offsets).catch((error: unknown) => {
      if (!this.warned) console.warn(`${messageOf(error)}\n  the source goes on; the group shows where it was before`);
      this.warned = true;
    });
  }

  close(): void {
    this.closed = true;
    this.cancelLook?.();
    this.reader?.close();
    this.group?.close();
  }

  /** @see Flink: `KafkaSourceReader.snapshotState` */
  private toCommit(position: unknown): KafkaPosition['offsets'] {
    const { offsets } = position as KafkaPosition;
    return offsets.filter(({ topic, partition }) => !this.untouched.has(splitOf(topic, partition)));
  }

  private async goToCommitted(reader: Reader): Promise<void> {
    const positions = reader.positions();
    if (positions.length === 0) return;
    const committed = (await this.group?.committed(positions)) ?? [];
    const { otherwise = 'earliest', brokers } = this.options;
    const ends = new Map((await reader.logEnds()).map((one) => [splitOf(one.topic, one.partition), one.offset]));
    const found = positions.map((one) => {
      const at = committedOf(committed, one);
      const end = ends.get(splitOf(one.topic, one.partition)) ?? 0;
      // Deleted, or of a topic of this name that was there before.
      return { ...one, at: at === undefined || at < one.offset || at > end ? undefined : at };
    });
    const unknown = found.filter(({ at }) => at === undefined);
    if (unknown.length > 0 && otherwise === 'fail') throw this.nothingCommitted(unknown[0] as Position);
    const latest =
      unknown.length > 0 && otherwise === 'latest'
        ? await latestOffsets(this.topics, brokers)
        : new Map<string, number>();
    reader.assign(
      found.map(({ at, ...one }) => ({
        ...one,
        offset: at ?? latest.get(splitOf(one.topic, one.partition)) ?? one.offset,
      })),
    );
  }

  /** Where the group stands now in each partition that is read here. */
  private async committedEnds(): Promise<Offsets> {
    const all = await topicPartitions(this.topics, { brokers: this.options.brokers });
    const partitions = all.filter(({ topic, partition }) => this.owns(topic, partition));
    const committed = partitions.length === 0 ? [] : ((await this.group?.committed(partitions)) ?? []);
    const ends = partitions.map((one) => {
      const offset = committedOf(committed, one);
      if (offset === undefined) throw this.nothingCommitted(one);
      return { ...one, offset };
    });
    return nested(this.topics, ends);
  }

  private nothingCommitted({ topic, partition }: Pick<Position, 'topic' | 'partition'>): StreambookError {
    return new StreambookError(
      'no-committed-offset',
      `the group \`${this.options.groupId}\` has committed nothing that is there`,
      {
        where: `topic \`${topic}\`, partition ${partition}`,
        hint: 'begin or end somewhere else: earliest, latest, a time, offsets',
      },
    );
  }

  private owns(topic: string, partition: number): boolean {
    const { parallelism, subtask } = this.context;
    return ownerOf(topic, partition, parallelism) === subtask;
  }

  private lookAgain(): void {
    const { discoverMs, until } = this.options;
    if (discoverMs === undefined || until !== undefined || this.closed || this.ended) return;
    const { clock } = this.context;
    this.cancelLook = clock.schedule(clock.now() + discoverMs, () => {
      this.discover().then(
        () => this.lookAgain(),
        (error: unknown) => {
          // It says nothing about what is being read: the next look may go well.
          if (!this.warned && !this.closed) console.warn(`looking for new partitions: ${messageOf(error)}`);
          this.warned = true;
          this.lookAgain();
        },
      );
    });
  }

  private async discover(): Promise<void> {
    const { topic } = this;
    const all = await topicPartitions(topic instanceof RegExp ? topic : this.topics, { brokers: this.options.brokers });
    const more = all.filter(
      (one) => this.owns(one.topic, one.partition) && !this.positions.has(splitOf(one.topic, one.partition)),
    );
    if (more.length === 0 || this.closed) return;
    const first = this.positions.size === 0;
    await this.reader?.add(more);
    if (this.closed) return;
    this.topics = [...new Set([...this.topics, ...more.map((one) => one.topic)])].sort();
    for (const one of this.reader?.positions() ?? []) {
      if (!this.positions.has(splitOf(one.topic, one.partition))) this.moved(one.topic, one.partition, one.offset);
    }
    if (first) this.fetch();
  }

  /** Before the elements are handed over: from then on they count as processed, whatever happens. */
  private async receive(batch: ReaderBatch | undefined): Promise<ReaderBatch | undefined> {
    const last = batch?.records[Math.min(batch.records.length, this.most - this.read) - 1];
    if (this.options.commitOffsets !== 'on-receipt' || batch === undefined || last === undefined) return batch;
    await this.group?.commit([{ topic: batch.topic, partition: batch.partition, offset: last.offset + 1 }]);
    return batch;
  }

  private messageFor(
    topic: string,
    partition: number,
    record: KafkaRecord,
    sides: SideElement[],
  ): Message<V> | undefined {
    const { offset, timestamp, value } = record;
    const { decode, kind } = this.decoder;
    try {
      const decoded = value === null ? null : decode(value, { topic, partition, offset });
      return new Message<V>(topic, partition, offset, timestamp, decoded as V, record, undefined);
    } catch (error) {
      const { onBad } = this.options;
      const failure = badValue(topic, partition, record, kind, messageOf(error));
      if (onBad === undefined || onBad === 'fail') throw failure;
      this.context.skipped?.(1);
      if (onBad instanceof OutputTag) {
        const bad = new Message<undefined>(topic, partition, offset, timestamp, undefined, record, undefined, failure);
        sides.push({ tag: onBad as OutputTag<unknown>, value: bad, timestamp });
      }
      return undefined;
    }
  }

  private moved(topic: string, partition: number, offset: number): void {
    this.positions.set(splitOf(topic, partition), { topic, partition, offset });
  }

  private nothing(): SourceBatch<Message<V>> | undefined {
    if (this.positions.size > 0 || this.options.until !== undefined || this.saidIdle) return undefined;
    this.saidIdle = true;
    return { values: [], idle: true };
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
