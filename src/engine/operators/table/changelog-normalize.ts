import { isAddition, type Row, type RowClass, RowKind, rowKind } from '../../../core/rows/index.js';
import { Operator } from '../../operator.js';
import type { ValueState } from '../../state/views.js';
import { valueDescriptor } from './state.js';

export interface ChangelogNormalizeSettings {
  readonly rowClass: RowClass;
  /** Whether an update begins with the row's old version. */
  readonly updateBefore: boolean;
  readonly equal: (a: Row, b: Row) => boolean;
  readonly stateTtlMs: number;
}

/**
 * Keeps the last row of each key, and tells what a new one means: an insert, an update with the old version, or nothing.
 * A delete carries the row as it was last.
 *
 * @see Flink: `ProcTimeDeduplicateKeepLastRowFunction`, `DeduplicateFunctionHelper.processLastRowOnChangelog`
 */
export class ChangelogNormalizeOperator extends Operator<Row, Row> {
  private state!: ValueState<Row>;

  constructor(private readonly settings: ChangelogNormalizeSettings) {
    super('ChangelogNormalize');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<Row>('deduplicate-state', this.settings.stateTtlMs));
  }

  override processElement(row: Row, timestamp: number): void {
    const { rowClass, updateBefore, equal, stateTtlMs } = this.settings;
    const before = this.state.value();
    if (!isAddition(row[rowKind])) {
      if (before === null) return;
      this.state.clear();
      this.output.collect(rowClass.copy(before, RowKind.DELETE), timestamp);
      return;
    }
    // With a time to live those below have to hear of the row again, or they would forget it. Flink compares the kinds of
    // the rows as well, and keeps an insert: the same row as an update goes through.
    const again = before !== null && row[rowKind] === RowKind.INSERT && equal(before, row);
    if (again && stateTtlMs <= 0) return;
    this.state.update(row[rowKind] === RowKind.INSERT ? row : rowClass.copy(row, RowKind.INSERT));
    if (before === null) {
      this.output.collect(rowClass.copy(row, RowKind.INSERT), timestamp);
      return;
    }
    if (updateBefore) this.output.collect(rowClass.copy(before, RowKind.UPDATE_BEFORE), timestamp);
    this.output.collect(rowClass.copy(row, RowKind.UPDATE_AFTER), timestamp);
  }
}
