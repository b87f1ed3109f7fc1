import type { Row } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../../time/timers.js';
import { valueDescriptor } from '../state.js';
import { type OverSettings, putByTime, type Waiting } from './over-rows.js';

interface State<A> {
  /** What waits for the watermark. */
  readonly waiting: Waiting[];
  /** What is within the frame of the last row, oldest first. */
  readonly frame: Waiting[];
  accumulators: A;
  /** The last time that was put out. */
  last: number;
}

/** Aggregates over a frame that ends with the current row; the kinds of frame differ in what leaves it. */
abstract class BoundedOverOperator<A> extends Operator<Row, Row> implements Triggerable<string> {
  private state!: ValueState<State<A>>;
  private timers!: InternalTimerService<string>;

  constructor(protected readonly settings: OverSettings<A>) {
    super('OverAggregate');
  }

  protected abstract advance(state: State<A>, time: number, rows: readonly Row[]): void;

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<State<A>>('over', this.settings.stateTtlMs));
    this.timers = this.context.timers('over-timers', this);
  }

  override processElement(row: Row): void {
    const time = this.settings.timeOf(row);
    const { aggregation } = this.settings;
    const state = this.state.value() ?? { waiting: [], frame: [], accumulators: aggregation.create(), last: 0 };
    // As on Flink, "last" is 0 before anything was put out.
    if (time <= state.last) {
      this.context.metrics.numLateRecordsDropped++;
      return;
    }
    if (putByTime(state.waiting, time, row)) this.timers.registerEventTimeTimer(VOID_NAMESPACE, '', time);
    this.state.update(state);
  }

  onEventTime(timestamp: number): void {
    const state = this.state.value();
    if (state === null) return;
    const at = state.waiting.findIndex(({ time }) => time === timestamp);
    if (at < 0) return;
    const [{ time, rows }] = state.waiting.splice(at, 1) as [Waiting];
    this.advance(state, time, rows);
    state.last = timestamp;
    this.state.update(state);
  }

  onProcessingTime(): void {}
}

/**
 * Aggregates over the last `size` rows of a key, in the order of event time. A row that is not after the last one that was
 * put out for its key is dropped.
 *
 * @see Flink: Over Aggregation, ROWS intervals; `RowTimeRowsBoundedPrecedingFunction`
 */
export class RowsOverOperator<A> extends BoundedOverOperator<A> {
  constructor(
    settings: OverSettings<A>,
    private readonly size: number,
  ) {
    super(settings);
  }

  protected advance({ frame, accumulators }: State<A>, time: number, rows: readonly Row[]): void {
    const { aggregation, result } = this.settings;
    for (const row of rows) {
      if (frame.length === this.size) {
        const [oldest] = (frame.shift() as Waiting).rows as [Row];
        aggregation.retract(accumulators, oldest);
      }
      frame.push({ time, rows: [row] });
      aggregation.accumulate(accumulators, row);
      this.output.collect(result(row, accumulators), time);
    }
  }
}

/**
 * Aggregates over the rows of a key within `size` ms of event time. Rows with the same time share one result.
 *
 * @see Flink: Over Aggregation, RANGE intervals; `RowTimeRangeBoundedPrecedingFunction`
 */
export class RangeOverOperator<A> extends BoundedOverOperator<A> {
  constructor(
    settings: OverSettings<A>,
    private readonly size: number,
  ) {
    super(settings);
  }

  protected advance({ frame, accumulators }: State<A>, time: number, rows: readonly Row[]): void {
    const { aggregation, result } = this.settings;
    let gone = 0;
    while (gone < frame.length && time - (frame[gone] as Waiting).time > this.size) {
      for (const row of (frame[gone] as Waiting).rows) aggregation.retract(accumulators, row);
      gone++;
    }
    frame.splice(0, gone);
    for (const row of rows) aggregation.accumulate(accumulators, row);
    frame.push({ time, rows: [...rows] });
    for (const row of rows) this.output.collect(result(row, accumulators), time);
  }
}
