import type { KeyId } from '../../../../core/keys.js';
import { type Row, RowKind, rowKind } from '../../../../core/rows/index.js';
import { addSorted, type SortedRows } from './sorted-rows.js';
import { TopNOperator, type TopNSettings } from './top-n.js';

export interface UpdatableTopNSettings extends TopNSettings {
  /** What stays the same over all versions of a row. */
  readonly idOf: (row: Row) => KeyId;
  /** The row as it is kept: an insert. */
  readonly keep: (row: Row) => Row;
}

/** Where a row is among the first ones. */
interface Place {
  readonly at: number;
  readonly index: number;
  readonly rank: number;
}

/**
 * The first rows of each key in an order, of rows whose new versions are always further in front (a count, the most first):
 * nothing behind the last rank is kept, as no row can move back.
 *
 * @see Flink: Top-N; `UpdatableTopNFunction`
 */
export class UpdatableTopNOperator extends TopNOperator {
  constructor(protected override readonly settings: UpdatableTopNSettings) {
    super(settings);
  }

  override processElement(given: Row, timestamp: number): void {
    this.begin(given, timestamp);
    const row = given[rowKind] === RowKind.INSERT ? given : this.settings.keep(given);
    const sorted: SortedRows = this.state.value() ?? [];
    const known = this.find(sorted, row);
    if (known !== undefined) this.update(sorted, row, known);
    else if (this.isAmongFirst(sorted, row)) this.insert(sorted, row);
    else return;
    this.state.update(sorted);
  }

  private find(sorted: SortedRows, row: Row): Place | undefined {
    const { idOf } = this.settings;
    const id = idOf(row);
    let rank = 0;
    for (let at = 0; at < sorted.length; at++) {
      const rows = sorted[at] as Row[];
      for (let index = 0; index < rows.length; index++) {
        rank++;
        if (idOf(rows[index] as Row) === id) return { at, index, rank };
      }
    }
    return undefined;
  }

  private isAmongFirst(sorted: SortedRows, row: Row): boolean {
    const { compare } = this.settings;
    const { to } = this;
    const worst = sorted.at(-1);
    return worst === undefined || compare(row, worst[0] as Row) < 0 || sizeOf(sorted) < to;
  }

  private insert(sorted: SortedRows, row: Row): void {
    const at = addSorted(sorted, row, this.settings.compare);
    if (this.byRank) {
      sorted.splice(this.shiftDown(sorted, at, row));
      return;
    }
    if (sizeOf(sorted) > this.to) {
      const last = sorted.at(-1) as Row[];
      this.emit(RowKind.DELETE, last.pop() as Row, 0);
      if (last.length === 0) sorted.pop();
    }
    this.emit(RowKind.INSERT, row, 0);
  }

  private update(sorted: SortedRows, row: Row, known: Place): void {
    const rows = sorted[known.at] as Row[];
    const old = rows[known.index] as Row;
    const order = this.settings.compare(row, old);
    if (order === 0) {
      rows[known.index] = row;
      this.replace(old, row, known.rank);
      return;
    }
    rows.splice(known.index, 1);
    if (rows.length === 0) sorted.splice(known.at, 1);
    const at = addSorted(sorted, row, this.settings.compare);
    if (!this.byRank) this.replace(old, row, 0);
    else if (order < 0) this.moveUp(sorted, at, row, old, known.rank);
    else this.moveBack(sorted, row, old, known.rank);
  }

  /** The rows between the new place and the old one go down by one rank. */
  private moveUp(sorted: SortedRows, at: number, row: Row, old: Row, oldRank: number): void {
    const { compare } = this.settings;
    const { to } = this;
    let rank = 0;
    for (let i = 0; i <= at; i++) rank += (sorted[i] as Row[]).length;
    let current = row;
    for (let i = at + 1; i < sorted.length && rank <= to; i++) {
      const rows = sorted[i] as Row[];
      if (compare(rows[0] as Row, old) > 0) break;
      for (let j = 0; j < rows.length && rank < oldRank; j++) {
        const before = rows[j] as Row;
        this.emit(RowKind.UPDATE_BEFORE, before, rank);
        // One row is never there twice: its old version goes before the new one comes.
        if (current === row) this.emit(RowKind.UPDATE_BEFORE, old, oldRank);
        this.emit(RowKind.UPDATE_AFTER, current, rank);
        current = before;
        rank++;
      }
    }
    if (rank > to) return;
    if (current === row) this.emit(RowKind.UPDATE_BEFORE, old, oldRank);
    this.emit(RowKind.UPDATE_AFTER, current, rank);
  }

  // Only where state above was forgotten: a count that begins anew. The rows between go up by one rank.
  private moveBack(sorted: SortedRows, row: Row, old: Row, oldRank: number): void {
    const all = sorted.flat();
    const newRank = all.indexOf(row) + 1;
    for (let rank = oldRank; rank <= newRank; rank++) {
      if (rank === oldRank) this.emit(RowKind.UPDATE_BEFORE, old, rank);
      else {
        const before = all[rank - 2] as Row;
        this.emit(RowKind.UPDATE_BEFORE, before, rank);
        this.emit(RowKind.UPDATE_AFTER, before, rank - 1);
        if (rank === newRank) this.emit(RowKind.UPDATE_AFTER, row, rank);
      }
    }
    if (newRank === oldRank) this.emit(RowKind.UPDATE_AFTER, row, newRank);
  }
}

function sizeOf(sorted: SortedRows): number {
  let size = 0;
  for (const rows of sorted) size += rows.length;
  return size;
}
