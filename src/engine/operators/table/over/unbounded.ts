import type { Row } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../../time/timers.js';
import { valueDescriptor } from '../state.js';
import { type OverSettings, putByTime, type Waiting } from './over-rows.js';

export interface UnboundedOverSettings<A> extends OverSettings<A> {
  /** RANGE: rows with the same time share one result. ROWS: each has its own. */
  readonly range: boolean;
}

interface State<A> {
  readonly waiting: Waiting[];
  accumulators: A;
}

/**
 * Aggregates over all rows so far of a key, in the order of event time. A row behind the watermark is dropped.
 *
 * @see Flink: Over Aggregation; `RowTimeRangeUnboundedPrecedingFunction`, `RowTimeRowsUnboundedPrecedingFunction`
 */
export class UnboundedOverOperator<A> extends Operator<Row, Row> implements Triggerable<string> {
  private state!: ValueState<State<A>>;
  private timers!: InternalTimerService<string>;

  constructor(private readonly settings: UnboundedOverSettings<A>) {
    super('OverAggregate');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<State<A>>('over', this.settings.stateTtlMs));
    this.timers = this.context.timers('over-timers', this);
  }

  override processElement(row: Row): void {
    const time = this.settings.timeOf(row);
    const watermark = this.context.currentWatermark;
    if (time <= watermark) {
      this.context.metrics.numLateRecordsDropped++;
      return;
    }
    // One timer per key at most: the next watermark looks at everything that waits.
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, '', watermark < 0 ? 0 : watermark + 1);
    const state = this.state.value() ?? { waiting: [], accumulators: this.settings.aggregation.create() };
    putByTime(state.waiting, time, row);
    this.state.update(state);
  }

  onEventTime(): void {
    const state = this.state.value();
    if (state === null) return;
    const { aggregation, range } = this.settings;
    const watermark = this.context.currentWatermark;
    const { waiting, accumulators } = state;
    let done = 0;
    for (const { time, rows } of waiting) {
      if (time > watermark) break;
      done++;
      if (range) for (const row of rows) aggregation.accumulate(accumulators, row);
      for (const row of rows) {
        if (!range) aggregation.accumulate(accumulators, row);
        this.output.collect(this.settings.result(row, accumulators), time);
      }
    }
    waiting.splice(0, done);
    if (waiting.length > 0) this.timers.registerEventTimeTimer(VOID_NAMESPACE, '', watermark + 1);
    this.state.update(state);
  }

  onProcessingTime(): void {}
}

/**
 * Aggregates over all rows so far of a key, as they come.
 *
 * @see Flink: Over Aggregation; `ProcTimeUnboundedPrecedingFunction`
 */
export class ProcTimeUnboundedOverOperator<A> extends Operator<Row, Row> {
  private state!: ValueState<A>;

  constructor(private readonly settings: Omit<OverSettings<A>, 'timeOf'>) {
    super('OverAggregate');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<A>('over', this.settings.stateTtlMs));
  }

  override processElement(row: Row, timestamp: number): void {
    const { aggregation, result } = this.settings;
    const accumulators = this.state.value() ?? aggregation.create();
    aggregation.accumulate(accumulators, row);
    this.state.update(accumulators);
    this.output.collect(result(row, accumulators), timestamp);
  }
}
