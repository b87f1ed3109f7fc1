import { CHAINED, type ChainLink } from '../channels/chain.js';
import { Operator } from '../operator.js';

/**
 * Keeps the elements for which `predicate` holds, with their timestamps. Watermarks pass through unchanged.
 *
 *     --1--2--3--4--|
 *     filter(x => x % 2 === 0)
 *     -----2-----4--|
 *
 * @see Flink: DataStream operators, Filter
 */
export class FilterOperator<T> extends Operator<T, T> {
  constructor(private readonly predicate: (value: T) => boolean) {
    super('Filter');
  }

  override processElement(value: T, timestamp: number): void {
    if (this.predicate(value)) this.output.collect(value, timestamp);
  }

  [CHAINED](): ChainLink {
    return {
      names: { predicate: this.predicate },
      text: ({ value, timestamp, at, emit }) => `if (predicate${at}(${value})) { ${emit(value, timestamp)} }`,
    };
  }
}
