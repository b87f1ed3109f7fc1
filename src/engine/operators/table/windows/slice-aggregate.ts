import { type KeyId, ownKeyId } from '../../../../core/keys.js';
import { ownStrings } from '../../../../core/own-strings.js';
import { isAddition, type Row, rowKind } from '../../../../core/rows/index.js';
import { type KeyedReceiver, Operator } from '../../../operator.js';
import type { KeyedStateBackend } from '../../../state/backend.js';
import { KeyCache } from '../../../state/key-cache.js';
import { KeyedCell } from '../../../state/packed-cell.js';
import type { Cell, Space, StateTable } from '../../../state/table.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import type { Aggregation } from '../group-aggregate.js';
import type { Slices } from './slices.js';
import { isFired, type WindowClock } from './window-clock.js';
import { WindowTrace } from './window-trace.js';

/** Aggregates whose states can be put together. */
export interface WindowAggregation<A> extends Aggregation<A> {
  /** Adds what `other` has; `other` stays as it is. */
  merge(accumulators: A, other: A): void;
  /** How many rows a row stands for, if they come added up in parts; default: one. */
  rowsIn?(row: Row): number;
}

/** What is kept for a key and a slice: the key's columns, and the aggregates. */
export interface KeyedAccumulators<A> {
  readonly key: Row;
  accumulators: A;
}

export interface WindowAggregateSettings<A extends { n: number }> {
  readonly aggregation: WindowAggregation<A>;
  /** The columns of the group, as a row of their own. */
  readonly keyOf: (row: Row) => Row;
  /** The group's columns, the aggregates, start and end of the window (local ms), its last ms as a moment. */
  readonly result: (key: Row, accumulators: A, start: number, end: number, time: number) => Row;
  readonly clock: WindowClock;
}

export interface SliceAggregateSettings<A extends { n: number }> extends WindowAggregateSettings<A> {
  readonly slices: Slices;
  /** A row's event time; absent: processing time. */
  readonly timeOf: ((row: Row) => number) | undefined;
  /** Every open window of a row is looked at when it ends, as with the older windows; otherwise each sees to the next. */
  readonly timerPerWindow?: boolean;
}

/**
 * Aggregates per key and window: tumbling, hopping, cumulating. A window comes out once, when the watermark reaches its last
 * millisecond. What comes after the last window of its slice is dropped.
 *
 *     --(a,1)@1---(a,2)@4---w(4)--------(a,3)@2--|
 *     SUM per key in windows of 5 ms
 *     ----------------------(a,3,[0,5))----------|
 *
 * @see Flink: Window Aggregation; `SlicingWindowOperator`
 */
