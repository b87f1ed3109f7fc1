import { quoted } from '../core/arguments.js';
import type { Duration } from '../core/duration.js';
import { ArgumentError } from '../core/errors.js';
import { serialisable } from '../core/serialise/index.js';
import type { OutputTag } from '../engine/channels/output-tag.js';
import type { Collector } from '../engine/functions/functions.js';
import { checkFunction, checkMethods } from '../engine/functions/user-function.js';
import {
  IntervalJoinOperator,
  type IntervalJoinSettings,
  type ProcessJoin,
} from '../engine/operators/interval-join.js';
import type { WindowAssigner } from '../engine/windows/assigners.js';
import type { Evictor } from '../engine/windows/evictors.js';
import type { Trigger } from '../engine/windows/trigger.js';
import type { Window } from '../engine/windows/window.js';
import { checkTag } from './checks.js';
import { transformTwo } from './connected-streams.js';
import type { DataStream } from './data-stream.js';
import type { KeyedStream } from './keyed-stream.js';
import { makers } from './makers.js';
import { type KeySelector, keyFunction } from './selectors.js';

/** An element of one of two streams. */
class Sided {
  constructor(
    readonly side: 1 | 2,
    readonly value: unknown,
  ) {}
}
serialisable(Sided, { name: 'streambook/Sided' });

/** What a pair becomes: one result, or with `out` any number, as Flink's `FlatJoinFunction`. */
export type JoinFunction<A, B, R> =
  // biome-ignore lint/suspicious/noConfusingVoidType: so that functions without `return` fit
  (left: A, right: B, out: Collector<R>) => R | void;
/** What both sides of a window become: any number of results. */
export type CoGroupFunction<A, B, R> =
  // biome-ignore lint/suspicious/noConfusingVoidType: so that functions without `return` fit
  (left: readonly A[], right: readonly B[], out: Collector<R>) => Iterable<R> | void;

type Mode = 'join' | 'coGroup';

/** `a.join(b)` or `a.coGroup(b)`: now `where(...)`. */
export class JoinedStreams<A, B, M extends Mode> {
  /** @internal */
  constructor(
    private readonly left: DataStream<A>,
    private readonly right: DataStream<B>,
    private readonly mode: M,
  ) {}

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'JoinedStreams: where(key).equalTo(key).window(assigner).apply(function)';
  }

  /** The key of the left side. */
  where<K>(key: KeySelector<A, K>): {
    equalTo(key: KeySelector<B, K>): {
      window<W extends Window>(assigner: WindowAssigner<never, W>): JoinedWindows<A, B, W, M>;
    };
  } {
    return {
      equalTo: (rightKey) => ({
        window: (assigner) => new JoinedWindows(this.left, this.right, key, rightKey, assigner, this.mode),
      }),
    };
  }
}

/**
 * Two streams in common windows by a common key.
 *
 * @see Flink: Joining, Window Join
 */
export class JoinedWindows<A, B, W extends Window, M extends Mode> {
  private triggerSet: Trigger<never, W> | undefined;
  private evictorSet: Evictor<never, W> | undefined;
  private latenessMs = 0;

  /** @internal */
  constructor(
    private readonly left: DataStream<A>,
    private readonly right: DataStream<B>,
    private readonly leftKey: KeySelector<never, unknown>,
    private readonly rightKey: KeySelector<never, unknown>,
    private readonly assigner: WindowAssigner<never, W>,
    private readonly mode: M,
  ) {}

  /** Replaces the default trigger. */
  trigger(trigger: Trigger<never, W>): this {
    this.triggerSet = trigger;
    return this;
  }

  /** Removes elements before or after a window is computed. */
  evictor(evictor: Evictor<never, W>): this {
    this.evictorSet = evictor;
    return this;
  }

  /** Keeps windows for this long (ms of event time) after their end. */
  allowedLateness(lateness: Duration): this {
    this.latenessMs = lateness;
    return this;
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'JoinedWindows: apply() says what a window gives';
  }

  /** For a join: each pair of a window. For a coGroup: both sides of a window, one of which may be empty. */
  apply<R>(fn: M extends 'join' ? JoinFunction<A, B, R> : CoGroupFunction<A, B, R>): DataStream<R> {
    checkFunction(`${this.mode}.apply`, fn);
    const leftKey = keyFunction('where', this.leftKey);
    const rightKey = keyFunction('equalTo', this.rightKey);
    const both = this.left
      .map((value) => new Sided(1, value))
      .union(this.right.map((value) => new Sided(2, value)))
      .keyBy((one) => (one.side === 1 ? leftKey(one.value) : rightKey(one.value)));
    const windows = both.window(this.assigner as unknown as WindowAssigner<Sided, W>).allowedLateness(this.latenessMs);
    if (this.triggerSet !== undefined) windows.trigger(this.triggerSet as unknown as Trigger<Sided, W>);
    if (this.evictorSet !== undefined) windows.evictor(this.evictorSet as unknown as Evictor<Sided, W>);
    const name = this.mode === 'join' ? 'Window(Join)' : 'Window(CoGroup)';
    return windows.apply<R>(this.mode === 'join' ? pairs(fn as never) : groups(fn as never)).name(name);
  }
}

