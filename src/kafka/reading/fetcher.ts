import { StreambookError } from '../../core/errors.js';
import type { OpenCluster } from '../connection/cluster.js';
import { explain, isConnectionError } from '../errors.js';
import { type FetchedPartition, type FetchLimits, fetch } from './fetch.js';
import type { KafkaRecord } from './record.js';

/** Records of one partition, in order, as one fetch brought them. */
export interface ReaderBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
  /** Offset of the next record that the broker will write (as of this fetch). */
  readonly highWatermark: number;
}

/** Where to read a partition: from `offset`, and, if `end` is given, up to but not including that offset. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly end?: number | undefined;
}

export interface FetcherOptions {
  /** How long the broker may hold back a fetch that finds nothing. Default: 500. */
  readonly maxWaitMs?: number | undefined;
  /** Bytes of one fetch. Default: 4 MiB. */
  readonly maxBytes?: number | undefined;
  /** Bytes of one partition in one fetch. Default: 1 MiB. */
  readonly maxBytesPerPartition?: number | undefined;
  /** Show records of transactions that are open or were aborted. Default: false. */
  readonly readUncommitted?: boolean | undefined;
  /** Stop fetching ahead while this many bytes wait to be taken. */
  readonly maxBufferedBytes?: number | undefined;
  /** How long a broker that went away is waited for. Default: 10 s. */
  readonly retryMs?: number | undefined;
}

/** A partition that is being read. */
class Reading {
  fetchOffset: number;
  takenOffset: number;
  highWatermark = -1;
  paused = false;
  /** Fetches in a row that brought nothing although the end was not reached. */
  emptyFetches = 0;

  constructor(
    readonly topic: string,
    readonly partition: number,
    offset: number,
    public end: number | undefined,
  ) {
    this.fetchOffset = offset;
    this.takenOffset = offset;
  }

  get drained(): boolean {
    return this.end !== undefined && this.fetchOffset >= this.end;
  }
}

interface Waiting {
  readonly from: Reading;
  readonly batch: ReaderBatch;
  readonly nextOffset: number;
  readonly bytes: number;
}

/** Kafka's error codes that mean: ask again, after a look at who leads the partition now. */
const STALE = new Set([3, 5, 6, 7, 9, 74, 75, 78]);
const OFFSET_OUT_OF_RANGE = 1;

/**
 * Fetches assigned partitions from their leaders, a bounded way ahead of whoever takes the batches. One fetch per node
 * is under way at a time; nodes are independent.
 */
export class Fetcher {
  private readonly readings = new Map<string, Reading>();
  private queue: Waiting[] = [];
  private bufferedBytes = 0;
  private readonly busy = new Set<string>();
  private readonly limits: FetchLimits;
  private readonly maxBufferedBytes: number;
  private readonly retryMs: number;
  private wake: (() => void) | undefined;
  private failure: unknown;
  private closed = false;
  private turn = 0;
  private failingSince: number | undefined;

  constructor(
    private readonly open: OpenCluster,
    options: FetcherOptions = {},
  ) {
    this.limits = {
      maxWaitMs: options.maxWaitMs ?? 500,
      maxBytes: options.maxBytes ?? 4 * 1024 * 1024,
      maxBytesPerPartition: options.maxBytesPerPartition ?? 1024 * 1024,
      readUncommitted: options.readUncommitted ?? false,
    };
    this.maxBufferedBytes = options.maxBufferedBytes ?? 4 * 1024 * 1024;
    this.retryMs = options.retryMs ?? 10_000;
  }

  /** Reads these partitions from now on, and no others. What was fetched for one that stays where it was is kept. */
  assign(positions: readonly Position[]): void {
    const kept = new Set<Reading>();
    const next = new Map<string, Reading>();
    for (const { topic, partition, offset, end } of positions) {
      const old = this.readings.get(keyOf(topic, partition));
      const reading = old?.takenOffset === offset ? old : new Reading(topic, partition, offset, end);
      reading.end = end;
      kept.add(reading);
      next.set(keyOf(topic, partition), reading);
    }
    this.readings.clear();
    for (const [key, reading] of next) this.readings.set(key, reading);
    this.queue = this.queue.filter((item) => kept.has(item.from));
    this.bufferedBytes = this.queue.reduce((sum, item) => sum + item.bytes, 0);
    this.pump();
    this.signal();
  }

  /** The offset after the last record that was taken, per partition. */
  positions(): Position[] {
    return [...this.readings.values()].map((r) => ({
      topic: r.topic,
      partition: r.partition,
      offset: r.takenOffset,
      ...(r.end === undefined ? {} : { end: r.end }),
    }));
  }

  pause(topic: string, partition: number): void {
    this.of(topic, partition).paused = true;
  }

  resume(topic: string, partition: number): void {
    this.of(topic, partition).paused = false;
    this.pump();
    this.signal();
  }

  /** Whether every assigned partition has an end and has been taken up to it. */
  get atEnd(): boolean {
    for (const r of this.readings.values()) if (r.end === undefined || r.takenOffset < r.end) return false;
    return true;
  }

  /** A batch that has already arrived, without waiting. */
  take(): ReaderBatch | undefined {
    for (let i = 0; i < this.queue.length; ) {
      const item = this.queue[i]!;
      if (item.from.paused) {
        i++;
        continue;
      }
      this.queue.splice(i, 1);
      this.bufferedBytes -= item.bytes;
      item.from.takenOffset = item.nextOffset;
      this.pump();
      if (item.batch.records.length > 0) return item.batch;
    }
    return undefined;
  }

