import type { Row } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../../time/timers.js';
import { valueDescriptor } from '../state.js';
import type { OverSettings, Waiting } from './over-rows.js';

type Settings<A> = Omit<OverSettings<A>, 'timeOf'>;

interface Frame<A> {
  readonly rows: Row[];
  readonly accumulators: A;
}

/**
 * Aggregates over the last `size` rows of a key, as they come.
 *
 * @see Flink: Over Aggregation; `ProcTimeRowsBoundedPrecedingFunction`
 */
export class ProcTimeRowsOverOperator<A> extends Operator<Row, Row> {
  private state!: ValueState<Frame<A>>;

  constructor(
    private readonly settings: Settings<A>,
    private readonly size: number,
  ) {
    super('OverAggregate');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<Frame<A>>('over', this.settings.stateTtlMs));
  }

  override processElement(row: Row, timestamp: number): void {
    const { aggregation, result } = this.settings;
    const frame = this.state.value() ?? { rows: [], accumulators: aggregation.create() };
    if (frame.rows.length === this.size) aggregation.retract(frame.accumulators, frame.rows.shift() as Row);
    frame.rows.push(row);
    aggregation.accumulate(frame.accumulators, row);
    this.state.update(frame);
    this.output.collect(result(row, frame.accumulators), timestamp);
  }
}

interface RangeFrame<A> {
  waiting: Waiting[];
  readonly frame: Waiting[];
  readonly accumulators: A;
}

/**
 * Aggregates over the rows of a key that came within `size` ms. Rows of the same millisecond share one result, which comes
 * out a millisecond later.
 *
 * @see Flink: Over Aggregation; `ProcTimeRangeBoundedPrecedingFunction`
 */
export class ProcTimeRangeOverOperator<A> extends Operator<Row, Row> implements Triggerable<string> {
  private state!: ValueState<RangeFrame<A>>;
  private timers!: InternalTimerService<string>;

  constructor(
    private readonly settings: Settings<A>,
    private readonly size: number,
  ) {
    super('OverAggregate');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<RangeFrame<A>>('over', this.settings.stateTtlMs));
    this.timers = this.context.timers('over-timers', this);
  }

  override processElement(row: Row): void {
    const now = this.timers.currentProcessingTime();
    const state = this.state.value() ?? {
      waiting: [],
      frame: [],
      accumulators: this.settings.aggregation.create(),
    };
    const last = state.waiting.at(-1);
    if (last?.time === now) last.rows.push(row);
    else {
      state.waiting.push({ time: now, rows: [row] });
      this.timers.registerProcessingTimeTimer(VOID_NAMESPACE, '', now + 1);
    }
    this.state.update(state);
  }

  onEventTime(): void {}

  onProcessingTime(timestamp: number): void {
    const state = this.state.value();
    if (state === null) return;
    const { aggregation, result } = this.settings;
    const { frame, accumulators } = state;
    const due = state.waiting.filter(({ time }) => time < timestamp);
    state.waiting = state.waiting.filter(({ time }) => time >= timestamp);
    for (const { time, rows } of due) {
      while (frame[0] !== undefined && time - frame[0].time > this.size) {
        for (const row of (frame.shift() as Waiting).rows) aggregation.retract(accumulators, row);
      }
      for (const row of rows) aggregation.accumulate(accumulators, row);
      frame.push({ time, rows });
      for (const row of rows) this.output.collect(result(row, accumulators), time);
    }
    this.state.update(state);
  }
}
