import type { AnyType } from '../../../core/types/index.js';
import type { AggregateCall } from '../../plan/rex.js';

/** A plain aggregate. */
export function call(name: string, operands: readonly number[], type: AnyType, as: string): AggregateCall {
  return { function: name, operands, distinct: false, type, name: as };
}
