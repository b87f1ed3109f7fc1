import { type Clock, VirtualClock } from '../../core/clock.js';
import type { CheckpointCoordinator } from '../checkpoint/coordinator.js';
import type { RestorePlan } from '../checkpoint/restore.js';
import type { JobTransaction } from '../checkpoint/transaction.js';
import { closeAll } from '../closing.js';
import { JobCancelledError } from '../errors.js';
import type { StreamGraph } from '../graph/graph.js';
import { Meters, type Totals } from '../inspect/meters.js';
import type { Trace, TraceLog } from '../inspect/trace.js';
import type { SlicedWork } from '../operator-context.js';
import { Alignment } from '../time/alignment.js';
import { keepersIn, MemoryWatch } from './memory-watch.js';
import { SlowCalls } from './slow-calls.js';
import type { SourceLoop, SourceTask } from './source-task.js';
import { type OperatorTask, type Topology, wire } from './topology.js';

/** How a job runs. */
export interface ExecutionSettings {
  readonly clock: Clock;
  readonly maxParallelism: number;
  /** 0: watermarks after each element that raises them; above: every so many ms of processing time. */
  readonly autoWatermarkIntervalMs: number;
  readonly trace?: TraceLog | undefined;
  readonly checkpoints?: CheckpointCoordinator | undefined;
  /** The snapshot to go on from. */
  readonly restore?: RestorePlan | undefined;
  readonly transaction?: JobTransaction | undefined;
}

/** How long a slice is: then the loop lets everything else in the process run. */
const SLICE_MS = 10;

const yieldToOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * One attempt to run a graph: all subtasks in this thread, fed by the sources in turn, in slices of 10 ms.
 *
 * A batch goes all the way down by direct calls, so between two batches no element is inside any operator.
 */
export class Execution implements SourceLoop {
  readonly clock: Clock;
  readonly trace: Trace | undefined;
  readonly autoWatermarkIntervalMs: number;
  readonly topology: Topology;
  deadline = 0;
  /** Set once more when this is made, as `draining` of an operator's context is. */
  interrupted = true;
  /** Milliseconds spent waiting because a queue was full. */
  blockedMs = 0;
  private readonly memory = new MemoryWatch();
  readonly slowCalls = new SlowCalls();
  readonly alignment = new Alignment();
  readonly meters = new Meters(
    () => this.topology,
    () => this.totals(),
  );
  private readonly work: SlicedWork[] = [];
  private mailbox: (() => void)[] = [];
  private blocks = 0;
  private blockedSince = 0;
  /** Milliseconds spent waiting for elements or for time. */
  private idleMs = 0;
  private cancelled = false;
  private wakeUp: (() => void) | undefined;
  private settledWaiters: (() => void)[] = [];
  private quietWaiters: (() => void)[] = [];
  private ended = false;
  private pauseCount = 0;
  private readonly checkpoints: CheckpointCoordinator | undefined;
  readonly restore: RestorePlan | undefined;
  readonly transaction: JobTransaction | undefined;
  /** The last snapshot was taken: nothing is processed any more. */
  private suspended = false;
  private closingFailed: unknown;

  constructor(
    readonly graph: StreamGraph,
    settings: ExecutionSettings,
  ) {
    this.interrupted = false;
    this.clock = settings.clock;
    this.trace = settings.trace;
    this.autoWatermarkIntervalMs = settings.autoWatermarkIntervalMs;
    this.checkpoints = settings.checkpoints;
    this.restore = settings.restore;
    this.transaction = settings.transaction;
    this.topology = wire(graph, this, settings.maxParallelism);
    this.slowCalls.cover(this.topology.operators.flatMap((task) => task.gates));
  }

