import type { Collector } from '../functions.js';
import { TwoInputOperator } from '../operator.js';
import { NO_TIMESTAMP } from '../time.js';
import type { FlatMapFunction } from './flat-map.js';

/**
 * One function for each of two inputs; any number of results per element.
 *
 * @see Flink: DataStream operators, CoFlatMap
 */
export class CoFlatMapOperator<A, B, O> extends TwoInputOperator<A, B, O> implements Collector<O> {
  private timestamp = NO_TIMESTAMP;

  constructor(
    private readonly flatMap1: FlatMapFunction<A, O>,
    private readonly flatMap2: FlatMapFunction<B, O>,
  ) {
    super('CoFlatMap');
  }

  collect(value: O): void {
    this.output.collect(value, this.timestamp);
  }

  override processElement1(value: A, timestamp: number): void {
    this.timestamp = timestamp;
    this.collectAll(this.flatMap1(value, this));
  }

  override processElement2(value: B, timestamp: number): void {
    this.timestamp = timestamp;
    this.collectAll(this.flatMap2(value, this));
  }

  // biome-ignore lint/suspicious/noConfusingVoidType: what a FlatMapFunction returns
  private collectAll(results: Iterable<O> | void): void {
    if (results === undefined) return;
    for (const result of results) this.output.collect(result, this.timestamp);
  }
}
