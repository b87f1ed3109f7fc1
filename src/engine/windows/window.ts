import { serialisable } from '../../core/serialise/index.js';
import { MAX_WATERMARK } from '../time/time.js';
import type { NamespaceId } from '../time/timers.js';

/** A group of elements that are computed together. */
export interface Window {
  /** Equal for equal windows. A number where that is enough: state and timers are looked up by it. */
  readonly id: NamespaceId;
  /** The last timestamp that belongs to it. */
  maxTimestamp(): number;
}

/** From `start` to `end`, the end not included; epoch ms. */
export class TimeWindow implements Window {
  readonly id: NamespaceId;

  /** @param id set by assigners whose windows all have one size, so that the start tells them apart */
  constructor(
    readonly start: number,
    readonly end: number,
    id?: NamespaceId,
  ) {
    this.id = id ?? `${start}/${end}`;
  }

  maxTimestamp(): number {
    return this.end - 1;
  }

  getStart(): number {
    return this.start;
  }

  getEnd(): number {
    return this.end;
  }

  /** Whether they overlap or touch. */
  intersects(other: TimeWindow): boolean {
    return this.start <= other.end && this.end >= other.start;
  }

  /** The smallest window over both. */
  cover(other: TimeWindow): TimeWindow {
    return new TimeWindow(Math.min(this.start, other.start), Math.max(this.end, other.end));
  }

  toString(): string {
    return `TimeWindow{start=${this.start}, end=${this.end}}`;
  }
}

/** The one window of everything. It never ends. */
export class GlobalWindow implements Window {
  private static readonly one = new GlobalWindow();
  readonly id = 'global';

  static get(): GlobalWindow {
    return GlobalWindow.one;
  }

  maxTimestamp(): number {
    return MAX_WATERMARK;
  }

  toString(): string {
    return 'GlobalWindow';
  }
}

/**
 * The start of the window of `sizeMs` that `timestamp` falls in; windows are aligned to the epoch plus `offsetMs`.
 *
 * @see Flink: `TimeWindow.getWindowStartWithOffset`
 */
export function windowStart(timestamp: number, offsetMs: number, sizeMs: number): number {
  const remainder = (timestamp - offsetMs) % sizeMs;
  return remainder < 0 ? timestamp - (remainder + sizeMs) : timestamp - remainder;
}

serialisable(TimeWindow, { name: 'streambook/TimeWindow' });
serialisable(GlobalWindow, {
  name: 'streambook/GlobalWindow',
  toPlain: () => null,
  fromPlain: () => GlobalWindow.get(),
});
