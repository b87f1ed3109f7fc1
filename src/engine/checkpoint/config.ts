import { checkWord, quoted } from '../../core/arguments.js';
import type { Duration } from '../../core/duration.js';
import { ArgumentError } from '../../core/errors.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';

/** What a restart may do to state: `EXACTLY_ONCE` is the only one here, since nothing is ever in flight at a checkpoint. */
export type CheckpointingMode = 'EXACTLY_ONCE' | 'AT_LEAST_ONCE';

/** What becomes of a job's checkpoints when it is cancelled. */
export type ExternalizedCheckpointRetention = 'RETAIN_ON_CANCELLATION' | 'DELETE_ON_CANCELLATION';

/** How a job takes checkpoints. Names and defaults are Flink's, but where said. */
export interface CheckpointOptions {
  /** From the beginning of one checkpoint to the next; by the environment's clock. Absent: only on demand. */
  readonly intervalMs?: number | undefined;
  readonly mode?: CheckpointingMode | undefined;
  /** A checkpoint that takes longer is given up. Real time. Default 10 minutes. */
  readonly timeoutMs?: number | undefined;
  /** The least time between the end of one and the beginning of the next. Default 0. */
  readonly minPauseMs?: number | undefined;
  /** How many checkpoints are kept. Default 2 (Flink: 1), so that there is one before the last should it be damaged. */
  readonly maxRetained?: number | undefined;
  /** How many may fail, one after the other, before the job fails. Default 0. */
  readonly tolerableFailures?: number | undefined;
  /** A directory, or `'memory'` (default): then they serve restarts within this process. */
  readonly storage?: string | undefined;
  /** Default `RETAIN_ON_CANCELLATION`. Those of jobs that finish, fail or are killed always stay. */
  readonly retention?: ExternalizedCheckpointRetention | undefined;
}

const NAMES: OptionNames<CheckpointOptions> = {
  intervalMs: true,
  mode: true,
  timeoutMs: true,
  minPauseMs: true,
  maxRetained: true,
  tolerableFailures: true,
  storage: true,
  retention: true,
};

/** {@link CheckpointOptions} with everything set. */
export interface CheckpointSettings {
  readonly intervalMs: number | undefined;
  readonly timeoutMs: number;
  readonly minPauseMs: number;
  readonly maxRetained: number;
  readonly tolerableFailures: number;
  readonly storage: string;
  readonly retention: ExternalizedCheckpointRetention;
}

const TEN_MINUTES_MS = 600_000;
/** Flink refuses shorter intervals, too. */
const SHORTEST_INTERVAL_MS = 10;

/**
 * How an environment takes checkpoints; what `env.getCheckpointConfig()` returns. Setters return the object.
 *
 * @example
 *   env.enableCheckpointing(seconds(1));
 *   env.getCheckpointConfig().setCheckpointStorage('checkpoints').setMaxRetainedCheckpoints(3);
 * @see Flink: Checkpointing; `CheckpointConfig`
 */
export class CheckpointConfig {
  private options: CheckpointOptions = {};

  /** @throws ArgumentError for a value out of its range, and for an option that does not exist */
  set(options: CheckpointOptions): this {
    checkOptions('checkpointing', options, NAMES);
    const next = { ...this.options, ...options };
    check(isMs(next.intervalMs, SHORTEST_INTERVAL_MS), 'interval', next.intervalMs, '10 ms or more');
    checkWord('checkpointing: mode', next.mode, ['EXACTLY_ONCE', 'AT_LEAST_ONCE']);
    checkWord('checkpointing: retention', next.retention, ['RETAIN_ON_CANCELLATION', 'DELETE_ON_CANCELLATION']);
    check(isMs(next.timeoutMs, 10), 'timeout', next.timeoutMs, '10 ms or more');
    check(isMs(next.minPauseMs, 0), 'min pause', next.minPauseMs, '0 ms or more');
    check(
      next.maxRetained === undefined || isCount(next.maxRetained, 1),
      'number retained',
      next.maxRetained,
      'an integer from 1',
    );
    check(
      next.tolerableFailures === undefined || isCount(next.tolerableFailures, 0),
      'tolerable failures',
      next.tolerableFailures,
      'an integer from 0',
    );
    const { storage } = next;
    check(
      storage === undefined || (typeof storage === 'string' && storage !== ''),
      'storage',
      storage,
      "a directory or 'memory'",
    );
    this.options = next;
    return this;
  }

  setCheckpointInterval(interval: Duration): this {
    return this.set({ intervalMs: interval });
  }

  setCheckpointTimeout(timeout: Duration): this {
    return this.set({ timeoutMs: timeout });
  }

  setMinPauseBetweenCheckpoints(pause: Duration): this {
    return this.set({ minPauseMs: pause });
  }

  setTolerableCheckpointFailureNumber(failures: number): this {
    return this.set({ tolerableFailures: failures });
  }

  /** A directory for `chk-1`, `chk-2`, ..., or `'memory'`. */
  setCheckpointStorage(storage: string): this {
    return this.set({ storage });
  }

  setMaxRetainedCheckpoints(count: number): this {
    return this.set({ maxRetained: count });
  }

  setExternalizedCheckpointRetention(retention: ExternalizedCheckpointRetention): this {
    return this.set({ retention });
  }

  /** Whether checkpoints are taken by themselves. */
  isCheckpointingEnabled(): boolean {
    return this.options.intervalMs !== undefined;
  }

  /** @internal */
  settings(): CheckpointSettings {
    const { options } = this;
    return {
      intervalMs: options.intervalMs,
      timeoutMs: options.timeoutMs ?? TEN_MINUTES_MS,
      minPauseMs: options.minPauseMs ?? 0,
      maxRetained: options.maxRetained ?? 2,
      tolerableFailures: options.tolerableFailures ?? 0,
      storage: options.storage ?? 'memory',
      retention: options.retention ?? 'RETAIN_ON_CANCELLATION',
    };
  }
}

function isMs(value: number | undefined, least: number): boolean {
  return value === undefined || (typeof value === 'number' && value >= least);
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}

function check(holds: boolean, what: string, value: unknown, wanted: string): void {
  if (!holds) throw new ArgumentError(`checkpointing: ${what} is ${quoted(value)}, not ${wanted}`);
}
