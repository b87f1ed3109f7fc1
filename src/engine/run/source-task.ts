import { compileFeed, type Feed } from '../channels/compiled-channel.js';
import { type Output, OutputWithSides } from '../channels/output.js';
import { atElement, during } from '../errors.js';
import type { StreamNode } from '../graph/graph.js';
import type { JobControl } from '../operator-context.js';
import { END_OF_INPUT, type SideElement, type SourceBatch, type SourceReader } from '../source.js';
import type { Alignment } from '../time/alignment.js';
import { SplitWatermarks } from '../time/split-watermarks.js';
import { MAX_WATERMARK, MIN_WATERMARK, NO_TIMESTAMP } from '../time/time.js';

/** What one turn of a source came to. */
export type SourceTurn = 'progress' | 'waiting' | 'ended';

/** What a source asks of the loop around it. */
export interface SourceLoop extends JobControl {
  /** Whether no element may enter now: timers are being fired in slices, or a queue is full. */
  readonly interrupted: boolean;
  /** Whether work in slices is waiting. */
  readonly hasWork: boolean;
  /** Whether a checkpoint (or somebody who looks) waits for all sources to stand between two batches. */
  readonly wantsBorder: boolean;
  readonly alignment: Alignment;
  /** End of this slice, on `performance.now()`. */
  readonly deadline: number;
}

const MAX_STRIDE = 1024;
/** How many batches of a source wait because they are ahead of others. */
const MOST_HELD = 16;
/** The least time between two marks that measure latency. */
const LATENCY_INTERVAL_MS = 100;

