import type { Duration } from '../core/duration.js';
import { ArgumentError } from '../core/errors.js';
import { extremeByField, extremeOfField, type FieldReduction, sumOfField } from '../engine/fields.js';
import type { AggregateFunction, ReduceFunction } from '../engine/functions.js';
import { SliceWindowOperator } from '../engine/operators/slice-window.js';
import { WindowOperator } from '../engine/operators/window.js';
import type { OutputTag } from '../engine/output-tag.js';
import { checkFunction } from '../engine/user-function.js';
import { FixedWindows, type WindowAssigner } from '../engine/windows/assigners.js';
import {
  aggregating,
  listing,
  listingWithTimestamps,
  reducing,
  type WindowContents,
} from '../engine/windows/contents.js';
import type { Evictor } from '../engine/windows/evictors.js';
import type { Trigger } from '../engine/windows/trigger.js';
import type { Window } from '../engine/windows/window.js';
import {
  fromProcess,
  fromWindowFunction,
  type ProcessWindow,
  type ProcessWindowObject,
  type WindowComputation,
  type WindowFunction,
} from '../engine/windows/window-function.js';
import type { DataStream } from './data-stream.js';
import type { KeyedStream } from './keyed-stream.js';
import { type Field, type NumericField, numberKindOf } from './types.js';

/** What has been said about windows so far. */
export interface WindowOptions<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>;
  trigger?: Trigger<T, W>;
  evictor?: Evictor<T, W>;
  allowedLatenessMs: number;
  lateTag?: OutputTag<T>;
}

/** How contents are kept and combined, with and without an evictor. */
interface Plan<T> {
  readonly contents: () => WindowContents<T, unknown, unknown>;
  /** For evictors: from all elements to what the window function gets. */
  readonly combine: (() => (elements: readonly T[]) => readonly unknown[]) | undefined;
  readonly computation?: (() => WindowComputation) | undefined;
}

/**
 * A keyed stream in windows.
 *
 * @see Flink: Windows
 */
export class WindowedStream<T, K, W extends Window> {
  private readonly options: WindowOptions<T, W>;

  /** @internal Use `keyedStream.window(...)`. */
  constructor(
    private readonly stream: KeyedStream<T, K>,
    assigner: WindowAssigner<T, W>,
  ) {
    this.options = { assigner, allowedLatenessMs: 0 };
  }

  /** Replaces the default trigger, and with it the firing at the window's end. */
  trigger(trigger: Trigger<T, W>): this {
    this.options.trigger = trigger;
    return this;
  }

  /** Removes elements before or after the window is computed. All elements are kept one by one then. */
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
  reduce<R>(
    reducer: ReduceFunction<T>,
    fn: WindowFunction<T, R, K, W> | ProcessWindowObject<T, R, K, W>,
  ): DataStream<R>;
  reduce(reducer: ReduceFunction<T>, fn?: unknown): unknown {
    checkFunction('reduce', reducer);
    return this.run(
      'Window(Reduce)',
      reducePlan(() => ({ reduce: reducer }), fn),
    );
  }

  /** The result of an aggregate function per window. With a window function: that result is what it gets. */
  aggregate<ACC, R>(aggregate: AggregateFunction<T, ACC, R>): DataStream<R>;
  aggregate<ACC, V, R>(
    aggregate: AggregateFunction<T, ACC, V>,
    fn: WindowFunction<V, R, K, W> | ProcessWindowObject<V, R, K, W>,
  ): DataStream<R>;
  aggregate(aggregate: AggregateFunction<T, unknown, unknown>, fn?: unknown): unknown {
    return this.run('Window(Aggregate)', aggregatePlan(aggregate, fn));
  }

