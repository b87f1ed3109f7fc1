import { type Row, RowKind, rowKind } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import { valueDescriptor } from '../state.js';
import type { SortedRows } from './sorted-rows.js';

export interface TopNSettings {
  readonly compare: (a: Row, b: Row) => number;
  /** Ranks from 1, both included. */
  readonly from: number;
  readonly to: number;
  /** The last rank of a key as a row of it says: the first one settles it. Absent: `to`. */
  readonly toOf?: (row: Row) => number;
  /** A new row as it goes out; `rank` is its last column where ranks are shown. Makes an insert. */
  readonly withRank: (row: Row, rank: number) => Row;
  /** Whether the rank is a column. */
  readonly numbered: boolean;
  /** Whether an update begins with the row's old version. */
  readonly updateBefore: boolean;
  readonly stateTtlMs: number;
}

/**
 * What all Top-N operators have in common. Where ranks show, or the first ones are left out, every shift of a rank is a
 * change; otherwise only what enters and leaves.
 */
export abstract class TopNOperator extends Operator<Row, Row> {
  protected state!: ValueState<SortedRows>;
  protected readonly byRank: boolean;
  protected timestamp = 0;
  /** The last rank of the current key. */
  protected to: number;
  private settled: ValueState<number> | undefined;

  constructor(protected readonly settings: TopNSettings) {
    super('Rank');
    this.byRank = settings.numbered || settings.from > 1;
    this.to = settings.to;
  }

  override open(): void {
    const { stateTtlMs, toOf } = this.settings;
    this.state = this.context.keyed().getState(valueDescriptor<SortedRows>('top-n', stateTtlMs));
    if (toOf !== undefined)
      this.settled = this.context.keyed().getState(valueDescriptor<number>('rank-end', stateTtlMs));
  }

  /** To be called first for each row. */
  protected begin(row: Row, timestamp: number): void {
    this.timestamp = timestamp;
    const { settled } = this;
    if (settled === undefined) return;
    const known = settled.value();
    this.to = known ?? (this.settings.toOf as (row: Row) => number)(row);
    if (known === null) settled.update(this.to);
  }

  protected emit(kind: RowKind, row: Row, rank: number): void {
    const { from, withRank, updateBefore } = this.settings;
    if (this.byRank && (rank < from || rank > this.to)) return;
    if (kind === RowKind.UPDATE_BEFORE && !updateBefore) return;
    const made = withRank(row, rank);
    if (kind !== RowKind.INSERT) made[rowKind] = kind;
    this.output.collect(made, this.timestamp);
  }

  protected replace(before: Row, after: Row, rank: number): void {
    this.emit(RowKind.UPDATE_BEFORE, before, rank);
    this.emit(RowKind.UPDATE_AFTER, after, rank);
  }

  /**
   * Moves what follows a new row down by one rank. @returns the place of the first sort key that was not looked at: what is
   * from there on is behind the last rank
   */
  protected shiftDown(sorted: SortedRows, at: number, added: Row): number {
    const { to } = this;
    let rank = 0;
    let current = added;
    let i = 0;
    for (; i < sorted.length && rank <= to; i++) {
      const rows = sorted[i] as Row[];
      if (i <= at) {
        rank += rows.length;
        continue;
      }
      for (let j = 0; j < rows.length && rank <= to; j++) {
        const before = rows[j] as Row;
        this.replace(before, current, rank);
        current = before;
        rank++;
      }
    }
    // There are fewer than the last rank.
    if (rank <= to && i > at) this.emit(RowKind.INSERT, current, rank);
    return i;
  }
}