  /** Runs to the end of all inputs. @throws what failed, or JobCancelledError */
  async run(onRunning: () => void): Promise<void> {
    let over = false;
    try {
      await this.open();
      onRunning();
      await this.loop();
      over = true;
    } finally {
      this.cancelled = true;
      const failure = await closeAll(this.topology, over);
      // Of a job that failed or was cancelled, what comes after that is of no interest.
      if (over && failure !== undefined) this.closingFailed = failure;
      this.slowCalls.finish();
      this.releaseSettled();
      this.ended = true;
      this.meters.end();
      this.releaseQuiet();
    }
    if (this.closingFailed !== undefined) throw this.closingFailed;
  }

  cancel(): void {
    this.cancelled = true;
    this.updateInterrupted();
    this.wake();
  }

  /** Nothing is processed any more, and no timer fires; the job ends when the snapshot that was just taken is complete. */
  suspend(): void {
    this.suspended = true;
    for (const task of this.topology.operators) task.context.close();
    for (const source of this.topology.sources) source.stopWatermarks();
    this.updateInterrupted();
  }

  /** Lets the sources end at their present positions, as if there were nothing more to read. */
  drain(): void {
    this.mail(() => {
      for (const source of this.topology.sources) source.drain();
    });
  }

  fail(error: unknown): void {
    this.mail(() => {
      throw error;
    });
  }

  readonly pause = (): boolean => (++this.pauseCount & 31) === 0 && performance.now() > this.deadline;

  addWork(work: SlicedWork): void {
    this.work.push(work);
    this.updateInterrupted();
  }

  removeWork(work: SlicedWork): void {
    const at = this.work.indexOf(work);
    if (at >= 0) this.work.splice(at, 1);
    this.updateInterrupted();
  }

  /** Whether a full queue holds the sources up. */
  get blocked(): boolean {
    return this.blocks > 0;
  }

  get hasWork(): boolean {
    return this.work.length > 0;
  }

  mail(action: () => void): void {
    this.mailbox.push(action);
    this.wake();
  }

