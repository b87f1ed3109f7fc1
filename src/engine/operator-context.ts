import { quoted } from '../core/arguments.js';
import type { Clock } from '../core/clock.js';
import { ArgumentError, StreambookError } from '../core/errors.js';
import { OutputWithSides } from './channels/output.js';
import type { OutputTag } from './channels/output-tag.js';
import type { JobTransaction } from './checkpoint/transaction.js';
import { atElement, during, OperatorError } from './errors.js';
import type { ErrorPolicy } from './functions/error-policy.js';
import { OperatorMetrics } from './inspect/metrics.js';
import type { Trace } from './inspect/trace.js';
import { note, traceTimers } from './inspect/tracing.js';
import type { StreamOperator } from './operator.js';
import type { SlowCalls } from './run/slow-calls.js';
import type { KeyedStateBackend } from './state/backend.js';
import type { OperatorStateBackend } from './state/operator-state.js';
import { MAX_WATERMARK, MIN_WATERMARK } from './time/time.js';
import { InternalTimerService, type RestoredTimers, type TimerOrder, type Triggerable } from './time/timer-service.js';

/** What the job's loop does for its operators. */
export interface JobControl {
  readonly clock: Clock;
  /** Present only while tracing is on. */
  readonly trace: Trace | undefined;
  /** Asked after each piece of a long work: whether it is time to let others run. */
  readonly pause: () => boolean;
  /** Queues work that goes on in slices; no element enters the job before it is done. */
  addWork(work: SlicedWork): void;
  removeWork(work: SlicedWork): void;
  /** Runs `action` from the loop, between two elements. For what comes from promises and timers. */
  mail(action: () => void): void;
  /** Stops feeding elements until `release` is called: a queue is full. */
  block(): () => void;
  /** Ends the attempt with this error; for what goes wrong between two elements. */
  fail(error: unknown): void;
  /** The outside transaction that sinks write in, if a node of the graph named one. */
  readonly transaction?: JobTransaction | undefined;
  /** 0: watermarks after each element; above: every so many ms. */
  readonly autoWatermarkIntervalMs: number;
  /** Names user functions that take long. */
  readonly slowCalls: SlowCalls;
}

/** Work that can be interrupted between two pieces. */
export interface SlicedWork {
  /** @returns whether it is done */
  resume(): boolean;
}

const never = (): boolean => false;

/** What fires as time goes on: a timer service, or an operator that keeps its own account of windows. */
export interface TimedService {
  /** @returns whether all that was due has fired */
  advanceWatermark(watermark: number, pause: () => boolean): boolean;
  /** @returns whether all that was due has fired */
  advanceProcessingTime(to: number, pause: () => boolean): boolean;
}

/** What an operator subtask has around it. */
export class OperatorContext implements SlicedWork {
  readonly metrics = new OperatorMetrics();
  /** The watermark over all inputs; a timer that fires sees the new one. */
  currentWatermark = MIN_WATERMARK;
  /**
   * Whether timers are being fired in slices and the watermark is not through yet. The constructor sets it once more: V8
   * compiles a field that has had one value only into the code of all hot calls as a constant, and would throw them away
   * together when it first changes, some tens of milliseconds into a job.
   */
  draining = true;
  operator!: StreamOperator<unknown>;
  /** Where in the user's program the operator was written. */
  line: string | undefined;
  /** Milliseconds in which a full queue of this operator held the sources up, over by now. */
  private blockedBefore = 0;
  private readonly blocks = new Set<number[]>();
  /** Whether all inputs have ended and everything has been put out. */
  finished = false;
  /** Whether nothing is to be done any more; see {@link close}. */
  closed = false;
  /** Whether this subtask goes on from a snapshot. */
  restored = false;
  /** The snapshot was taken after this operator had finished: it does not do so again. */
  finishedBefore = false;
  /** What becomes of elements on which the operator fails. */
  errorPolicy: ErrorPolicy = 'fail';
  /** Called between two elements, before a snapshot is written: user functions put what they hold into state. */
  readonly beforeSnapshot: ((id: number, takenAt: number) => void)[] = [];
  /** What the snapshot held for timer services that have not been asked for yet. */
  private readonly restoredTimers = new Map<string, RestoredTimers[]>();
  private readonly services: TimedService[] = [];
  private readonly timersByName = new Map<string, InternalTimerService<unknown>>();
  private processingTimeDue = MIN_WATERMARK;
  /** `MIN_WATERMARK`: none. */
  private watermarkToPass = MIN_WATERMARK;
  private readonly inputs: { watermark: number; idle: boolean; ended: boolean }[] = [];
  private idle = false;

