import type { Collector } from '../functions/functions.js';
import { TwoInputOperator } from '../operator.js';
import { NO_TIMESTAMP } from '../time/time.js';
import { collectAll, type FlatMapFunction } from './flat-map.js';

/**
 * One function for each of two inputs; any number of results per element.
 *
 * @see Flink: DataStream operators, CoFlatMap
 */
export class CoFlatMapOperator<A, B, O> extends TwoInputOperator<A, B, O> implements Collector<O> {
  private timestamp = NO_TIMESTAMP;
  private collected = false;

  constructor(
    private readonly flatMap1: FlatMapFunction<A, O>,
    private readonly flatMap2: FlatMapFunction<B, O>,
  ) {
    super('CoFlatMap');
  }

  collect(value: O): void {
    this.collected = true;
    this.output.collect(value, this.timestamp);
  }

  override processElement1(value: A, timestamp: number): void {
    this.timestamp = timestamp;
    this.put(this.flatMap1(value, this), this.flatMap1);
  }

  override processElement2(value: B, timestamp: number): void {
    this.timestamp = timestamp;
    this.put(this.flatMap2(value, this), this.flatMap2);
  }

  private put(results: unknown, mapper: FlatMapFunction<never, O>): void {
    if (results !== undefined || !this.collected) collectAll(results, mapper, this.output, this.timestamp);
  }
}
