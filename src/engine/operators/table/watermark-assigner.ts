import type { Row } from '../../../core/rows/index.js';
import { CHAINED, type ChainLink } from '../../channels/chain.js';
import { Operator } from '../../operator.js';
import { MAX_WATERMARK } from '../../time/time.js';

/**
 * Watermarks at a fixed distance behind the largest time of a column, after each row that raises them. As on Flink they begin
 * at 0: none is put out before one is above that. Watermarks of the input count no more, but for the last.
 *
 * @see Flink: `WatermarkAssignerOperator`
 */
export class WatermarkAssignerOperator extends Operator<Row, Row> {
  private largest = 0;

  constructor(
    private readonly timeOf: (row: Row) => number,
    private readonly delayMs: number,
  ) {
    super('WatermarkAssigner');
  }

  override processElement(row: Row): void {
    const time = this.timeOf(row);
    this.output.collect(row, time);
    this.rise(time);
  }

  [CHAINED](): ChainLink {
    return {
      names: { assigner: this, timeOf: this.timeOf },
      text: ({ value, at, emit }) => `const time${at} = timeOf${at}(${value});
      ${emit(value, `time${at}`)}
      assigner${at}.rise(time${at});`,
    };
  }

  private rise(time: number): void {
    const watermark = time - this.delayMs;
    if (!(watermark > this.largest)) return;
    this.largest = watermark;
    this.tell(watermark);
  }

  override processWatermark(watermark: number): void {
    if (watermark === MAX_WATERMARK) this.tell(watermark);
  }

  override processStatus(): void {}

  private tell(watermark: number): void {
    this.context.currentWatermark = watermark;
    this.output.emitWatermark(watermark);
  }
}
