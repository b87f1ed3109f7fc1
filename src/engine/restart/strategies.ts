import type { Duration } from '../../core/duration.js';
import { ArgumentError } from '../../core/errors.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';

/** Decides, failure by failure, whether and when a job starts again. One object per job. */
export interface RestartBackoff {
  /** Milliseconds to wait before the next attempt; `undefined`: give up. @param now epoch ms, by the environment's clock */
  next(now: number): number | undefined;
  /** A checkpoint was completed: the job gets on. */
  progress(now: number): void;
}

/**
 * Whether a job that failed starts again.
 *
 * @see Flink: Task Failure Recovery, Restart Strategies
 */
export interface RestartStrategy {
  readonly kind: 'none' | 'fixed-delay' | 'exponential-delay' | 'failure-rate';
  /** In words, for messages. */
  readonly text: string;
  create(): RestartBackoff;
}

/** Settings of {@link RestartStrategies.exponentialDelayRestart}; defaults as in Flink, but where said. */
export interface ExponentialDelayOptions {
  /** Default 1 s. */
  readonly initialBackoffMs?: number;
  /** Default 1 minute. */
  readonly maxBackoffMs?: number;
  /** Default 1.5. */
  readonly backoffMultiplier?: number;
  /** After so long without a failure the delay begins anew. Default 1 hour. */
  readonly resetBackoffThresholdMs?: number;
  /** The part of the delay that chance adds or takes away. Default 0.1. */
  readonly jitterFactor?: number;
  /** How many failures in a row end the job. Default: no limit. */
  readonly attemptsBeforeResetBackoff?: number;
}

const EXPONENTIAL_OPTIONS: OptionNames<ExponentialDelayOptions> = {
  initialBackoffMs: true,
  maxBackoffMs: true,
  backoffMultiplier: true,
  resetBackoffThresholdMs: true,
  jitterFactor: true,
  attemptsBeforeResetBackoff: true,
};

const NONE: RestartStrategy = {
  kind: 'none',
  text: 'no restart',
  create: () => ({ next: () => undefined, progress: () => undefined }),
};

/**
 * The restart strategies, by Flink's names.
 *
 * @example
 *   env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, seconds(10)));
 */
export const RestartStrategies = {
  /** A failure is the end. */
  noRestart(): RestartStrategy {
    return NONE;
  },

  /** Up to `attempts` restarts, each after `delay`. Defaults: 1, 1 s. */
  fixedDelayRestart(attempts = 1, delay: Duration = 1000): RestartStrategy {
    if (!(Number.isInteger(attempts) || attempts === Number.POSITIVE_INFINITY) || attempts < 0) {
      throw new ArgumentError(`fixedDelayRestart: ${attempts} is not a count of attempts`);
    }
    checkDelay('fixedDelayRestart', delay);
    return {
      kind: 'fixed-delay',
      text: `${attempts} restarts, ${delay} ms apart`,
      create: () => {
        let left = attempts;
        return { next: () => (left-- > 0 ? delay : undefined), progress: () => undefined };
      },
    };
  },

  /** As long as there are no more than `maxFailures` within `interval`. Defaults: 1, 1 minute, 1 s. */
  failureRateRestart(maxFailures = 1, interval: Duration = 60_000, delay: Duration = 1000): RestartStrategy {
    if (!Number.isInteger(maxFailures) || maxFailures < 1) {
      throw new ArgumentError(`failureRateRestart: ${maxFailures} is not a count of failures`);
    }
    checkDelay('failureRateRestart', delay);
    checkDelay('failureRateRestart', interval);
    return {
      kind: 'failure-rate',
      text: `${maxFailures} failures within ${interval} ms, ${delay} ms apart`,
      create: () => {
        let failures: number[] = [];
        return {
          next(now) {
            failures = failures.filter((at) => now - at <= interval);
            // Flink: as many as were allowed already lie within the interval.
            if (failures.length >= maxFailures) return undefined;
            failures.push(now);
            return delay;
          },
          progress: () => undefined,
        };
      },
    };
  },

  /** After a delay that grows with each failure. */
  exponentialDelayRestart(options: ExponentialDelayOptions = {}): RestartStrategy {
    return exponential(options, false);
  },
} as const;

function exponential(options: ExponentialDelayOptions, forgiving: boolean): RestartStrategy {
  checkOptions('exponentialDelayRestart', options, EXPONENTIAL_OPTIONS);
  const {
    initialBackoffMs = 1000,
    maxBackoffMs = 60_000,
    backoffMultiplier = 1.5,
    resetBackoffThresholdMs = 3_600_000,
    jitterFactor = 0.1,
    attemptsBeforeResetBackoff = Number.POSITIVE_INFINITY,
  } = options;
  const counts = { initialBackoffMs, resetBackoffThresholdMs, attemptsBeforeResetBackoff };
  for (const [name, value] of Object.entries(counts)) {
    if (!(value >= 1)) throw new ArgumentError(`exponentialDelayRestart: ${name} is ${value}, not 1 or more`);
  }
  if (!(maxBackoffMs >= initialBackoffMs)) {
    throw new ArgumentError(`exponentialDelayRestart: maxBackoffMs is ${maxBackoffMs}, below initialBackoffMs`);
  }
  if (!(backoffMultiplier > 1)) {
    throw new ArgumentError(`exponentialDelayRestart: backoffMultiplier is ${backoffMultiplier}, not above 1`);
  }
  if (!(jitterFactor >= 0 && jitterFactor <= 1)) {
    throw new ArgumentError(`exponentialDelayRestart: jitterFactor is ${jitterFactor}, not from 0 to 1`);
  }
  return {
    kind: 'exponential-delay',
    text: `restarts after ${initialBackoffMs} to ${maxBackoffMs} ms`,
    create: () => {
      let backoff = initialBackoffMs;
      let attempts = 0;
      let restartedAt = Number.NEGATIVE_INFINITY;
      return {
        next(now) {
          if (now - restartedAt >= resetBackoffThresholdMs) {
            backoff = initialBackoffMs;
            attempts = 0;
          }
          if (attempts++ >= attemptsBeforeResetBackoff) return undefined;
          const jitter = Math.round(backoff * jitterFactor * (Math.random() * 2 - 1));
          // Chance makes no delay shorter than the first.
          const delay = Math.max(initialBackoffMs, Math.min(maxBackoffMs, Math.floor(backoff) + jitter));
          backoff = Math.min(maxBackoffMs, backoff * backoffMultiplier);
          restartedAt = now + delay;
          return delay;
        },
        progress() {
          if (!forgiving) return;
          backoff = initialBackoffMs;
          attempts = 0;
        },
      };
    },
  };
}

/**
 * What a job with checkpoints does where nothing is set. Flink restarts for ever; in a notebook a function that fails on
 * one element would then never end its cell, so we give up after 5 failures without a checkpoint in between.
 */
export const DEFAULT_WITH_CHECKPOINTS: RestartStrategy = exponential({ attemptsBeforeResetBackoff: 5 }, true);

function checkDelay(where: string, delay: number): void {
  if (!(delay >= 0)) throw new ArgumentError(`${where}: ${delay} is not a duration of 0 ms or more`);
}
