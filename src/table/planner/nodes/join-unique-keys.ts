import type { Key } from '../../physical/node.js';
import type { JoinType } from '../../plan/rel.js';

interface Side {
  readonly keys: readonly Key[];
  /** The columns that have to be equal. */
  readonly on: Key;
}

/**
 * Keys that still hold after rows were spread by columns: versions of one row must not go different ways, so the columns
 * have to be part of the key.
 *
 * @see Flink: `FlinkRelMdUpsertKeys`
 */
export function keysAfterExchange(keys: readonly Key[], by: Key): readonly Key[] {
  return keys.filter((key) => by.every((column) => key.includes(column)));
}

/**
 * The keys of a join's rows, out of those of its sides.
 *
 * @see Flink: `FlinkRelMdUniqueKeys.getJoinUniqueKeys`
 */
export function joinKeysOf(type: JoinType, leftWidth: number, left: Side, right: Side): readonly Key[] {
  if (type === 'semi' || type === 'anti') return left.keys;
  const rightKeys = right.keys.map((key) => key.map((column) => column + leftWidth));
  const made: Key[] = [];
  const add = (key: Key): void => {
    if (!made.some((known) => known.length === key.length && known.every((column) => key.includes(column)))) {
      made.push(key);
    }
  };
  // Where the other side has at most one partner, a side's own keys stay keys; unless the side can be missing.
  if (isUniqueOn(right) && type !== 'right' && type !== 'full') left.keys.forEach(add);
  if (isUniqueOn(left) && type !== 'left' && type !== 'full') rightKeys.forEach(add);
  for (const one of left.keys) for (const other of rightKeys) add([...one, ...other]);
  return made;
}

function isUniqueOn({ keys, on }: Side): boolean {
  return keys.some((key) => key.every((column) => on.includes(column)));
}
