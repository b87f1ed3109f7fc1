import type { Duration } from '../core/duration.js';
import { ArgumentError } from '../core/errors.js';
import { extremeByField, extremeOfField, type FieldReduction, sumOfField } from '../engine/fields.js';
import type { AggregateFunction, Collector, ReduceFunction } from '../engine/functions.js';
import type { OutputTag } from '../engine/output-tag.js';
import { checkFunction, type RichFunction } from '../engine/user-function.js';
import type { WindowAssigner } from '../engine/windows/assigners.js';
import type { Evictor } from '../engine/windows/evictors.js';
import type { Trigger } from '../engine/windows/trigger.js';
import type { Window } from '../engine/windows/window.js';
import { fromAllWindowFunction, fromProcessAll, type ProcessWindowContext } from '../engine/windows/window-function.js';
import type { DataStream } from './data-stream.js';
import type { KeyedStream } from './keyed-stream.js';
import { makers } from './makers.js';
import { type Field, type NumericField, numberKindOf } from './types.js';
import { aggregatePlan, listPlan, reducePlan, runWindows, type WindowOptions } from './windowed-stream.js';

/** Computes a window without a key: `(window, elements, out) => ...`. */
export type AllWindowFunction<IN, OUT, W extends Window> =
  // biome-ignore lint/suspicious/noConfusingVoidType: so that functions without `return` fit
  (window: W, elements: readonly IN[], out: Collector<OUT>) => OUT | void;

/** What `ProcessAllWindowFunction` is, as an object or a plain function. */
export type ProcessAllWindow<IN, OUT, W extends Window> =
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  | ((context: ProcessWindowContext<W>, elements: readonly IN[], out: Collector<OUT>) => OUT | void)
  | ({
      // biome-ignore lint/suspicious/noConfusingVoidType: as above
      process(context: ProcessWindowContext<W>, elements: readonly IN[], out: Collector<OUT>): OUT | void;
      clear?(context: ProcessWindowContext<W>): void;
    } & RichFunction);

/**
 * A stream without keys in windows; one subtask does all of it.
 *
 * @see Flink: Windows, Keyed vs Non-Keyed Windows
 */
export class AllWindowedStream<T, W extends Window> {
  private readonly options: WindowOptions<T, W>;

  /** @internal Use `stream.windowAll(...)`. */
  constructor(
    private readonly stream: KeyedStream<T, unknown>,
    assigner: WindowAssigner<T, W>,
  ) {
    this.options = { assigner, allowedLatenessMs: 0 };
  }

  /** Replaces the default trigger, and with it the firing at the window's end. */
  trigger(trigger: Trigger<T, W>): this {
    this.options.trigger = trigger;
    return this;
  }

  /** Removes elements before or after the window is computed. */
  evictor(evictor: Evictor<T, W>): this {
    this.options.evictor = evictor;
    return this;
  }

  /** Keeps windows for this long (ms of event time) after their end; each late element fires its window again. */
  allowedLateness(lateness: Duration): this {
    if (!(lateness >= 0)) throw new ArgumentError(`allowedLateness(${lateness}): not a duration of 0 ms or more`);
    this.options.allowedLatenessMs = lateness;
    return this;
  }

  /** Puts elements that no window takes any more into a side output instead of dropping them. */
  sideOutputLateData(tag: OutputTag<T>): this {
    this.options.lateTag = tag;
    return this;
  }

  /** One element per window: all reduced. With a window function: that element is what it gets. */
  reduce(reducer: ReduceFunction<T>): DataStream<T>;
  reduce<R>(reducer: ReduceFunction<T>, fn: AllWindowFunction<T, R, W>): DataStream<R>;
  reduce(reducer: ReduceFunction<T>, fn?: unknown): unknown {
    checkFunction('reduce', reducer);
    return this.run('WindowAll(Reduce)', {
      ...reducePlan<T>(() => ({ reduce: reducer }), undefined),
      computation: fn === undefined ? undefined : fromAllWindowFunction(fn),
    });
  }

  /** The result of an aggregate function per window. With a window function: that result is what it gets. */
  aggregate<ACC, R>(aggregate: AggregateFunction<T, ACC, R>): DataStream<R>;
  aggregate<ACC, V, R>(aggregate: AggregateFunction<T, ACC, V>, fn: AllWindowFunction<V, R, W>): DataStream<R>;
  aggregate(aggregate: AggregateFunction<T, unknown, unknown>, fn?: unknown): unknown {
    return this.run('WindowAll(Aggregate)', {
      ...aggregatePlan<T>(aggregate, undefined),
      computation: fn === undefined ? undefined : fromAllWindowFunction(fn),
    });
  }

  /** Computes a window from all its elements: `(context, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(fn: ProcessAllWindow<T, R, W>): DataStream<R> {
    return this.run('WindowAll(Process)', listPlan(fromProcessAll(fn)));
  }

  /** The same with Flink's older signature: `(window, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  apply<R = any>(fn: AllWindowFunction<T, R, W>): DataStream<R> {
    return this.run('WindowAll(Apply)', listPlan(fromAllWindowFunction(fn)));
  }

  /** The sum of a number field; the other fields are those of the window's first element. */
  sum<F extends NumericField<T>>(field: F): DataStream<T> {
    const kind = numberKindOf(this.stream.type, field);
    return this.field(() => sumOfField(field, kind));
  }

  /** The smallest value of a field; the other fields are those of the window's first element. */
  min<F extends Field<T>>(field: F): DataStream<T> {
    return this.field(() => extremeOfField(field, false));
  }

  /** The largest value of a field; the other fields are those of the window's first element. */
  max<F extends Field<T>>(field: F): DataStream<T> {
    return this.field(() => extremeOfField(field, true));
  }

  /** The whole element with the smallest value of a field; of several, the first (`first: false`: the last). */
  minBy<F extends Field<T>>(field: F, first = true): DataStream<T> {
    return this.field(() => extremeByField(field, false, first));
  }

  /** The whole element with the largest value of a field; of several, the first (`first: false`: the last). */
  maxBy<F extends Field<T>>(field: F, first = true): DataStream<T> {
    return this.field(() => extremeByField(field, true, first));
  }

  private field(make: () => FieldReduction): DataStream<T> {
    const plan = reducePlan<T>(make as never, undefined);
    return this.run<T>(`WindowAll(${make().name})`, plan).returns(this.stream.type);
  }

  private run<R>(name: string, plan: ReturnType<typeof listPlan<T>>): DataStream<R> {
    return runWindows<T, W, R>(this.stream, this.options, name, plan);
  }
}

const ONE_KEY = 'all';

makers.allWindowed = (stream, assigner) => {
  const keyed = stream.keyBy(() => ONE_KEY) as unknown as KeyedStream<never, unknown>;
  return new AllWindowedStream<never, never>(keyed, assigner);
};
