import type { KeyId } from '../../../core/keys.js';
import { isAddition, type Row, type RowClass, RowKind, rowKind } from '../../../core/rows/index.js';
import { Operator } from '../../operator.js';
import type { ValueState } from '../../state/views.js';
import { valueDescriptor } from './state.js';

export interface UpsertMaterialiseSettings {
  readonly rowClass: RowClass;
  /** What makes a row of the query another one: its key, or all its columns. */
  readonly idOf: (row: Row) => KeyId;
  /** Whether a row with a known id takes the other's place. */
  readonly replaces: boolean;
  readonly stateTtlMs: number;
}

/**
 * For a table with a primary key that several rows of the query may share: the last of them that is left is the one
 * in the table. Keyed by the primary key.
 *
 * @see Flink: `SinkUpsertMaterializer`
 */
export class UpsertMaterialiseOperator extends Operator<Row, Row> {
  private state!: ValueState<Row[]>;

  constructor(private readonly settings: UpsertMaterialiseSettings) {
    super('SinkMaterializer');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<Row[]>('values', this.settings.stateTtlMs));
  }

  override processElement(row: Row, timestamp: number): void {
    const rows = this.state.value() ?? [];
    if (isAddition(row[rowKind])) this.add(rows, row, timestamp);
    else this.retract(rows, row, timestamp);
  }

  private add(rows: Row[], row: Row, timestamp: number): void {
    const { rowClass, idOf, replaces } = this.settings;
    const kept = rowClass.copy(row, RowKind.INSERT);
    const kind = rows.length === 0 ? RowKind.INSERT : RowKind.UPDATE_AFTER;
    const id = idOf(row);
    const index = replaces ? rows.findIndex((one) => idOf(one) === id) : -1;
    if (index >= 0) rows[index] = kept;
    else rows.push(kept);
    this.state.update(rows);
    this.output.collect(rowClass.copy(row, kind), timestamp);
  }

  private retract(rows: Row[], row: Row, timestamp: number): void {
    const { rowClass, idOf } = this.settings;
    const id = idOf(row);
    const index = rows.findIndex((one) => idOf(one) === id);
    if (index < 0) return;
    rows.splice(index, 1);
    const last = rows.at(-1);
    if (last === undefined) {
      this.state.clear();
      this.output.collect(rowClass.copy(row, RowKind.DELETE), timestamp);
      return;
    }
    this.state.update(rows);
    // The row in the table was the one that is gone: the one before it is there again.
    if (index === rows.length) this.output.collect(rowClass.copy(last, RowKind.UPDATE_AFTER), timestamp);
  }
}
