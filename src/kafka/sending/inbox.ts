/**
 * Draws from a source in the background, a bounded way ahead, so that whoever sends can take as many items as are
 * there without waiting for more: a slow source is passed on one by one, a fast one in large batches.
 */
export class Inbox<T> {
  private items: T[] = [];
  private head = 0;
  private size = 0;
  private ended = false;
  private failure: unknown;
  private stopped = false;
  private wakeTaker: (() => void) | undefined;
  private wakeFiller: (() => void) | undefined;
  private readonly iterator: AsyncIterator<T> | Iterator<T>;

  /**
   * @param sizeOf what an item weighs against `maxSize`
   */
  constructor(
    source: AsyncIterable<T> | Iterable<T>,
    private readonly sizeOf: (item: T) => number,
    private readonly maxSize: number,
    private readonly maxItems: number,
  ) {
    this.iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : (source as Iterable<T>)[Symbol.iterator]();
    void this.fill();
  }

  /** How many items can be taken now. */
  get available(): number {
    return this.items.length - this.head;
  }

  /** The next item, if it is there; `peek` leaves it. */
  peek(): T | undefined {
    return this.items[this.head];
  }

  take(): T | undefined {
    if (this.head === this.items.length) return undefined;
    const item = this.items[this.head]!;
    this.items[this.head++] = undefined as T;
    this.size -= this.sizeOf(item);
    if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    if (this.hasRoom) this.wake('wakeFiller');
    return item;
  }

  /** Resolves to true when an item is there, to false when none will come. @throws what the source threw */
  async more(): Promise<boolean> {
    while (this.available === 0) {
      if (this.failure !== undefined) throw this.failure;
      if (this.ended || this.stopped) return false;
      await new Promise<void>((resolve) => {
        this.wakeTaker = resolve;
      });
    }
    return true;
  }

  /** Ends it, and the source (its `finally` blocks run). */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.wake('wakeTaker');
    this.wake('wakeFiller');
    // A generator that is waiting ends when it comes back; nobody waits for that.
    void (async () => this.iterator.return?.())().catch(() => {});
  }

  private get hasRoom(): boolean {
    return this.size < this.maxSize && this.available < this.maxItems;
  }

  private async fill(): Promise<void> {
    // Not in the caller's own turn: what the source throws at once is met by whoever takes.
    await Promise.resolve();
    try {
      for (let since = 1; !this.stopped; since++) {
        if (!this.hasRoom) {
          await new Promise<void>((resolve) => {
            this.wakeFiller = resolve;
          });
          continue;
        }
        const step = this.iterator.next();
        // A synchronous source must not keep everybody else waiting for thousands of items.
        const result = step instanceof Promise || since % 1_000 === 0 ? await step : (step as IteratorResult<T>);
        if (result.done === true || this.stopped) break;
        this.items.push(result.value);
        this.size += this.sizeOf(result.value);
        this.wake('wakeTaker');
      }
    } catch (error) {
      this.failure = error;
    }
    this.ended = true;
    this.wake('wakeTaker');
  }

  private wake(which: 'wakeTaker' | 'wakeFiller'): void {
    const wake = this[which];
    this[which] = undefined;
    wake?.();
  }
}
