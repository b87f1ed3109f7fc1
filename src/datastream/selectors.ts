import { ArgumentError } from '../core/errors.js';

/** Reads the key of an element: a function, or a field's name (a tuple's position). */
export type KeySelector<T, K> = (value: T) => K;

/** The function for a key selector or field name. */
export function keyFunction(where: string, key: unknown): (value: unknown) => unknown {
  if (typeof key === 'function') return key as (value: unknown) => unknown;
  if (typeof key === 'string' || typeof key === 'number') {
    return (value) => (value as Record<string | number, unknown>)[key];
  }
  throw new ArgumentError(`${where}: expected a function or a field's name, got ${String(key)}`, {
    hint: `${where}((order) => order.customer), or ${where}('customer')`,
  });
}
