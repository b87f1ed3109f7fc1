import { isAddition, type Row, rowKind } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import { valueDescriptor } from '../state.js';
import type { WindowAggregateSettings } from './slice-aggregate.js';

export interface CountAggregateSettings<A extends { n: number }> extends WindowAggregateSettings<A> {
  /** Rows of a window. */
  readonly size: number;
  /** Every how many rows a window begins. */
  readonly slide: number;
}

interface Counted<A> {
  readonly key: Row;
  /** Rows so far. */
  count: number;
  /** Windows that are not full, oldest first. */
  readonly open: { readonly end: number; readonly accumulators: A }[];
}

/**
 * Aggregates per key over so many rows. A window comes out with its last row; one that is never full never does.
 *
 * @see Flink: Table API, Tumble and Slide over row intervals; `CountSlidingWindowAssigner`
 */
export class CountAggregateOperator<A extends { n: number }> extends Operator<Row, Row> {
  private state!: ValueState<Counted<A>>;

  constructor(
    name: string,
    private readonly settings: CountAggregateSettings<A>,
  ) {
    super(name);
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<Counted<A>>('window-aggs', 0));
  }

  override processElement(row: Row, timestamp: number): void {
    const { aggregation, keyOf, result, size, slide } = this.settings;
    const state = this.state.value() ?? { key: keyOf(row), count: 0, open: [] };
    if (state.count % slide === 0) state.open.push({ end: state.count + size, accumulators: aggregation.create() });
    state.count++;
    for (const { accumulators } of state.open) {
      if (isAddition(row[rowKind])) aggregation.accumulate(accumulators, row);
      else aggregation.retract(accumulators, row);
    }
    const [first] = state.open;
    if (first?.end === state.count) {
      state.open.shift();
      this.output.collect(result(state.key, first.accumulators, 0, 0, 0), timestamp);
    }
    this.state.update(state);
  }
}
