import type { Row } from '../../core/rows/index.js';
import type { PlanField } from '../plan/field.js';

/** The state of all aggregates of one group: a plain object that can be serialised. Changed in place. */
export interface Accumulators {
  /** How many rows are in the group: those added, less those retracted. */
  n: number;
  [slot: string]: unknown;
}

export interface AggregateOptions {
  /** Whether rows are taken away too. MIN, MAX, FIRST_VALUE and others then keep all values. */
  readonly retract?: boolean;
}

/** Aggregates compiled together. */
export interface AggregateHandler {
  create(): Accumulators;
  /** Adds a row (its kind does not count). */
  accumulate(accumulators: Accumulators, row: Row): void;
  /** Takes a row away. Throws when made without `retract`. */
  retract(accumulators: Accumulators, row: Row): void;
  /** Adds what `other` has; `other` is not changed and shares nothing with the result. */
  merge(accumulators: Accumulators, other: Accumulators): void;
  /** What counts as a result beside the values, whether it shows in them or not. Absent: nothing does. */
  readonly hidden?: (accumulators: Accumulators) => readonly unknown[];
  /** One value for each call. */
  values(accumulators: Accumulators): unknown[];
  /**
   * Makes the function that makes output rows: the columns `groups` of a row (of `source`, default: of the input), one
   * for each call, then `extras` (a window's start and the like), which the function takes as further arguments.
   */
  compileResult(
    groups: readonly number[],
    output: readonly PlanField[],
    source?: readonly PlanField[],
  ): (row: Row, accumulators: Accumulators, ...extras: unknown[]) => Row;
}
