import { types } from 'node:util';
import { CHAINED, type ChainLink } from '../channels/chain.js';
import { atElement } from '../errors.js';
import { Operator } from '../operator.js';

/** How many promises of a function are open before the job is held up. */
const CAPACITY = 100;

/**
 * Hands every element to a function. A promise that it returns is waited for before a checkpoint counts and before the job
 * ends; one that is rejected fails the job.
 */
export class ForEachOperator<T> extends Operator<T, never> {
  private readonly underWay = new Set<Promise<unknown>>();
  private release: (() => void) | undefined;

  constructor(
    private readonly consume: (value: T, timestamp: number) => unknown,
    name = 'ForEach',
  ) {
    super(name);
  }

  override processElement(value: T, timestamp: number): void {
    const given = this.consume(value, timestamp);
    if (typeof given === 'object') this.given(given, value, timestamp);
  }

  [CHAINED](): ChainLink {
    return {
      names: { sink: this, consume: this.consume },
      text: ({ value, timestamp, at }) => `const given${at} = consume${at}(${value}, ${timestamp});
      if (typeof given${at} === 'object') sink${at}.given(given${at}, ${value}, ${timestamp});`,
    };
  }

  override drained(): boolean {
    return this.underWay.size === 0;
  }

  override snapshotState(): Promise<void> | undefined {
    return this.underWay.size === 0 ? undefined : Promise.all(this.underWay).then(() => undefined);
  }

  private given(result: unknown, value: T, timestamp: number): void {
    if (types.isPromise(result)) this.follow(result, value, timestamp);
  }

  private follow(promise: Promise<unknown>, value: T, timestamp: number): void {
    const { context } = this;
    const followed = promise
      .catch((error: unknown) => this.rejected(value, timestamp, error))
      .finally(() => {
        this.underWay.delete(followed);
        if (this.underWay.size < CAPACITY / 2) this.goOn();
        if (this.underWay.size === 0) context.job.mail(() => context.tryFinish());
      });
    this.underWay.add(followed);
    // Who waits for it is told: a checkpoint. The job is told in any case.
    followed.catch(() => undefined);
    if (this.underWay.size >= CAPACITY) this.release ??= context.block();
  }

  private rejected(value: T, timestamp: number, error: unknown): void {
    const { context } = this;
    if (context.errorPolicy !== 'fail') {
      context.job.mail(() => context.elementFailed(value, timestamp, error));
      return;
    }
    const failure = atElement(context, value, timestamp, error);
    context.job.fail(failure);
    throw failure;
  }

  private goOn(): void {
    this.release?.();
    this.release = undefined;
  }
}
