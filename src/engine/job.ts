import { VirtualClock } from '../core/clock.js';
import { StreambookError } from '../core/errors.js';
import { trackRunning } from '../core/running.js';
import { JobCancelledError } from './errors.js';
import { Execution, type ExecutionSettings } from './execution.js';
import type { StreamGraph } from './graph.js';
import { type JobMetrics, metricsOf } from './jobMetrics.js';

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
  /** What ended it, where it failed. */
  error: unknown;
  private execution: Execution;
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
  ) {
    this.execution = new Execution(graph, settings);
    this.untrack = trackRunning({ what: `job \`${name}\``, stop: () => this.cancel() });
    this.unfollow =
      settings.clock instanceof VirtualClock
        ? settings.clock.follow({ settled: () => this.execution.settled() })
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
    this.execution.cancel();
    await this.done.catch(() => undefined);
  }

  /** Counts, watermarks and state of every operator at this moment. */
  metrics(): JobMetrics {
    return metricsOf(this.execution, this.runtimeMs ?? performance.now() - this.startedAt);
  }

  private async run(): Promise<void> {
    // The caller gets the handle first.
    await Promise.resolve();
    try {
      await this.execution.run(() => {
        this.status = 'running';
      });
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
      this.untrack();
      this.unfollow();
    }
  }

  private result(): JobResult {
    if (this.runtimeMs === undefined) throw new StreambookError('job-running', `the job \`${this.name}\` still runs`);
    return { name: this.name, status: this.status, runtimeMs: this.runtimeMs, metrics: this.metrics() };
  }
}
