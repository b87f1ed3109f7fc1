import type { TransactionPartitions, TransactionState } from './state.js';

/** A transactional id: what was written down of it last, and what is going on. */
export class Transaction {
  /** Ends the transaction when it takes too long, or tries again to finish what could not be written. */
  timer: NodeJS.Timeout | undefined;
  /** Set as soon as the end is asked for, before that is written down: nothing may join the transaction any more. */
  closing = false;
  /** While the transaction is ending: the partitions whose marker could not be written yet. */
  unmarked: TransactionPartitions | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private users = 0;

  constructor(
    readonly id: string,
    /** Undefined until the first state is written down. */
    public state: TransactionState | undefined,
  ) {}

  /** Whether a producer's batches for a partition may be taken. */
  get isOpen(): boolean {
    return this.state?.status === 'Ongoing' && !this.closing;
  }

  get isIdle(): boolean {
    return this.users === 0;
  }

  /** Does one thing after the other. */
  exclusively<T>(action: () => Promise<T>): Promise<T> {
    this.users++;
    const done = this.last.then(action).finally(() => {
      this.users--;
    });
    this.last = done.catch(() => {});
    return done;
  }

  callBack(action: () => void, afterMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(action, Math.max(1, afterMs));
    this.timer.unref();
  }
}
