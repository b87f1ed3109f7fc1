import type { OutputTag } from '../engine/channels/output-tag.js';
import type { AggregateFunction, ReduceFunction } from '../engine/functions/functions.js';
import { checkMethods } from '../engine/functions/user-function.js';
import { SliceWindowOperator } from '../engine/operators/slice-window.js';
import { WindowOperator } from '../engine/operators/window.js';
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
import { fromWindowFunction, hasClear, type WindowComputation } from '../engine/windows/window-function.js';
import type { DataStream } from './data-stream.js';
import type { KeyedStream } from './keyed-stream.js';

/** What has been said about windows so far. */
export interface WindowOptions<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>;
  trigger?: Trigger<T, W>;
  evictor?: Evictor<T, W>;
  allowedLatenessMs: number;
  lateTag?: OutputTag<T>;
}

/** How contents are kept and combined, with and without an evictor. */
export interface Plan<T> {
  readonly contents: () => WindowContents<T, unknown, unknown>;
  /** For evictors: from all elements to what the window function gets. */
  readonly combine: (() => (elements: readonly T[]) => readonly unknown[]) | undefined;
  readonly computation?: (() => WindowComputation) | undefined;
}

/** A reduction, and what it has to see before. */
export interface Reduction<T> {
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
        // An evictor left nothing: Flink reduces that to null.
        if (elements.length === 0) return [null];
        learn?.(first as T);
        return [rest.reduce(reduce, first as T)];
      };
    },
    computation: fn === undefined ? undefined : fromWindowFunction(fn),
  };
}

/** How a window is aggregated. */
export function aggregatePlan<T>(aggregate: AggregateFunction<T, unknown, unknown>, fn: unknown): Plan<T> {
  checkMethods('aggregate', aggregate, ['createAccumulator', 'add', 'getResult'], 'object');
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
  const plain = trigger === undefined && evictor === undefined;
  // Where windows that end together can be told apart, they go in Flink's order: that takes timers.
  const ordered = allowedLatenessMs > 0 && hasClear(computation?.());
  if (assigner instanceof FixedWindows && assigner.isEventTime() && plain && !ordered) {
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
