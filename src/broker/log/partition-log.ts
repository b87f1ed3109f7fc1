import type { RecordBatch } from '../../wire/record-batch.js';
import { KafkaError } from '../kafka-error.js';
import type { Storage } from '../storage/storage.js';
import { CHECKPOINT_FILE, encodeCheckpoint } from './checkpoint.js';
import { removeRetired } from './compaction/replace.js';
import { markerOf } from './control-batch.js';
import type { LogConfig } from './log-config.js';
import { Producers } from './producers.js';
import { Segment, segmentName } from './segment.js';

/** What a log needs of its broker. */
export interface LogContext {
  readonly storage: Storage;
  /** Forces every append to the disk before it counts. */
  readonly flushAlways: boolean;
  /** Told of damage that was repaired and of writes that failed. */
  readonly onTrouble: (message: string, error?: unknown) => void;
  readonly now: () => number;
}

/** What became of an append. */
export interface Appended {
  readonly baseOffset: number;
  /** The time that all records got, with `message.timestamp.type=LogAppendTime`; -1 otherwise. */
  readonly logAppendTime: number;
}

interface Pending {
  readonly batch: RecordBatch;
  readonly bytes: Buffer;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

/** What one write call takes at most; the rest waits for the next. */
const WRITE_BYTES = 8 * 1024 * 1024;
const WRITE_CHUNKS = 512;

/**
 * The log of one partition: segment files, and what may be read of them.
 *
 * Appends get their offsets at once and in order. While one write is under way the others queue up and go out together
 * with the next; an append resolves, and readers see it, when its write has completed.
 *
 * @see Kafka: "Log" under Implementation, https://kafka.apache.org/documentation/#log
 */
export class PartitionLog {
  readonly producers = new Producers();
  /** In order; the last one is written to. Never empty once the log is open. */
  readonly segments: Segment[] = [];
  /** The offset that the next record gets. */
  nextOffset = 0;
  /** Readers see what lies before it: Kafka's high watermark. */
  endOffset = 0;
  /** Records before it are gone. */
  startOffset = 0;
  /** Bytes appended since the last checkpoint. */
  dirtyBytes = 0;
  /** Compaction has been through what lies before it. */
  cleanedUpTo = 0;
  /** Segments that compaction has replaced, and that readers may still be in. */
  readonly retired = new Map<Segment, NodeJS.Timeout>();
  private tended: Promise<unknown> | undefined;
  closed = false;
  private abandoned = false;
  private queue: Pending[] = [];
  private draining: Promise<void> | undefined;
  private readonly listeners = new Set<(bytes: number) => void>();
  private checkpointing: Promise<void> = Promise.resolve();
  /** Segments that were written since they were last forced to the disk. */
  readonly unsynced = new Set<Segment>();
  private readonly onceWritten: { offset: number; done: () => void; failed: (error: Error) => void }[] = [];

  /**
   * Use `openLog`.
   *
   * @param folder the partition's folder in the storage: `novel-0`
   */
  constructor(
    readonly context: LogContext,
    public folder: string,
    public config: LogConfig,
  ) {}

  get active(): Segment {
    return this.segments[this.segments.length - 1]!;
  }

  /** Readers of committed records see what lies before it. */
  get stableOffset(): number {
    const open = this.producers.firstOpenOffset;
    return open === undefined || open > this.endOffset ? this.endOffset : open;
  }

  /** Bytes of all segments. */
  get size(): number {
    let bytes = 0;
    for (const segment of this.segments) bytes += segment.size;
    return bytes;
  }

