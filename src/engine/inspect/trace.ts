import { isDeepStrictEqual } from 'node:util';
import { checkWord } from '../../core/arguments.js';
import type { Clock } from '../../core/clock.js';
import { ArgumentError } from '../../core/errors.js';
import { keyIdOf } from '../../core/keys.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';

/** What kinds of things a trace holds. */
export type TraceKind =
  /** An element came in. */
  | 'element'
  /** The watermark over all channels of an input rose. */
  | 'watermark'
  /** An input fell idle, or woke up. */
  | 'idle'
  | 'active'
  /** An element was put into a window. */
  | 'window-assigned'
  | 'timer-set'
  | 'timer-fired'
  /** A window was computed. */
  | 'fired'
  /** Windows became one. */
  | 'merged'
  /** No window took the element any more; it went to the side output. */
  | 'late'
  /** The same, and it went nowhere. */
  | 'dropped'
  | 'state-read'
  | 'state-written';

/** One thing that happened: what a teacher would draw. */
export interface TraceEvent {
  /** Counts up from 0 within a job. */
  readonly order: number;
  readonly kind: TraceKind;
  /** The operator's name. */
  readonly operator: string;
  readonly subtask: number;
  /** Processing time, epoch ms. */
  readonly at: number;
  readonly key?: unknown;
  readonly value?: unknown;
  /** Event time: the element's or the timer's, epoch ms. */
  readonly timestamp?: number;
  readonly watermark?: number;
  readonly window?: { readonly start: number; readonly end: number };
  /** What else there is to say: the name of a state, the windows that merged, the rows that came out of a table's window. */
  readonly detail?: unknown;
}

/** What operators write to while tracing is on. */
export interface Trace {
  add(event: Omit<TraceEvent, 'order' | 'at'>): void;
}

/** What is kept. */
export interface TraceOptions {
  /** Only these operators, by name. Default: all. */
  readonly operators?: readonly string[];
  /** Only what belongs to these keys (and what belongs to none). Default: all. */
  readonly keys?: readonly unknown[];
  /** Only these kinds. Default: all. */
  readonly kinds?: readonly TraceKind[];
  /** How many events are kept; beyond, the oldest go. Default 100,000. */
  readonly maxEvents?: number;
}

const NAMES: OptionNames<TraceOptions> = { operators: true, keys: true, kinds: true, maxEvents: true };

const KINDS: Readonly<Record<TraceKind, true>> = {
  element: true,
  watermark: true,
  idle: true,
  active: true,
  'window-assigned': true,
  'timer-set': true,
  'timer-fired': true,
  fired: true,
  merged: true,
  late: true,
  dropped: true,
  'state-read': true,
  'state-written': true,
};

/** The events of a job, bounded in memory: `job.trace.events`, or `for await (const event of job.trace)`. */
export class TraceLog implements Trace, AsyncIterable<TraceEvent> {
  private kept: TraceEvent[] = [];
  private order = 0;
  private ended = false;
  private readonly operators: ReadonlySet<string> | undefined;
  private readonly keys: ReadonlySet<unknown> | undefined;
  private readonly kinds: ReadonlySet<TraceKind> | undefined;
  private readonly maxEvents: number;
  private readonly waiting = new Set<() => void>();
  private readonly copies = new WeakMap<object, object>();

  constructor(
    private readonly clock: Clock,
    options: TraceOptions = {},
  ) {
    checkOptions('trace', options, NAMES);
    for (const kind of options.kinds ?? []) checkWord('trace: a kind', kind, Object.keys(KINDS));
    this.operators = options.operators === undefined ? undefined : new Set(options.operators);
    this.keys = options.keys === undefined ? undefined : new Set(options.keys.map(keyIdOf));
    this.kinds = options.kinds === undefined ? undefined : new Set(options.kinds);
    this.maxEvents = options.maxEvents ?? 100_000;
    if (!(this.maxEvents >= 1)) throw new ArgumentError(`trace: maxEvents is ${this.maxEvents}, not 1 or more`);
  }

  /** What is kept so far, oldest first: at most `maxEvents`. */
  get events(): readonly TraceEvent[] {
    return this.kept.length > this.maxEvents ? this.kept.slice(-this.maxEvents) : this.kept;
  }

  /** How many events were thrown away because there were more than `maxEvents`. */
  get forgotten(): number {
    return Math.max(0, this.order - this.maxEvents);
  }

  /** Those of the kept events that these options let through: `trace.select({ operators: ['sums'], keys: ['a'] })`. */
  select(options: Omit<TraceOptions, 'maxEvents'>): TraceEvent[] {
    const chosen = new TraceLog(this.clock, options);
    return this.events.filter((event) => chosen.takes(event));
  }

  add(event: Omit<TraceEvent, 'order' | 'at'>): void {
    if (!this.takes(event)) return;
    const told = { order: this.order++, at: this.clock.now(), ...event };
    if ('value' in told) told.value = this.asItIs(told.value);
    this.kept.push(told);
    if (this.kept.length >= 2 * this.maxEvents) {
      this.kept = this.kept.slice(-this.maxEvents);
    }
    this.wake();
  }

  private takes(event: Omit<TraceEvent, 'order' | 'at'>): boolean {
    if (this.operators !== undefined && !this.operators.has(event.operator)) return false;
    if (this.kinds !== undefined && !this.kinds.has(event.kind)) return false;
    return this.keys === undefined || !('key' in event) || this.keys.has(keyIdOf(event.key));
  }

  /**
   * A value as it is now: somebody may change it later. And V8 looks at what becomes of the objects that a line of a program
   * makes: if a trace kept those themselves, the next job's would be put among old objects, at half the speed.
   */
  private asItIs(value: unknown, lists = 2): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const list = lists > 0 && Array.isArray(value);
    if (!list && Object.getPrototypeOf(value) !== Object.prototype) return value;
    // One copy for all events of an object, as long as it does not change: who compares them sees that it is the same.
    const known = this.copies.get(value);
    if (known !== undefined && isDeepStrictEqual(known, value)) return known;
    const copy = list ? value.map((one) => this.asItIs(one, lists - 1)) : { ...value };
    this.copies.set(value, copy);
    return copy;
  }

  /** No more events come. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TraceEvent, void, undefined> {
    let next = 0;
    for (;;) {
      const first = this.kept[0]?.order ?? this.order;
      // What was thrown away meanwhile is left out.
      next = Math.max(next, first);
      const event = this.kept[next - first];
      if (event !== undefined) {
        next++;
        yield event;
      } else if (this.ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.waiting.add(resolve);
        });
      }
    }
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
