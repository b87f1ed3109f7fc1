import type { CancelTimer, Clock } from '../../core/clock.js';
import { messageOf, StreambookError } from '../../core/errors.js';
import type { Execution } from '../run/execution.js';
import { capture } from './capture.js';
import type { CheckpointSettings } from './config.js';
import { atFault } from './fault-points.js';
import { type CheckpointRequest, named, positionsIn, type Waiting, writeSavepoint } from './participants.js';
import { type Snapshot, sizeOf } from './snapshot.js';
import type { CheckpointStats, CompletedCheckpoint } from './stats.js';
import type { CheckpointStorage } from './storage.js';
import type { JobTransaction } from './transaction.js';

/** What the coordinator has of its job. */
export interface CoordinatedJob {
  readonly name: string;
  readonly clock: Clock;
  readonly maxParallelism: number;
  /** Ids and the run, shared with whoever restores. */
  readonly ids: { nextId: number; readonly run: string };
  /** Called when one was completed. */
  readonly completed: () => void;
}

interface InFlight {
  readonly id: number;
  readonly began: number;
  readonly takenAt: number;
  pauseMs: number;
  readonly waiting: readonly Waiting[];
  /** Not for savepoints only: those may fail without harm to the job. */
  readonly isCheckpoint: boolean;
  /** Nothing is processed any more. */
  suspended: boolean;
  /** The outcome is in the outside system's hands. */
  committing: boolean;
  over: boolean;
  timer: NodeJS.Timeout | undefined;
}

const SLICE_MS = 10;

/**
 * Takes the checkpoints of a job, over all its attempts; one at a time.
 *
 * Between two batches no element is inside an operator, so what the job's loop calls {@link take} for is one consistent
 * cut. Only writing down the state holds processing up; disk, commit and clearing up happen while it goes on.
 *
 * @see Flink: `CheckpointCoordinator`
 */
export class CheckpointCoordinator {
  private execution: Execution | undefined;
  private transaction: JobTransaction | undefined;
  private waiting: Waiting[] = [];
  private atEnd: Waiting[] = [];
  private due = false;
  private ended = false;
  private inFlight: InFlight | undefined;
  private cancelTimer: CancelTimer | undefined;
  /** What is being written or removed. */
  private working: Promise<unknown> = Promise.resolve();
  /** Nothing is processed any more: there is nothing new for a checkpoint at an interval. */
  private suspended = false;
  private failuresInRow = 0;
  private final: 'no' | 'wanted' | 'taken' | 'done' = 'no';
  private lastBeganAt = 0;
  private counts = { triggered: 0, completed: 0, failed: 0, restored: 0 };
  private last: CompletedCheckpoint | undefined;
  private lastFailure: string | undefined;
  private lastRestore: { id: number; path: string } | undefined;

  constructor(
    private readonly job: CoordinatedJob,
    private readonly settings: CheckpointSettings,
    private readonly storage: CheckpointStorage,
    /** Whether there is something to commit at the end although no checkpoints are taken. */
    private readonly commitAtEnd: boolean,
  ) {}

  get stats(): CheckpointStats {
    const { counts, last, lastFailure, lastRestore } = this;
    return { ...counts, inProgress: this.inFlight !== undefined, last, lastFailure, lastRestore };
  }

  /** Another attempt begins. */
  attach(execution: Execution, transaction: JobTransaction | undefined): void {
    this.execution = execution;
    this.transaction = transaction;
    this.final = 'no';
    this.failuresInRow = 0;
    this.suspended = false;
    this.lastBeganAt = this.job.clock.now();
    this.schedule(this.lastBeganAt);
    if (this.atEnd.length > 0) execution.drain();
  }

  /** The attempt is over: whatever was under way counts no more. */
  detach(): void {
    this.cancelTimer?.();
    this.due = false;
    const error = new StreambookError('checkpoint-aborted', 'the job ended before the checkpoint was completed');
    if (this.inFlight !== undefined) this.close(this.inFlight, error);
    for (const one of [...this.waiting.splice(0), ...this.atEnd.splice(0)]) one.reject(error);
    this.execution = undefined;
  }

  /** Nothing is being written or removed any more: who goes on from what is there, or throws it away, meets nobody. */
  async quiet(): Promise<void> {
    await this.working;
  }

  /** The job is over: whoever asks now is told so. */
  end(): void {
    this.ended = true;
    this.detach();
  }

  restored(id: number, path: string): void {
    this.counts.restored++;
    this.lastRestore = { id, path };
  }

  /** Asks for a snapshot at the next quiet moment. */
  request(request: CheckpointRequest = {}): Promise<CompletedCheckpoint> {
    if (this.ended) {
      return Promise.reject(new StreambookError('job-not-running', `the job \`${this.job.name}\` does not run`));
    }
    const promise = new Promise<CompletedCheckpoint>((resolve, reject) => {
      this.waiting.push({ ...request, resolve, reject });
    });
    this.execution?.wake();
    return promise;
  }

