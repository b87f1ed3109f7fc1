import { VirtualClock } from '../core/clock.js';
import { display } from '../core/display.js';
import { StreambookError } from '../core/errors.js';
import { checkOptions } from '../core/option-names.js';
import { trackRunning } from '../core/running.js';
import { intoDirectory } from './checkpoint/savepoints.js';
import type { CheckpointStats, CompletedCheckpoint } from './checkpoint/stats.js';
import { JobCancelledError } from './errors.js';
import type { StreamGraph } from './graph/graph.js';
import { Plan } from './inspect/explain.js';
import { type JobMetrics, metricsOf } from './inspect/job-metrics.js';
import type { OperatorState } from './inspect/operator-state.js';
import { stateOf } from './inspect/state-of.js';
import type { TraceLog } from './inspect/trace.js';
import { type Why, whyNoOutput } from './inspect/why.js';
import { Attempts, type FaultSettings } from './restart/attempts.js';
import type { ExecutionSettings } from './run/execution.js';
import type { StateDescriptor } from './state/descriptors.js';

/** Where a job is. */
export type JobStatus = 'created' | 'running' | 'restarting' | 'finished' | 'failed' | 'cancelled';

/** What a job came to. */
export interface JobResult {
  readonly name: string;
  readonly status: JobStatus;
  /** Milliseconds from start to end. */
  readonly runtimeMs: number;
  readonly metrics: JobMetrics;
}

/**
 * A job that runs or has run: ask it for its state, wait for it, cancel it.
 *
 * @see Flink: `JobClient`
 */
export class Job {
  status: JobStatus = 'created';
  /** What happened so far; present with `streamEnv({ trace: true })`. */
  readonly trace: TraceLog | undefined;
  /** What ended it, where it failed. */
  error: unknown;
  private readonly attempts: Attempts;
  private readonly startedAt = performance.now();
  private runtimeMs: number | undefined;
  private readonly done: Promise<void>;
  private readonly untrack: () => void;
  private readonly unfollow: () => void;

  /** Starts at once. Use `env.executeAsync()`. */
  constructor(
    readonly name: string,
    graph: StreamGraph,
    settings: ExecutionSettings,
    faults: FaultSettings,
  ) {
    this.trace = settings.trace;
    this.attempts = new Attempts(name, graph, settings, faults, (status) => {
      this.status = status;
    });
    this.untrack = trackRunning({ what: `job \`${name}\``, stop: () => this.cancel() });
    this.unfollow =
      settings.clock instanceof VirtualClock
        ? settings.clock.follow({ settled: () => this.attempts.settled() })
        : () => undefined;
    this.done = this.run();
    // Somebody may never wait: a failure is kept in `error` and thrown by wait().
    this.done.catch(() => undefined);
  }

  /**
   * Resolves when the job has ended by itself or was cancelled.
   *
   * @throws what made it fail
   */
  async wait(): Promise<JobResult> {
    await this.done;
    return this.result();
  }

  /** Stops it: sources close, nothing more comes out. Resolves when all of it has ended; never throws. */
  async cancel(): Promise<void> {
    this.attempts.cancel();
    await this.done.catch(() => undefined);
  }

  /**
   * Takes a checkpoint now, besides those at intervals.
   *
   * @throws `job-not-running`, or why it failed
   */
  checkpoint(): Promise<CompletedCheckpoint> {
    return this.attempts.checkpoints.request();
  }

  /**
   * Writes a snapshot of the whole job into `directory`, from which a program, changed or not, can go on later:
   * `env.execute({ restoreFrom: directory })`. The job runs on, also where the savepoint cannot be written.
   *
   * @throws `savepoint-exists` where there is something already, `snapshot-not-written`, `job-not-running`
   * @see Flink: Savepoints
   */
  savepoint(directory: string | URL): Promise<CompletedCheckpoint> {
    return intoDirectory(directory, (path) => this.attempts.checkpoints.request({ savepoint: path }));
  }

  /**
   * Writes a savepoint and ends the job.
   *
   * @param options `drain`: the input counts as ended, so that windows fire before; for a program that will not go on
   * @see Flink: Stopping a Job with Savepoint
   */
  async stopWithSavepoint(
    directory: string | URL,
    options: { readonly drain?: boolean } = {},
  ): Promise<CompletedCheckpoint> {
    checkOptions('stopWithSavepoint', options, { drain: true });
    const { checkpoints } = this.attempts;
    const completed = await intoDirectory(directory, (path) =>
      options.drain === true ? checkpoints.requestAtEnd(path) : checkpoints.request({ savepoint: path, suspend: true }),
    );
    await this.done;
    return completed;
  }

  /** What became of the checkpoints so far. */
  get checkpoints(): CheckpointStats {
    return this.attempts.checkpoints.stats;
  }

  /** How often the job was started again after a failure. */
  get restarts(): number {
    return this.attempts.restarts;
  }

  /** Counts, rates, latencies, watermarks and state of every operator at this moment; `.toPrometheus()`. */
  metrics(): JobMetrics {
    return metricsOf(this.attempts.execution, {
      name: this.name,
      runtimeMs: this.runtimeMs ?? performance.now() - this.startedAt,
      restarts: this.restarts,
      checkpoints: this.checkpoints,
    });
  }

  /**
   * The state of an operator: keys, values, windows and timers, as they are at the moment they are asked for.
   *
   * @param operator its uid or name, or the descriptor of a state that only one operator has
   * @throws ArgumentError naming the operators that have state
   * @example
   *   job.state('counts').entries(); // [['Ann', 3], ['Bob', 1]]
   */
  state(operator: string | StateDescriptor): OperatorState {
    return stateOf(this.attempts.execution, operator);
  }

  /**
   * Calls `read` between two batches, when no element is on its way and no watermark is half-way through firing windows:
   * what several operators' states say belongs together then.
   *
   * @example
   *   const [left, right] = await job.inspect(() => [job.state('left').entries(), job.state('right').entries()]);
   */
  inspect<R>(read: () => R): Promise<R> {
    return this.attempts.execution.whenQuiet(read);
  }

  /** What runs, as it is wired: `console.log(job.explain())`, `.toMermaid()`. */
  explain(): Plan {
    return new Plan(this.attempts.execution.graph);
  }

  /**
   * Shows the job below the cell while it runs: its graph, rates, watermarks, state and checkpoints. Resolves when it has
   * ended, or when the cell is interrupted.
   */
  async show(): Promise<void> {
    await display().show?.(this);
  }

  /** Why there is no output (yet): `console.log(job.why())`. */
  why(): Why {
    return whyNoOutput(this.attempts.execution, this.status, this.error, this.checkpoints);
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const next =
      this.runtimeMs === undefined ? 'wait(), cancel(), show(), why(), metrics()' : 'metrics(), why(), error';
    return `Job \`${this.name}\`: ${this.status}; ${next}`;
  }

  private async run(): Promise<void> {
    // The caller gets the handle first.
    await Promise.resolve();
    try {
      await this.attempts.run();
      this.status = 'finished';
    } catch (error) {
      if (error instanceof JobCancelledError) {
        this.status = 'cancelled';
      } else {
        this.status = 'failed';
        this.error = error;
        throw error;
      }
    } finally {
      this.runtimeMs = performance.now() - this.startedAt;
      this.trace?.end();
      this.untrack();
      this.unfollow();
    }
  }

  private result(): JobResult {
    if (this.runtimeMs === undefined) throw new StreambookError('job-running', `the job \`${this.name}\` still runs`);
    return { name: this.name, status: this.status, runtimeMs: this.runtimeMs, metrics: this.metrics() };
  }
}