  constructor(
    readonly job: JobControl,
    readonly name: string,
    /** The id under which state is found again after a restart: the user's `uid`, or one made from the graph. */
    readonly uid: string,
    readonly subtask: number,
    readonly parallelism: number,
    readonly maxParallelism: number,
    inputs: number,
    private readonly backend: KeyedStateBackend | undefined,
    readonly operatorState: OperatorStateBackend,
  ) {
    this.draining = false;
    const { trace } = job;
    if (trace !== undefined && backend !== undefined) {
      backend.onAccess = (kind, state, value) =>
        note(this, trace, kind, { key: backend.currentKey, value, detail: { state } });
    }
    for (let i = 0; i < inputs; i++) this.inputs.push({ watermark: MIN_WATERMARK, idle: false, ended: false });
  }

  get clock(): Clock {
    return this.job.clock;
  }

  get trace(): Trace | undefined {
    return this.job.trace;
  }

  /** Stops feeding elements until the returned function is called: a queue of this operator is full. */
  block(): () => void {
    const release = this.job.block();
    const since = [performance.now()];
    this.blocks.add(since);
    return () => {
      if (this.blocks.delete(since)) this.blockedBefore += performance.now() - (since[0] as number);
      release();
    };
  }

  /** How long queues of this operator were full, ms. */
  get blockedMs(): number {
    const now = performance.now();
    // Several queues that are full at once count once.
    return this.blockedBefore + Math.max(0, ...[...this.blocks].map(([since]) => now - (since as number)));
  }

  /** Whether a queue of this operator is full now. */
  get blocking(): boolean {
    return this.blocks.size > 0;
  }

  /**
   * Runs `action` between two elements, for what makes results out of answers and time: not after the snapshot with which a job
   * ends, for what it would put out comes again when the job goes on.
   */
  mail(action: () => void): void {
    this.job.mail(() => {
      if (!this.closed) action();
    });
  }

  /** The keyed state and current key. */
  keyed(): KeyedStateBackend {
    if (this.backend !== undefined) return this.backend;
    throw new StreambookError('not-keyed', `${this.name} has no key, so it has no keyed state and no timers`, {
      hint: 'put .keyBy(...) before it',
    });
  }

  get isKeyed(): boolean {
    return this.backend !== undefined;
  }

  /** The timers of this operator under `name`; asked for in `open()`. */
  timers<N>(name: string, target: Triggerable<N>, order?: TimerOrder): InternalTimerService<N> {
    const known = this.timersByName.get(name);
    if (known !== undefined) return known as InternalTimerService<N>;
    const service: InternalTimerService<N> = new InternalTimerService<N>(
      name,
      this.keyed(),
      this.clock,
      target,
      (timestamp) => this.mail(() => this.processingTimeReached(timestamp)),
      order,
    );
    this.timersByName.set(name, service as InternalTimerService<unknown>);
    this.services.push(service);
    for (const timers of this.restoredTimers.get(name) ?? []) service.restore(timers);
    this.restoredTimers.delete(name);
    if (this.trace !== undefined) traceTimers(service, this, this.trace);
    return service;
  }

  /** Keeps timers of a snapshot until their service is asked for. */
  restoreTimers(timers: RestoredTimers): void {
    const known = this.restoredTimers.get(timers.name);
    if (known === undefined) this.restoredTimers.set(timers.name, [timers]);
    else known.push(timers);
  }

  unclaimedTimers(): RestoredTimers[] {
    return [...this.restoredTimers.values()].flat();
  }

  timerServices(): Iterable<InternalTimerService<unknown>> {
    return this.timersByName.values();
  }

  /** Takes part in what happens when time goes on, beside the timers. */
  addTimedService(service: TimedService): void {
    this.services.push(service);
  }

  /** Puts `value` into the side output `tag`; without a reader it goes nowhere. */
  sideOutput<T>(tag: OutputTag<T>, value: T, timestamp: number): void {
    const { output } = this.operator;
    if (typeof tag?.id !== 'string')
      throw new ArgumentError(`a side output is named by an OutputTag, not ${quoted(tag)}`);
    if (output instanceof OutputWithSides) output.collectSide(tag, value, timestamp);
  }

  /** Called with what the operator threw at an element. @throws OperatorError unless the element is to be left out */
  elementFailed(element: unknown, timestamp: number, error: unknown): void {
    const { errorPolicy } = this;
    // What comes from an operator below was its to decide.
    if (errorPolicy === 'fail' || error instanceof OperatorError) throw atElement(this, element, timestamp, error);
    const first = this.metrics.numRecordsSkipped++ === 0;
    const { output } = this.operator;
    const read = errorPolicy !== 'skip' && output instanceof OutputWithSides && output.has(errorPolicy);
    if (first && !read) {
      const { message } = atElement(this, element, timestamp, error);
      const fate =
        errorPolicy === 'skip'
          ? 'the element is left out, as chosen'
          : `the element goes into the side output \`${errorPolicy.id}\`, which nobody reads`;
      console.warn(`${message}\n  ${fate}; others are only counted (numRecordsSkipped)`);
    }
    if (errorPolicy !== 'skip') {
      this.sideOutput(errorPolicy, { element, error, operator: this.name }, timestamp);
    }
  }

