import { type Row, RowKind, rowKind } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import { valueDescriptor } from '../state.js';
import type { TopNSettings } from './top-n.js';

export interface FastTop1Settings extends TopNSettings {
  /** The row as it is kept: an insert. */
  readonly keep: (row: Row) => Row;
}

/**
 * The first row of each key in an order, of rows that are only added, or whose new versions are always further in front. A row
 * takes the place of another as an update, with or without a column for the rank, and only if it is further in front.
 *
 * @see Flink: Top-N; `FastTop1Function`
 */
export class FastTop1Operator extends Operator<Row, Row> {
  private state!: ValueState<Row>;

  constructor(private readonly settings: FastTop1Settings) {
    super('Rank');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<Row>('top-1', this.settings.stateTtlMs));
  }

  override processElement(given: Row, timestamp: number): void {
    const { compare, keep, updateBefore } = this.settings;
    const row = given[rowKind] === RowKind.INSERT ? given : keep(given);
    const first = this.state.value();
    if (first !== null && compare(row, first) >= 0) return;
    this.state.update(row);
    if (first === null) {
      this.emit(RowKind.INSERT, row, timestamp);
      return;
    }
    if (updateBefore) this.emit(RowKind.UPDATE_BEFORE, first, timestamp);
    this.emit(RowKind.UPDATE_AFTER, row, timestamp);
  }

  private emit(kind: RowKind, row: Row, timestamp: number): void {
    const made = this.settings.withRank(row, 1);
    if (kind !== RowKind.INSERT) made[rowKind] = kind;
    this.output.collect(made, timestamp);
  }
}
