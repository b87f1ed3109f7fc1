import type { Row } from '../../../core/rows/index.js';
import { CHAINED, type ChainLink } from '../../channels/chain.js';
import { Operator } from '../../operator.js';
import { MIN_WATERMARK } from '../../time/time.js';

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

  [CHAINED](): ChainLink {
    return {
      names: { map: this.map },
      text: ({ value, timestamp, at, emit }) => `const made${at} = map${at}(${value}); ${emit(`made${at}`, timestamp)}`,
    };
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

  [CHAINED](): ChainLink {
    return {
      names: { map: this.map },
      text: ({ value, timestamp, at, emit }) =>
        `const made${at} = map${at}(${value}); if (made${at} !== undefined) { ${emit(`made${at}`, timestamp)} }`,
    };
  }
}

/** The watermark of a step, for code that is made before the step runs. */
export class StepWatermark {
  value: number = MIN_WATERMARK;
  /** `undefined` before the first. */
  now(): number | undefined {
    return this.value === MIN_WATERMARK ? undefined : this.value;
  }
}

/** A row for each row, or none, by code that reads the watermark. */
export class WatermarkedRowsOperator extends Operator<Row, Row> {
  constructor(
    name: string,
    private readonly map: (row: Row) => Row | undefined,
    private readonly watermark: StepWatermark,
  ) {
    super(name);
  }

  override processElement(row: Row, timestamp: number): void {
    this.watermark.value = this.context.currentWatermark;
    const made = this.map(row);
    if (made !== undefined) this.output.collect(made, timestamp);
  }

  [CHAINED](): ChainLink {
    return {
      names: { map: this.map, watermark: this.watermark, own: this.context },
      text: ({ value, timestamp, at, emit }) => `watermark${at}.value = own${at}.currentWatermark;
      const made${at} = map${at}(${value}); if (made${at} !== undefined) { ${emit(`made${at}`, timestamp)} }`,
    };
  }
}
