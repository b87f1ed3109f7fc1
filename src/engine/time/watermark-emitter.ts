import { quoted } from '../../core/arguments.js';
import type { CancelTimer } from '../../core/clock.js';
import { ArgumentError } from '../../core/errors.js';
import type { JobControl } from '../operator-context.js';
import { MAX_WATERMARK, MIN_WATERMARK } from './time.js';
import type { WatermarkGenerator, WatermarkOutput, WatermarkStrategy } from './watermarks.js';

/** What an emitter tells: where its watermarks and its idleness go. */
export interface EmitterTarget {
  emitWatermark(watermark: number): void;
  emitStatus(idle: boolean): void;
  /** Called after each interval, where watermarks are made at intervals. */
  afterInterval?(): void;
}

/**
 * Runs one watermark generator: after each element or at intervals, with idleness. Watermarks that do not rise go
 * nowhere. What is idle wakes with a watermark, not with an element.
 *
 * @see Flink: `WatermarksWithIdleness`, `TimestampsAndWatermarksOperator`
 */
export class WatermarkEmitter<T> implements WatermarkOutput {
  watermark = MIN_WATERMARK;
  idle = false;
  private readonly generator: WatermarkGenerator<T>;
  private readonly perElement: boolean;
  private readonly idlenessMs: number | undefined;
  /** Held back by alignment: it is not idle, however long nothing comes. */
  paused = false;
  private lastEventAt = 0;
  private watching = false;
  /** At intervals: whether there was an element since the last one, and since when there was none. */
  private active = false;
  private quietSince: number | undefined;
  private readonly cancels = new Set<CancelTimer>();

  constructor(
    strategy: WatermarkStrategy<T>,
    private readonly job: Pick<JobControl, 'clock' | 'autoWatermarkIntervalMs' | 'mail'>,
    private readonly target: EmitterTarget,
    /** Whether a watermark that does not rise ends idleness, too: at a source's parts it does. */
    private readonly wakesAnyhow = false,
  ) {
    this.generator = strategy.createGenerator();
    this.perElement = job.autoWatermarkIntervalMs === 0;
    this.idlenessMs = strategy.idlenessMs;
  }

  open(): void {
    if (!this.perElement) this.every(this.job.autoWatermarkIntervalMs, () => this.periodically());
    else if (this.idlenessMs !== undefined) this.watchIdleness(this.idlenessMs);
  }

  /** To be called before the element goes out. */
  beforeEvent(): void {
    this.active = true;
    if (this.idlenessMs === undefined || !this.perElement) return;
    this.lastEventAt = this.job.clock.now();
    if (!this.watching) this.watchIdleness(this.idlenessMs);
  }

  /** To be called after the element has gone out. */
  onEvent(value: T, timestamp: number): void {
    this.generator.onEvent(value, timestamp, this);
    if (this.perElement) this.generator.onPeriodicEmit(this);
  }

  emitWatermark(watermark: number): void {
    if (typeof watermark !== 'number' || Number.isNaN(watermark)) {
      throw new ArgumentError(`the watermark generator put out ${quoted(watermark)}, not a time in epoch ms`);
    }
    if (watermark <= this.watermark) {
      if (this.wakesAnyhow && this.idle) this.markActive();
      return;
    }
    this.watermark = watermark;
    if (this.idle) this.markActive();
    this.target.emitWatermark(watermark);
  }

  // Where several parts make one watermark it is looked at each time, as in Flink's `ImmediateOutput`: others may have ended.
  markIdle(): void {
    if (this.idle && !this.wakesAnyhow) return;
    this.idle = true;
    this.target.emitStatus(true);
  }

  markActive(): void {
    if (!this.idle && !this.wakesAnyhow) return;
    this.idle = false;
    this.target.emitStatus(false);
  }

  close(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }

  /** Whether this is at the end of time. */
  get ended(): boolean {
    return this.watermark === MAX_WATERMARK;
  }

  /** Once an interval: a watermark, or idleness. Flink looks for idleness only here, from the first quiet interval on. */
  private periodically(): void {
    const now = this.job.clock.now();
    if (this.idlenessMs !== undefined) {
      if (this.active || this.paused) {
        this.active = false;
        this.quietSince = undefined;
      } else if (this.quietSince === undefined) this.quietSince = now;
      else if (now - this.quietSince > this.idlenessMs) {
        this.markIdle();
        return;
      }
    }
    this.generator.onPeriodicEmit(this);
    this.target.afterInterval?.();
  }

  private watchIdleness(idlenessMs: number): void {
    this.watching = true;
    this.lastEventAt = this.job.clock.now();
    const check = (): void => {
      const now = this.job.clock.now();
      if (this.paused) this.lastEventAt = now;
      if (now - this.lastEventAt >= idlenessMs) {
        // From here on only an element changes anything.
        this.watching = false;
        this.markIdle();
      } else this.at(this.lastEventAt + idlenessMs, check);
    };
    this.at(this.lastEventAt + idlenessMs, check);
  }

  private every(intervalMs: number, action: () => void): void {
    this.at(this.job.clock.now() + intervalMs, () => {
      action();
      this.every(intervalMs, action);
    });
  }

  private at(time: number, action: () => void): void {
    const cancel = this.job.clock.schedule(time, () => {
      this.cancels.delete(cancel);
      this.job.mail(action);
    });
    this.cancels.add(cancel);
  }
}
