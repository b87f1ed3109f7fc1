import { checkDuration, quoted } from '../../core/arguments.js';
import type { Duration } from '../../core/duration.js';
import { ArgumentError, StreambookError } from '../../core/errors.js';
import { checkFunction } from '../functions/user-function.js';
import { MIN_LONG_TIMESTAMP } from '../time/time.js';
import { inHashOrder } from './hash-order.js';
import type { Trigger } from './trigger.js';
import { EndOfStreamTrigger, EventTimeTrigger, NeverTrigger, ProcessingTimeTrigger } from './triggers.js';
import { GlobalWindow, TimeWindow, type Window, windowStart } from './window.js';

/**
 * Puts elements into windows.
 *
 * @see Flink: Windows, Window Assigners
 */
export abstract class WindowAssigner<T, W extends Window> {
  /** The windows of an element. `timestamp` is the element's in event time. */
  abstract assignWindows(element: T, timestamp: number, processingTime: number): readonly W[];
  abstract getDefaultTrigger(): Trigger<T, W>;
  /** Whether windows end by the watermark (and not by the clock, or never). */
  abstract isEventTime(): boolean;
  /** Set where windows of one key can become one: finds those that do. */
  mergeWindows?(windows: readonly W[]): readonly MergedWindows<W>[];
}

/** Windows that become one. */
export interface MergedWindows<W> {
  readonly result: W;
  readonly merged: readonly W[];
}

function checkTimestamp(timestamp: number): void {
  if (timestamp > MIN_LONG_TIMESTAMP) return;
  throw new StreambookError('no-timestamp', 'an event-time window needs a timestamp, and the element has none', {
    hint: 'put .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(3), (t) => t.time)) before it',
  });
}

function checkSize(where: string, size: number, what = 'size'): void {
  checkDuration(`${where}: the ${what}`, size, 'above 0');
  if (size === Number.POSITIVE_INFINITY) {
    throw new ArgumentError(`${where}: the ${what} is endless`, {
      hint: 'GlobalWindows.create() has one window that never ends',
    });
  }
}

function checkOffset(where: string, offset: number, size: number): void {
  if (typeof offset === 'number' && Math.abs(offset) < size) return;
  throw new ArgumentError(`${where}: the offset is ${quoted(offset)}, not less than ${size} ms to either side`);
}

/** Windows of one size side by side, or every `slideMs`; what tumbling and sliding have in common. */
export abstract class FixedWindows<T> extends WindowAssigner<T, TimeWindow> {
  private last: TimeWindow | undefined;

  constructor(
    readonly sizeMs: number,
    readonly slideMs: number,
    readonly offsetMs: number,
  ) {
    super();
  }

  windowAt(start: number): TimeWindow {
    let { last } = this;
    if (last === undefined || last.start !== start) {
      last = new TimeWindow(start, start + this.sizeMs, start);
      this.last = last;
    }
    return last;
  }

  protected windowsOf(timestamp: number): TimeWindow[] {
    const last = windowStart(timestamp, this.offsetMs, this.slideMs);
    if (this.slideMs === this.sizeMs) return [this.windowAt(last)];
    const windows: TimeWindow[] = [];
    for (let start = last; start > timestamp - this.sizeMs; start -= this.slideMs) windows.push(this.windowAt(start));
    return windows;
  }
}

class FixedEventTimeWindows<T> extends FixedWindows<T> {
  override assignWindows(_element: T, timestamp: number): readonly TimeWindow[] {
    checkTimestamp(timestamp);
    return this.windowsOf(timestamp);
  }

  override getDefaultTrigger(): Trigger<T, TimeWindow> {
    return EventTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return true;
  }
}

class FixedProcessingTimeWindows<T> extends FixedWindows<T> {
  override assignWindows(_element: T, _timestamp: number, processingTime: number): readonly TimeWindow[] {
    return this.windowsOf(processingTime);
  }

  override getDefaultTrigger(): Trigger<T, TimeWindow> {
    return ProcessingTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return false;
  }
}

/** Windows side by side in event time, aligned to the epoch: `[0, size)`, `[size, 2 size)`... plus an offset. */
export const TumblingEventTimeWindows = {
  of<T>(size: Duration, offset: Duration = 0): FixedWindows<T> {
    checkSize('TumblingEventTimeWindows', size);
    checkOffset('TumblingEventTimeWindows', offset, size);
    return new FixedEventTimeWindows<T>(size, size, offset);
  },
};

/** Windows side by side in processing time. */
export const TumblingProcessingTimeWindows = {
  of<T>(size: Duration, offset: Duration = 0): FixedWindows<T> {
    checkSize('TumblingProcessingTimeWindows', size);
    checkOffset('TumblingProcessingTimeWindows', offset, size);
    return new FixedProcessingTimeWindows<T>(size, size, offset);
  },
};