function sides(elements: readonly Sided[]): [unknown[], unknown[]] {
  const left: unknown[] = [];
  const right: unknown[] = [];
  for (const { side, value } of elements) (side === 1 ? left : right).push(value);
  return [left, right];
}

function pairs<R>(join: JoinFunction<unknown, unknown, R>) {
  return (_key: unknown, _window: unknown, elements: readonly Sided[], out: Collector<R>): void => {
    const [left, right] = sides(elements);
    for (const l of left) {
      for (const r of right) {
        const result = join(l, r, out);
        if (result !== undefined || join.length < 3) out.collect(result as R);
      }
    }
  };
}

function groups<R>(group: CoGroupFunction<unknown, unknown, R>) {
  return (_key: unknown, _window: unknown, elements: readonly Sided[], out: Collector<R>): void => {
    const [left, right] = sides(elements);
    const results = group(left, right, out);
    if (results === undefined) return;
    if (typeof results !== 'object' || results === null || !(Symbol.iterator in results)) {
      throw new ArgumentError(`coGroup: the function returned ${quoted(results)}, not an array or another iterable`, {
        hint: 'return an array, or call out.collect(...) and return nothing',
      });
    }
    for (const result of results) out.collect(result);
  };
}

/**
 * Two keyed streams, each element with those of the other that lie within an interval of event time around it.
 *
 * @see Flink: Joining, Interval Join
 */
export class IntervalJoin<A, B> {
  private options: Partial<Omit<IntervalJoinSettings<A, B, unknown>, 'join'>> = {
    lowerInclusive: true,
    upperInclusive: true,
  };

  /** @internal Use `keyedStream.intervalJoin(other)`. */
  constructor(
    private readonly left: KeyedStream<A, unknown>,
    private readonly right: KeyedStream<B, unknown>,
  ) {}

  /** `left.timestamp + lower <= right.timestamp <= left.timestamp + upper`, in ms; both may be negative. */
  between(lower: Duration, upper: Duration): this {
    if (typeof lower !== 'number' || typeof upper !== 'number' || Number.isNaN(lower + upper)) {
      throw new ArgumentError(`between(${quoted(lower)}, ${quoted(upper)}): not two durations`, {
        hint: 'seconds(-5), seconds(5), or numbers of milliseconds',
      });
    }
    if (lower > upper) throw new ArgumentError(`between(${lower}, ${upper}): the lower bound is above the upper one`);
    this.options = { ...this.options, lowerMs: lower, upperMs: upper };
    return this;
  }

  /** Leaves out pairs exactly at the lower bound. */
  lowerBoundExclusive(): this {
    this.options = { ...this.options, lowerInclusive: false };
    return this;
  }

  /** Leaves out pairs exactly at the upper bound. */
  upperBoundExclusive(): this {
    this.options = { ...this.options, upperInclusive: false };
    return this;
  }

  /** Puts elements of the left side behind the watermark into a side output instead of dropping them. */
  sideOutputLeftLateData(tag: OutputTag<A>): this {
    checkTag('sideOutputLeftLateData', tag);
    this.options = { ...this.options, leftLateTag: tag };
    return this;
  }

  /** Puts elements of the right side behind the watermark into a side output instead of dropping them. */
  sideOutputRightLateData(tag: OutputTag<B>): this {
    checkTag('sideOutputRightLateData', tag);
    this.options = { ...this.options, rightLateTag: tag };
    return this;
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'IntervalJoin: between(lower, upper).process(function)';
  }

  /** Called for each pair: `(left, right, context, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(join: ProcessJoin<A, B, R>): DataStream<R> {
    const { options } = this;
    if (options.lowerMs === undefined) throw new ArgumentError('intervalJoin: call .between(lower, upper) first');
    checkMethods('intervalJoin.process', join, ['processElement'], 'function');
    const settings = { ...options, join } as IntervalJoinSettings<A, B, R>;
    const create = (): IntervalJoinOperator<A, B, R> => new IntervalJoinOperator<A, B, R>(settings);
    return transformTwo(this.left as never, this.right as never, 'IntervalJoin', create);
  }
}

makers.joined = (left, right, mode) => new JoinedStreams<never, never, never>(left, right, mode as never);
