import { StreambookError } from '../../core/errors.js';
import type { AggregateFunction, ReduceFunction } from '../functions/functions.js';
import { missingReturn } from '../functions/user-function.js';
import { TimestampedValue } from './evictors.js';

/** How a window keeps its elements, and what it hands to the window function. */
export interface WindowContents<T, ACC, IN> {
  /** The contents of a window with its first element. */
  first(value: T, timestamp: number): ACC;
  /** The contents with one element more; may be the same object, changed. */
  add(contents: ACC, value: T, timestamp: number): ACC;
  /** Two windows' contents put together. */
  merge(a: ACC, b: ACC): ACC;
  /** What the window function gets. */
  elements(contents: ACC): readonly IN[];
  /** Whether there is one element only, so that without a window function it is the result itself. */
  readonly single: boolean;
  /** For messages and snapshots. */
  readonly kind: string;
  /** To be called with each window's contents out of a snapshot. */
  restored?(contents: ACC): void;
  /** To be called with the first element of a key and window. */
  learn?(value: T): void;
  /** `add`, for a chain. */
  readonly chainedAdd?: ChainedAdd;
}

/** Says within a chain what the contents are with one element more. */
export interface ChainedAdd {
  /** What the expression uses, by names that it ends with `at`. */
  readonly names: Readonly<Record<string, unknown>>;
  readonly text: (contents: string, value: string, at: number) => string;
}

function given<T>(where: string, value: T, what: string): T {
  if (value === undefined) missingReturn(where, what);
  return value;
}

/** One element that all others are reduced into. */
export function reducing<T>(reduce: ReduceFunction<T>, learn?: (value: T) => void): WindowContents<T, T, T> {
  return {
    kind: 'window-reducing',
    single: true,
    first: (value) => {
      learn?.(value);
      return value;
    },
    add: (contents, value) => reduce(contents, value),
    chainedAdd: { names: { reducer: reduce }, text: (contents, value, at) => `reducer${at}(${contents}, ${value})` },
    merge: (a, b) => reduce(a, b),
    elements: (contents) => [given('reduce', contents, 'the element that stands for both')],
    ...(learn === undefined ? {} : { restored: learn }),
  };
}

/** An accumulator. */
export function aggregating<T, ACC, R>(aggregate: AggregateFunction<T, ACC, R>): WindowContents<T, ACC, R> {
  return {
    kind: 'window-aggregating',
    single: true,
    first: (value) => given('aggregate, add', aggregate.add(value, aggregate.createAccumulator()), 'the accumulator'),
    add: (contents, value) => aggregate.add(value, contents),
    chainedAdd: { names: { aggregate }, text: (contents, value, at) => `aggregate${at}.add(${value}, ${contents})` },
    merge: (a, b) => {
      if (aggregate.merge !== undefined) return aggregate.merge(a, b);
      throw new StreambookError('no-merge', 'windows merge here, and the aggregate function has no `merge`', {
        hint: 'session windows need merge(a, b): the accumulator for both',
      });
    },
    elements: (contents) => [aggregate.getResult(contents)],
  };
}

/** All elements. */
export function listing<T>(): WindowContents<T, T[], T> {
  return {
    kind: 'window-list',
    single: false,
    first: (value) => [value],
    add: (contents, value) => {
      contents.push(value);
      return contents;
    },
    merge: (a, b) => a.concat(b),
    elements: (contents) => contents.slice(),
  };
}

/** All elements with their timestamps, for evictors. */
export function listingWithTimestamps<T>(): WindowContents<T, TimestampedValue<T>[], TimestampedValue<T>> {
  return {
    kind: 'window-evicting',
    single: false,
    first: (value, timestamp) => [new TimestampedValue(value, timestamp)],
    add: (contents, value, timestamp) => {
      contents.push(new TimestampedValue(value, timestamp));
      return contents;
    },
    merge: (a, b) => a.concat(b),
    elements: (contents) => contents.slice(),
  };
}
