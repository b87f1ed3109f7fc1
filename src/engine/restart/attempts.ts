import { type Clock, VirtualClock } from '../../core/clock.js';
import { isStreambookError, messageOf, StreambookError } from '../../core/errors.js';
import type { CheckpointSettings } from '../checkpoint/config.js';
import { CheckpointCoordinator } from '../checkpoint/coordinator.js';
import { DirectoryStorage } from '../checkpoint/directory.js';
import { Recovery, type RestorePoint } from '../checkpoint/recovery.js';
import { RestorePlan } from '../checkpoint/restore.js';
import { type CheckpointStorage, MemoryStorage } from '../checkpoint/storage.js';
import type { JobTransaction, TransactionFactory } from '../checkpoint/transaction.js';
import { unaskedIn } from '../checkpoint/unasked.js';
import { JobCancelledError, OperatorError } from '../errors.js';
import type { StreamGraph } from '../graph/graph.js';
import { Execution, type ExecutionSettings } from '../run/execution.js';
import {
  DEFAULT_WITH_CHECKPOINTS,
  type RestartBackoff,
  RestartStrategies,
  type RestartStrategy,
} from './strategies.js';

/** What a job is told about failures. */
export interface FaultSettings {
  readonly checkpointing: CheckpointSettings;
  /** Default: none; with checkpoints at intervals, restarts after growing delays. */
  readonly restartStrategy?: RestartStrategy | undefined;
  /** A snapshot's directory, or `'latest'`: what the checkpoint storage holds. */
  readonly restoreFrom?: string | undefined;
  readonly allowNonRestoredState?: boolean | undefined;
  /** What outside systems know the job by. Default: its name. */
  readonly uid?: string | undefined;
}

/** Runs a graph, again and again where it fails, as the restart strategy says. */
export class Attempts {
  /** The one that runs, or ran last. */
  execution: Execution;
  readonly checkpoints: CheckpointCoordinator;
  /** How often it was started again. */
  restarts = 0;
  private readonly storage: CheckpointStorage;
  private readonly recovery: Recovery;
  private readonly factory: TransactionFactory | undefined;
  private readonly backoff: RestartBackoff;
  private cancelled = false;
  /** Whether the execution made by the constructor can be run as it is. */
  private fresh: boolean;
  private unaskedTold = false;
  private stopWaiting: (() => void) | undefined;
  /** While no execution is at work: resolves when there is one, or when only time is waited for. */
  private changing: Promise<void> | undefined;
  private changed: (() => void) | undefined;

  constructor(
    private readonly name: string,
    private readonly graph: StreamGraph,
    private readonly settings: ExecutionSettings,
    private readonly faults: FaultSettings,
    private readonly onStatus: (status: 'running' | 'restarting') => void,
  ) {
    const { checkpointing, restoreFrom } = faults;
    this.storage =
      checkpointing.storage === 'memory' ? new MemoryStorage() : new DirectoryStorage(checkpointing.storage);
    this.recovery = new Recovery(this.storage, restoreFrom, (message) => this.warn(message));
    this.factory = transactionOf(graph);
    const strategy =
      faults.restartStrategy ??
      (checkpointing.intervalMs === undefined ? RestartStrategies.noRestart() : DEFAULT_WITH_CHECKPOINTS);
    this.backoff = strategy.create();
    const { clock, maxParallelism } = settings;
    const commitAtEnd = graph.nodes.some((node) => node.commits === true || node.transaction !== undefined);
    this.checkpoints = new CheckpointCoordinator(
      { name, clock, maxParallelism, ids: this.recovery, completed: () => this.checkpointCompleted() },
      checkpointing,
      this.storage,
      commitAtEnd,
    );
    this.fresh = restoreFrom === undefined && this.factory === undefined && checkpointing.storage === 'memory';
    this.execution = this.make(undefined, undefined);
    if (!this.fresh) this.beginChange();
  }

  /** @throws what failed last, or JobCancelledError */
  async run(): Promise<void> {
    let release: (() => void) | undefined;
    try {
      release = this.storage.claim(this.name);
      await this.runAll();
    } finally {
      release?.();
      this.nameUnasked();
      this.endChange();
      this.checkpoints.end();
      if (this.cancelled && this.faults.checkpointing.retention === 'DELETE_ON_CANCELLATION') await this.deleteAll();
    }
  }

  private checkpointCompleted(): void {
    this.backoff.progress(this.settings.clock.now());
    this.nameUnasked();
  }

  /** State whose operator is there, but which nobody has wanted so far. Told once. */
  private nameUnasked(): void {
    if (this.unaskedTold || this.checkpoints.stats.restored === 0) return;
    const unasked = unaskedIn(this.execution.topology);
    if (unasked.length === 0) return;
    this.unaskedTold = true;
    this.warn(
      `the program has not asked for state that the snapshot holds: ${unasked.join(', ')}\n` +
        '  hint: it is kept, and goes on into snapshots; if it was renamed, give it its name back',
    );
  }

  /** The checkpoints of this run; those from before it are not its own. */
  private async deleteAll(): Promise<void> {
    for (const { id } of await this.storage.list().catch(() => [])) {
      if (id >= this.recovery.firstId) await this.storage.discard(id).catch(() => undefined);
    }
  }

