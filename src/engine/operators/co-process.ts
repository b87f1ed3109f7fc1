import type { CoProcess } from '../functions/process-function.js';
import { ProcessHost } from '../functions/process-host.js';
import { instanceOf, openFunction } from '../functions/user-function.js';
import { TwoInputOperator } from '../operator.js';

/**
 * A process function with two inputs that share state and timers.
 *
 * @see Flink: `KeyedCoProcessOperator`, `CoProcessOperator`
 */
export class CoProcessOperator<A, B, O> extends TwoInputOperator<A, B, O> {
  private readonly fn: CoProcess<unknown, A, B, O>;
  private host!: ProcessHost;

  constructor(fn: CoProcess<never, A, B, O>) {
    super('CoProcess');
    this.fn = instanceOf(fn) as unknown as CoProcess<unknown, A, B, O>;
  }

  override open(): void | Promise<void> {
    const { fn } = this;
    this.host = new ProcessHost(this.context, this.output as never, (timestamp, host) =>
      fn.onTimer?.(timestamp, host, this.host),
    );
    return openFunction(fn, this.context);
  }

  override processElement1(value: A, timestamp: number): void {
    this.host.time = timestamp;
    this.fn.processElement1(value, this.host, this.host);
  }

  override processElement2(value: B, timestamp: number): void {
    this.host.time = timestamp;
    this.fn.processElement2(value, this.host, this.host);
  }

  override close(): void | Promise<void> {
    return this.fn.close?.();
  }
}
