import type { Channel, InputGate } from '../channels/channel.js';
import { preview } from '../errors.js';
import { queuedMs } from './queued-time.js';

/** A call that takes longer than this is named: meanwhile nothing else runs in the whole process. */
export const SLOW_CALL_MS = 200;

/** How long calls are timed after the last that was slow. */
const WATCH_MS = 10_000;

/** What is known of the one who is timed. */
export interface TimedOperator {
  readonly name: string;
  /** Where in the program it was written. */
  readonly line?: string | undefined;
}

/**
 * Names the operator whose function holds the process up. Calls are timed only after a stretch of elements has taken long,
 * because looking at the clock for each element, or even asking whether to, costs up to half of the speed: so the first
 * slow call makes it watchful for a while, and the next one is named.
 *
 * On a busy machine any stretch may take long, because others have the processor. Nobody is to blame for that, and nothing
 * is to become slower by it (where the system tells; elsewhere it is slower for a while).
 */
export class SlowCalls {
  /** Whether calls are timed now. */
  on = false;
  private watchedUntil = 0;
  /** At the beginning of the slice. */
  private queuedBefore: number;
  private readonly begun: number[] = [];
  private readonly inner: number[] = [];
  private readonly told = new Set<string>();
  private unnamedMs = 0;
  private gates: readonly InputGate[] = [];
  private uninstall: (() => void)[] = [];

  constructor(
    private readonly warn: (message: string) => void = (message) => console.warn(message),
    private readonly queued: () => number = queuedMs,
  ) {
    this.queuedBefore = queued();
  }

  /** Which channels and gates are to be timed when there is reason to. */
  cover(gates: readonly InputGate[]): void {
    this.gates = gates;
  }

  /** A slice begins: no call is under way. */
  sliceBegins(now: number): void {
    this.queuedBefore = this.queued();
    if (!this.on || now <= this.watchedUntil) return;
    this.on = false;
    for (const undo of this.uninstall.splice(0)) undo();
  }

  /** A call begins. */
  begin(): void {
    this.begun.push(performance.now());
    this.inner.push(0);
  }

  /** The call that began last ends. What the calls inside it took is theirs. @param operator absent: nobody's fault */
  end(operator?: TimedOperator, ...element: unknown[]): void {
    const now = performance.now();
    const took = now - (this.begun.pop() as number);
    const own = took - (this.inner.pop() as number);
    const last = this.inner.length - 1;
    if (last >= 0) this.inner[last] = (this.inner[last] as number) + took;
    if (operator !== undefined && this.isSlow(own)) this.tell(operator, own, element);
  }

  /** A source was asked for elements. */
  sourceTook(tookMs: number, source: TimedOperator): void {
    if (this.isSlow(tookMs)) this.tell(source, tookMs, []);
  }

  /** A stretch of elements, or what became due, took so long. */
  stretchTook(tookMs: number): void {
    if (!this.isSlow(tookMs)) return;
    this.watchedUntil = performance.now() + WATCH_MS;
    if (this.on) return;
    if (this.told.size === 0) this.unnamedMs = Math.max(this.unnamedMs, tookMs);
    this.on = true;
    for (const gate of this.gates) {
      this.timeGate(gate);
      for (const channel of gate.channels) this.timeChannel(channel, gate);
    }
  }

  /** The job is over: says what could not be named. */
  finish(): void {
    if (this.unnamedMs < 2 * SLOW_CALL_MS || this.told.size > 0) return;
    this.told.add('');
    this.warn(
      `something held everything up for ${Math.round(this.unnamedMs)} ms, once: a function of the program, or a busy machine`,
    );
  }

  /** What this thread stood waiting for a processor is not counted. */
  private isSlow(tookMs: number): boolean {
    return tookMs >= SLOW_CALL_MS && tookMs - (this.queued() - this.queuedBefore) >= SLOW_CALL_MS;
  }

  private timeGate(gate: InputGate): void {
    const onWatermark = gate.onWatermark.bind(gate);
    this.replace(gate, 'onWatermark', (watermark) => {
      this.begin();
      try {
        onWatermark(watermark);
      } finally {
        this.end(gate.context);
      }
    });
  }

  private timeChannel(channel: Channel, { context }: InputGate): void {
    // A channel that is traced has a method of its own, and so has each below it.
    const step = (Object.hasOwn(channel, 'collect') ? channel.collect : channel.step).bind(channel);
    this.replace(channel, 'collect', (value, timestamp) => {
      // What others left undone is not this call's fault.
      if (context.draining) context.completeDrain();
      this.begin();
      try {
        step(value, timestamp);
      } finally {
        this.end(context, value);
      }
    });
  }

  /** Until the watch is over. A method that was the class's own becomes that again: V8 compiles that best. */
  private replace<T extends object, K extends keyof T>(object: T, name: K, method: T[K]): void {
    const before = Object.getOwnPropertyDescriptor(object, name);
    object[name] = method;
    this.uninstall.push(() => {
      delete object[name];
      if (before !== undefined) Object.defineProperty(object, name, before);
    });
  }

  private tell({ name, line }: TimedOperator, tookMs: number, element: readonly unknown[]): void {
    if (this.told.has(name)) return;
    this.told.add(name);
    const at = element.length === 0 ? '' : `, at the element ${preview(element[0])}`;
    const where = line === undefined ? '' : `\n  written at ${line}`;
    this.warn(
      `the operator \`${name}\` held everything up for ${Math.round(tookMs)} ms in one call${at}${where}\n` +
        '  hint: all operators share one thread; calls to services belong into AsyncDataStream.unorderedWait(...)',
    );
  }
}
