/** Combines two elements into one of the same type. Associative, and it does not change its arguments. */
export type ReduceFunction<T> = (a: T, b: T) => T;

/**
 * Folds elements into an accumulator and makes a result of it.
 *
 * @see Flink: `AggregateFunction`
 */
export interface AggregateFunction<IN, ACC, OUT> {
  createAccumulator(): ACC;
  /** Returns the new accumulator; it may be the old one, changed. */
  add(value: IN, accumulator: ACC): ACC;
  getResult(accumulator: ACC): OUT;
  /** Needed for session windows and other windows that merge. */
  merge?(a: ACC, b: ACC): ACC;
}

/** Takes what a function puts out. */
export interface Collector<T> {
  collect(value: T): void;
}
