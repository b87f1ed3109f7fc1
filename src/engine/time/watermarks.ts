import { checkDuration, quoted } from '../../core/arguments.js';
import type { Duration } from '../../core/duration.js';
import { ArgumentError } from '../../core/errors.js';
import { checkFunction } from '../functions/user-function.js';
import { MIN_WATERMARK } from './time.js';

/** Where a generator puts watermarks. */
export interface WatermarkOutput {
  /** Below or at the last one: ignored. */
  emitWatermark(watermark: number): void;
  /** No elements for a while: downstream need not wait for this input. The next watermark ends it. */
  markIdle(): void;
  markActive(): void;
}

/**
 * Makes watermarks out of elements.
 *
 * @see Flink: Writing WatermarkGenerators
 */
export interface WatermarkGenerator<T> {
  /** Called after each element. */
  onEvent(value: T, timestamp: number, output: WatermarkOutput): void;
  /** Called after each element too, or every `autoWatermarkIntervalMs` where that is above 0. */
  onPeriodicEmit(output: WatermarkOutput): void;
}

/** The event timestamp of an element, epoch ms. `recordTimestamp` is the one it had before (from Kafka, say). */
export type TimestampAssigner<T> = (value: T, recordTimestamp: number) => number;

/** The last date there is in JavaScript. Beyond, and not far beyond, the bounds of windows are no exact numbers. */
const LAST_DATE_MS = 8.64e15;

/**
 * The timestamp that an assigner gave; `-Infinity` says that there is none.
 *
 * @param before the element's timestamp before
 * @throws ArgumentError for what is no number: nothing would ever come out of a window, in silence
 */
export function eventTime(timestamp: number, before: number): number {
  // As small as V8 always compiles into its caller: a number handed back by a call would be a new object.
  return typeof timestamp === 'number' && Math.abs(timestamp) <= LAST_DATE_MS ? timestamp : rareTime(timestamp, before);
}

function rareTime(timestamp: number, before: number): number {
  // What came out of a global window has the last of all timestamps.
  if (timestamp === MIN_WATERMARK || (timestamp === before && typeof timestamp === 'number')) return timestamp;
  throw new ArgumentError(`the timestamp assigner gave ${quoted(timestamp)}, not a time in epoch ms`, {
    hint:
      timestamp === undefined || timestamp === null || Number.isNaN(timestamp)
        ? 'is the field misspelt, or missing in this element?'
        : typeof timestamp === 'number'
          ? 'are these microseconds, or nanoseconds? Divide them: milliseconds'
          : 'a number: (order) => order.time.getTime(), Date.parse(order.time), Number(order.time)',
  });
}

/** Watermarks that follow the largest timestamp at a fixed distance: `max - outOfOrdernessMs - 1`. */
export class BoundedOutOfOrdernessWatermarks<T> implements WatermarkGenerator<T> {
  private maxTimestamp = MIN_WATERMARK;

  constructor(readonly outOfOrdernessMs: number) {}

  onEvent(_value: T, timestamp: number): void {
    if (timestamp > this.maxTimestamp) this.maxTimestamp = timestamp;
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    output.emitWatermark(this.maxTimestamp - this.outOfOrdernessMs - 1);
  }
}

/** No watermarks at all, but the one at the end of input. */
export class NoWatermarks<T> implements WatermarkGenerator<T> {
  onEvent(): void {}
  onPeriodicEmit(): void {}
}

/** Alignment: sources of one group do not run ahead of the slowest by more than `maxDriftMs` of event time. */
export interface WatermarkAlignment {
  readonly group: string;
  readonly maxDriftMs: number;
}

/**
 * How event time is read from elements, and how far it has come.
 *
 * @example
 *   stream.assignTimestampsAndWatermarks(
 *     WatermarkStrategy.forBoundedOutOfOrderness<Order>(seconds(3)).withTimestampAssigner((o) => o.time),
 *   );
 * @see Flink: Generating Watermarks
 */
