import { Operator } from '../operator.js';

/** Hands every element to a function. */
export class ForEachOperator<T> extends Operator<T, never> {
  constructor(
    private readonly consume: (value: T, timestamp: number) => void,
    name = 'ForEach',
  ) {
    super(name);
  }

  override processElement(value: T, timestamp: number): void {
    this.consume(value, timestamp);
  }
}
