import type { Row } from '../../../../core/rows/index.js';
import type { Output } from '../../../channels/output.js';
import { TwoInputOperator } from '../../../operator.js';
import type { MapState } from '../../../state/collections.js';
import { MapStateDescriptor, ValueStateDescriptor } from '../../../state/descriptors.js';
import type { ValueState } from '../../../state/views.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../../time/timers.js';

export interface TableIntervalJoinSettings {
  /** Rows join where `lower <= left time - right time <= upper`, in ms. */
  readonly lower: number;
  readonly upper: number;
  /** What is too old is looked for this much later than it could be, in ms; default 0. */
  readonly minCleanUpIntervalMs?: number;
  readonly leftIsOuter: boolean;
  readonly rightIsOuter: boolean;
  /** A row's event time; absent on both: processing time. */
  readonly leftTimeOf: ((row: Row) => number) | undefined;
  readonly rightTimeOf: ((row: Row) => number) | undefined;
  readonly matches: (left: Row, right: Row) => boolean;
  /** The columns of both; NULL in place of a side that is `null`. */
  readonly concat: (left: Row | null, right: Row | null) => Row;
}

/** A row that waits for partners. */
interface Cached {
  readonly row: Row;
  joined: boolean;
}

/** One side: what is kept of it, and when it is looked through for what is too old. */
interface Side {
  readonly isLeft: boolean;
  readonly outer: boolean;
  readonly timeOf: ((row: Row) => number) | undefined;
  cache: MapState<number, Cached[]>;
  timer: ValueState<number>;
  /** How far rows of the other side may lie after one of this. */
  readonly reach: number;
  /** Rows of this side up to this time are of no use any more. */
  expired: number;
}

/**
 * Joins rows of two streams whose times lie within an interval. A late row still joins what is there. A row of an outer side
 * that found no partner comes out with NULLs when none can come any more. Watermarks are held back by as much as such a row
 * may be late.
 *
 * @see Flink: Interval Joins; `TimeIntervalJoin`, `KeyedCoProcessOperatorWithWatermarkDelay`
 */
export class TableIntervalJoinOperator extends TwoInputOperator<Row, Row, Row> implements Triggerable<string> {
  private left!: Side;
  private right!: Side;
  private timers!: InternalTimerService<string>;
  private readonly slack: number;
  private readonly delay: number;

  constructor(private readonly settings: TableIntervalJoinSettings) {
    super('IntervalJoin');
    this.slack = settings.minCleanUpIntervalMs ?? 0;
    this.delay = Math.max(-settings.lower, settings.upper);
  }

  override open(): void {
    const { settings } = this;
    const keyed = this.context.keyed();
    const side = (isLeft: boolean): Side => ({
      isLeft,
      outer: isLeft ? settings.leftIsOuter : settings.rightIsOuter,
      timeOf: isLeft ? settings.leftTimeOf : settings.rightTimeOf,
      cache: keyed.getMapState(new MapStateDescriptor<number, Cached[]>(isLeft ? 'left-cache' : 'right-cache')),
      timer: keyed.getState(new ValueStateDescriptor<number>(isLeft ? 'left-timer' : 'right-timer')),
      reach: isLeft ? -settings.lower : settings.upper,
      expired: 0,
    });
    this.left = side(true);
    this.right = side(false);
    this.timers = this.context.timers('interval-join', this);
    if (settings.leftTimeOf !== undefined) this.output = new DelayedWatermarks(this.output, this.delay);
  }

  override processElement1(row: Row, timestamp: number): void {
    this.process(row, timestamp, this.left, this.right);
  }

  override processElement2(row: Row, timestamp: number): void {
    this.process(row, timestamp, this.right, this.left);
  }

  private now(): number {
    // As on Flink, event time begins at 0 here.
    return this.left.timeOf === undefined
      ? this.timers.currentProcessingTime()
      : Math.max(0, this.context.currentWatermark);
  }

  private process(row: Row, timestamp: number, own: Side, other: Side): void {
    const now = this.now();
    const time = own.timeOf === undefined ? this.timers.currentProcessingTime() : own.timeOf(row);
    const [from, to] = [time - other.reach, time + own.reach];
    let joined = false;
    if (other.expired < to) {
      other.expired = this.expiredAt(now, other);
      for (const [otherTime, rows] of other.cache.entries()) {
        if (otherTime >= from && otherTime <= to) {
          for (const cached of rows) {
            if (!this.join(row, cached.row, own.isLeft, timestamp)) continue;
            joined = true;
            cached.joined = true;
          }
        }
        if (otherTime <= other.expired) {
          this.padAll(rows, other, timestamp);
          other.cache.remove(otherTime);
        }
      }
    }
    if (now < to) {
      const known = own.cache.get(time);
      if (known === null) own.cache.put(time, [{ row, joined }]);
      else known.push({ row, joined });
      if (own.timer.value() === null) this.cleanUpLater(own, time);
    } else if (!joined && own.outer) this.pad(row, own, timestamp);
  }

  private join(row: Row, other: Row, isLeft: boolean, timestamp: number): boolean {
    const { matches, concat } = this.settings;
    const [left, right] = isLeft ? [row, other] : [other, row];
    if (!matches(left, right)) return false;
    this.output.collect(concat(left, right), timestamp);
    return true;
  }

  private pad(row: Row, { isLeft }: Side, timestamp: number): void {
    const { concat } = this.settings;
    this.output.collect(isLeft ? concat(row, null) : concat(null, row), timestamp);
  }

  private padAll(rows: readonly Cached[], side: Side, timestamp: number): void {
    if (!side.outer) return;
    for (const { row, joined } of rows) if (!joined) this.pad(row, side, timestamp);
  }

  private expiredAt(now: number, side: Side): number {
    return now - side.reach - 1;
  }

  private cleanUpLater(side: Side, time: number): void {
    const at = time + side.reach + this.slack + 1;
    side.timer.update(at);
    if (side.timeOf === undefined) this.timers.registerProcessingTimeTimer(VOID_NAMESPACE, '', at);
    else this.timers.registerEventTimeTimer(VOID_NAMESPACE, '', at);
  }

  onEventTime(timestamp: number): void {
    this.cleanUp(timestamp);
  }

  onProcessingTime(timestamp: number): void {
    this.cleanUp(timestamp);
  }

  private cleanUp(timestamp: number): void {
    for (const side of [this.right, this.left]) {
      if (side.timer.value() !== timestamp) continue;
      side.expired = this.expiredAt(this.now(), side);
      // As on Flink, -1 says that there is none.
      let earliest = -1;
      for (const [time, rows] of side.cache.entries()) {
        if (time > side.expired) {
          if (time < earliest || earliest < 0) earliest = time;
          continue;
        }
        this.padAll(rows, side, timestamp);
        side.cache.remove(time);
      }
      if (earliest > 0) this.cleanUpLater(side, earliest);
      else {
        side.cache.clear();
        side.timer.clear();
      }
    }
  }
}

/** Passes everything on, watermarks made smaller by a delay. */
class DelayedWatermarks<T> implements Output<T> {
  constructor(
    private readonly output: Output<T>,
    private readonly delay: number,
  ) {}

  collect(value: T, timestamp: number): void {
    this.output.collect(value, timestamp);
  }

  emitWatermark(watermark: number): void {
    this.output.emitWatermark(watermark - this.delay);
  }

  emitStatus(idle: boolean): void {
    this.output.emitStatus(idle);
  }

  emitLatency(bornAt: number): void {
    this.output.emitLatency(bornAt);
  }

  end(): void {
    this.output.end();
  }
}
