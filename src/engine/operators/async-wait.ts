import { checkDuration, checkInteger, quoted } from '../../core/arguments.js';
import type { CancelTimer } from '../../core/clock.js';
import { ArgumentError, StreambookError } from '../../core/errors.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';
import { checkFunction, instanceOf, openFunction, type RichFunction } from '../functions/user-function.js';
import { Operator } from '../operator.js';
import type { OperatorListState } from '../state/operator-state.js';

/** Takes what an asynchronous function comes to; the first call counts. */
export interface ResultFuture<R> {
  complete(results: Iterable<R>): void;
  completeExceptionally(error: unknown): void;
}

/** Asks a service for each element: a function that returns a promise of one result, or an object as in Flink. */
export type AsyncFunction<T, R> =
  | ((value: T) => Promise<R>)
  | ({
      asyncInvoke(value: T, result: ResultFuture<R>): void | Promise<void>;
      /**
       * Called when the time is over; without it, the job fails. With a `retry`, its answer is asked for like any other: one
       * that is to be tried again is, and no time is set for that call.
       */
      timeout?(value: T, result: ResultFuture<R>): void | Promise<void>;
    } & RichFunction);

/** When a failed call is tried again. */
export interface AsyncRetry {
  /** Calls in all, the first included. */
  readonly maxAttempts: number;
  /** Milliseconds before each further call. Default 0. */
  readonly delayMs?: number;
  /** Each wait is so many times the one before. Default 1. */
  readonly multiplier?: number;
  /** No wait grows longer, in milliseconds. Default: none is too long. */
  readonly maxDelayMs?: number;
  /** Which failures are worth another call. Default: all. */
  readonly ifError?: (error: unknown) => boolean;
  /** Which results are: those of the last call are put out all the same. Default: none. */
  // biome-ignore lint/suspicious/noExplicitAny: the results are of the function's type, which is not told here
  readonly ifResult?: (results: readonly any[]) => boolean;
}

/** How elements wait. */
export interface AsyncOptions {
  /** From the arrival of the element, all attempts included. Default: for ever. */
  readonly timeoutMs?: number;
  /**
   * Elements at once that are not answered, or are answered and wait for others to come out first; watermarks that wait
   * among them count as well. Then the sources wait. Default 100.
   */
  readonly capacity?: number;
  readonly retry?: AsyncRetry;
}

const OPTIONS: OptionNames<AsyncOptions> = { timeoutMs: true, capacity: true, retry: true };
const RETRY: OptionNames<AsyncRetry> = {
  maxAttempts: true,
  delayMs: true,
  multiplier: true,
  maxDelayMs: true,
  ifError: true,
  ifResult: true,
};

class Entry {
  results: unknown[] | undefined;
  /** The how manieth it was to be answered. */
  answer = 0;
  settled = false;
  /** Calls so far. */
  attempts = 0;
  /** While the next call waits for its time: what takes it back. */
  cancelRetry: CancelTimer | undefined;
  cancelTimeout: CancelTimer | undefined;

  constructor(
    readonly value: unknown,
    readonly timestamp: number,
  ) {}
}

class Mark {
  constructor(readonly watermark: number) {}
}

class LatencyMark {
  constructor(readonly bornAt: number) {}
}

interface FunctionObject extends RichFunction {
  asyncInvoke(value: unknown, result: ResultFuture<unknown>): void | Promise<void>;
  timeout?(value: unknown, result: ResultFuture<unknown>): void | Promise<void>;
}

/**
 * Calls a service for each element without waiting for the answer. Ordered: results come out in the order of the
 * elements. Unordered: as they arrive, but never across a watermark.
 *
 * A snapshot keeps the elements that are not answered yet; they are asked again after a restart.
 *
 * @see Flink: Asynchronous I/O
 */
export class AsyncWaitOperator<T, R> extends Operator<T, R> {
  private queue: (Entry | Mark | LatencyMark)[] = [];
  /** Elements and watermarks in the queue: what is answered, and waits for others to come out, takes up room, too. */
  private held = 0;
  private release: (() => void) | undefined;
  private inputs!: OperatorListState<readonly [unknown, number]>;
  private readonly fn: FunctionObject;
  private readonly capacity: number;
  private readonly timeoutMs: number | undefined;
  private readonly retry: AsyncRetry | undefined;
  private answers = 0;

  constructor(
    fn: AsyncFunction<T, R>,
    options: AsyncOptions,
    private readonly ordered: boolean,
  ) {
    super('AsyncWait');
    checkOptions('AsyncDataStream', options, OPTIONS);
    checkOptions('AsyncDataStream, retry,', options.retry, RETRY);
    this.capacity = options.capacity ?? 100;
    this.timeoutMs = options.timeoutMs;
    this.retry = options.retry;
    if (this.capacity !== Number.POSITIVE_INFINITY) checkInteger('AsyncDataStream: capacity', this.capacity, 1);
    if (this.timeoutMs !== undefined) checkDuration('AsyncDataStream: timeoutMs', this.timeoutMs, 'above 0');
    if (this.retry !== undefined) checkRetry(this.retry);
    checkAsync(fn);
    this.fn = typeof fn === 'function' ? fromPromise(fn as (value: unknown) => Promise<unknown>) : own(fn);
  }