export class SliceAggregateOperator<A extends { n: number }>
  extends Operator<Row, Row>
  implements Triggerable<number>, KeyedReceiver
{
  private backend!: KeyedStateBackend;
  private table!: StateTable<KeyedAccumulators<A>>;
  private timers!: InternalTimerService<number>;
  /** The slice of the last row, from and up to these local times, while it is there and takes rows as they come. */
  private hotStart = Number.NaN;
  private hotEnd = Number.NaN;
  private hot!: KeyCache<KeyedCell<KeyedAccumulators<A>>>;

  constructor(
    name: string,
    private readonly settings: SliceAggregateSettings<A>,
  ) {
    super(name);
  }

  override open(): void {
    this.backend = this.context.keyed();
    this.table = this.backend.table('window-aggs', 'slices');
    this.timers = this.context.timers('window-timers', this);
    const { trace } = this.context;
    if (trace !== undefined) this.traced(new WindowTrace(this.context, trace, this.settings.clock));
  }

  override processElement(row: Row): void {
    this.processKeyed(row, 0, this.backend.keyId);
  }

  processKeyed(row: Row, _timestamp: number, key: KeyId): void {
    const { clock, timeOf } = this.settings;
    const time = clock.toLocal(timeOf === undefined ? this.timers.currentProcessingTime() : timeOf(row));
    if (time >= this.hotStart && time < this.hotEnd) {
      const cell = this.hot.find(key);
      if (cell !== undefined) {
        this.add(cell.value.accumulators, row);
        return;
      }
    }
    this.addTo(this.settings.slices.sliceOf(time), row, key);
  }

  private addTo(slice: number, row: Row, key: KeyId): void {
    const { slices, clock, aggregation } = this.settings;
    let into = slice;
    let cell = this.table.get(into, key);
    // A slice that has a sum has not fired, or its rows still count in later windows.
    if (cell === undefined || (slices.shared && isFired(clock, slice, this.context.currentWatermark))) {
      this.backend.keyId = key;
      const timed = this.register(slice);
      if (timed === undefined) {
        this.context.metrics.numLateRecordsDropped += aggregation.rowsIn?.(row) ?? 1;
        return;
      }
      if (timed !== slice) {
        into = slices.target(slice) ?? slice;
        cell = this.table.get(into, key);
      }
      if (cell === undefined) {
        const made = { key: this.settings.keyOf(row), accumulators: aggregation.create() };
        cell = this.insert(into, key, made);
      }
    }
    if (into === slice && !slices.shared) this.keepHot(slice);
    this.add(cell.value.accumulators, row);
  }

  /** Rows of slices that only one window has need no more than their cell: it is there as long as the window is open. */
  private keepHot(slice: number): void {
    if (slice === this.hotEnd) return;
    const space = this.table.space(slice) as Space<KeyedAccumulators<A>>;
    const cells = space.cells as Map<KeyId, KeyedCell<KeyedAccumulators<A>>>;
    // Those out of a snapshot do not know their keys.
    for (const [key, cell] of cells)
      if (!(cell instanceof KeyedCell)) cells.set(key, new KeyedCell(key, (cell as Cell<KeyedAccumulators<A>>).value));
    this.hot = new KeyCache(cells);
    this.hotStart = this.settings.slices.windowStartOf(slice);
    this.hotEnd = slice;
  }

  private insert(slice: number, key: KeyId, value: KeyedAccumulators<A>): KeyedCell<KeyedAccumulators<A>> {
    const own = ownKeyId(key);
    const cell = new KeyedCell(own, ownStrings(value));
    this.table.spaceFor(slice, slice).cells.set(own, cell);
    return cell;
  }

  private add(accumulators: A, row: Row): void {
    const { aggregation } = this.settings;
    if (isAddition(row[rowKind])) aggregation.accumulate(accumulators, row);
    else aggregation.retract(accumulators, row);
  }

  onEventTime(_timestamp: number, end: number): void {
    this.fire(end);
  }

  onProcessingTime(_timestamp: number, end: number): void {
    this.fire(end);
  }

  /** Sees to it that the first open window of a slice fires. @returns its end; `undefined`: all have fired */
  private register(slice: number): number | undefined {
    const { slices, clock, timeOf, timerPerWindow } = this.settings;
    if (timeOf === undefined) {
      this.registerTimer(slice);
      return slice;
    }
    const { currentWatermark } = this.context;
    const last = slices.lastWindowOf(slice);
    if (last < slice || isFired(clock, last, currentWatermark)) return undefined;
    if (timerPerWindow === true) {
      for (let end = last; end >= slice; end -= slices.interval) {
        if (isFired(clock, end, currentWatermark)) break;
        this.registerTimer(end);
      }
      return slice;
    }
    let end = slice;
    while (isFired(clock, end, currentWatermark)) end += slices.interval;
    this.registerTimer(end);
    return end;
  }

  private registerTimer(end: number): void {
    const at = this.settings.clock.timerOf(end - 1);
    if (this.settings.timeOf === undefined) this.timers.registerProcessingTimeTimer(end, end, at);
    else this.timers.registerEventTimeTimer(end, end, at);
  }

  private fire(end: number): void {
    // Its cells go one by one.
    if (end === this.hotEnd) {
      this.hotStart = this.hotEnd = Number.NaN;
      this.hot.clear();
    }
    const { slices, aggregation, timerPerWindow } = this.settings;
    const { table } = this;
    const key = this.backend.keyId;
    const target = slices.target(end);
    let sum = target === undefined ? undefined : table.get(target, key)?.value;
    for (const slice of slices.merged(end)) {
      const part = table.get(slice, key)?.value;
      if (part === undefined) continue;
      if (sum === undefined) {
        sum = { key: part.key, accumulators: aggregation.create() };
        if (target !== undefined) table.insert(target, target, key, sum);
      }
      aggregation.merge(sum.accumulators, part.accumulators);
    }
    const empty = sum === undefined || sum.accumulators.n === 0;
    if (sum !== undefined && !empty) this.emit(sum, end);
    const next = slices.next(end, empty);
    if (next !== undefined && timerPerWindow !== true) this.registerTimer(next);
    for (const slice of slices.expired(end)) table.delete(slice, key);
  }

  private emit({ key, accumulators }: KeyedAccumulators<A>, end: number): void {
    const { slices, clock, result } = this.settings;
    const time = clock.toEpoch(end - 1);
    this.collect(result(key, accumulators, slices.windowStartOf(end), end, time), end, time);
  }

  private collect(row: Row, _end: number, time: number): void {
    this.output.collect(row, time);
  }

  private traced(trace: WindowTrace): void {
    const { slices, clock, timeOf } = this.settings;
    const [process, collect] = [this.processKeyed.bind(this), this.collect.bind(this)];
    this.processKeyed = (row, timestamp, key) => {
      const { numLateRecordsDropped } = this.context.metrics;
      const local = clock.toLocal(timeOf === undefined ? this.timers.currentProcessingTime() : timeOf(row));
      process(row, timestamp, key);
      if (this.context.metrics.numLateRecordsDropped > numLateRecordsDropped) {
        trace.dropped(key, row, local);
        return;
      }
      const slice = slices.sliceOf(local);
      for (let end = slices.lastWindowOf(slice); end >= slice; end -= slices.interval) {
        if (timeOf !== undefined && isFired(clock, end, this.context.currentWatermark)) break;
        trace.assigned(key, row, local, { start: slices.windowStartOf(end), end });
      }
    };
    this.collect = (row, end, time) => {
      trace.fired(this.backend.keyId, [row], { start: slices.windowStartOf(end), end });
      collect(row, end, time);
    };
  }
}
