import type { AggregateFunction, ReduceFunction } from '../engine/functions/functions.js';
import { checkFunction } from '../engine/functions/user-function.js';
import type { WindowAssigner } from '../engine/windows/assigners.js';
import type { Window } from '../engine/windows/window.js';
import {
  fromProcess,
  fromWindowFunction,
  type ProcessWindow,
  type ProcessWindowObject,
  type WindowFunction,
} from '../engine/windows/window-function.js';
import type { DataStream } from './data-stream.js';
import type { KeyedStream } from './keyed-stream.js';
import { aggregatePlan, listPlan, reducePlan } from './window-plan.js';
import { Windowing } from './windowing.js';

/**
 * A keyed stream in windows.
 *
 * @see Flink: Windows
 */
export class WindowedStream<T, K, W extends Window> extends Windowing<T, K, W> {
  /** @internal Use `keyedStream.window(...)`. */
  constructor(stream: KeyedStream<T, K>, assigner: WindowAssigner<T, W>) {
    super(stream, assigner, 'Window');
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
      'Reduce',
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
    return this.run('Aggregate', aggregatePlan(aggregate, fn));
  }

  /** Computes a window from all its elements: `(key, context, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(fn: ProcessWindow<T, R, K, W>): DataStream<R> {
    return this.run('Process', listPlan(fromProcess(fn)));
  }

  /** The same with Flink's older signature: `(key, window, elements, out) => ...`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  apply<R = any>(fn: WindowFunction<T, R, K, W>): DataStream<R> {
    return this.run('Apply', listPlan(fromWindowFunction(fn)));
  }
}
