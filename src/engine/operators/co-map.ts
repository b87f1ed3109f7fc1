import { TwoInputOperator } from '../operator.js';

/**
 * One function for each of two inputs; one result per element.
 *
 * @see Flink: DataStream operators, CoMap
 */
export class CoMapOperator<A, B, O> extends TwoInputOperator<A, B, O> {
  constructor(
    private readonly map1: (value: A) => O,
    private readonly map2: (value: B) => O,
  ) {
    super('CoMap');
  }

  override processElement1(value: A, timestamp: number): void {
    this.output.collect(this.map1(value), timestamp);
  }

  override processElement2(value: B, timestamp: number): void {
    this.output.collect(this.map2(value), timestamp);
  }
}