  private async runAll(): Promise<void> {
    for (;;) {
      try {
        await this.attempt();
        return;
      } catch (error) {
        if (this.cancelled || error instanceof JobCancelledError) throw new JobCancelledError(this.name);
        const delayMs = this.backoff.next(this.settings.clock.now());
        if (delayMs === undefined || isHopeless(error)) throw error;
        this.restarts++;
        this.onStatus('restarting');
        this.warn(
          `${messageOf(error)}\n  it starts again in ${(delayMs / 1000).toFixed(1)} s (restart ${this.restarts})`,
        );
        await this.wait(delayMs);
        if (this.cancelled) throw new JobCancelledError(this.name);
      }
    }
  }

  cancel(): void {
    this.cancelled = true;
    this.execution.cancel();
    this.stopWaiting?.();
  }

  /** Resolves when there is nothing left to do at the present time of the clock. */
  async settled(): Promise<void> {
    while (this.changing !== undefined) await this.changing;
    await this.execution.settled();
    if (this.changing !== undefined) await this.settled();
  }

  private async attempt(): Promise<void> {
    this.beginChange();
    let transaction: JobTransaction | undefined;
    try {
      transaction = await this.openTransaction();
      const plan = await this.restorePlan(transaction);
      if (!this.fresh) this.execution = this.make(plan, transaction);
      this.fresh = false;
      if (this.cancelled) throw new JobCancelledError(this.name);
      this.checkpoints.attach(this.execution, transaction);
      await this.execution.run(() => {
        this.onStatus('running');
        this.endChange();
      });
    } finally {
      this.beginChange();
      this.checkpoints.detach();
      await transaction?.close();
      await this.checkpoints.quiet();
    }
  }

  private async openTransaction(): Promise<JobTransaction | undefined> {
    const { checkpointing, uid } = this.faults;
    return this.factory?.create({
      jobUid: uid ?? this.name,
      longestMs: (checkpointing.intervalMs ?? 0) + checkpointing.timeoutMs,
      fail: (error) => this.execution.fail(error),
      block: () => this.execution.block(),
    });
  }

  private async restorePlan(transaction: JobTransaction | undefined): Promise<RestorePlan | undefined> {
    const committed = await transaction?.recover();
    const point: RestorePoint | undefined = await this.recovery.next(transaction !== undefined, committed);
    if (point === undefined) return undefined;
    const { maxParallelism } = this.settings;
    const plan = new RestorePlan(
      point.snapshot,
      this.graph,
      maxParallelism,
      this.faults.allowNonRestoredState ?? false,
    );
    if (plan.lost.length > 0 && this.restarts === 0) {
      this.warn(`state that the program has no operator for was left out, as allowed: ${plan.lost.join(', ')}`);
    }
    this.checkpoints.restored(point.snapshot.meta.id, point.path);
    return plan;
  }

  private make(restore: RestorePlan | undefined, transaction: JobTransaction | undefined): Execution {
    return new Execution(this.graph, { ...this.settings, checkpoints: this.checkpoints, restore, transaction });
  }

  private wait(delayMs: number): Promise<void> {
    const { clock } = this.settings;
    return new Promise((resolve) => {
      const cancel = clock.schedule(clock.now() + delayMs, () => {
        // From here to the next attempt a virtual clock has to stand still.
        this.beginChange();
        resolve();
      });
      this.stopWaiting = () => {
        cancel();
        resolve();
      };
      this.endChange();
      jumpOn(clock);
    });
  }

  private beginChange(): void {
    this.changing ??= new Promise((resolve) => {
      this.changed = resolve;
    });
  }

  private endChange(): void {
    this.changing = undefined;
    this.changed?.();
    this.changed = undefined;
  }

  private warn(message: string): void {
    console.warn(`job \`${this.name}\`: ${message}`);
  }
}

/** What another attempt would meet again: what to go on from is not there, or does not fit. */
const NEVER_BETTER = [
  'checkpoint-storage',
  'damaged-snapshot',
  'snapshot-version',
  'snapshot-mismatch',
  'lost-checkpoint',
  'no-checkpoint',
  'lost-file',
  'state-version',
  'state-kind',
  'class-version',
  'used-up',
];

function isHopeless(error: unknown): boolean {
  const below = error instanceof OperatorError ? error.cause : error;
  return NEVER_BETTER.some((code) => isStreambookError(below, code));
}

/** With nothing at work but a delay, a clock that advances by itself goes on. */
function jumpOn(clock: Clock): void {
  if (clock instanceof VirtualClock && clock.autoAdvance) setImmediate(() => clock.jump());
}

function transactionOf(graph: StreamGraph): TransactionFactory | undefined {
  let found: TransactionFactory | undefined;
  for (const { transaction, name } of graph.nodes) {
    if (transaction === undefined) continue;
    if (found !== undefined && found.system !== transaction.system) {
      throw new StreambookError(
        'two-transactions',
        `the job writes exactly once to ${found.system} and, in ${name}, to ${transaction.system}`,
        {
          hint: 'one transaction decides for the whole job, so all exactly-once Kafka sinks have to be on one cluster',
        },
      );
    }
    found ??= transaction;
  }
  return found;
}