  /** Fires the event-time timers up to `watermark`, then passes it on; in slices where it takes long. */
  advanceWatermark(watermark: number): void {
    if (this.draining) this.completeDrain();
    this.currentWatermark = watermark;
    if (this.services.length > 0) {
      this.watermarkToPass = watermark;
      if (!this.fire(this.job.pause)) {
        this.draining = true;
        this.job.addWork(this);
        return;
      }
      this.watermarkToPass = MIN_WATERMARK;
    }
    this.operator.output.emitWatermark(watermark);
  }

  resume(): boolean {
    if (!this.fireTimed()) return false;
    this.drained();
    return true;
  }

  /** Finishes at once what was to be done in slices, because something else wants in. */
  completeDrain(): void {
    this.job.removeWork(this);
    const { slowCalls } = this.job;
    const timed = slowCalls.on;
    if (timed) slowCalls.begin();
    try {
      this.fire(never);
      this.drained();
    } finally {
      if (timed) slowCalls.end();
    }
  }

  private drained(): void {
    this.draining = false;
    const watermark = this.watermarkToPass;
    this.watermarkToPass = MIN_WATERMARK;
    if (watermark > MIN_WATERMARK) this.operator.output.emitWatermark(watermark);
  }

  private fire(pause: () => boolean): boolean {
    for (const service of this.services) {
      if (this.processingTimeDue > MIN_WATERMARK && !service.advanceProcessingTime(this.processingTimeDue, pause))
        return false;
      if (this.watermarkToPass > MIN_WATERMARK && !service.advanceWatermark(this.watermarkToPass, pause)) return false;
    }
    this.processingTimeDue = MIN_WATERMARK;
    return true;
  }

  private fireTimed(): boolean {
    const { slowCalls } = this.job;
    const timed = slowCalls.on;
    if (timed) slowCalls.begin();
    try {
      return this.fire(this.job.pause);
    } catch (error) {
      throw during(this, 'when a timer fired', error);
    } finally {
      if (timed) slowCalls.end(this);
    }
  }

  private processingTimeReached(timestamp: number): void {
    if (this.draining) this.completeDrain();
    this.processingTimeDue = timestamp;
    if (this.fireTimed()) return;
    this.draining = true;
    this.job.addWork(this);
  }

  /** The watermark of one input rose. */
  inputWatermark(index: number, watermark: number): void {
    if (this.inputs.length === 1) {
      this.operator.processWatermark(watermark);
      return;
    }
    const input = this.inputs[index];
    if (input === undefined || watermark <= input.watermark) return;
    input.watermark = watermark;
    this.combineWatermarks();
  }

  /** One input fell idle or woke up. */
  inputStatus(index: number, idle: boolean): void {
    const input = this.inputs[index];
    if (input === undefined || input.idle === idle) return;
    input.idle = idle;
    const allIdle = this.inputs.every((one) => one.idle);
    if (!allIdle) this.combineWatermarks();
    if (allIdle === this.idle) return;
    this.idle = allIdle;
    this.operator.processStatus(allIdle);
  }

  /** One input has ended. */
  inputEnded(index: number): void {
    const input = this.inputs[index];
    if (input === undefined || input.ended) return;
    if (this.draining) this.completeDrain();
    input.ended = true;
    this.operator.endInput(index);
    this.tryFinish();
  }

  /** Finishes the operator if all its inputs have ended and nothing is under way; called again by those who waited. */
  tryFinish(): void {
    if (this.finished || !this.operator.drained() || !this.inputs.every((one) => one.ended)) return;
    if (!this.finishedBefore) this.operator.finish();
    this.finished = true;
    this.operator.output.end();
  }

  /** Nothing is to be done any more: the job is over, or the snapshot that it ends with has been taken. */
  close(): void {
    this.closed = true;
    for (const service of this.timersByName.values()) service.close();
  }

  // Flink: CombinedWatermarkStatus. Idle inputs do not count; the result never falls.
  private combineWatermarks(): void {
    let minimum = MAX_WATERMARK;
    let any = false;
    for (const input of this.inputs) {
      if (input.idle) continue;
      any = true;
      if (input.watermark < minimum) minimum = input.watermark;
    }
    if (any && minimum > this.combined) {
      this.combined = minimum;
      this.operator.processWatermark(minimum);
    }
  }

  private combined = MIN_WATERMARK;
}