  /** Lets all inputs end, and asks for a savepoint then. */
  requestAtEnd(savepoint: string): Promise<CompletedCheckpoint> {
    if (this.ended) return this.request();
    const promise = new Promise<CompletedCheckpoint>((resolve, reject) => {
      this.atEnd.push({ savepoint, resolve, reject });
    });
    this.execution?.drain();
    return promise;
  }

  /** Whether a quiet moment is waited for. */
  get wanted(): boolean {
    return this.inFlight === undefined && (this.due || this.waiting.length > 0 || this.final === 'wanted');
  }

  /** Whether there is something left to do at this time. */
  get busy(): boolean {
    return this.inFlight !== undefined || this.wanted;
  }

  /** Called when the job has nothing left to process: whether it may end, or a last checkpoint has to come before. */
  mayEnd(): boolean {
    if (this.final === 'done') return true;
    if (this.final === 'no') {
      this.waiting.push(...this.atEnd.splice(0));
      if (!this.enabled && !this.commitAtEnd && this.waiting.length === 0) return this.inFlight === undefined;
      this.final = 'wanted';
    }
    return false;
  }

  /** The quiet moment: writes down the state. Nothing is processed until the promise resolves. */
  async take(): Promise<void> {
    const execution = this.execution as Execution;
    const { clock, ids, name, maxParallelism } = this.job;
    const id = ids.nextId++;
    const waiting = this.waiting.splice(0);
    const isFinal = this.final === 'wanted';
    if (isFinal) this.final = 'taken';
    const isCheckpoint = this.due || isFinal || waiting.some((request) => request.savepoint === undefined);
    this.due = false;
    this.counts.triggered++;
    const now = clock.now();
    this.lastBeganAt = now;
    const one: InFlight = {
      id,
      began: performance.now(),
      takenAt: now,
      pauseMs: 0,
      waiting,
      isCheckpoint,
      suspended: false,
      committing: false,
      over: false,
      timer: undefined,
    };
    this.inFlight = one;
    one.timer = setTimeout(() => this.timedOut(one), this.settings.timeoutMs);
    const suspend = waiting.some((request) => request.suspend);
    try {
      const preparing: (Promise<void> | undefined)[] = [];
      for (const { operator, context } of execution.topology.operators) {
        for (const write of context.beforeSnapshot) write(id, now);
        const prepared = named(context, `while it prepared checkpoint ${id}`, () => operator.snapshotState(id));
        if (prepared !== undefined) preparing.push(prepared);
      }
      if (this.transaction !== undefined) preparing.push(this.transaction.seal(id));
      const prepared = Promise.all(preparing);
      prepared.catch(() => undefined);
      const kind = waiting.some((request) => request.savepoint !== undefined) ? 'savepoint' : 'checkpoint';
      const snapshot = await this.write(
        capture(execution, { id, job: name, run: ids.run, kind, takenAt: now, maxParallelism }),
        one,
      );
      one.pauseMs = performance.now() - one.began;
      if (suspend) {
        one.suspended = true;
        this.suspended = true;
        this.due = false;
        execution.suspend();
      }
      if (!one.over) void this.finish(one, snapshot, prepared, execution).catch((error) => this.failed(one, error));
    } catch (error) {
      this.failed(one, error);
    }
  }