  override async open(): Promise<void> {
    await openFunction(this.fn, this.context);
    this.inputs = this.context.operatorState.list('async-inputs');
    const unanswered = this.inputs.get();
    this.inputs.clear();
    for (const [value, timestamp] of unanswered) this.processElement(value as T, timestamp);
  }

  override processElement(value: T, timestamp: number): void {
    const entry = new Entry(value, timestamp);
    this.take(entry);
    if (this.timeoutMs !== undefined) {
      const at = this.context.clock.now() + this.timeoutMs;
      entry.cancelTimeout = this.context.clock.schedule(at, () => this.context.mail(() => this.timedOut(entry)));
    }
    this.call(entry);
  }

  override processWatermark(watermark: number): void {
    this.context.currentWatermark = watermark;
    if (this.queue.length === 0) this.output.emitWatermark(watermark);
    else this.take(new Mark(watermark));
  }

  // The rest of what one element upstream makes still comes in when there is no room: it is bounded, and sources feed nothing
  // more.
  private take(item: Entry | Mark): void {
    this.queue.push(item);
    if (++this.held >= this.capacity) this.release ??= this.context.block();
  }

  override processLatency(bornAt: number): void {
    if (this.queue.length === 0) this.output.emitLatency(bornAt);
    else this.queue.push(new LatencyMark(bornAt));
  }

  override drained(): boolean {
    return this.queue.length === 0;
  }

  override snapshotState(): void {
    const entries = this.queue.filter((item): item is Entry => item instanceof Entry);
    this.inputs.update(entries.map(({ value, timestamp }) => [value, timestamp] as const));
  }

  override close(): void | Promise<void> {
    for (const item of this.queue) {
      if (!(item instanceof Entry)) continue;
      item.cancelTimeout?.();
      item.cancelRetry?.();
    }
    return this.fn.close?.();
  }

  private call(entry: Entry): void {
    entry.attempts++;
    let answered = false;
    const once = (action: () => void): void => {
      if (answered) return;
      answered = true;
      this.context.mail(action);
    };
    const result: ResultFuture<unknown> = {
      complete: (results) => once(() => this.answered(entry, results)),
      completeExceptionally: (error) => once(() => this.failed(entry, error)),
    };
    try {
      const returned = this.fn.asyncInvoke(entry.value, result);
      // Not `instanceof Promise`: a notebook's cells have a realm of their own.
      if (returned !== undefined)
        Promise.resolve(returned).catch((error: unknown) => result.completeExceptionally(error));
    } catch (error) {
      result.completeExceptionally(error);
    }
  }

  /** An answer that comes while the next call waits comes too late: its time was over. */
  private answered(entry: Entry, results: Iterable<unknown>): void {
    if (entry.settled || entry.cancelRetry !== undefined) return;
    const { ifResult } = this.retry ?? {};
    if (ifResult !== undefined && results !== null && typeof results === 'object' && Symbol.iterator in results) {
      const all = [...results];
      if (this.mayTryAgain(entry) && ifResult(all)) this.tryAgain(entry);
      else this.complete(entry, all);
    } else this.complete(entry, results);
  }

  private complete(entry: Entry, results: Iterable<unknown>): void {
    if (entry.settled) return;
    if (typeof results !== 'object' || results === null || !(Symbol.iterator in results)) {
      const error = new ArgumentError(`complete(...) was given ${quoted(results)}, not a list of results`, {
        hint: 'one result: complete([result]); none: complete([])',
      });
      this.leaveOut(entry, error);
      return;
    }
    entry.settled = true;
    entry.results = [...results];
    entry.answer = ++this.answers;
    entry.cancelTimeout?.();
    this.emit();
    if (this.held < this.capacity && this.release !== undefined) {
      this.release();
      this.release = undefined;
    }
    this.context.tryFinish();
  }

  private failed(entry: Entry, error: unknown): void {
    if (entry.settled || entry.cancelRetry !== undefined) return;
    if (this.mayTryAgain(entry) && (this.retry?.ifError?.(error) ?? true)) this.tryAgain(entry);
    else this.leaveOut(entry, error);
  }

  /** @throws OperatorError unless the element is to be left out */
  private leaveOut(entry: Entry, error: unknown): void {
    this.context.elementFailed(entry.value, entry.timestamp, error);
    this.complete(entry, []);
  }

  private mayTryAgain({ attempts }: Entry): boolean {
    return this.retry !== undefined && attempts < this.retry.maxAttempts;
  }

