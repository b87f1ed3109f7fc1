import { ArgumentError } from '../../core/errors.js';
import { CHAINED, type ChainLink } from '../channels/chain.js';
import type { Output } from '../channels/output.js';
import type { Collector } from '../functions/functions.js';
import { Operator } from '../operator.js';

/**
 * Makes any number of results: returns an array or any iterable (a generator), or puts them into `out`. For no result it
 * returns an empty array; only a function that takes `out` may return nothing.
 */
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
  private collected = false;

  constructor(private readonly mapper: FlatMapFunction<T, R>) {
    super('FlatMap');
  }

  collect(value: R): void {
    this.collected = true;
    this.output.collect(value, this.timestamp as number);
  }

  override processElement(value: T, timestamp: number): void {
    this.timestamp = timestamp;
    const results = this.mapper(value, this);
    if (Array.isArray(results)) {
      const { output } = this;
      for (let i = 0; i < results.length; i++) output.collect(results[i] as R, timestamp);
    } else if (results !== undefined || !this.collected) collectAll(results, this.mapper, this.output, timestamp);
  }

  [CHAINED](): ChainLink {
    return {
      names: { flatMap: this, mapper: this.mapper, collectAll },
      text: ({ value, timestamp, at, emit }) => `flatMap${at}.timestamp = ${timestamp};
      const results${at} = mapper${at}(${value}, flatMap${at});
      if (Array.isArray(results${at})) {
        for (let i${at} = 0; i${at} < results${at}.length; i${at}++) {
          const result${at} = results${at}[i${at}];
          ${emit(`result${at}`, timestamp)}
        }
      } else if (results${at} !== undefined || !flatMap${at}.collected) {
        collectAll${at}(results${at}, mapper${at}, flatMap${at}.output, ${timestamp});
      }`,
    };
  }
}

/**
 * Puts out what a function gave that has not put anything into `out` itself.
 *
 * @throws ArgumentError where that is no iterable, or nothing, although the function does not take `out`: in most cases a
 *   `return` is missing
 */
export function collectAll<R>(
  results: unknown,
  mapper: FlatMapFunction<never, R>,
  output: Output<R>,
  timestamp: number,
): void {
  if (typeof results === 'object' && results !== null && Symbol.iterator in results) {
    for (const result of results as Iterable<R>) output.collect(result, timestamp);
    return;
  }
  if (results === undefined && mapper.length > 1) return;
  const what = results === null ? 'null' : results === undefined ? 'nothing (undefined)' : typeof results;
  throw new ArgumentError(`flatMap: the function returned ${what}, not an array or another iterable`, {
    hint:
      results === undefined
        ? 'a function in braces needs a `return`; for no result return []; with out.collect(...) let it take `out`: (value, out) => { ... }'
        : 'return an array, write a generator (function*), or call out.collect(...) and return nothing',
  });
}