export class WatermarkStrategy<T> {
  private constructor(
    readonly createGenerator: () => WatermarkGenerator<T>,
    readonly timestampAssigner: TimestampAssigner<T> | undefined,
    readonly idlenessMs: number | undefined,
    readonly alignment: WatermarkAlignment | undefined,
    /** Set where watermarks follow the largest timestamp at this distance: the engine has a short way for these. */
    readonly outOfOrdernessMs: number | undefined,
  ) {}

  /** Timestamps never fall. */
  static forMonotonousTimestamps<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.forBoundedOutOfOrderness<T>(0);
  }

  /** Elements come at most `maxOutOfOrderness` (ms) after others with a larger timestamp. */
  static forBoundedOutOfOrderness<T>(maxOutOfOrderness: Duration): WatermarkStrategy<T> {
    checkDuration('forBoundedOutOfOrderness', maxOutOfOrderness);
    return new WatermarkStrategy<T>(
      () => new BoundedOutOfOrdernessWatermarks<T>(maxOutOfOrderness),
      undefined,
      undefined,
      undefined,
      maxOutOfOrderness,
    );
  }

  /** Watermarks from a generator of one's own; a new one is made for each subtask and each partition. */
  static forGenerator<T>(create: () => WatermarkGenerator<T>): WatermarkStrategy<T> {
    checkFunction('forGenerator', create);
    return new WatermarkStrategy<T>(create, undefined, undefined, undefined, undefined);
  }

  /** Timestamps, but no watermarks before the end of input. */
  static noWatermarks<T>(): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>(() => new NoWatermarks<T>(), undefined, undefined, undefined, undefined);
  }

  /** Takes the timestamp from the element. Without it, the element keeps the one it has. */
  withTimestampAssigner<U extends T>(assigner: TimestampAssigner<U>): WatermarkStrategy<U> {
    checkFunction('withTimestampAssigner', assigner);
    return new WatermarkStrategy<U>(
      this.createGenerator as () => WatermarkGenerator<U>,
      assigner,
      this.idlenessMs,
      this.alignment,
      this.outOfOrdernessMs,
    );
  }

  /** An input (or partition) without elements for this long is idle and holds nothing back. Processing time. */
  withIdleness(idleness: Duration): WatermarkStrategy<T> {
    checkDuration('withIdleness', idleness, 'above 0');
    return new WatermarkStrategy<T>(
      this.createGenerator,
      this.timestampAssigner,
      idleness,
      this.alignment,
      this.outOfOrdernessMs,
    );
  }

  /** Sources of one group wait for the slowest: none runs ahead by more than `maxDrift` (ms of event time). */
  withWatermarkAlignment(group: string, maxDrift: Duration): WatermarkStrategy<T> {
    if (typeof group !== 'string' || group === '') {
      throw new ArgumentError(`withWatermarkAlignment: the group is ${quoted(group)}, not a name`);
    }
    checkDuration('withWatermarkAlignment: maxDrift', maxDrift);
    return new WatermarkStrategy<T>(
      this.createGenerator,
      this.timestampAssigner,
      this.idlenessMs,
      { group, maxDriftMs: maxDrift },
      this.outOfOrdernessMs,
    );
  }
}

/** Short for `WatermarkStrategy.forBoundedOutOfOrderness(delay).withTimestampAssigner(timestamp)`. */
export function boundedOutOfOrderness<T>(delay: Duration, timestamp?: TimestampAssigner<T>): WatermarkStrategy<T> {
  const strategy = WatermarkStrategy.forBoundedOutOfOrderness<T>(delay);
  return timestamp === undefined ? strategy : strategy.withTimestampAssigner(timestamp);
}

/** Short for `WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(timestamp)`. */
export function monotonousTimestamps<T>(timestamp?: TimestampAssigner<T>): WatermarkStrategy<T> {
  return boundedOutOfOrderness(0, timestamp);
}
