import { during } from '../errors.js';
import type { StreamOperator } from '../operator.js';
import type { OperatorContext } from '../operator-context.js';
import { MIN_WATERMARK } from '../time/time.js';
import { type ValveChannel, type ValveListener, WatermarkValve } from '../time/valve.js';
import type { Output } from './output.js';

/** One input of one operator subtask: the channels that lead into it, and the watermark over all of them. */
export class InputGate implements ValveListener {
  readonly channels: Channel[] = [];
  readonly valve = new WatermarkValve(this.channels, this);
  private ended = 0;

  constructor(
    readonly operator: StreamOperator<unknown>,
    readonly context: OperatorContext,
    readonly index: number,
  ) {}

  onWatermark(watermark: number): void {
    try {
      this.context.inputWatermark(this.index, watermark);
    } catch (error) {
      throw during(this.context, `while its watermark rose to ${watermark}`, error);
    }
  }

  /** @param bornAt when the batch that it follows was handed over, on `performance.now()` */
  onLatency(bornAt: number): void {
    this.context.metrics.latency.add(performance.now() - bornAt);
    this.context.operator.processLatency(bornAt);
  }

  onStatus(idle: boolean): void {
    this.context.inputStatus(this.index, idle);
  }

  channelEnded(): void {
    this.ended++;
    if (this.ended < this.channels.length) return;
    try {
      this.context.inputEnded(this.index);
    } catch (error) {
      throw during(this.context, 'at the end of its input', error);
    }
  }

  recordsIn(): number {
    let sum = 0;
    for (const channel of this.channels) sum += channel.count;
    return sum;
  }
}

/** The way from one subtask into an input of another. It counts what passes, and names who fails. */
export abstract class Channel implements Output<unknown>, ValveChannel {
  count = 0;
  /** The name of the subtask it leads out of, for messages. */
  from = '';
  watermark = MIN_WATERMARK;
  idle = false;
  aligned = true;

  constructor(protected readonly gate: InputGate) {}

  /** Joins the channels of its input. */
  attach(): void {
    this.gate.channels.push(this);
  }

  abstract collect(value: unknown, timestamp: number): void;

  /** The same, where each channel below is to be called by itself: for those who time the calls. */
  abstract step(value: unknown, timestamp: number): void;

  emitWatermark(watermark: number): void {
    this.gate.valve.inputWatermark(this, watermark);
  }

  emitStatus(idle: boolean): void {
    this.gate.valve.inputStatus(this, idle);
  }

  emitLatency(bornAt: number): void {
    this.gate.onLatency(bornAt);
  }

  end(): void {
    this.gate.valve.inputEnd(this);
    this.gate.channelEnded();
  }
}