  private async write(pieces: Generator<void, Snapshot>, one: InFlight): Promise<Snapshot> {
    for (;;) {
      const deadline = performance.now() + SLICE_MS;
      while (performance.now() < deadline) {
        const piece = pieces.next();
        if (piece.done === true) return piece.value;
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (one.over) throw new StreambookError('checkpoint-aborted', 'it was given up');
    }
  }

  private async finish(
    one: InFlight,
    snapshot: Snapshot,
    prepared: Promise<unknown>,
    execution: Execution,
  ): Promise<void> {
    const { transaction } = this;
    try {
      await prepared;
    } catch (error) {
      // A sink that cannot write is a failure of the job, not of a checkpoint.
      execution.fail(error);
      throw error;
    }
    if (one.over) return;
    const { id } = one;
    // What an outside system commits is what a restart goes on from, be it asked for as a savepoint only.
    const asked = one.waiting.some((request) => request.savepoint === undefined || transaction !== undefined);
    const keep = this.enabled || asked;
    const path = await this.onDisk(this.store(one, snapshot, keep, transaction !== undefined));
    if (one.over) return;
    if (transaction !== undefined) {
      one.committing = true;
      for (const { source, position } of positionsIn(snapshot, execution)) {
        source.reader.checkpointCommitting?.(position);
      }
      await transaction.commit({ id, run: this.job.ids.run });
      if (keep) await this.storage.confirm(id);
      atFault('confirmed');
    }
    await this.tellAll(one, snapshot, execution);
    if (one.over) return;
    if (keep) await this.onDisk(this.clearUp(id));
    this.completed(one, {
      id,
      kind: snapshot.meta.kind,
      path: path.replace(/\.pending$/, ''),
      takenAt: one.takenAt,
      sizeBytes: sizeOf(snapshot),
      durationMs: performance.now() - one.began,
      pauseMs: one.pauseMs,
    });
  }

  private async store(one: InFlight, snapshot: Snapshot, keep: boolean, pending: boolean): Promise<string> {
    let path = 'memory';
    if (keep) ({ path } = await this.storage.write(snapshot, pending));
    for (const request of one.waiting) await writeSavepoint(snapshot, request);
    if (one.over && keep) await this.storage.discard(one.id);
    return path;
  }

  private onDisk<R>(work: Promise<R>): Promise<R> {
    this.working = Promise.allSettled([this.working, work]).then(() => undefined);
    return work;
  }

  /** Between two elements, as everything that touches operators. */
  private tellAll(one: InFlight, snapshot: Snapshot, execution: Execution): Promise<void> {
    return new Promise((resolve, reject) => {
      execution.mail(() => {
        if (one.over) return resolve();
        const told: unknown[] = [];
        try {
          const { operators } = execution.topology;
          const what = `while it committed checkpoint ${one.id}`;
          for (const { operator, context } of operators) {
            told.push(named(context, what, () => operator.checkpointCompleted(one.id)));
          }
          for (const { source, position } of positionsIn(snapshot, execution)) {
            told.push(named(source, what, () => source.reader.checkpointCompleted?.(one.id, position)));
          }
        } catch (error) {
          reject(error);
          throw error;
        }
        Promise.all(told).then(
          () => resolve(),
          (error: unknown) => {
            execution.fail(error);
            reject(error);
          },
        );
      });
    });
  }

  private completed(one: InFlight, completed: CompletedCheckpoint): void {
    clearTimeout(one.timer);
    one.over = true;
    this.inFlight = undefined;
    this.failuresInRow = 0;
    this.counts.completed++;
    this.last = completed;
    if (this.final === 'taken') this.final = 'done';
    this.job.completed();
    for (const request of one.waiting) {
      request.resolve(request.savepoint === undefined ? completed : { ...completed, path: request.savepoint });
    }
    this.next();
  }

  /** Keeps the newest ones. A failure to remove old ones harms nobody. */
  private async clearUp(id: number): Promise<void> {
    const old = (await this.storage.list().catch(() => [])).filter((one) => !one.pending && one.id <= id);
    for (const { id: oldId } of old.slice(this.settings.maxRetained)) {
      await this.storage.discard(oldId).catch(() => undefined);
    }
  }

  private timedOut(one: InFlight): void {
    const { timeoutMs } = this.settings;
    this.failed(
      one,
      new StreambookError('checkpoint-timeout', `checkpoint ${one.id} took longer than ${timeoutMs} ms`),
    );
  }

  private failed(one: InFlight, error: unknown): void {
    if (one.over) return;
    const { execution } = this;
    const outside = this.transaction !== undefined;
    this.close(one, error);
    this.counts.failed++;
    this.lastFailure = messageOf(error);
    if (this.final === 'taken') this.final = 'no';
    // What a transaction has sealed cannot be left for the next one, and how a commit ended is not known.
    const fatal = outside || one.suspended;
    // A savepoint that fails is not counted, as in Flink (CheckpointFailureManager).
    const counted = one.isCheckpoint && ++this.failuresInRow > this.settings.tolerableFailures;
    if (fatal || counted) execution?.fail(error);
    else this.next();
  }

  private close(one: InFlight, error: unknown): void {
    clearTimeout(one.timer);
    one.over = true;
    if (this.inFlight === one) this.inFlight = undefined;
    for (const request of one.waiting) request.reject(error);
  }

  private next(): void {
    this.schedule(this.job.clock.now() + this.settings.minPauseMs - (this.settings.intervalMs ?? 0));
    this.execution?.wake();
  }

  private get enabled(): boolean {
    return this.settings.intervalMs !== undefined;
  }

  private schedule(notBeforeLessInterval: number): void {
    const { intervalMs } = this.settings;
    this.cancelTimer?.();
    if (intervalMs === undefined || this.execution === undefined || this.suspended) return;
    const at = Math.max(this.lastBeganAt, notBeforeLessInterval) + intervalMs;
    this.cancelTimer = this.job.clock.schedule(at, () => {
      if (this.suspended) return;
      this.due = true;
      this.execution?.wake();
    });
  }
}
