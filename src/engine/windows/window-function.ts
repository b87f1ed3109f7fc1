import type { OutputTag } from '../channels/output-tag.js';
import type { Collector } from '../functions/functions.js';
import { AbstractRichFunction, checkFunction, checkMethods, type RichFunction } from '../functions/user-function.js';
import type { KeyedStateStore } from '../state/backend.js';
import type { Window } from './window.js';

/** What a process window function has around it. */
export interface ProcessWindowContext<W extends Window> {
  readonly window: W;
  currentWatermark(): number;
  currentProcessingTime(): number;
  /** State of this key and window; to be cleared in `clear`. Not with windows that merge. */
  windowState(): KeyedStateStore;
  /** State of this key, over all windows. */
  globalState(): KeyedStateStore;
  /** Puts an element into a side output. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/**
 * Computes a window from all its elements. Put results into `out`, or return one.
 *
 * @see Flink: `ProcessWindowFunction`
 */
export abstract class ProcessWindowFunction<IN, OUT, K, W extends Window> extends AbstractRichFunction {
  // biome-ignore lint/suspicious/noConfusingVoidType: so that functions without `return` fit, in TypeScript 5.0 too
  abstract process(key: K, context: ProcessWindowContext<W>, elements: readonly IN[], out: Collector<OUT>): OUT | void;
  /** When the window is thrown away: clear what is in `windowState`. */
  clear(_context: ProcessWindowContext<W>): void {}
}

/** The same for windows over a stream without keys. */
export abstract class ProcessAllWindowFunction<IN, OUT, W extends Window> extends AbstractRichFunction {
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  abstract process(context: ProcessWindowContext<W>, elements: readonly IN[], out: Collector<OUT>): OUT | void;
  clear(_context: ProcessWindowContext<W>): void {}
}

/** What {@link ProcessWindowFunction} is, as an object. */
export type ProcessWindowObject<IN, OUT, K, W extends Window> = {
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  process(key: K, context: ProcessWindowContext<W>, elements: readonly IN[], out: Collector<OUT>): OUT | void;
  clear?(context: ProcessWindowContext<W>): void;
} & RichFunction;

/** What {@link ProcessWindowFunction} is, as an object or a plain function. */
export type ProcessWindow<IN, OUT, K, W extends Window> =
  | ProcessWindowObject<IN, OUT, K, W>
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  | ((key: K, context: ProcessWindowContext<W>, elements: readonly IN[], out: Collector<OUT>) => OUT | void);

/** A window function: key, window, elements; returns a result, or puts results into `out`. */
export type WindowFunction<IN, OUT, K, W extends Window> =
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  (key: K, window: W, elements: readonly IN[], out: Collector<OUT>) => OUT | void;

/** What window operators call. */
export interface WindowComputation extends RichFunction {
  process(
    key: unknown,
    context: ProcessWindowContext<Window>,
    elements: readonly unknown[],
    out: Collector<unknown>,
  ): unknown;
  clear?(context: ProcessWindowContext<Window>): void;
}

/** Whether the function wants to know when windows are thrown away. */
export function hasClear(fn: { clear?: unknown } | undefined): boolean {
  const clear = fn?.clear;
  if (clear === undefined) return false;
  return clear !== ProcessWindowFunction.prototype.clear && clear !== ProcessAllWindowFunction.prototype.clear;
}

/** A computation from a `ProcessWindowFunction` or a function with its parameters. */
export function fromProcess(fn: unknown): () => WindowComputation {
  checkMethods('process', fn, ['process'], 'function');
  if (typeof fn === 'function') return () => ({ process: fn as WindowComputation['process'] });
  return () => copy(fn as WindowComputation);
}

/** A computation from a {@link WindowFunction} or a `ProcessWindowFunction`. */
export function fromWindowFunction(fn: unknown): () => WindowComputation {
  checkMethods('the window function', fn, ['process'], 'function');
  if (typeof fn !== 'function') return () => copy(fn as WindowComputation);
  const apply = fn as WindowFunction<unknown, unknown, unknown, Window>;
  return () => ({ process: (key, context, elements, out) => apply(key, context.window, elements, out) });
}

/** The same for functions without a key. */
export function fromProcessAll(fn: unknown): () => WindowComputation {
  checkMethods('process', fn, ['process'], 'function');
  type All = ProcessAllWindowFunction<unknown, unknown, Window>;
  if (typeof fn === 'function') {
    const process = fn as All['process'];
    return () => ({ process: (_key, context, elements, out) => process(context, elements, out) });
  }
  return () => {
    const own = copy(fn as All);
    return {
      open: (context) => {
        if (own instanceof AbstractRichFunction) own.setRuntimeContext(context);
        return own.open?.(context);
      },
      close: () => own.close?.(),
      process: (_key, context, elements, out) => own.process(context, elements, out),
      ...(hasClear(own) ? { clear: (context: ProcessWindowContext<Window>) => own.clear?.(context) } : {}),
    };
  };
}

/** The same for `(window, elements, out) => ...`. */
export function fromAllWindowFunction(fn: unknown): () => WindowComputation {
  if (typeof fn !== 'function') return fromProcessAll(fn);
  checkFunction('the window function', fn);
  const apply = fn as (window: Window, elements: readonly unknown[], out: Collector<unknown>) => unknown;
  return () => ({ process: (_key, context, elements, out) => apply(context.window, elements, out) });
}

function copy<F extends object>(fn: F): F {
  return Object.assign(Object.create(Object.getPrototypeOf(fn) as object) as F, fn);
}
