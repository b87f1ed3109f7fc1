import { bitMix, DEFAULT_MAX_PARALLELISM, javaHash, keyGroupOf } from '../../core/key-groups.js';
import type { KeyId } from '../../core/keys.js';

/** How many keys, and how many empty buckets, an access looks at. Flink: `IncrementalCleanupStrategy`, whose default it is. */
const SIZE = 5;
/** Flink's `CopyOnWriteStateMap` begins with so many buckets, for each key group. */
const BUCKETS = 128;
/** Java's `VoidNamespace.hashCode()`. */
const VOID_HASH = 99;
const END = DEFAULT_MAX_PARALLELISM * BUCKETS;

type Keys = ReadonlyMap<KeyId, unknown>;

/**
 * In which order Flink looks for expired state on the heap: key group by key group, five buckets with each access. It is
 * seen where expired values may be seen. Each access looks at the place of every key: for few keys.
 *
 * @see Flink: `TtlIncrementalCleanup`, `CopyOnWriteStateMap`
 */
export class CleanupOrder {
  /** Up to how many keys. */
  static readonly FEW = 32;
  /** Key group and bucket that are next. */
  private at = END;
  private readonly places = new Map<KeyId, number>();

  /** The keys that one access looks at. */
  access(keys: Keys): KeyId[] {
    const found: KeyId[] = [];
    if (!this.hasNext(keys)) {
      this.at = 0;
      this.hasNext(keys);
    }
    while (found.length < SIZE && this.hasNext(keys)) {
      const place = this.first(keys, this.at);
      if (place >= this.at + SIZE || group(place) !== group(this.at)) {
        this.at = Math.min(this.at + SIZE, (group(this.at) + 1) * BUCKETS);
        break;
      }
      this.at = place + 1;
      for (const key of keys.keys()) if (this.place(key) === place) found.push(key);
    }
    return found;
  }

  /** Goes to the next key group that has keys, if this has none. @returns whether there is one */
  private hasNext(keys: Keys): boolean {
    const found = this.first(keys, group(this.at) * BUCKETS);
    if (group(found) !== group(this.at)) this.at = found === END ? END : group(found) * BUCKETS;
    return this.at < END;
  }

  private first(keys: Keys, from: number): number {
    let first = END;
    for (const key of keys.keys()) {
      const place = this.place(key);
      if (place >= from && place < first) first = place;
    }
    return first;
  }

  private place(key: KeyId): number {
    let place = this.places.get(key);
    if (place === undefined) {
      if (this.places.size > 2 * CleanupOrder.FEW) this.places.clear();
      place = keyGroupOf(key, DEFAULT_MAX_PARALLELISM) * BUCKETS + (bitMix(javaHash(key) ^ VOID_HASH) & (BUCKETS - 1));
      this.places.set(key, place);
    }
    return place;
  }
}

function group(place: number): number {
  return Math.floor(place / BUCKETS);
}
