import { javaHash } from './key-groups.js';
import type { KeyId } from './keys.js';
import { serialisable } from './serialise/index.js';

/** The table size Java's HashMap begins with; it doubles when three quarters are used. */
const FIRST_CAPACITY = 16;

/**
 * A map that is gone through in the order of Java's `HashMap`, so that what iterates over state comes out as it does on
 * Flink: by bucket, and in the order of insertion within one.
 */
export class JavaOrderedMap<V> {
  private readonly map = new Map<KeyId, V>();
  private capacity = FIRST_CAPACITY;
  private ordered: [KeyId, V][] | undefined;

  get size(): number {
    return this.map.size;
  }

  get(id: KeyId): V | undefined {
    return this.map.get(id);
  }

  has(id: KeyId): boolean {
    return this.map.has(id);
  }

  set(id: KeyId, value: V): this {
    this.map.set(id, value);
    this.ordered = undefined;
    while (this.map.size > this.capacity * 0.75) this.capacity *= 2;
    return this;
  }

  delete(id: KeyId): boolean {
    this.ordered = undefined;
    return this.map.delete(id);
  }

  clear(): void {
    this.ordered = undefined;
    this.map.clear();
  }

  /** A list of its own: it does not change while the map does. */
  entries(): readonly [KeyId, V][] {
    if (this.ordered === undefined) {
      const mask = this.capacity - 1;
      const bucket = (id: KeyId): number => {
        const hash = javaHash(id);
        return (hash ^ (hash >>> 16)) & mask;
      };
      this.ordered = [...this.map]
        .map((entry): [number, [KeyId, V]] => [bucket(entry[0]), entry])
        .sort((a, b) => a[0] - b[0])
        .map(([, entry]) => entry);
    }
    return this.ordered;
  }
}

serialisable<JavaOrderedMap<unknown>, readonly [KeyId, unknown][]>(JavaOrderedMap, {
  name: 'streambook/JavaOrderedMap',
  toPlain: (map) => map.entries(),
  fromPlain: (entries) => {
    const map = new JavaOrderedMap<unknown>();
    for (const [id, value] of entries) map.set(id, value);
    return map;
  },
});
