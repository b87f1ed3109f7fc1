import type { CancelTimer } from '../../core/clock.js';
import type { Output } from '../channels/output.js';
import type { JobControl } from '../operator-context.js';
import { MAX_WATERMARK, MIN_WATERMARK } from './time.js';
import { type EmitterTarget, WatermarkEmitter } from './watermark-emitter.js';
import { eventTime, type TimestampAssigner, type WatermarkStrategy } from './watermarks.js';

const WHOLE = '';

/**
 * Watermarks made at a source, with a generator for each of its parts (Kafka's partitions): the source's own watermark is
 * the smallest over the parts that are not idle.
 *
 * @see Flink: Watermark Strategies and the Kafka Connector; `WatermarkOutputMultiplexer`
 */
export class SplitWatermarks {
  private readonly splits = new Map<string, WatermarkEmitter<unknown>>();
  private main: WatermarkEmitter<unknown> | undefined;
  private cancelIdle: CancelTimer | undefined;
  private readonly assigner: TimestampAssigner<unknown> | undefined;
  private combined = MIN_WATERMARK;
  /** Whether the source has said that all its parts are idle, and nothing else since. */
  idle = false;
  /** Whether a part has ended, and whether the watermark has yet to follow the others. */
  private ended = false;
  private behind = false;

  constructor(
    private readonly strategy: WatermarkStrategy<unknown>,
    private readonly job: JobControl,
    private readonly output: Output<unknown>,
  ) {
    this.assigner = strategy.timestampAssigner;
  }

  /**
   * Flink's source has a generator beside those of its parts, which sees no elements. With an idleness it falls idle after that
   * time: the source, too, if no part has made a watermark so far.
   *
   * @see Flink: `ProgressiveTimestampsAndWatermarks.IdlenessManager`
   */
  private openMain(): void {
    const target: EmitterTarget = {
      emitWatermark: (watermark) => this.rise(watermark),
      emitStatus: (idle) => {
        if (idle) this.afterParts();
      },
    };
    this.main = new WatermarkEmitter(this.strategy, this.job, target);
    this.main.open();
  }

  /** Parts that fall idle at the same time come first: the others may have a watermark then. */
  private afterParts(): void {
    const { clock, autoWatermarkIntervalMs } = this.job;
    this.cancelIdle = clock.schedule(clock.now() + Math.max(1, autoWatermarkIntervalMs), () =>
      this.job.mail(() => {
        if (this.combined === MIN_WATERMARK) this.fallIdle();
      }),
    );
  }

  /** Makes a part known before its first element, so that the others wait for it. */
  add(split: string): WatermarkEmitter<unknown> {
    let emitter = this.splits.get(split);
    if (emitter === undefined) {
      const target: EmitterTarget = {
        emitWatermark: () => this.combine(),
        emitStatus: () => this.combine(),
        afterInterval: () => {
          if (this.behind) this.combine();
        },
      };
      emitter = new WatermarkEmitter(this.strategy, this.job, target, true);
      this.splits.set(split, emitter);
      emitter.open();
      if (split !== WHOLE && this.main === undefined) this.openMain();
    }
    return emitter;
  }

  collect(value: unknown, recordTimestamp: number, split = WHOLE): void {
    const emitter = this.splits.get(split) ?? this.add(split);
    const timestamp =
      this.assigner === undefined ? recordTimestamp : eventTime(this.assigner(value, recordTimestamp), recordTimestamp);
    emitter.beforeEvent();
    this.output.collect(value, timestamp);
    emitter.onEvent(value, timestamp);
    if (this.behind && this.job.autoWatermarkIntervalMs === 0) this.combine();
  }

  /**
   * Forgets a part that has ended: the others wait for it no longer. As in Flink, the watermark rises with the next one that
   * another part makes, not at once.
   *
   * @see Flink: `WatermarkOutputMultiplexer.unregisterOutput`
   */
  remove(split: string): void {
    const emitter = this.splits.get(split);
    if (emitter === undefined) return;
    emitter.close();
    this.splits.delete(split);
    this.ended = true;
    this.behind = true;
  }

  /** Whether a part may not be fed now, because it is too far ahead of `slowest`. */
  isAhead(split: string | undefined, slowest: number, maxDriftMs: number): boolean {
    const watermark = this.splits.get(split ?? WHOLE)?.watermark ?? MIN_WATERMARK;
    return watermark > slowest + maxDriftMs;
  }

  /** Parts that alignment holds back. */
  pause(paused: ReadonlySet<string>): void {
    for (const [split, emitter] of this.splits) emitter.paused = paused.has(split);
  }

  /** The watermarks of the parts that are not idle; `-Infinity` of the one that is still to come, where none is known. */
  activeWatermarks(): number[] {
    if (this.splits.size === 0) return this.ended ? [] : [MIN_WATERMARK];
    return [...this.splits.values()].filter(({ idle }) => !idle).map(({ watermark }) => watermark);
  }

  /** The smallest over all parts. */
  get watermark(): number {
    return this.combined;
  }

  /** The parts as they stand. */
  states(): { split: string; watermark: number; idle: boolean }[] {
    return [...this.splits].map(([split, { watermark, idle }]) => ({ split, watermark, idle }));
  }

  close(): void {
    this.main?.close();
    this.cancelIdle?.();
    for (const emitter of this.splits.values()) emitter.close();
  }

  private combine(): void {
    this.behind = false;
    if (this.splits.size === 0) return;
    let minimum = MAX_WATERMARK;
    let active = false;
    for (const emitter of this.splits.values()) {
      if (emitter.idle) continue;
      active = true;
      if (emitter.watermark < minimum) minimum = emitter.watermark;
    }
    if (active) this.rise(minimum);
    else this.fallIdle();
  }

  /** Only a watermark that rises wakes the source. Flink: `WatermarkToDataOutput.emitWatermark`. */
  private rise(watermark: number): void {
    if (watermark <= this.combined) return;
    if (this.idle) this.output.emitStatus(false);
    this.idle = false;
    this.combined = watermark;
    this.output.emitWatermark(watermark);
  }

  private fallIdle(): void {
    if (this.idle) return;
    this.idle = true;
    this.output.emitStatus(true);
  }
}
