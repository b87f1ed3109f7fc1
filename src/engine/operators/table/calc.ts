import type { Row } from '../../../core/rows/index.js';
import { Operator } from '../../operator.js';

/** A row for each row. */
export class MapRowsOperator extends Operator<Row, Row> {
  constructor(
    name: string,
    private readonly map: (row: Row) => Row,
  ) {
    super(name);
  }

  override processElement(row: Row, timestamp: number): void {
    this.output.collect(this.map(row), timestamp);
  }
}

/** A row for each row, or none. */
export class FlatMapRowsOperator extends Operator<Row, Row> {
  constructor(
    name: string,
    private readonly map: (row: Row) => Row | undefined,
  ) {
    super(name);
  }

  override processElement(row: Row, timestamp: number): void {
    const made = this.map(row);
    if (made !== undefined) this.output.collect(made, timestamp);
  }
}