  block(): () => void {
    if (this.blocks++ === 0) this.blockedSince = performance.now();
    this.updateInterrupted();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      if (--this.blocks === 0) this.blockedMs += performance.now() - this.blockedSince;
      this.updateInterrupted();
      this.wake();
    };
  }

  readonly wake = (): void => {
    const { wakeUp } = this;
    this.wakeUp = undefined;
    wakeUp?.();
  };

  /** Resolves when nothing is left to do at the present time of the clock. */
  settled(): Promise<void> {
    if (this.cancelled) return Promise.resolve();
    return new Promise((resolve) => {
      this.settledWaiters.push(resolve);
      this.wake();
    });
  }

  /** Calls `read` between two batches; at once, if nothing runs any more. */
  whenQuiet<R>(read: () => R): Promise<R> {
    return new Promise((resolve, reject) => {
      this.quietWaiters.push(() => {
        try {
          resolve(read());
        } catch (error) {
          reject(error);
        }
      });
      if (this.ended) this.releaseQuiet();
      else this.wake();
    });
  }

  private totals(): Totals {
    const blocked = this.blocks > 0 ? performance.now() - this.blockedSince : 0;
    return { blockedMs: this.blockedMs + blocked, idleMs: this.idleMs };
  }

  private releaseQuiet(): void {
    for (const read of this.quietWaiters.splice(0)) read();
  }

  private updateInterrupted(): void {
    this.interrupted = this.work.length > 0 || this.blocks > 0 || this.cancelled || this.suspended;
  }

  private async open(): Promise<void> {
    // From the end to the beginning: nobody is fed before those below can take it.
    for (const task of [...this.topology.operators].reverse()) {
      this.restore?.fill(task);
      await task.open();
    }
    for (const source of this.topology.sources) await source.open();
  }

  private async loop(): Promise<void> {
    for (;;) {
      if (this.cancelled) throw new JobCancelledError('');
      const now = performance.now();
      this.meters.tick(now);
      this.deadline = now + SLICE_MS;
      this.slowCalls.sliceBegins(now);
      this.readMail();
      let progress = this.resumeWork();
      this.slowCalls.stretchTook(performance.now() + SLICE_MS - this.deadline);
      if (this.quietWaiters.length > 0 && this.atBorder()) this.releaseQuiet();
      if (this.checkpoints?.wanted === true && this.atBorder()) {
        await this.checkpoints.take();
        continue;
      }
      if (this.work.length === 0 && this.blocks === 0) progress = this.turnSources() || progress;
      if ((this.suspended || this.finished()) && this.mayEnd()) return;
      if (progress || this.mailbox.length > 0 || this.work.length > 0) {
        const now = performance.now();
        if (now < this.deadline) continue;
        this.memory.look(now, () => keepersIn(this.topology));
        await yieldToOthers();
      } else {
        await this.sleep();
      }
    }
  }

  private readMail(): void {
    while (this.mailbox.length > 0) {
      const mail = this.mailbox;
      this.mailbox = [];
      for (let i = 0; i < mail.length; i++) (mail[i] as () => void)();
    }
  }

  private resumeWork(): boolean {
    let progress = false;
    while (this.work.length > 0) {
      progress = true;
      const first = this.work[0] as SlicedWork;
      if (!first.resume()) break;
      this.removeWork(first);
    }
    return progress;
  }

  /** Gives each source a turn until the slice is over. @returns whether anything came */
  private turnSources(): boolean {
    let any = false;
    let progress = true;
    // A checkpoint waits for all sources to have fed the batch they are at.
    const waits = this.wantsBorder;
    while (progress && !this.interrupted && this.mailbox.length === 0) {
      progress = false;
      for (const source of this.topology.sources) {
        if (source.ended || (waits && source.atBorder)) continue;
        const turn = source.turn();
        if (turn !== 'waiting') progress = true;
        if (this.interrupted) break;
      }
      any ||= progress;
      // Asked last: where the slice was over before it began (the process was held up), every source still has its turn,
      // or nobody would know that there is something to come back for.
      if (performance.now() >= this.deadline) break;
    }
    return any;
  }

  get wantsBorder(): boolean {
    return this.checkpoints?.wanted === true || this.quietWaiters.length > 0;
  }

  private finished(): boolean {
    return (
      this.work.length === 0 &&
      this.topology.sources.every((source: SourceTask) => source.ended) &&
      this.topology.operators.every((task: OperatorTask) => task.context.finished)
    );
  }

  private atBorder(): boolean {
    return this.work.length === 0 && this.topology.sources.every((source) => source.atBorder);
  }

  private mayEnd(): boolean {
    if (this.checkpoints === undefined) return true;
    return this.suspended ? !this.checkpoints.busy : this.checkpoints.mayEnd();
  }

  private async sleep(): Promise<void> {
    const reading = this.topology.sources.some((source) => source.reader.busy === true && !source.ended);
    if (!reading && this.blocks === 0 && this.checkpoints?.busy !== true) {
      this.releaseSettled();
      // While a service is being asked, its answer comes in real time: jumping on would only let calls time out.
      const asking = this.topology.operators.some((task) => !task.operator.drained());
      if (!asking && this.clock instanceof VirtualClock && this.clock.autoAdvance && this.clock.jump()) {
        // A source that waits for something outside gets its turn, however many timers there are to jump to.
        if (performance.now() >= this.deadline) await yieldToOthers();
        return;
      }
    }
    // At a virtual clock's next step, or at the end, a checkpoint may have become due.
    if (this.mailbox.length > 0 || this.cancelled || (this.quietWaiters.length > 0 && this.atBorder())) return;
    if (this.checkpoints?.wanted === true && this.atBorder()) return;
    const began = performance.now();
    await new Promise<void>((resolve) => {
      this.wakeUp = resolve;
    });
    if (this.blocks === 0) this.idleMs += performance.now() - began;
  }

  private releaseSettled(): void {
    const waiters = this.settledWaiters;
    this.settledWaiters = [];
    for (const resolve of waiters) resolve();
  }
}
