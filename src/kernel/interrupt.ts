/** What an interrupted cell throws where it waits or loops. Named after what Python's users see. */
export class KeyboardInterrupt extends Error {
  override readonly name = 'KeyboardInterrupt';
  constructor() {
    super('the cell was interrupted');
  }
}

type Waiter = (interrupt: KeyboardInterrupt) => void;

/** A promise that keeps who awaits it for ever, without holding anything alive. */
const never = (): Promise<never> => new Promise(() => undefined);

/** Called with an error that a cell awaited, and with where that was. */
export type Noter = (error: unknown) => void;

/**
 * Everything one cell waits for, so that an interrupt can end the waiting.
 *
 * tslab's interrupt rejects a promise beside the cell's own: the cell seems to end, but its loops go on for ever, print
 * into later cells and never run their `finally`. Here the interrupt arrives as an exception in the very place where the
 * cell waits, as in Python; code after it runs (`finally`, `catch`), and may wait again.
 */
export class InterruptScope {
  private readonly waiters = new Set<Waiter>();
  private dead = false;

  /** Raises the interrupt wherever this cell waits now. */
  interrupt(): void {
    const waiters = [...this.waiters];
    this.waiters.clear();
    const interrupt = new KeyboardInterrupt();
    for (const waiter of waiters) waiter(interrupt);
  }

  /** From now on nothing this cell awaits comes back: the end of code that ignored the interrupt. */
  kill(): void {
    this.dead = true;
  }

  /** `await value`, interruptible. */
  wait<T>(value: T, note: Noter): T | Promise<Awaited<T>> {
    if (this.dead) return never();
    if (!isThenable(value)) return value;
    return new Promise((resolve, reject) => {
      this.waiters.add(reject);
      value.then(
        (result) => {
          this.waiters.delete(reject);
          resolve(result as Awaited<T>);
        },
        (error: unknown) => {
          this.waiters.delete(reject);
          note(error);
          reject(error);
        },
      );
    });
  }

  /** The next item of a loop; an interrupt closes the source first, so that its `finally` blocks run. */
  next<T>(iterator: AsyncIterator<T>, note: Noter): Promise<IteratorResult<T>> {
    if (this.dead) return never();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = (interrupt) => {
        const end = (): void => reject(interrupt);
        new Promise((done) => done(iterator.return?.())).then(end, end);
      };
      this.waiters.add(waiter);
      Promise.resolve(iterator.next()).then(
        (result) => {
          if (this.waiters.delete(waiter)) resolve(result);
        },
        (error: unknown) => {
          this.waiters.delete(waiter);
          note(error);
          reject(error);
        },
      );
    });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