  /** Resolves when there may be something new to take, or the fetcher was closed. @throws what ended the fetching */
  async changed(): Promise<void> {
    this.check();
    if (this.closed || this.queue.some((item) => !item.from.paused)) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.check();
  }

  /** Lets a waiting `changed()` go on. */
  signal(): void {
    const wake = this.wake;
    this.wake = undefined;
    wake?.();
  }

  fail(error: unknown): void {
    this.failure ??= error;
    this.signal();
  }

  close(): void {
    this.closed = true;
    this.queue = [];
    this.signal();
  }

  private check(): void {
    if (this.failure !== undefined && !this.closed) throw this.failure;
  }

  private of(topic: string, partition: number): Reading {
    const reading = this.readings.get(keyOf(topic, partition));
    if (reading === undefined) {
      throw new StreambookError('not-assigned', `partition ${partition} of \`${topic}\` is not being read here`);
    }
    return reading;
  }

  private pump(): void {
    if (this.closed || this.failure !== undefined || this.bufferedBytes >= this.maxBufferedBytes) return;
    const perNode = new Map<string, Reading[]>();
    for (const reading of this.readings.values()) {
      if (reading.paused || reading.drained) continue;
      // Without a leader the metadata is refreshed by whichever node is asked.
      const node = this.open.leaderOf(reading.topic, reading.partition) ?? '';
      const list = perNode.get(node);
      if (list) list.push(reading);
      else perNode.set(node, [reading]);
    }
    for (const [node, list] of perNode) {
      if (this.busy.has(node)) continue;
      this.busy.add(node);
      // Whoever comes first in a request is served first: turn the order, so that none starves.
      const first = this.turn++ % list.length;
      void this.fetchFrom(node, [...list.slice(first), ...list.slice(0, first)])
        .catch((error: unknown) => this.retry(error))
        .then(() => {
          this.busy.delete(node);
          this.pump();
        });
    }
  }

  private async fetchFrom(nodeId: string, list: readonly Reading[]): Promise<void> {
    if (nodeId === '') throw new StreambookError('no-leader', `partition ${list[0]!.partition} has no leader`);
    const node = await this.open.node(nodeId);
    const asked = list.map(({ topic, partition, fetchOffset }) => ({ topic, partition, fetchOffset }));
    const answer = await fetch(node, asked, this.limits);
    if (this.closed) return;
    const nothing = answer.every((part) => part.byteLength === 0);
    let stale: number | undefined;
    for (const part of answer) {
      const reading = this.readings.get(keyOf(part.topic, part.partition));
      const index = list.indexOf(reading!);
      // Assigned anew, or moved, while this fetch was under way.
      if (reading === undefined || index < 0 || reading.fetchOffset !== asked[index]!.fetchOffset) continue;
      if (part.errorCode === 0) this.accept(reading, part, nothing);
      else if (STALE.has(part.errorCode)) stale = part.errorCode;
      else this.fail(this.refusal(part));
    }
    if (stale !== undefined)
      throw new StreambookError('no-leader', `the partition's leader has changed (error ${stale})`);
    this.failingSince = undefined;
    this.signal();
  }

  private accept(reading: Reading, part: FetchedPartition, nothing: boolean): void {
    let { records, nextOffset } = part;
    reading.highWatermark = part.highWatermark;
    const { end } = reading;
    if (nextOffset === reading.fetchOffset) {
      // The end was seen, yet nothing is there to read up to it: the log was cut off behind it (records deleted). A
      // fetch waits for data, so two empty ones in a row are proof enough. An end that the log has not reached is waited for.
      if (!nothing || end === undefined || part.highWatermark < end || ++reading.emptyFetches < 2) return;
      nextOffset = end;
    }
    reading.emptyFetches = 0;
    if (end !== undefined && nextOffset >= end) {
      nextOffset = end;
      if (records.length > 0 && records[records.length - 1]!.offset >= end) {
        records = records.filter((record) => record.offset < end);
      }
    }
    reading.fetchOffset = nextOffset;
    const { topic, partition, highWatermark } = part;
    const bytes = part.byteLength;
    this.bufferedBytes += bytes;
    this.queue.push({ from: reading, batch: { topic, partition, records, highWatermark }, nextOffset, bytes });
  }

  private refusal(part: FetchedPartition): StreambookError {
    const { topic, partition, errorCode } = part;
    const reading = this.of(topic, partition);
    const where = `topic \`${topic}\`, partition ${partition}, offset ${reading.fetchOffset}; broker ${this.open.found}`;
    if (errorCode === OFFSET_OUT_OF_RANGE) {
      return new StreambookError('offset-out-of-range', `offset ${reading.fetchOffset} is not in the log`, {
        where,
        hint: 'it was deleted (retention, or the topic was made anew), or never written; `topics.show()` shows what is there',
      });
    }
    return new StreambookError('kafka', `the broker refused to hand out records: error code ${errorCode}`, { where });
  }

  /** Waits a little after a failed fetch, and gives up when it has failed for `retryMs`. */
  private async retry(error: unknown): Promise<void> {
    if (this.closed) return;
    const retriable = isConnectionError(error) || (error as StreambookError).code === 'no-leader';
    const now = performance.now();
    this.failingSince ??= now;
    const failingForMs = now - this.failingSince;
    if (!retriable || failingForMs > this.retryMs) {
      this.fail(explain(error, 'reading', this.open.found));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 50 + failingForMs)));
    if (!this.closed) await this.open.cluster.refreshMetadata().catch(() => {});
  }
}

function keyOf(topic: string, partition: number): string {
  return `${partition}/${topic}`;
}
