import { type Row, RowKind, rowKind } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import { valueDescriptor } from '../state.js';

export interface DeduplicateSettings {
  /** The last row of each key, and not the first. */
  readonly last: boolean;
  /** A row's event time; absent: the order in which rows come counts. */
  readonly timeOf: ((row: Row) => number) | undefined;
  readonly equal: (a: Row, b: Row) => boolean;
  /** A copy with another kind. */
  readonly copy: (row: Row, kind: RowKind) => Row;
  readonly updateBefore: boolean;
  readonly stateTtlMs: number;
}

/**
 * The first or the last row of each key. By event time the first may be followed by an earlier one, which takes its place; of
 * rows with the same time the last that came is the last.
 *
 * @see Flink: Deduplication
 */
export class DeduplicateOperator extends Operator<Row, Row> {
  private state!: ValueState<Row>;

  constructor(private readonly settings: DeduplicateSettings) {
    super('Deduplicate');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<Row>('deduplicate', this.settings.stateTtlMs));
  }

  override processElement(row: Row, timestamp: number): void {
    const { last, timeOf, equal, copy, updateBefore, stateTtlMs } = this.settings;
    const known = this.state.value();
    if (known === null) {
      this.state.update(row);
      this.output.collect(row, timestamp);
      return;
    }
    if (timeOf === undefined) {
      if (!last || (stateTtlMs === 0 && equal(known, row))) return;
    } else {
      const [before, now] = [timeOf(known), timeOf(row)];
      if (last ? before > now : now >= before) return;
    }
    this.state.update(row);
    if (updateBefore) this.output.collect(copy(known, RowKind.UPDATE_BEFORE), timestamp);
    this.output.collect(row[rowKind] === RowKind.UPDATE_AFTER ? row : copy(row, RowKind.UPDATE_AFTER), timestamp);
  }
}
