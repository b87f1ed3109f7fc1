import type { Row } from '../../../core/rows/index.js';
import { Operator } from '../../operator.js';

/**
 * Joins each row with what a table function gives for it. The kind of the row is that of its results.
 *
 * @see Flink: Table Function Join
 */
export class CorrelateOperator extends Operator<Row, Row> {
  constructor(
    private readonly call: (row: Row) => Iterable<readonly unknown[]>,
    /** The result for one list of values, `undefined` if it is filtered out; without values: padded with NULL. */
    private readonly joined: (row: Row, values: readonly unknown[] | undefined) => Row | undefined,
    private readonly leftOuter: boolean,
  ) {
    super('Correlate');
  }

  override processElement(row: Row, timestamp: number): void {
    let any = false;
    for (const values of this.call(row)) {
      const made = this.joined(row, values);
      if (made === undefined) continue;
      any = true;
      this.output.collect(made, timestamp);
    }
    if (any || !this.leftOuter) return;
    const padded = this.joined(row, undefined);
    if (padded !== undefined) this.output.collect(padded, timestamp);
  }
}
