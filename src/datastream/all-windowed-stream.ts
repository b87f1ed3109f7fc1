import type { AggregateFunction, Collector, ReduceFunction } from '../engine/functions/functions.js';
import { checkFunction, type RichFunction } from '../engine/functions/user-function.js';
import type { WindowAssigner } from '../engine/windows/assigners.js';
import type { Window } from '../engine/windows/window.js';
import { fromAllWindowFunction, fromProcessAll, type ProcessWindowContext } from '../engine/windows/window-function.js';
import type { DataStream } from './data-stream.js';
import type { KeyedStream } from './keyed-stream.js';
import { makers } from './makers.js';
import { aggregatePlan, listPlan, type Plan, reducePlan } from './window-plan.js';
import { checkAssigner, Windowing } from './windowing.js';

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
export class AllWindowedStream<T, W extends Window> extends Windowing<T, unknown, W> {
  /** @internal Use `stream.windowAll(...)`. */
  constructor(stream: KeyedStream<T, unknown>, assigner: WindowAssigner<T, W>) {
    super(stream, assigner, 'WindowAll');
  }

  /** @internal Flink: `forceNonParallel` */
  protected override run<R>(what: string, plan: Plan<T>): DataStream<R> {
    const result = super.run<R>(what, plan);
    result.node(what).single = true;
    return result;
  }

  /** One element per window: all reduced. With a window function: that element is what it gets. */
  reduce(reducer: ReduceFunction<T>): DataStream<T>;
  reduce<R>(reducer: ReduceFunction<T>, fn: AllWindowFunction<T, R, W>): DataStream<R>;
  reduce(reducer: ReduceFunction<T>, fn?: unknown): unknown {
    checkFunction('reduce', reducer);
    return this.run('Reduce', {
      ...reducePlan<T>(() => ({ reduce: reducer }), undefined),
      computation: fn === undefined ? undefined : fromAllWindowFunction(fn),
    });
  }

  /** The result of an aggregate function per window. With a window function: that result is what it gets. */
  aggregate<ACC, R>(aggregate: AggregateFunction<T, ACC, R>): DataStream<R>;
  aggregate<ACC, V, R>(aggregate: AggregateFunction<T, ACC, V>, fn: AllWindowFunction<V, R, W>): DataStream<R>;
  aggregate(aggregate: AggregateFunction<T, unknown, unknown>, fn?: unknown): unknown {
    return this.run('Aggregate', {
      ...aggregatePlan<T>(aggregate, undefined),
      computation: fn === undefined ? undefined : fromAllWindowFunction(fn),
    });
  }

  /** Computes a window from all its elements: `(context, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(fn: ProcessAllWindow<T, R, W>): DataStream<R> {
    return this.run('Process', listPlan(fromProcessAll(fn)));
  }

  /** The same with Flink's older signature: `(window, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  apply<R = any>(fn: AllWindowFunction<T, R, W>): DataStream<R> {
    return this.run('Apply', listPlan(fromAllWindowFunction(fn)));
  }
}

const ONE_KEY = 'all';

makers.allWindowed = (stream, assigner) => {
  checkAssigner('windowAll', assigner);
  const keyed = stream.keyBy(() => ONE_KEY) as unknown as KeyedStream<never, unknown>;
  return new AllWindowedStream<never, never>(keyed, assigner);
};
