import type { Collector } from '../functions/functions.js';
import type { KeyedProcess, OnTimerContext } from '../functions/process-function.js';
import { ProcessHost } from '../functions/process-host.js';
import { instanceOf, openFunction, type RichFunction } from '../functions/user-function.js';
import { Operator } from '../operator.js';

interface ProcessObject<I, O> extends RichFunction {
  processElement(value: I, context: OnTimerContext<unknown>, out: Collector<O>): void;
  onTimer?(timestamp: number, context: OnTimerContext<unknown>, out: Collector<O>): void;
}

/**
 * A process function, keyed or not.
 *
 * @see Flink: `KeyedProcessOperator`, `ProcessOperator`
 */
export class ProcessOperator<I, O> extends Operator<I, O> {
  private readonly fn: ProcessObject<I, O>;
  private host!: ProcessHost;

  constructor(fn: KeyedProcess<never, I, O>) {
    super('Process');
    this.fn = (typeof fn === 'function' ? { processElement: fn } : instanceOf(fn)) as unknown as ProcessObject<I, O>;
  }

  override open(): void | Promise<void> {
    const { fn } = this;
    this.host = new ProcessHost(this.context, this.output as never, (timestamp, host) =>
      fn.onTimer?.(timestamp, host, this.host),
    );
    return openFunction(fn, this.context);
  }

  override processElement(value: I, timestamp: number): void {
    this.host.time = timestamp;
    this.fn.processElement(value, this.host, this.host);
  }

  override close(): void | Promise<void> {
    return this.fn.close?.();
  }
}
