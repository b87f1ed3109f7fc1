import type { Row } from '../../../../core/rows/index.js';
import type { Aggregation } from '../group-aggregate.js';

/** What all aggregates over a window of preceding rows need. */
export interface OverSettings<A> {
  readonly aggregation: Aggregation<A>;
  /** The row's columns, then the aggregates; the row's kind is kept. */
  readonly result: (row: Row, accumulators: A) => Row;
  /** A row's event time. */
  readonly timeOf: (row: Row) => number;
  readonly stateTtlMs: number;
}

/** Rows that wait for the watermark, by time. */
export interface Waiting {
  readonly time: number;
  readonly rows: Row[];
}

/** Puts a row among those that wait, in the order of time. @returns whether it is the first of its time */
export function putByTime(waiting: Waiting[], time: number, row: Row): boolean {
  let at = waiting.length;
  while (at > 0 && (waiting[at - 1] as Waiting).time > time) at--;
  const before = waiting[at - 1];
  if (before !== undefined && before.time === time) {
    before.rows.push(row);
    return false;
  }
  waiting.splice(at, 0, { time, rows: [row] });
  return true;
}
