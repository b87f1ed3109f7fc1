import { isAddition, type Row, rowKind } from '../../../../core/rows/index.js';
import { type AttachedSettings, type AttachedWindow, AttachedWindowOperator } from './attached.js';
import type { KeyedAccumulators, WindowAggregateSettings } from './slice-aggregate.js';

/**
 * Aggregates per key and window, where rows carry their window: windows over windows.
 *
 * @see Flink: Window Aggregation, Cascading Window Aggregation
 */
export class AttachedAggregateOperator<A extends { n: number }> extends AttachedWindowOperator<KeyedAccumulators<A>> {
  constructor(
    attached: AttachedSettings,
    private readonly settings: WindowAggregateSettings<A>,
  ) {
    super('WindowAggregate', attached);
  }

  protected add(known: KeyedAccumulators<A> | undefined, row: Row): KeyedAccumulators<A> {
    const { aggregation, keyOf } = this.settings;
    const contents = known ?? { key: keyOf(row), accumulators: aggregation.create() };
    if (isAddition(row[rowKind])) aggregation.accumulate(contents.accumulators, row);
    else aggregation.retract(contents.accumulators, row);
    return contents;
  }

  protected emit({ key, accumulators }: KeyedAccumulators<A>, { start, end }: AttachedWindow, time: number): void {
    if (accumulators.n === 0) return;
    this.output.collect(this.settings.result(key, accumulators, start, end, time), time);
  }
}

export interface WindowRankSettings {
  readonly compare: (a: Row, b: Row) => number;
  /** Ranks from 1, both included. */
  readonly from: number;
  readonly to: number;
  /** The row as it goes out. */
  readonly withRank: (row: Row, rank: number) => Row;
}

/**
 * The first rows of each key and window in an order, once the window is over.
 *
 * @see Flink: Window Top-N; `WindowRankOperator`
 */
export class WindowRankOperator extends AttachedWindowOperator<Row[]> {
  constructor(
    attached: AttachedSettings,
    private readonly settings: WindowRankSettings,
  ) {
    super('WindowRank', attached);
  }

  protected add(known: Row[] | undefined, row: Row): Row[] {
    const { compare, to } = this.settings;
    const rows = known ?? [];
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(rows[middle] as Row, row) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low >= to) return rows;
    rows.splice(low, 0, row);
    if (rows.length > to) rows.pop();
    return rows;
  }

  protected emit(rows: Row[], _window: AttachedWindow, time: number): void {
    const { from, withRank } = this.settings;
    for (let rank = from; rank <= rows.length; rank++) this.output.collect(withRank(rows[rank - 1] as Row, rank), time);
  }
}

/**
 * The first or the last row of each key and window by time; of several with the same time the first or the last that came.
 *
 * @see Flink: Window Deduplication
 */
export class WindowDeduplicateOperator extends AttachedWindowOperator<Row> {
  constructor(
    attached: AttachedSettings,
    private readonly settings: { readonly last: boolean; readonly timeOf: (row: Row) => number },
  ) {
    super('WindowDeduplicate', attached);
  }

  protected add(known: Row | undefined, row: Row): Row {
    if (known === undefined) return row;
    const { last, timeOf } = this.settings;
    const [before, now] = [timeOf(known), timeOf(row)];
    return (last ? before <= now : now < before) ? row : known;
  }

  protected emit(row: Row, _window: AttachedWindow, time: number): void {
    this.output.collect(row, time);
  }
}
