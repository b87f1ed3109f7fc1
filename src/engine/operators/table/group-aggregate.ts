import { isAddition, type Row, RowKind, rowKind } from '../../../core/rows/index.js';
import { Operator } from '../../operator.js';
import type { ValueState } from '../../state/views.js';
import { valueDescriptor } from './state.js';

/** What an operator needs of compiled aggregates; `A` is the state of one group, changed in place. */
export interface Aggregation<A> {
  create(): A;
  accumulate(accumulators: A, row: Row): void;
  retract(accumulators: A, row: Row): void;
  /** What counts as a result beside the columns. Absent: nothing does. */
  readonly hidden?: (accumulators: A) => readonly unknown[];
}

export interface GroupAggregateSettings<A extends { n: number }> {
  readonly aggregation: Aggregation<A>;
  /** The group's columns out of a row, and the aggregates. Makes an insert. */
  readonly result: (row: Row, accumulators: A) => Row;
  readonly equal: (a: Row, b: Row) => boolean;
  /** Whether an update begins with the row's old version. */
  readonly updateBefore: boolean;
  readonly stateTtlMs: number;
}

/**
 * Aggregates per key, with a change for each row that changes a result.
 *
 *     --(a,1)-------(a,2)----------------|
 *     SUM per key
 *     --+I(a,1)-----U(a,1),+U(a,3)-------|
 *
 * @see Flink: Group Aggregation; `GroupAggFunction`
 */
export class GroupAggregateOperator<A extends { n: number }> extends Operator<Row, Row> {
  protected state!: ValueState<A>;

  constructor(protected readonly settings: GroupAggregateSettings<A>) {
    super('GroupAggregate');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<A>('accState', this.settings.stateTtlMs));
  }

  override processElement(row: Row, timestamp: number): void {
    const { aggregation, result, equal, updateBefore, stateTtlMs } = this.settings;
    const known = this.state.value();
    const adds = isAddition(row[rowKind]);
    if (known === null) {
      // What takes away from a group that is not there comes after its state was forgotten.
      if (!adds) return;
      const accumulators = aggregation.create();
      aggregation.accumulate(accumulators, row);
      this.state.update(accumulators);
      this.output.collect(result(row, accumulators), timestamp);
      return;
    }
    const before = result(row, known);
    const hidden = aggregation.hidden?.(known);
    if (adds) aggregation.accumulate(known, row);
    else aggregation.retract(known, row);
    if (known.n === 0) {
      this.state.clear();
      before[rowKind] = RowKind.DELETE;
      this.output.collect(before, timestamp);
      return;
    }
    if (stateTtlMs > 0) this.state.update(known);
    const after = result(row, known);
    if (stateTtlMs <= 0 && equal(before, after) && sameValues(hidden, aggregation.hidden?.(known))) return;
    if (updateBefore) {
      before[rowKind] = RowKind.UPDATE_BEFORE;
      this.output.collect(before, timestamp);
    }
    after[rowKind] = RowKind.UPDATE_AFTER;
    this.output.collect(after, timestamp);
  }
}

/** Whether none of what is hidden has changed. What has become NaN changes with every row, as in Flink. */
export function sameValues(before: readonly unknown[] | undefined, after: readonly unknown[] | undefined): boolean {
  return before === undefined || before.every((value, i) => value === after?.[i]);
}
