import type { KeyId } from '../core/keys.js';
import type { Output } from './channels/output.js';
import type { OperatorContext } from './operator-context.js';
import type { Cell } from './state/table.js';

/** What takes elements: an operator, or one of the inputs of an operator that has several. */
export interface ElementReceiver {
  processElement(value: unknown, timestamp: number): void;
}

/**
 * What an operator with one keyed input may have in place of reading the current key from the backend: it gets the key
 * with the element. Setting the backend's key for each element costs a write barrier, which shows in hot operators. Such an
 * operator sets `backend.keyId` itself before it calls anything that reads it.
 */
export interface KeyedReceiver {
  processKeyed(value: unknown, timestamp: number, key: KeyId): void;
}

/**
 * What every operator is: made once per subtask and per attempt, given its context and output, opened, fed, finished,
 * closed. It runs on one thread and is never entered twice.
 *
 * What needs the context (state, timers, metrics) is fetched in {@link open}; the constructor only keeps arguments.
 *
 * @see Flink: `StreamOperator`
 */
export abstract class StreamOperator<O> {
  /** Where results go. Set before {@link open}. */
  output!: Output<O>;
  /** State, timers, time, metrics, side outputs. Set before {@link open}. */
  context!: OperatorContext;

  constructor(readonly name: string) {}

  /** Called once, before the first element. The job begins when all operators are open. */
  open(): void | Promise<void> {}

  /** What takes the elements of input `index`. */
  abstract receiver(index: number): ElementReceiver;

  /**
   * The watermark over all inputs rose to `watermark`. Fires the timers that are due, then passes it on; who overrides
   * this calls `super` or passes it on.
   */
  processWatermark(watermark: number): void {
    this.context.advanceWatermark(watermark);
  }

  /** All inputs fell idle, or one of them woke up. */
  processStatus(idle: boolean): void {
    this.output.emitStatus(idle);
  }

  /** A mark that measures latency came by; who keeps elements back keeps it back with them. */
  processLatency(bornAt: number): void {
    this.output.emitLatency(bornAt);
  }

  /** Input `index` has ended; its last watermark came before. */
  endInput(_index: number): void {}

  /** All inputs have ended: the last chance to put something out. */
  finish(): void {}

  /** `false` while something is under way that has not come out yet (a call to a service): the end waits for it. */
  drained(): boolean {
    return true;
  }

  /**
   * Before a snapshot, between two elements: write what is held in fields into state. A promise (a sink that flushes)
   * is waited for before the snapshot counts.
   */
  snapshotState(_checkpointId: number): void | undefined | Promise<void> {}

  /** What a cell of keyed state holds, for those who read state from outside; where part of it is kept beside the value. */
  stateValue(cell: Cell<unknown>): unknown {
    return cell.value;
  }

  /** The snapshot is complete everywhere and will be what a restart begins from: commit. */
  checkpointCompleted(_checkpointId: number): void | Promise<void> {}

  /** Called once at the very end, after a failure or a cancel too. */
  close(): void | Promise<void> {}
}

/**
 * An operator with one input.
 *
 * @example
 *   class Doubled extends Operator<number, number> {
 *     constructor() { super('Doubled'); }
 *     override processElement(value: number, timestamp: number): void {
 *       this.output.collect(value * 2, timestamp);
 *     }
 *   }
 */
export abstract class Operator<I, O> extends StreamOperator<O> implements ElementReceiver {
  /** @param timestamp epoch ms, or `NO_TIMESTAMP` */
  abstract processElement(value: I, timestamp: number): void;

  override receiver(): ElementReceiver {
    return this as ElementReceiver;
  }
}

/** An operator with two inputs. Its watermark is the smaller of theirs. */
export abstract class TwoInputOperator<A, B, O> extends StreamOperator<O> {
  abstract processElement1(value: A, timestamp: number): void;
  abstract processElement2(value: B, timestamp: number): void;

  override receiver(index: number): ElementReceiver {
    return index === 0
      ? { processElement: (value, timestamp) => this.processElement1(value as A, timestamp) }
      : { processElement: (value, timestamp) => this.processElement2(value as B, timestamp) };
  }
}
