import { type KeyId, keyOfId, ownKeyId } from '../../core/keys.js';
import { valueId } from '../codegen/rows.js';

/**
 * A bag of values: how often each is in it, by the value's id. It serialises as a Map; the order is that in which values
 * came first.
 */
export type Bag = Map<KeyId, number>;

/** The id of a value (of several: of their list). */
export const idOf = valueId;

/** Adds one; whether it is the first of its kind. */
export function bagAdd(bag: Bag, id: KeyId): boolean {
  const count = bag.get(id);
  if (count === undefined) {
    bag.set(ownKeyId(id), 1);
    return true;
  }
  if (count === -1) bag.delete(id);
  else bag.set(id, count + 1);
  return false;
}

/** Takes one away; whether it was the last of its kind. What was not in it is owed: the next one that comes is not counted. */
export function bagRemove(bag: Bag, id: KeyId): boolean {
  const count = bag.get(id);
  if (count === 1) {
    bag.delete(id);
    return true;
  }
  bag.set(id, (count ?? 0) - 1);
  return false;
}

/** The value with an id. */
export const valueOfId = (id: KeyId): unknown => keyOfId(id);

/** The least value by an order; null for an empty bag. */
export function bagExtreme(bag: Bag, compare: (a: never, b: never) => number): unknown {
  let best: unknown = null;
  for (const [id, count] of bag) {
    if (count <= 0) continue;
    const value = valueOfId(id);
    if (best === null || compare(value as never, best as never) < 0) best = value;
  }
  return best;
}
