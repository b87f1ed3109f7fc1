import { ArgumentError } from '../../core/errors.js';
import type { Collector } from '../functions.js';
import { Operator } from '../operator.js';

/** Makes any number of results: returns an array or any iterable (a generator), or puts them into `out`. */
// `void`, because TypeScript 5.0 does not take a function without `return` for one that returns `undefined`.
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type FlatMapFunction<T, R> = (value: T, out: Collector<R>) => Iterable<R> | void;

/**
 * Any number of results per element, each with the element's timestamp.
 *
 *     --"a b"------"c"--|
 *     flatMap(line => line.split(' '))
 *     --a-b--------c----|
 *
 * @see Flink: DataStream operators, FlatMap
 */
export class FlatMapOperator<T, R> extends Operator<T, R> implements Collector<R> {
  // Not initialised with a number: V8 would keep it unboxed, and box it anew for each result.
  private timestamp: number | undefined = undefined;

  constructor(private readonly mapper: FlatMapFunction<T, R>) {
    super('FlatMap');
  }

  collect(value: R): void {
    this.output.collect(value, this.timestamp as number);
  }

  override processElement(value: T, timestamp: number): void {
    this.timestamp = timestamp;
    const results = this.mapper(value, this);
    if (results === undefined) return;
    const { output } = this;
    if (Array.isArray(results)) {
      for (let i = 0; i < results.length; i++) output.collect(results[i] as R, timestamp);
    } else if (typeof results === 'object' && results !== null && Symbol.iterator in results) {
      for (const result of results) output.collect(result, timestamp);
    } else {
      throw new ArgumentError(`flatMap: the function returned ${typeof results}, not an array or another iterable`, {
        hint: 'return an array, write a generator (function*), or call out.collect(...) and return nothing',
      });
    }
  }
}
