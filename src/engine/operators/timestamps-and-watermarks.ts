import { CHAINED, type ChainLink } from '../channels/chain.js';
import { Operator } from '../operator.js';
import { MAX_WATERMARK } from '../time/time.js';
import { WatermarkEmitter } from '../time/watermark-emitter.js';
import { eventTime, type TimestampAssigner, type WatermarkStrategy } from '../time/watermarks.js';

/**
 * Gives elements timestamps, and makes watermarks of them. The element goes first, its watermark follows. Watermarks from
 * above are ignored but for the last one.
 *
 * @see Flink: `TimestampsAndWatermarksOperator`
 */
export class TimestampsAndWatermarksOperator<T> extends Operator<T, T> {
  private emitter!: WatermarkEmitter<T>;
  private readonly assigner: TimestampAssigner<T> | undefined;

  constructor(private readonly strategy: WatermarkStrategy<T>) {
    super('Timestamps/Watermarks');
    this.assigner = strategy.timestampAssigner;
  }

  override open(): void {
    const { clock, job } = this.context;
    const mail = (action: () => void): void => this.context.mail(action);
    this.emitter = new WatermarkEmitter(
      this.strategy,
      { clock, autoWatermarkIntervalMs: job.autoWatermarkIntervalMs, mail },
      {
        emitWatermark: (watermark) => {
          this.context.currentWatermark = watermark;
          this.output.emitWatermark(watermark);
        },
        emitStatus: (idle) => this.output.emitStatus(idle),
      },
    );
    this.emitter.open();
  }

  override processElement(value: T, recordTimestamp: number): void {
    const timestamp =
      this.assigner === undefined ? recordTimestamp : eventTime(this.assigner(value, recordTimestamp), recordTimestamp);
    this.emitter.beforeEvent();
    this.output.collect(value, timestamp);
    this.emitter.onEvent(value, timestamp);
  }

  override processWatermark(watermark: number): void {
    if (watermark === MAX_WATERMARK) {
      this.emitter.close();
      this.emitter.emitWatermark(MAX_WATERMARK);
    }
  }

  // Idleness is the strategy's own business.
  override processStatus(): void {}

  override close(): void {
    this.emitter?.close();
  }
}

/**
 * The short way for watermarks at a fixed distance behind the largest timestamp, after each element, without idleness:
 * no generator, one comparison an element.
 */
export class BoundedWatermarksOperator<T> extends Operator<T, T> {
  private maxTimestamp = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly assigner: TimestampAssigner<T>,
    private readonly outOfOrdernessMs: number,
  ) {
    super('Timestamps/Watermarks');
  }

  override processElement(value: T, recordTimestamp: number): void {
    const timestamp = eventTime(this.assigner(value, recordTimestamp), recordTimestamp);
    this.output.collect(value, timestamp);
    if (timestamp > this.maxTimestamp) this.rise(timestamp);
  }

  [CHAINED](): ChainLink {
    return {
      names: { watermarks: this, assigner: this.assigner, eventTime },
      text: ({ value, timestamp, at, emit }) =>
        `const time${at} = eventTime${at}(assigner${at}(${value}, ${timestamp}), ${timestamp});
      ${emit(value, `time${at}`)}
      if (time${at} > watermarks${at}.maxTimestamp) watermarks${at}.rise(time${at});`,
    };
  }

  private rise(timestamp: number): void {
    this.maxTimestamp = timestamp;
    const watermark = timestamp - this.outOfOrdernessMs - 1;
    this.context.currentWatermark = watermark;
    this.output.emitWatermark(watermark);
  }

  override processWatermark(watermark: number): void {
    if (watermark !== MAX_WATERMARK) return;
    this.context.currentWatermark = watermark;
    this.output.emitWatermark(watermark);
  }

  override processStatus(): void {}
}
