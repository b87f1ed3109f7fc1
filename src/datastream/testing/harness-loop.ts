import type { VirtualClock } from '../../core/clock.js';
import { OutputWithSides } from '../../engine/channels/output.js';
import type { OutputTag } from '../../engine/channels/output-tag.js';
import type { TraceLog } from '../../engine/inspect/trace.js';
import type { JobControl, SlicedWork } from '../../engine/operator-context.js';
import { SlowCalls } from '../../engine/run/slow-calls.js';

/** One thing that an operator put out. */
export type HarnessOutput<T> =
  | { readonly value: T; readonly timestamp: number | null }
  | { readonly watermark: number }
  | { readonly idle: boolean };

/** Keeps what an operator puts out, in order. */
export class RecordingOutput<T> extends OutputWithSides<T> {
  readonly elements: HarnessOutput<T>[] = [];
  readonly asides = new Map<string, { readonly value: unknown; readonly timestamp: number | null }[]>();
  ended = false;

  constructor() {
    super(undefined as never, new Map());
  }

  override collect(value: T, timestamp: number): void {
    this.elements.push({ value, timestamp: orNull(timestamp) });
  }

  override collectSide<X>(tag: OutputTag<X>, value: X, timestamp: number): void {
    const side = this.asides.get(tag.id);
    const entry = { value, timestamp: orNull(timestamp) };
    if (side === undefined) this.asides.set(tag.id, [entry]);
    else side.push(entry);
  }

  override emitWatermark(watermark: number): void {
    this.elements.push({ watermark });
  }

  override emitStatus(idle: boolean): void {
    this.elements.push({ idle });
  }

  override emitLatency(): void {}

  override end(): void {
    this.ended = true;
  }
}

function orNull(timestamp: number): number | null {
  return timestamp === Number.NEGATIVE_INFINITY ? null : timestamp;
}

/** The loop around an operator under test: no slices, a clock that is set by hand. */
export class HarnessLoop implements JobControl {
  readonly slowCalls = new SlowCalls();
  readonly pause = (): boolean => false;
  /** What went wrong between two calls: thrown by the next. */
  failure: { readonly error: unknown } | undefined;
  private inside = false;
  private mailbox: (() => void)[] = [];
  private waiting: (() => void)[] = [];

  constructor(
    readonly clock: VirtualClock,
    readonly trace: TraceLog | undefined,
    readonly autoWatermarkIntervalMs: number,
  ) {}

  /** Does something with the operator, and what arises from it. */
  run(action: () => void): void {
    this.throwFailure();
    this.inside = true;
    try {
      action();
      this.readMail();
    } finally {
      this.inside = false;
    }
  }

  /** Moves the clock on, stopping at every time that something waits for. */
  advanceTo(time: number): void {
    this.clock.schedule(time, () => undefined);
    while (this.clock.nextAt() <= time) {
      this.run(() => {
        this.clock.jump();
      });
    }
  }

  /** Resolves when `done` holds, after mail that comes from promises. @throws what went wrong meanwhile */
  async until(done: () => boolean): Promise<void> {
    this.throwFailure();
    while (!done()) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      this.throwFailure();
    }
  }

  mail(action: () => void): void {
    this.mailbox.push(action);
    if (this.inside) return;
    try {
      this.run(() => undefined);
    } catch (error) {
      this.failure ??= { error };
    }
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  fail(error: unknown): void {
    this.mail(() => {
      throw error;
    });
  }

  addWork(work: SlicedWork): void {
    while (!work.resume());
  }

  removeWork(): void {}

  block(): () => void {
    return () => undefined;
  }

  private readMail(): void {
    while (this.mailbox.length > 0) {
      const mail = this.mailbox;
      this.mailbox = [];
      for (const action of mail) action();
    }
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure.error;
  }
}
