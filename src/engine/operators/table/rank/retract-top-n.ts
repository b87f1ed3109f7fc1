import { isAddition, type Row, RowKind, rowKind } from '../../../../core/rows/index.js';
import { addSorted, placeOf, type SortedRows } from './sorted-rows.js';
import { TopNOperator, type TopNSettings } from './top-n.js';

export interface RetractTopNSettings extends TopNSettings {
  readonly equal: (a: Row, b: Row) => boolean;
  /** A copy of a row as an insert, to be kept. */
  readonly keep: (row: Row) => Row;
}

/**
 * The first rows of each key in an order, of rows that change: all of them are kept.
 *
 * @see Flink: Top-N; `RetractableTopNFunction`
 */
export class RetractTopNOperator extends TopNOperator {
  constructor(private readonly retracting: RetractTopNSettings) {
    super(retracting);
  }

  override processElement(given: Row, timestamp: number): void {
    this.begin(given, timestamp);
    const { compare, keep } = this.retracting;
    const sorted: SortedRows = this.state.value() ?? [];
    const row = given[rowKind] === RowKind.INSERT ? given : keep(given);
    if (isAddition(given[rowKind])) {
      const at = addSorted(sorted, row, compare);
      if (this.byRank) this.shiftDown(sorted, at, row);
      else this.enter(sorted, at, row);
    } else this.leave(sorted, row);
    this.state.update(sorted.length === 0 ? null : sorted);
  }

  private enter(sorted: SortedRows, at: number, row: Row): void {
    const { to } = this;
    let rank = 0;
    for (let i = 0; i <= at; i++) {
      // Those with the same key came before.
      rank += (sorted[i] as Row[]).length;
      if (rank > to) return;
    }
    for (let i = at + 1; i < sorted.length && rank <= to; i++) {
      const rows = sorted[i] as Row[];
      if (rank + rows.length > to) {
        this.emit(RowKind.DELETE, rows[to - rank] as Row, 0);
        break;
      }
      rank += rows.length;
    }
    this.emit(RowKind.INSERT, row, 0);
  }

  private leave(sorted: SortedRows, row: Row): void {
    const { compare, equal } = this.retracting;
    const { to } = this;
    const { at, known } = placeOf(sorted, row, compare);
    const rows = known ? (sorted[at] as Row[]) : [];
    const place = rows.findIndex((one) => equal(one, row));
    // Its state was forgotten.
    if (place < 0) return;
    let rank = place + 1;
    for (let i = 0; i < at && rank <= to; i++) rank += (sorted[i] as Row[]).length;
    const [gone] = rows.splice(place, 1) as [Row];
    if (rank <= to) {
      if (this.byRank) this.shiftUp(sorted, at, place, gone, rank);
      else {
        this.emit(RowKind.DELETE, gone, 0);
        const risen = rowAt(sorted, to);
        if (risen !== undefined) this.emit(RowKind.INSERT, risen, 0);
      }
    }
    if (rows.length === 0) sorted.splice(at, 1);
  }

  private shiftUp(sorted: SortedRows, at: number, place: number, gone: Row, first: number): void {
    const { to } = this;
    let rank = first;
    let before = gone;
    for (let i = at; i < sorted.length && rank <= to; i++) {
      const rows = sorted[i] as Row[];
      for (let j = i === at ? place : 0; j < rows.length && rank <= to; j++) {
        const after = rows[j] as Row;
        this.replace(before, after, rank);
        before = after;
        rank++;
      }
    }
    if (rank <= to) this.emit(RowKind.DELETE, before, rank);
  }
}

/** The row with this rank, from 1. */
function rowAt(sorted: SortedRows, rank: number): Row | undefined {
  let left = rank;
  for (const rows of sorted) {
    if (left <= rows.length) return rows[left - 1];
    left -= rows.length;
  }
  return undefined;
}
