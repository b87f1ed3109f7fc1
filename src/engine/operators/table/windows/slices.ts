import type { Row } from '../../../../core/rows/index.js';
import { windowStart } from './window-clock.js';

/**
 * Windows as sums of slices that do not overlap: a row is counted once, in its slice, and windows share slices. A slice is
 * known by its end (ms, local time), and so is a window.
 *
 * @see Flink: `SliceAssigner`
 */
export interface Slices {
  /** How far apart the ends of windows are. */
  readonly interval: number;
  /** Whether windows have slices in common, so that they are put together when they fire. */
  readonly shared: boolean;
  /** The slice of a local time. */
  sliceOf(time: number): number;
  windowStartOf(end: number): number;
  /** The last window that holds a slice. */
  lastWindowOf(slice: number): number;
  /** Where the sum of a fired window is kept for the next ones; `undefined`: nowhere. */
  target(end: number): number | undefined;
  /** The slices that are added to the target when a window fires, in this order. */
  merged(end: number): readonly number[];
  /** The window that fires next, if it has to be looked at although no row of its own may come. */
  next(end: number, empty: boolean): number | undefined;
  /** The slices that nobody needs after a window has fired. */
  expired(end: number): readonly number[];
}

export function tumblingSlices(size: number, offset = 0): Slices {
  return {
    interval: size,
    shared: false,
    sliceOf: (time) => windowStart(time, offset, size) + size,
    windowStartOf: (end) => end - size,
    lastWindowOf: (slice) => slice,
    target: (end) => end,
    merged: () => [],
    next: () => undefined,
    expired: (end) => [end],
  };
}

/**
 * Windows overlap. `size` need not be a multiple of `slide` (in the older windows).
 *
 * @param oldestFirst in which order slices are added up; the older windows begin with the oldest, the newer with the newest
 */
export function hoppingSlices(size: number, slide: number, offset = 0, oldestFirst = false): Slices {
  const slice = greatestCommonDivisor(size, slide);
  const count = size / slice;
  return {
    interval: slide,
    shared: true,
    sliceOf: (time) => windowStart(time, offset, slice) + slice,
    windowStartOf: (end) => end - size,
    lastWindowOf: (end) => windowStart(end - slice, offset, slide) + size,
    target: () => undefined,
    merged: (end) => Array.from({ length: count }, (_, i) => end - (oldestFirst ? count - 1 - i : i) * slice),
    next: (end, empty) => (empty ? undefined : end + slide),
    expired: (end) => Array.from({ length: Math.min(slide, size) / slice }, (_, i) => end - size + (i + 1) * slice),
  };
}

/** Windows that begin together and grow by `step` up to `size`. */
export function cumulatingSlices(size: number, step: number, offset = 0): Slices {
  const startOf = (end: number): number => windowStart(end - 1, offset, size);
  return {
    interval: step,
    shared: true,
    sliceOf: (time) => windowStart(time, offset, step) + step,
    windowStartOf: startOf,
    lastWindowOf: (slice) => startOf(slice) + size,
    target: (end) => startOf(end) + step,
    merged: (end) => (end === startOf(end) + step ? [] : [end]),
    next: (end) => (end + step > startOf(end) + size ? undefined : end + step),
    expired: (end) => {
      const start = startOf(end);
      if (end === start + step) return end === start + size ? [end] : [];
      return end === start + size ? [end, start + step] : [end];
    },
  };
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The windows of a local time, each with start and end, in the order in which Flink assigns them. */
export type AssignWindows = (time: number, assign: (start: number, end: number) => void) => void;

export function assignTumbling(size: number, offset = 0): AssignWindows {
  return (time, assign) => {
    const start = windowStart(time, offset, size);
    assign(start, start + size);
  };
}

/** The latest window first. */
export function assignHopping(size: number, slide: number, offset = 0): AssignWindows {
  return (time, assign) => {
    for (let start = windowStart(time, offset, slide); start > time - size; start -= slide) assign(start, start + size);
  };
}

/** The shortest window first. */
export function assignCumulating(size: number, step: number, offset = 0): AssignWindows {
  return (time, assign) => {
    const start = windowStart(time, offset, size);
    for (let end = windowStart(time, offset, step) + step; end <= start + size; end += step) assign(start, end);
  };
}

/** What gives a row's time. */
export type RowTime = (row: Row) => number;