  /** Calls back with the number of bytes whenever readers see more, and with -1 when the log is closed or cut. */
  subscribe(listener: (bytes: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  notify(bytes: number): void {
    for (const listener of [...this.listeners]) listener(bytes);
  }

  /**
   * @param name of the file, without ending
   * @param generation how often it has been compacted
   */
  newSegment(baseOffset: number, name: string = segmentName(baseOffset), generation = 0): Segment {
    const { storage, now } = this.context;
    const path = `${this.folder}/${name}`;
    return new Segment(storage, path, baseOffset, this.config.indexIntervalBytes, now(), generation);
  }

  /** Does something that removes or replaces segments, unless something of that kind is being done: then nothing. */
  async tend<T>(action: () => Promise<T>): Promise<T | undefined> {
    if (this.tended !== undefined || this.closed) return undefined;
    const done = action();
    this.tended = done.then(
      () => {},
      () => {},
    );
    try {
      return await done;
    } finally {
      this.tended = undefined;
    }
  }

  /**
   * Writes a batch that has passed the checks. Its base offset, leader epoch and, where the topic says so, its time are
   * set in place; the bytes must not change until the promise is settled.
   *
   * @throws KafkaError for an idempotent producer out of order or fenced; what it repeats is answered like the first time
   */
  append(batch: RecordBatch, options: { readonly checkProducer?: boolean } = {}): Promise<Appended> {
    if (this.closed) return Promise.reject(new KafkaError('NOT_LEADER_OR_FOLLOWER', `${this.folder} is closed`));
    const idempotent = batch.hasProducerId && !batch.isControl;
    if (idempotent && options.checkProducer !== false) {
      const repeated = this.producers.check(batch);
      if (repeated !== undefined)
        return this.answerRepeated(repeated.firstOffset, repeated.lastOffset, repeated.timestamp);
    }
    batch.baseOffset = this.nextOffset;
    batch.partitionLeaderEpoch = 0;
    let logAppendTime = -1;
    if (this.config.logAppendTime && !batch.isControl) {
      logAppendTime = this.context.now();
      batch.stampLogAppendTime(logAppendTime);
    }
    const appended: Appended = { baseOffset: this.nextOffset, logAppendTime };
    this.nextOffset = batch.nextOffset;
    if (idempotent) this.producers.add(batch);
    return new Promise((resolve, reject) => {
      this.queue.push({ batch, bytes: batch.bytes(), done: () => resolve(appended), failed: reject });
      this.draining ??= this.drain();
    });
  }

  /** A repetition may arrive while the first is still being written; it counts only when that does. */
  private answerRepeated(baseOffset: number, lastOffset: number, timestamp: number): Promise<Appended> {
    const appended: Appended = { baseOffset, logAppendTime: this.config.logAppendTime ? timestamp : -1 };
    if (lastOffset < this.endOffset) return Promise.resolve(appended);
    return new Promise((resolve, reject) => {
      this.onceWritten.push({ offset: lastOffset, done: () => resolve(appended), failed: reject });
    });
  }

  private async drain(): Promise<void> {
    // Appends of the same turn of the event loop go out together.
    await Promise.resolve();
    // What came between the last write and here must not be left lying.
    while (this.queue.length > 0) await this.writeQueue();
    this.draining = undefined;
  }

  private async writeQueue(): Promise<void> {
    while (this.queue.length > 0) {
      let taken: Pending[] = [];
      try {
        const segment = await this.segmentFor(this.queue[0]!);
        taken = this.take(segment);
        await segment.file.append(taken.map((pending) => pending.bytes));
        if (this.context.flushAlways) await this.force(segment);
        this.written(segment, taken);
      } catch (error) {
        await this.failed(taken, error as Error);
      }
    }
  }

  /** Forces a segment to the disk, and once also its name: a file without one is lost when the power fails. */
  private async force(segment: Segment): Promise<void> {
    await segment.file.sync();
    if (segment.nameForced) return;
    await this.context.storage.syncFolder(this.folder);
    segment.nameForced = true;
  }

  /** Does something to the segments while nothing is being written; what is appended meanwhile waits. */
  async exclusively(action: () => Promise<void>): Promise<void> {
    await this.settled();
    const done = action();
    this.draining = done.then(
      () => this.drain(),
      () => this.drain(),
    );
    await done;
  }

  private take(segment: Segment): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: next } of this.queue) {
      const full = segment.size + bytes + next.length > this.config.segmentBytes || bytes + next.length > WRITE_BYTES;
      if (count > 0 && (full || count === WRITE_CHUNKS)) break;
      bytes += next.length;
      count++;
    }
    return count === this.queue.length ? this.queue.splice(0) : this.queue.splice(0, count);
  }

  /** The active segment, or a new one if the batch does not fit it any more. */
  private async segmentFor({ batch, bytes }: Pending): Promise<Segment> {
    const segment = this.active;
    if (segment.indexes === undefined) await segment.load();
    const { segmentBytes } = this.config;
    // Only what is not in the active segment can be compacted.
    const segmentMs = this.config.compacts
      ? Math.min(this.config.segmentMs, this.config.maxCompactionLagMs)
      : this.config.segmentMs;
    const tooLarge = segment.size > 0 && segment.size + bytes.length > segmentBytes;
    const tooFar = batch.lastOffset - segment.baseOffset > 0x7fffffff;
    const first = segment.firstTimestamp ?? batch.maxTimestamp;
    const tooOld = segment.size > 0 && batch.maxTimestamp - first >= segmentMs;
    if (tooLarge || tooFar || tooOld) return this.roll(batch.baseOffset);
    return segment;
  }

