import { checkDuration, checkInteger } from '../../core/arguments.js';
import type { Duration } from '../../core/duration.js';
import { serialisable } from '../../core/serialise/index.js';
import { NO_TIMESTAMP } from '../time/time.js';
import { checkDelta, type DeltaFunction } from './triggers.js';
import type { Window } from './window.js';

/** An element in a window, with its timestamp (`-Infinity` if it has none). */
export class TimestampedValue<T> {
  constructor(
    readonly value: T,
    readonly timestamp: number,
  ) {}
}

serialisable(TimestampedValue, { name: 'streambook/TimestampedValue' });

/** What an evictor has around it. */
export interface EvictorContext {
  getCurrentProcessingTime(): number;
  getCurrentWatermark(): number;
}

/**
 * Takes elements out of a window before or after it is computed, for good. Both methods change `elements` in place or
 * return what stays.
 *
 * @see Flink: Windows, Evictors
 */
export interface Evictor<T, W extends Window> {
  evictBefore(
    elements: TimestampedValue<T>[],
    size: number,
    window: W,
    context: EvictorContext,
    // biome-ignore lint/suspicious/noConfusingVoidType: so that functions without `return` fit
  ): readonly TimestampedValue<T>[] | void;
  evictAfter(
    elements: TimestampedValue<T>[],
    size: number,
    window: W,
    context: EvictorContext,
    // biome-ignore lint/suspicious/noConfusingVoidType: as above
  ): readonly TimestampedValue<T>[] | void;
}

abstract class OneSidedEvictor<T, W extends Window> implements Evictor<T, W> {
  constructor(private readonly after: boolean) {}

  protected abstract keep(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[];

  evictBefore(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[] {
    return this.after ? elements : this.keep(elements);
  }

  evictAfter(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[] {
    return this.after ? this.keep(elements) : elements;
  }
}

/** Keeps the last `maxCount` elements. */
export class CountEvictor<T, W extends Window> extends OneSidedEvictor<T, W> {
  private constructor(
    private readonly maxCount: number,
    after: boolean,
  ) {
    super(after);
    checkInteger('CountEvictor: the count', maxCount, 0);
  }

  /** @param doEvictAfter evict after the window function instead of before. Default `false` */
  static of<T, W extends Window>(maxCount: number, doEvictAfter = false): CountEvictor<T, W> {
    return new CountEvictor<T, W>(maxCount, doEvictAfter);
  }

  protected override keep(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[] {
    return elements.length <= this.maxCount ? elements : elements.slice(elements.length - this.maxCount);
  }
}

/** Keeps the elements that are less than `keepMs` older than the youngest. */
export class TimeEvictor<T, W extends Window> extends OneSidedEvictor<T, W> {
  private constructor(
    private readonly keepMs: number,
    after: boolean,
  ) {
    super(after);
    checkDuration('TimeEvictor: the time', keepMs);
  }

  /** @param doEvictAfter evict after the window function instead of before. Default `false` */
  static of<T, W extends Window>(keep: Duration, doEvictAfter = false): TimeEvictor<T, W> {
    return new TimeEvictor<T, W>(keep, doEvictAfter);
  }

  protected override keep(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[] {
    const [first] = elements;
    if (first === undefined || first.timestamp === NO_TIMESTAMP) return elements;
    let youngest = NO_TIMESTAMP;
    for (const { timestamp } of elements) if (timestamp > youngest) youngest = timestamp;
    const cutoff = youngest - this.keepMs;
    return elements.filter(({ timestamp }) => timestamp > cutoff);
  }
}

/** Removes the elements from which the last one is at least `threshold` away. */
export class DeltaEvictor<T, W extends Window> extends OneSidedEvictor<T, W> {
  private constructor(
    private readonly threshold: number,
    private readonly delta: DeltaFunction<T>,
    after: boolean,
  ) {
    super(after);
    checkDelta('DeltaEvictor', threshold, delta);
  }

  /** @param doEvictAfter evict after the window function instead of before. Default `false` */
  static of<T, W extends Window>(threshold: number, delta: DeltaFunction<T>, doEvictAfter = false): DeltaEvictor<T, W> {
    return new DeltaEvictor<T, W>(threshold, delta, doEvictAfter);
  }

  protected override keep(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[] {
    const last = elements[elements.length - 1];
    if (last === undefined) return elements;
    return elements.filter(({ value }) => !(this.delta(value, last.value) >= this.threshold));
  }
}
