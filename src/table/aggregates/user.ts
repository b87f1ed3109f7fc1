import { ValidationError } from '../errors.js';
import type { UserAggregateFunction } from '../functions/user.js';
import type { AggregateFunction } from './code.js';

/** An aggregate of the user's. It sees NULLs. */
export const userAggregate =
  (user: UserAggregateFunction): AggregateFunction =>
  ({ slot, constant, retract }) => {
    const u = slot('user');
    const name = constant(user);
    if (retract && user.retract === undefined) {
      throw new ValidationError(`${user.name} is over rows that are updated or deleted, and has no retract()`, {
        hint: 'give it a retract(accumulator, ...) that takes a value away',
      });
    }
    const step = (method: string, operands: readonly string[]): string =>
      `{ const next = ${name}.${method}(${[`acc.${u}`, ...operands].join(', ')}); if (next !== undefined) acc.${u} = next; }`;
    return {
      slots: { [u]: `${name}.create()` },
      nulls: 'pass',
      add: (operands) => step('accumulate', operands),
      ...(user.retract === undefined ? {} : { remove: (operands: readonly string[]) => step('retract', operands) }),
      ...(user.merge === undefined ? {} : { merge: step('merge', [`other.${u}`]) }),
      value: `${name}.value(acc.${u})`,
    };
  };