  /** Begins a new active segment. The one before is forced to the disk in the background. */
  async roll(baseOffset: number = this.endOffset): Promise<Segment> {
    const next = this.newSegment(baseOffset);
    // Created at once: an empty log must remember by its name which offset comes next.
    await next.file.truncate(0);
    this.segments.push(next);
    this.unsynced.add(next);
    const before = this.segments.at(-2);
    setImmediate(() => {
      this.checkpoint().then(
        () => before?.unload(),
        (error) => this.context.onTrouble(`checkpoint of ${this.folder} failed`, error),
      );
    });
    return next;
  }

  private written(segment: Segment, taken: readonly Pending[]): void {
    const before = segment.size;
    segment.writtenAt = this.context.now();
    for (const { batch, bytes } of taken) {
      segment.note(batch, segment.size);
      segment.size += bytes.length;
      if (batch.isControl) this.endTransaction(batch);
    }
    this.unsynced.add(segment);
    this.dirtyBytes += segment.size - before;
    this.endOffset = taken[taken.length - 1]!.batch.nextOffset;
    for (const { done } of taken) done();
    if (this.onceWritten.length > 0) this.settleRepeated();
    if (this.listeners.size > 0) this.notify(segment.size - before);
  }

  private settleRepeated(): void {
    for (const waiting of this.onceWritten.splice(0)) {
      if (waiting.offset < this.endOffset) waiting.done();
      else this.onceWritten.push(waiting);
    }
  }

  /** A control batch ends its producer's transaction once it is in the log, not before. */
  endTransaction(batch: RecordBatch): void {
    const marker = markerOf(batch);
    if (marker === undefined) return;
    this.producers.endTransaction(batch.producerId, batch.producerEpoch, batch.baseOffset, marker);
  }

  /** Nothing that was queued has its place any more: all of it fails, and the log is as it was before. */
  private async failed(taken: readonly Pending[], error: Error): Promise<void> {
    const all = [...taken, ...this.queue.splice(0)];
    this.nextOffset = this.endOffset;
    this.producers.truncate(this.endOffset);
    for (const pending of all) pending.failed(error);
    for (const waiting of this.onceWritten.splice(0)) waiting.failed(error);
    this.context.onTrouble(`writing to ${this.folder} failed`, error);
    const { active } = this;
    try {
      await active.file.truncate(active.size);
    } catch (second) {
      // Whatever the failed write left behind is overwritten by the next one, or cut off when the log is opened.
      this.context.onTrouble(`${this.folder} could not be cut back`, second);
    }
  }

  /** Resolves when nothing is queued or being written. */
  async settled(): Promise<void> {
    while (this.draining !== undefined) await this.draining;
  }

  /**
   * Forces what readers see to the disk, and notes that it need not be checked again when the log is opened.
   * Producers and indexes are saved as they are at that offset.
   */
  checkpoint(): Promise<void> {
    const next = this.checkpointing.then(() => this.writeCheckpoint());
    this.checkpointing = next.catch(() => {});
    return next;
  }

  private async writeCheckpoint(): Promise<void> {
    if (this.segments.length === 0 || this.abandoned) return;
    const { active, endOffset } = this;
    const dirty = this.dirtyBytes;
    const toSync = [...this.unsynced];
    const content = encodeCheckpoint({
      logStartOffset: this.startOffset,
      segment: active.baseOffset,
      position: active.size,
      nextOffset: endOffset,
      firstTimestamp: active.firstTimestamp ?? -1,
      cleanedUpTo: this.cleanedUpTo,
      producers: this.producers.snapshot(endOffset),
    });
    const writers = toSync.map((segment) => segment.indexWriter());
    for (const segment of toSync) {
      // Written again while we wait: it enters the set anew.
      this.unsynced.delete(segment);
      try {
        if (this.segments.includes(segment)) await this.force(segment);
      } catch (error) {
        this.unsynced.add(segment);
        throw error;
      }
    }
    for (const write of writers) await write?.();
    if (this.abandoned) return;
    await this.context.storage.replace(`${this.folder}/${CHECKPOINT_FILE}`, content, { sync: false });
    this.dirtyBytes -= dirty;
  }

  /** Ends all writing, saves what opening the log again needs, and gives the handles back. */
  async close(): Promise<void> {
    this.closed = true;
    await this.settled();
    await this.tended;
    this.notify(-1);
    await this.checkpoint();
    await removeRetired(this);
    await Promise.all(this.segments.map((segment) => segment.file.close()));
  }

  /** Ends all writing, without saving anything: the folder is about to be deleted. */
  async abandon(): Promise<void> {
    this.closed = true;
    this.abandoned = true;
    await this.settled();
    await this.tended;
    await removeRetired(this);
    await this.checkpointing;
    this.notify(-1);
    await Promise.all(this.segments.map((segment) => segment.file.close()));
  }
}