/** A window of `size` every `slide`, in event time: they overlap where `slide` is smaller, leave gaps where it is larger. */
export const SlidingEventTimeWindows = {
  of<T>(size: Duration, slide: Duration, offset: Duration = 0): FixedWindows<T> {
    checkSize('SlidingEventTimeWindows', size);
    checkSize('SlidingEventTimeWindows', slide, 'slide');
    checkOffset('SlidingEventTimeWindows', offset, slide);
    return new FixedEventTimeWindows<T>(size, slide, offset);
  },
};

/** A window of `size` every `slide`, in processing time. */
export const SlidingProcessingTimeWindows = {
  of<T>(size: Duration, slide: Duration, offset: Duration = 0): FixedWindows<T> {
    checkSize('SlidingProcessingTimeWindows', size);
    checkSize('SlidingProcessingTimeWindows', slide, 'slide');
    checkOffset('SlidingProcessingTimeWindows', offset, slide);
    return new FixedProcessingTimeWindows<T>(size, slide, offset);
  },
};

/** The gap that ends a session, from the element that may be its last. Above 0 ms. */
export type SessionGap<T> = (element: T) => number;

class SessionWindows<T> extends WindowAssigner<T, TimeWindow> {
  constructor(
    private readonly gap: SessionGap<T>,
    private readonly eventTime: boolean,
  ) {
    super();
  }

  override assignWindows(element: T, timestamp: number, processingTime: number): readonly TimeWindow[] {
    if (this.eventTime) checkTimestamp(timestamp);
    const gap = this.gap(element);
    checkDuration('session windows: the gap', gap, 'above 0');
    const start = this.eventTime ? timestamp : processingTime;
    return [new TimeWindow(start, start + gap)];
  }

  override getDefaultTrigger(): Trigger<T, TimeWindow> {
    return this.eventTime ? EventTimeTrigger.create() : ProcessingTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return this.eventTime;
  }

  // Windows that touch merge, too: elements exactly one gap apart belong to one session.
  override mergeWindows(windows: readonly TimeWindow[]): readonly MergedWindows<TimeWindow>[] {
    const sorted = [...windows].sort((a, b) => a.start - b.start);
    const groups: { result: TimeWindow; merged: TimeWindow[] }[] = [];
    for (const window of sorted) {
      const group = groups[groups.length - 1];
      if (group?.result.intersects(window) === true) {
        group.result = group.result.cover(window);
        group.merged.push(window);
      } else {
        groups.push({ result: window, merged: [window] });
      }
    }
    return groups
      .filter((group) => group.merged.length > 1)
      .map(({ result, merged }) => {
        // Of two, one is new, and the other all there is to merge.
        return { result, merged: merged.length > 2 ? inHashOrder(merged) : merged };
      });
  }
}

function sessions(eventTime: boolean, where: string) {
  return {
    /** A session ends when nothing came for `gap`. */
    withGap<T>(gap: Duration): WindowAssigner<T, TimeWindow> {
      checkSize(where, gap, 'gap');
      return new SessionWindows<T>(() => gap, eventTime);
    },
    /** The gap depends on the element. */
    withDynamicGap<T>(gap: SessionGap<T>): WindowAssigner<T, TimeWindow> {
      checkFunction(`${where}.withDynamicGap`, gap);
      return new SessionWindows<T>(gap, eventTime);
    },
  };
}

/** Sessions in event time: elements with no longer gap between them. */
export const EventTimeSessionWindows = sessions(true, 'EventTimeSessionWindows');
/** Sessions in processing time. */
export const ProcessingTimeSessionWindows = sessions(false, 'ProcessingTimeSessionWindows');

class AllInOne<T> extends WindowAssigner<T, GlobalWindow> {
  private readonly windows = [GlobalWindow.get()];

  constructor(private readonly makeTrigger: () => Trigger<T, GlobalWindow>) {
    super();
  }

  override assignWindows(): readonly GlobalWindow[] {
    return this.windows;
  }

  override getDefaultTrigger(): Trigger<T, GlobalWindow> {
    return this.makeTrigger();
  }

  override isEventTime(): boolean {
    return false;
  }
}

/** One window for all elements of a key. Without a trigger of one's own it never puts anything out. */
export const GlobalWindows = {
  create<T>(): WindowAssigner<T, GlobalWindow> {
    return new AllInOne<T>(() => new NeverTrigger<T, GlobalWindow>());
  },
  /** The same, put out at the end of the input. */
  createWithEndOfStreamTrigger<T>(): WindowAssigner<T, GlobalWindow> {
    return new AllInOne<T>(() => new EndOfStreamTrigger<T, GlobalWindow>());
  },
};
