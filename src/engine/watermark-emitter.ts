import { quoted } from '../core/arguments.js';
import type { CancelTimer } from '../core/clock.js';
import { ArgumentError } from '../core/errors.js';
import type { JobControl } from './operator-context.js';
import { MAX_WATERMARK, MIN_WATERMARK } from './time.js';
import type { WatermarkGenerator, WatermarkOutput, WatermarkStrategy } from './watermarks.js';

/** What an emitter tells: where its watermarks and its idleness go. */
export interface EmitterTarget {
  emitWatermark(watermark: number): void;
  emitStatus(idle: boolean): void;
}

/**
 * Runs one watermark generator: after each element or at intervals, with idleness. Watermarks that do not rise go
 * nowhere.
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
  private readonly cancels = new Set<CancelTimer>();

  constructor(
    strategy: WatermarkStrategy<T>,
    private readonly job: JobControl,
    private readonly target: EmitterTarget,
  ) {
    this.generator = strategy.createGenerator();
    this.perElement = job.autoWatermarkIntervalMs === 0;
    this.idlenessMs = strategy.idlenessMs;
  }

  open(): void {
    if (!this.perElement) this.every(this.job.autoWatermarkIntervalMs, () => this.generator.onPeriodicEmit(this));
    if (this.idlenessMs !== undefined) this.watchIdleness(this.idlenessMs);
  }

  /** To be called before the element goes out: it ends idleness. */
  beforeEvent(): void {
    if (this.idlenessMs === undefined) {
      if (this.idle) this.markActive();
      return;
    }
    this.lastEventAt = this.job.clock.now();
    if (this.idle) this.markActive();
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
    if (watermark <= this.watermark) return;
    this.watermark = watermark;
    this.markActive();
    this.target.emitWatermark(watermark);
  }

  markIdle(): void {
    if (this.idle) return;
    this.idle = true;
    this.target.emitStatus(true);
  }

  markActive(): void {
    if (!this.idle) return;
    this.idle = false;
    this.target.emitStatus(false);
  }

  /** The last call of the generator, at the end of the input. */
  finish(): void {
    this.generator.onPeriodicEmit(this);
    this.close();
  }

  close(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }

  /** Whether this is at the end of time. */
  get ended(): boolean {
    return this.watermark === MAX_WATERMARK;
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
