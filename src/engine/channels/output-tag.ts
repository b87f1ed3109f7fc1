import { ArgumentError } from '../../core/errors.js';

/**
 * Names a side output. Two tags with the same id are the same side output.
 *
 * @example
 *   const late = new OutputTag<Reading>('late');
 * @see Flink: Side Outputs
 */
export class OutputTag<T> {
  /** Only there so that the compiler tells tags of different types apart. */
  declare readonly _type: T;

  constructor(readonly id: string) {
    if (typeof id !== 'string' || id === '') throw new ArgumentError(`OutputTag(${String(id)}): the id is empty`);
  }
}