  private tryAgain(entry: Entry): void {
    const { attempts } = entry;
    const { delayMs = 0, multiplier = 1, maxDelayMs = Number.POSITIVE_INFINITY } = this.retry ?? {};
    const delay = attempts === 1 ? delayMs : Math.min(delayMs * multiplier ** (attempts - 1), maxDelayMs);
    if (delay === 0) {
      this.call(entry);
      return;
    }
    const cancel = this.context.clock.schedule(this.context.clock.now() + delay, () =>
      this.context.mail(() => {
        if (entry.cancelRetry !== cancel) return;
        entry.cancelRetry = undefined;
        this.call(entry);
      }),
    );
    entry.cancelRetry = cancel;
  }

  /** @see Flink: `AsyncWaitOperator`, `timerTriggered`: no call waits any more, and the answer may ask for another */
  private timedOut(entry: Entry): void {
    if (entry.settled) return;
    const { fn } = this;
    entry.cancelRetry?.();
    entry.cancelRetry = undefined;
    if (fn.timeout === undefined) {
      const error = new StreambookError('async-timeout', `no answer within ${this.timeoutMs} ms`, {
        hint: 'give the function a timeout(value, result) method to put something in its place, or a larger timeoutMs',
      });
      this.leaveOut(entry, error);
      return;
    }
    try {
      const returned = fn.timeout(entry.value, {
        complete: (results) => this.context.mail(() => this.answered(entry, results)),
        completeExceptionally: (error) => this.context.mail(() => this.failed(entry, error)),
      });
      if (returned !== undefined)
        Promise.resolve(returned).catch((error: unknown) => this.context.mail(() => this.leaveOut(entry, error)));
    } catch (error) {
      this.leaveOut(entry, error);
    }
  }

  private emit(): void {
    if (this.ordered) {
      let count = 0;
      for (const item of this.queue) {
        if (!this.pass(item)) break;
        count++;
      }
      this.queue.splice(0, count);
      return;
    }
    while (this.passUpToMark()) this.queue.shift();
  }

  /** Puts out what is answered before the first watermark, in the order of the answers. @returns whether that passed, too */
  private passUpToMark(): boolean {
    const mark = this.queue.findIndex((item) => item instanceof Mark);
    const before = mark < 0 ? this.queue : this.queue.slice(0, mark);
    const answered = before.filter((item): item is Entry => item instanceof Entry && item.results !== undefined);
    for (const entry of answered.sort((a, b) => a.answer - b.answer)) this.pass(entry);
    const left: (Entry | LatencyMark)[] = [];
    for (const item of before) {
      if (item instanceof Entry ? item.results === undefined : left.length > 0 || !this.pass(item))
        left.push(item as Entry);
    }
    this.queue = mark < 0 ? left : [...left, ...this.queue.slice(mark)];
    return mark >= 0 && left.length === 0 && this.pass(this.queue[0] as Mark);
  }

  private pass(item: Entry | Mark | LatencyMark): boolean {
    if (item instanceof LatencyMark) {
      this.output.emitLatency(item.bornAt);
      return true;
    }
    if (item instanceof Mark) {
      this.held--;
      this.output.emitWatermark(item.watermark);
      return true;
    }
    if (item.results === undefined) return false;
    this.held--;
    for (const result of item.results) this.output.collect(result as R, item.timestamp);
    return true;
  }
}

function checkRetry({ maxAttempts, delayMs = 0, multiplier = 1, maxDelayMs, ifError, ifResult }: AsyncRetry): void {
  if (maxAttempts !== Number.POSITIVE_INFINITY) checkInteger('AsyncDataStream, retry: maxAttempts', maxAttempts, 1);
  checkDuration('AsyncDataStream, retry: delayMs', delayMs);
  if (typeof multiplier !== 'number' || !(multiplier > 0)) {
    throw new ArgumentError(`AsyncDataStream, retry: multiplier is ${quoted(multiplier)}, not above 0`);
  }
  if (maxDelayMs !== undefined) checkDuration('AsyncDataStream, retry: maxDelayMs', maxDelayMs);
  if (ifError !== undefined) checkFunction('AsyncDataStream, retry: ifError', ifError);
  if (ifResult !== undefined) checkFunction('AsyncDataStream, retry: ifResult', ifResult);
}

/** Async functions are what is wanted here. */
function checkAsync(fn: unknown): void {
  if (typeof fn === 'function' || typeof (fn as { asyncInvoke?: unknown } | null)?.asyncInvoke === 'function') return;
  throw new ArgumentError(`AsyncDataStream: expected an async function, got ${quoted(fn)}`, {
    hint: 'async (value) => result, or an object with asyncInvoke(value, result)',
  });
}

function fromPromise(ask: (value: unknown) => Promise<unknown>): FunctionObject {
  return {
    asyncInvoke: async (value, result) => {
      result.complete([await ask(value)]);
    },
  };
}

function own<F extends object>(fn: F): FunctionObject {
  return instanceOf(fn) as unknown as FunctionObject;
}
