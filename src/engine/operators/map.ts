import { CHAINED, type ChainLink } from '../channels/chain.js';
import { Operator } from '../operator.js';

/**
 * One result per element, with the element's timestamp. Watermarks pass through unchanged.
 *
 *     --1--2--3--|
 *     map(x => x * 10)
 *     --10-20-30-|
 *
 * @see Flink: DataStream operators, Map
 */
export class MapOperator<T, R> extends Operator<T, R> {
  constructor(private readonly mapper: (value: T) => R) {
    super('Map');
  }

  override processElement(value: T, timestamp: number): void {
    this.output.collect(this.mapper(value), timestamp);
  }

  [CHAINED](): ChainLink {
    return {
      names: { mapper: this.mapper },
      text: ({ value, timestamp, at, emit }) =>
        `const made${at} = mapper${at}(${value}); ${emit(`made${at}`, timestamp)}`,
    };
  }
}
