import { type Row, RowKind } from '../../../../core/rows/index.js';
import { addSorted, type SortedRows } from './sorted-rows.js';
import { TopNOperator } from './top-n.js';

/**
 * The first rows of each key in an order, of rows that are only added: nothing behind the last rank is kept.
 *
 * @see Flink: Top-N; `AppendOnlyTopNFunction`
 */
export class AppendTopNOperator extends TopNOperator {
  override processElement(row: Row, timestamp: number): void {
    this.begin(row, timestamp);
    const { compare } = this.settings;
    const { to } = this;
    const sorted: SortedRows = this.state.value() ?? [];
    const worst = sorted.at(-1);
    if (worst !== undefined && compare(row, worst[0] as Row) >= 0 && sizeOf(sorted) >= to) return;
    const at = addSorted(sorted, row, compare);
    if (this.byRank) sorted.splice(this.shiftDown(sorted, at, row));
    else this.enter(sorted, row);
    this.state.update(sorted);
  }

  private enter(sorted: SortedRows, row: Row): void {
    if (sizeOf(sorted) > this.to) {
      const last = sorted.at(-1) as Row[];
      const gone = last.pop() as Row;
      if (last.length === 0) sorted.pop();
      if (gone === row) return;
      this.emit(RowKind.DELETE, gone, 0);
    }
    this.emit(RowKind.INSERT, row, 0);
  }
}

function sizeOf(sorted: SortedRows): number {
  let size = 0;
  for (const rows of sorted) size += rows.length;
  return size;
}
