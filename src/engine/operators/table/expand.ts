import type { Row } from '../../../core/rows/index.js';
import { Operator } from '../../operator.js';

/** Several rows for each row: one for each projection. */
export class ExpandOperator extends Operator<Row, Row> {
  constructor(private readonly projections: readonly ((row: Row) => Row)[]) {
    super('Expand');
  }

  override processElement(row: Row, timestamp: number): void {
    for (const project of this.projections) this.output.collect(project(row), timestamp);
  }
}
