import { ArgumentError } from '../../core/errors.js';

/** Where a pace takes its time from. Tests give their own. */
export interface PaceClock {
  /** Milliseconds, only ever growing. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's monotonic clock. */
export const systemClock: PaceClock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    }),
};

export interface RateOptions {
  /** A gap of this many milliseconds between one message and the next. Not with `perSecond`. */
  readonly everyMs?: number | undefined;
  /** So many messages a second, also thousands. Not with `everyMs`. */
  readonly perSecond?: number | undefined;
}

/** The gap between messages in ms; 0 is as fast as possible. @throws `bad-argument` */
export function gapMs(rate: RateOptions): number {
  const { everyMs, perSecond } = rate;
  if (everyMs !== undefined && perSecond !== undefined) {
    throw new ArgumentError('everyMs and perSecond were both given', {
      hint: 'give one: everyMs: 100 is perSecond: 10',
    });
  }
  if (everyMs !== undefined && !(Number.isFinite(everyMs) && everyMs >= 0)) {
    throw new ArgumentError(`everyMs is ${everyMs}`, { hint: 'a number of milliseconds, 0 or more' });
  }
  if (perSecond !== undefined && !(perSecond > 0)) {
    throw new ArgumentError(`perSecond is ${perSecond}`, { hint: 'a number above 0' });
  }
  return everyMs ?? (perSecond === undefined ? 0 : 1000 / perSecond);
}

/** How far a pace that was held up (a slow broker, a sleeping laptop) may hurry to catch up. */
const CATCH_UP_MS = 1_000;

/**
 * Says how many messages are due. The n-th is due n gaps after the first, whatever the timers did meanwhile: waiting
 * errors do not add up. The first is due at once.
 */
export class Pacer {
  private next: number | undefined;

  constructor(
    private readonly gap: number,
    private readonly clock: PaceClock = systemClock,
  ) {}

  /** How many messages may go now, at most `limit`; they count as sent. 0: wait `waitMs()` first. */
  take(limit: number): number {
    if (this.gap === 0) return limit;
    const now = this.clock.now();
    this.next ??= now;
    const behind = now - this.next;
    if (behind < 0) return 0;
    // Two gaps, where one is long: a message that is a little late does not shift the whole schedule.
    const most = Math.max(CATCH_UP_MS, 2 * this.gap);
    if (behind > most) this.next = now;
    const due = Math.min(limit, Math.floor((now - this.next) / this.gap) + 1);
    this.next += due * this.gap;
    return due;
  }

  /** Gives back messages that `take` allowed and that were not there to send. */
  giveBack(count: number): void {
    if (this.next !== undefined && count > 0) this.next -= count * this.gap;
  }

  /** Milliseconds until the next message is due. */
  waitMs(): number {
    return this.next === undefined || this.gap === 0 ? 0 : Math.max(0, this.next - this.clock.now());
  }

  /** After a pause: the schedule goes on from now. */
  restart(): void {
    if (this.next !== undefined) this.next = Math.max(this.next, this.clock.now());
  }
}
