import { Operator } from '../engine/operator.js';

/** How many elements wait for a reader before the job is held up. */
const CAPACITY = 4096;

/** Elements on their way out of a job, to somebody who takes them one after the other. */
export class CollectQueue<T> {
  private items: T[] = [];
  private head = 0;
  private ended = false;
  private failure: unknown;
  private waiting: (() => void)[] = [];
  private release: (() => void) | undefined;

  /** @param block holds the job up until the returned function is called */
  push(item: T, block: () => () => void): void {
    this.items.push(item);
    if (this.items.length - this.head >= CAPACITY && this.release === undefined) this.release = block();
    this.signal();
  }

  end(failure?: unknown): void {
    this.ended = true;
    this.failure = failure;
    this.signal();
  }

  /** The next one, if it is there already. */
  poll(): T | undefined {
    return this.head === this.items.length ? undefined : this.take();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.head === this.items.length) {
      if (this.failure !== undefined) throw this.failure;
      if (this.ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    }
    return { done: false, value: this.take() };
  }

  private take(): T {
    const value = this.items[this.head++] as T;
    if (this.head === this.items.length) {
      this.items = [];
      this.head = 0;
    }
    if (this.release !== undefined && this.items.length - this.head < CAPACITY / 2) {
      this.release();
      this.release = undefined;
    }
    return value;
  }

  /** Whoever was first gets the first; the others wait on. */
  private signal(): void {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    for (const look of waiting) look();
  }
}

/** Puts elements into a queue that a cell reads. */
export class CollectOperator<T> extends Operator<T, never> {
  constructor(private readonly queue: CollectQueue<T>) {
    super('Collect');
  }

  override processElement(value: T): void {
    this.queue.push(value, this.block);
  }

  private readonly block = (): (() => void) => this.context.block();
}
