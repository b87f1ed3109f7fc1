import { MAX_WATERMARK, MIN_WATERMARK } from './time.js';

/** What a valve keeps of one channel. */
export interface ValveChannel {
  watermark: number;
  idle: boolean;
  /** Whether it takes part in the minimum: active, and not behind what has already been passed on. */
  aligned: boolean;
}

/** Whom a valve tells. */
export interface ValveListener {
  onWatermark(watermark: number): void;
  onStatus(idle: boolean): void;
}

/**
 * Turns the watermarks of several channels into one: the minimum over those that are active and have caught up. When
 * all are idle, the maximum.
 *
 * @see Flink: `StatusWatermarkValve`
 */
export class WatermarkValve {
  /** The last watermark that was passed on. */
  watermark = MIN_WATERMARK;
  idle = false;

  constructor(
    private readonly channels: readonly ValveChannel[],
    private readonly listener: ValveListener,
  ) {}

  inputWatermark(channel: ValveChannel, watermark: number): void {
    if (this.idle || channel.idle || watermark <= channel.watermark) return;
    channel.watermark = watermark;
    if (!channel.aligned && watermark >= this.watermark) channel.aligned = true;
    if (this.channels.length === 1 && channel.aligned) this.pass(watermark);
    else this.passMinimum();
  }

  inputStatus(channel: ValveChannel, idle: boolean): void {
    if (idle === channel.idle) return;
    channel.idle = idle;
    if (idle) this.fallIdle(channel);
    else this.wake(channel);
  }

  /** The channel has ended: it counts as being at the end of time, unless it was idle. Then it stays so, as in Flink. */
  inputEnd(channel: ValveChannel): void {
    this.inputWatermark(channel, MAX_WATERMARK);
  }

  private fallIdle(channel: ValveChannel): void {
    channel.aligned = false;
    if (this.channels.every((other) => other.idle)) {
      // The last one to fall idle was the one that held the others back: let out what they had reached.
      if (channel.watermark === this.watermark) this.pass(Math.max(...this.channels.map((other) => other.watermark)));
      this.idle = true;
      this.listener.onStatus(true);
    } else if (channel.watermark === this.watermark) {
      this.passMinimum();
    }
  }

  private wake(channel: ValveChannel): void {
    if (channel.watermark >= this.watermark) channel.aligned = true;
    if (!this.idle) return;
    this.idle = false;
    this.listener.onStatus(false);
  }

  private passMinimum(): void {
    let minimum = Number.POSITIVE_INFINITY;
    let any = false;
    for (const channel of this.channels) {
      if (!channel.aligned) continue;
      any = true;
      if (channel.watermark < minimum) minimum = channel.watermark;
    }
    if (any) this.pass(minimum);
  }

  private pass(watermark: number): void {
    if (watermark <= this.watermark) return;
    this.watermark = watermark;
    this.listener.onWatermark(watermark);
  }
}