/** Feeds what one reader hands over into the job, a batch at a time, giving way when the slice is over. */
export class SourceTask {
  count = 0;
  /** Records that were left out because they could not be read. */
  skipped = 0;
  ended = false;
  /** Where the position stood before the batch under way; with none under way, the reader's own. */
  private batch: SourceBatch<unknown> | undefined;
  private index = 0;
  /** How many of the watermarks within the batch have been told. */
  private marked = 0;
  private stride = 1;
  private idle = false;
  private closing = false;
  private draining = false;
  private readonly splits: SplitWatermarks | undefined;
  private readonly feedOutput: Feed;
  /** Batches that are ahead of the others of the alignment group, and how far each was fed. */
  private held: { readonly batch: SourceBatch<unknown>; readonly index: number }[] = [];
  private readerEnded = false;
  /** Whether the batch under way was one of them. */
  private wasHeld = false;
  /** Whether the batch under way is fed although it is ahead. */
  private forced = false;
  private pausedSplits = '';
  private lastWatermark = MIN_WATERMARK;
  /** On `performance.now()`. */
  private polledAt = 0;
  private markedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly node: StreamNode,
    readonly subtask: number,
    readonly reader: SourceReader<unknown>,
    private readonly output: Output<unknown>,
    private readonly loop: SourceLoop,
  ) {
    this.feedOutput = compileFeed(output);
    if (node.watermarks === undefined) return;
    this.splits = new SplitWatermarks(node.watermarks, loop, output);
    const { alignment } = node.watermarks;
    if (alignment !== undefined) loop.alignment.join(alignment.group, this);
  }

  /** For alignment. */
  activeWatermarks(): readonly number[] | undefined {
    if (this.closing || this.ended) return undefined;
    return this.idle ? [] : this.splits?.activeWatermarks();
  }

  /** Who holds this source back, and how far ahead of it one may be; `undefined`: nobody. */
  heldBackBy(): { readonly by: string; readonly watermark: number; readonly maxDriftMs: number } | undefined {
    const alignment = this.node.watermarks?.alignment;
    if (alignment === undefined || this.held.length === 0) return undefined;
    const { watermark, source } = this.loop.alignment.slowest(alignment.group);
    return { by: source?.name ?? '', watermark, maxDriftMs: alignment.maxDriftMs };
  }

  get name(): string {
    return this.node.name;
  }

  get line(): string | undefined {
    return this.node.line;
  }

  async open(): Promise<void> {
    try {
      await this.reader.open?.();
      for (const split of this.reader.splits?.() ?? []) this.splits?.add(split);
    } catch (error) {
      throw during(this.node, 'when it was opened', error);
    }
  }

  /** The watermark of each part of the source; empty where watermarks are not made here. */
  splitWatermarks(): { split: string; watermark: number; idle: boolean }[] {
    return this.splits?.states() ?? [];
  }

  /** The watermark that the source has put out, where it is made here or by the reader. */
  get currentWatermark(): number {
    return this.closing ? MAX_WATERMARK : (this.splits?.watermark ?? this.lastWatermark);
  }

  /** Whether all that the reader handed over has been taken: the moment for a checkpoint. */
  get atBorder(): boolean {
    return this.batch === undefined && this.held.length === 0;
  }

  /** Takes one batch, or what fits into this slice. */
  turn(): SourceTurn {
    if (this.ended) return 'ended';
    if (this.closing) return this.finishEnd();
    if (this.batch === undefined && !this.takeHeld()) {
      if (this.held.length >= MOST_HELD) return 'waiting';
      if (this.held.length > 0) this.pauseHeld();
      const next = this.draining || this.readerEnded ? END_OF_INPUT : this.poll();
      if (next === undefined) return 'waiting';
      if (next === END_OF_INPUT) {
        this.readerEnded = true;
        return this.held.length > 0 ? 'waiting' : this.beginEnd();
      }
      this.batch = next;
      this.wasHeld = false;
      this.index = 0;
      this.marked = 0;
      if (this.idle && (next.values.length > 0 || next.watermark !== undefined)) this.setIdle(false);
    }
    const { batch } = this;
    if (batch === undefined) return 'progress';
    if (this.feed(batch)) this.finishBatch(batch);
    else if (this.isAhead(batch)) this.hold(batch);
    return 'progress';
  }

  /** Goes on with a batch that had to wait, if the others have caught up with it. @returns whether there is one */
  private takeHeld(): boolean {
    if (this.held.length === 0) return false;
    // Of one part, what came first goes first.
    const seen = new Set<string | undefined>();
    const at = this.held.findIndex(({ batch }) => {
      const first = !seen.has(batch.split);
      seen.add(batch.split);
      return first && !this.isAhead(batch);
    });
    // With no room left, and only parts of this source to wait for, waiting would never end.
    this.forced = at < 0 && this.held.length >= MOST_HELD && this.slowestIsOwn();
    const index = this.forced ? 0 : at;
    if (index < 0) return false;
    const [next] = this.held.splice(index, 1);
    this.wasHeld = true;
    this.batch = next?.batch;
    this.index = next?.index ?? 0;
    this.pauseHeld();
    return true;
  }

  private hold(batch: SourceBatch<unknown>): void {
    const one = { batch, index: this.index };
    // Back before what came after it.
    if (this.wasHeld) this.held.unshift(one);
    else this.held.push(one);
    this.batch = undefined;
    this.pauseHeld();
  }

  private pauseHeld(): void {
    const paused = new Set(this.held.map(({ batch }) => batch.split ?? ''));
    const names = [...paused].join('\n');
    if (names === this.pausedSplits) return;
    this.pausedSplits = names;
    this.splits?.pause(paused);
    this.reader.pauseSplits?.(paused);
  }

  private isAhead({ split }: SourceBatch<unknown>): boolean {
    const alignment = this.node.watermarks?.alignment;
    if (alignment === undefined || this.forced || this.draining || this.loop.wantsBorder) return false;
    const { watermark } = this.loop.alignment.slowest(alignment.group);
    return this.splits?.isAhead(split, watermark, alignment.maxDriftMs) === true;
  }

  private slowestIsOwn(): boolean {
    const group = this.node.watermarks?.alignment?.group;
    return group !== undefined && this.loop.alignment.slowest(group).source === this;
  }

  /** Ends as if the reader had nothing more, after the batch under way. */
  drain(): void {
    this.draining = true;
  }

  /** No watermark or idleness comes from here any more. */
  stopWatermarks(): void {
    this.splits?.close();
  }

  async close(): Promise<void> {
    this.splits?.close();
    await this.reader.close?.();
  }

  private poll(): SourceBatch<unknown> | typeof END_OF_INPUT | undefined {
    const began = performance.now();
    try {
      return this.reader.poll();
    } catch (error) {
      throw during(this.node, 'while it read', error);
    } finally {
      this.polledAt = performance.now();
      this.loop.slowCalls.sourceTook(this.polledAt - began, this);
    }
  }

  /** @returns whether the batch is through */
  private feed(batch: SourceBatch<unknown>): boolean {
    const { values, timestamps } = batch;
    const { loop } = this;
    const total = values.length;
    const begin = this.index;
    while (this.index < total) {
      const began = performance.now();
      const stop = Math.min(total, this.index + this.stride);
      let i = this.index;
      if (this.splits !== undefined) {
        const aligned = this.node.watermarks?.alignment !== undefined;
        while (i < stop && !loop.interrupted) {
          if (aligned && this.isAhead(batch)) {
            this.index = i;
            this.count += i - begin;
            return false;
          }
          const timestamp = timestamps === undefined ? NO_TIMESTAMP : (timestamps[i] as number);
          try {
            this.splits.collect(values[i], timestamp, batch.split);
          } catch (error) {
            throw atElement(this, values[i], timestamp, error);
          }
          i++;
        }
      } else if (batch.marks !== undefined) {
        i = this.feedMarked(batch, batch.marks, i, stop);
      } else {
        i = this.feedOutput(values, timestamps, i, stop, loop);
      }
      this.index = i;
      if (loop.interrupted) break;
      const now = performance.now();
      this.adapt(now - began);
      if (now >= loop.deadline) break;
    }
    this.count += this.index - begin;
    return this.index >= total;
  }

  /** @returns how far it came before `stop`, or before the loop was interrupted */
  private feedMarked(
    { values, timestamps }: SourceBatch<unknown>,
    marks: NonNullable<SourceBatch<unknown>['marks']>,
    from: number,
    stop: number,
  ): number {
    const { loop } = this;
    let i = from;
    while (i < stop && !loop.interrupted) {
      if (i === marks.at[this.marked]) {
        this.emitOwn(marks.values[this.marked++] as number);
        continue;
      }
      const until = Math.min(stop, marks.at[this.marked] ?? stop);
      i = this.feedOutput(values, timestamps, i, until, loop);
    }
    return i;
  }

  private emitOwn(watermark: number): void {
    this.lastWatermark = Math.max(this.lastWatermark, watermark);
    this.output.emitWatermark(watermark);
  }

  // How many elements go between two looks at the clock: many fast ones, few slow ones.
  private adapt(tookMs: number): void {
    this.loop.slowCalls.stretchTook(tookMs);
    if (tookMs < 1 && this.stride < MAX_STRIDE) this.stride *= 2;
    else if (tookMs > 4 && this.stride > 1) this.stride = Math.max(1, this.stride >> 2);
  }

  private finishBatch(batch: SourceBatch<unknown>): void {
    this.batch = undefined;
    this.forced = false;
    if (batch.sides !== undefined) this.putAside(batch.sides);
    const now = performance.now();
    if (batch.values.length > 0 && now - this.markedAt >= LATENCY_INTERVAL_MS) {
      this.markedAt = now;
      this.output.emitLatency(this.polledAt);
    }
    if (batch.watermark !== undefined) this.emitOwn(batch.watermark);
    for (const split of batch.endedSplits ?? []) this.splits?.remove(split);
    if (batch.idle === true) this.setIdle(true);
  }

  private putAside(sides: readonly SideElement[]): void {
    if (!(this.output instanceof OutputWithSides)) return;
    for (const { tag, value, timestamp } of sides) this.output.collectSide(tag, value, timestamp);
  }

  private setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.output.emitStatus(idle);
  }

  private beginEnd(): SourceTurn {
    this.closing = true;
    // Flink: an output that is idle takes no watermark, not even the last (`ChainingOutput.emitWatermark`).
    if (this.idle || this.splits?.idle === true) return 'progress';
    this.splits?.close();
    this.output.emitStatus(false);
    this.output.emitWatermark(MAX_WATERMARK);
    return 'progress';
  }

  // Apart from the last watermark, because what that fires may take several slices.
  private finishEnd(): SourceTurn {
    if (this.loop.hasWork) return 'waiting';
    this.ended = true;
    this.output.end();
    return 'ended';
  }
}
