import { during } from './errors.js';
import type { StreamNode } from './graph.js';
import type { JobControl } from './operatorContext.js';
import type { Output } from './output.js';
import { END_OF_INPUT, type SourceBatch, type SourceReader } from './source.js';
import { SplitWatermarks } from './splitWatermarks.js';
import { MAX_WATERMARK, MIN_WATERMARK, NO_TIMESTAMP } from './time.js';

/** What one turn of a source came to. */
export type SourceTurn = 'progress' | 'waiting' | 'ended';

/** What a source asks of the loop around it. */
export interface SourceLoop extends JobControl {
  /** Whether no element may enter now: timers are being fired in slices, or a queue is full. */
  readonly interrupted: boolean;
  /** Whether work in slices is waiting. */
  readonly hasWork: boolean;
  /** End of this slice, on `performance.now()`. */
  readonly deadline: number;
}

const MAX_STRIDE = 1024;
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
  private stride = 1;
  private idle = false;
  private closing = false;
  private draining = false;
  private readonly splits: SplitWatermarks | undefined;
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
    if (node.watermarks !== undefined) this.splits = new SplitWatermarks(node.watermarks, loop, output);
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
    return this.batch === undefined;
  }

  /** Takes one batch, or what fits into this slice. */
  turn(): SourceTurn {
    if (this.ended) return 'ended';
    if (this.closing) return this.finishEnd();
    if (this.batch === undefined) {
      const next = this.draining ? END_OF_INPUT : this.poll();
      if (next === undefined) return 'waiting';
      if (next === END_OF_INPUT) return this.beginEnd();
      this.batch = next;
      this.index = 0;
      if (this.idle && (next.values.length > 0 || next.watermark !== undefined)) this.setIdle(false);
    }
    if (this.feed(this.batch)) this.finishBatch(this.batch);
    return 'progress';
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
    const { output, loop } = this;
    const total = values.length;
    const begin = this.index;
    while (this.index < total) {
      const began = performance.now();
      const stop = Math.min(total, this.index + this.stride);
      let i = this.index;
      if (this.splits !== undefined) {
        while (i < stop && !loop.interrupted) {
          this.splits.collect(
            values[i],
            timestamps === undefined ? NO_TIMESTAMP : (timestamps[i] as number),
            batch.split,
          );
          i++;
        }
      } else if (timestamps === undefined) {
        while (i < stop && !loop.interrupted) output.collect(values[i++], NO_TIMESTAMP);
      } else {
        while (i < stop && !loop.interrupted) {
          output.collect(values[i], timestamps[i] as number);
          i++;
        }
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

  // How many elements go between two looks at the clock: many fast ones, few slow ones.
  private adapt(tookMs: number): void {
    this.loop.slowCalls.stretchTook(tookMs);
    if (tookMs < 1 && this.stride < MAX_STRIDE) this.stride *= 2;
    else if (tookMs > 4 && this.stride > 1) this.stride = Math.max(1, this.stride >> 2);
  }

  private finishBatch(batch: SourceBatch<unknown>): void {
    this.batch = undefined;
    const now = performance.now();
    if (batch.values.length > 0 && now - this.markedAt >= LATENCY_INTERVAL_MS) {
      this.markedAt = now;
      this.output.emitLatency(this.polledAt);
    }
    if (batch.watermark !== undefined) {
      this.lastWatermark = Math.max(this.lastWatermark, batch.watermark);
      this.output.emitWatermark(batch.watermark);
    }
    if (batch.idle === true) this.setIdle(true);
  }

  private setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.output.emitStatus(idle);
  }

  private beginEnd(): SourceTurn {
    this.setIdle(false);
    this.splits?.finish();
    this.output.emitStatus(false);
    this.output.emitWatermark(MAX_WATERMARK);
    this.closing = true;
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
