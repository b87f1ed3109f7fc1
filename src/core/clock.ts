import { quoted } from './arguments.js';
import { ArgumentError } from './errors.js';
import { checkOptions, type OptionNames } from './option-names.js';

/** Takes back something that was scheduled. Calling it twice does no harm. */
export type CancelTimer = () => void;

/**
 * Where an engine takes the time from: what windows in processing time, timers, idleness and rates see. Disks and
 * sockets keep to the real one.
 */
export interface Clock {
  /**
   * How long after its timestamp a processing-time timer fires. One millisecond on a real clock, as in Flink, so that a
   * window that ends at `t` still takes what arrives during the millisecond `t - 1`; none on a virtual one.
   */
  readonly timerDelayMs: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once, when the time is at least `at` (epoch ms); never from inside this call. */
  schedule(at: number, callback: () => void): CancelTimer;
}

// setTimeout cannot wait longer than this; a longer wait is made of several.
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The machine's own clock. */
export class SystemClock implements Clock {
  readonly timerDelayMs = 1;

  now(): number {
    return Date.now();
  }

  schedule(at: number, callback: () => void): CancelTimer {
    let handle: NodeJS.Timeout | undefined;
    const arm = (): void => {
      const wait = at - Date.now();
      handle = setTimeout(
        () => (Date.now() >= at ? callback() : arm()),
        Math.min(Math.max(wait, 0), LONGEST_TIMEOUT_MS),
      );
    };
    if (at < Number.POSITIVE_INFINITY) arm();
    return () => clearTimeout(handle);
  }
}

/** Something that follows a virtual clock and needs a moment to do its work after each step of it: a job. */
export interface ClockFollower {
  /** Resolves when there is nothing left to do at the present time. */
  settled(): Promise<void>;
}

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Options of a virtual clock. */
export interface VirtualClockOptions {
  /** Where it begins, epoch ms; default 0, that is 1970-01-01. */
  readonly startMs?: number;
  /** Jump to the next timer by itself whenever every job that follows it waits for nothing but time. Default: no. */
  readonly autoAdvance?: boolean;
}

const NAMES: OptionNames<VirtualClockOptions> = { startMs: true, autoAdvance: true };

/**
 * A clock that stands still until it is told to move, so that a program with timers gives the same result on every run,
 * and a day passes in a millisecond.
 *
 * @example
 *   const clock = virtualClock();
 *   const env = streamEnv({ clock });
 *   await env.advance(seconds(5));
 */
export class VirtualClock implements Clock {
  readonly timerDelayMs = 0;
  readonly autoAdvance: boolean;
  #now: number;
  #order = 0;
  readonly #scheduled = new Set<Scheduled>();
  readonly #followers = new Set<ClockFollower>();

  constructor(options: VirtualClockOptions = {}) {
    checkOptions('virtualClock', options, NAMES);
    this.#now = options.startMs ?? 0;
    this.autoAdvance = options.autoAdvance ?? false;
    if (!Number.isFinite(this.#now)) throw new ArgumentError(`virtualClock: startMs is ${this.#now}, not a time`);
  }

  now(): number {
    return this.#now;
  }

  schedule(at: number, callback: () => void): CancelTimer {
    const entry = { at, order: this.#order++, callback };
    this.#scheduled.add(entry);
    return () => {
      this.#scheduled.delete(entry);
    };
  }

  /** Called by a job that wants {@link advance} to wait for it. */
  follow(follower: ClockFollower): () => void {
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
    };
  }

  /** The time of the next scheduled call, `Infinity` if there is none. */
  nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#scheduled) if (entry.at < next) next = entry.at;
    return next;
  }

  /**
   * Moves on by `ms`, stopping at every scheduled time on the way, and waits at each until all jobs have done what
   * there was to do.
   *
   * @throws ArgumentError when `ms` is negative: time does not run backwards
   */
  async advance(ms: number): Promise<void> {
    if (typeof ms !== 'number' || !(ms >= 0) || ms === Number.POSITIVE_INFINITY) {
      throw new ArgumentError(`advance(${quoted(ms)}): a clock moves forward only, by a number of milliseconds`);
    }
    const target = this.#now + ms;
    await this.settle();
    for (;;) {
      const next = this.nextAt();
      if (next > target) break;
      this.#run(next);
      await this.settle();
    }
    this.#now = target;
    await this.settle();
  }

  /** Goes to the next scheduled time, if there is one, and runs what was scheduled for it. Used by `autoAdvance`. */
  jump(): boolean {
    const next = this.nextAt();
    if (next === Number.POSITIVE_INFINITY) return false;
    this.#run(next);
    return true;
  }

  /** Resolves when every job that follows this clock has nothing left to do at the present time. */
  async settle(): Promise<void> {
    await Promise.all([...this.#followers].map((follower) => follower.settled()));
  }

  #run(at: number): void {
    if (at > this.#now) this.#now = at;
    const due = [...this.#scheduled].filter((entry) => entry.at <= at).sort((a, b) => a.at - b.at || a.order - b.order);
    for (const entry of due) {
      if (!this.#scheduled.delete(entry)) continue;
      entry.callback();
    }
  }
}

/** Makes a {@link VirtualClock}. */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  return new VirtualClock(options);
}