  /** Computes a window from all its elements: `(key, context, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(fn: ProcessWindow<T, R, K, W>): DataStream<R> {
    return this.run('Window(Process)', listPlan(fromProcess(fn)));
  }

  /** The same with Flink's older signature: `(key, window, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  apply<R = any>(fn: WindowFunction<T, R, K, W>): DataStream<R> {
    return this.run('Window(Apply)', listPlan(fromWindowFunction(fn)));
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
    const plan = reducePlan<T>(make as () => Reduction<T>, undefined);
    return this.run<T>(`Window(${make().name})`, plan).returns(this.stream.type);
  }

  private run<R>(name: string, plan: Plan<T>): DataStream<R> {
    return runWindows<T, W, R>(this.stream, this.options, name, plan);
  }
}

interface Reduction<T> {
  readonly reduce: ReduceFunction<T>;
  readonly learn?: (sample: T) => void;
}

/** How a window is reduced. */
export function reducePlan<T>(make: () => Reduction<T>, fn: unknown): Plan<T> {
  return {
    contents: () => {
      const { reduce, learn } = make();
      return reducing(reduce, learn) as WindowContents<T, unknown, unknown>;
    },
    combine: () => {
      const { reduce, learn } = make();
      return (elements) => {
        const [first, ...rest] = elements;
        if (elements.length === 0) return [];
        learn?.(first as T);
        return [rest.reduce(reduce, first as T)];
      };
    },
    computation: fn === undefined ? undefined : fromWindowFunction(fn),
  };
}

/** How a window is aggregated. */
export function aggregatePlan<T>(aggregate: AggregateFunction<T, unknown, unknown>, fn: unknown): Plan<T> {
  for (const method of ['createAccumulator', 'add', 'getResult'] as const) {
    if (typeof aggregate?.[method] === 'function') continue;
    throw new ArgumentError(`aggregate: the aggregate function has no method \`${method}\``, {
      hint: 'it has createAccumulator(), add(value, acc), getResult(acc), and merge(a, b) where windows merge',
    });
  }
  return {
    contents: () => aggregating(aggregate) as WindowContents<T, unknown, unknown>,
    combine: () => (elements) => {
      let accumulator = aggregate.createAccumulator();
      for (const element of elements) accumulator = aggregate.add(element, accumulator);
      return [aggregate.getResult(accumulator)];
    },
    computation: fn === undefined ? undefined : fromWindowFunction(fn),
  };
}

/** How a window is computed from all its elements. */
export function listPlan<T>(computation: () => WindowComputation): Plan<T> {
  return { contents: () => listing<T>() as WindowContents<T, unknown, unknown>, combine: undefined, computation };
}

/** Puts the operator for these windows behind a keyed stream: the one without timers per key where that is enough. */
export function runWindows<T, W extends Window, R>(
  stream: KeyedStream<T, unknown>,
  options: WindowOptions<T, W>,
  name: string,
  plan: Plan<T>,
): DataStream<R> {
  const { assigner, trigger, evictor, allowedLatenessMs, lateTag } = options;
  const late = lateTag === undefined ? {} : { lateTag };
  const { computation } = plan;
  if (assigner instanceof FixedWindows && assigner.isEventTime() && trigger === undefined && evictor === undefined) {
    const create = (): SliceWindowOperator<T, R> =>
      new SliceWindowOperator<T, R>({ assigner, allowedLatenessMs, ...late, contents: plan.contents(), computation });
    return stream.transform(name, create);
  }
  const make = (): WindowOperator<T, R> =>
    new WindowOperator<T, R>({
      assigner: assigner as unknown as WindowAssigner<T, Window>,
      trigger: (trigger ?? assigner.getDefaultTrigger()) as unknown as Trigger<T, Window>,
      allowedLatenessMs,
      ...late,
      computation,
      ...(evictor === undefined
        ? { contents: plan.contents() }
        : {
            contents: listingWithTimestamps<T>() as WindowContents<T, unknown, unknown>,
            evictor: evictor as unknown as Evictor<T, Window>,
            combine: plan.combine?.(),
          }),
    });
  // A trigger that cannot be used here is refused where the program is written, not when it runs.
  make();
  return stream.transform(name, make);
}
