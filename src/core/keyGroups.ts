import type { KeyId } from './keys.js';

/** How many key groups there are unless set otherwise, as in Flink for a parallelism up to 85. */
export const DEFAULT_MAX_PARALLELISM = 128;

/** Java's `String.hashCode`. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** What `hashCode()` of the Java object that corresponds to this key gives. */
function javaHash(id: KeyId): number {
  switch (typeof id) {
    case 'string':
      return javaStringHash(id);
    case 'boolean':
      return id ? 1231 : 1237;
    case 'number': {
      if (Number.isInteger(id)) {
        if (id >= -2147483648 && id <= 2147483647) return id | 0;
        const wide = BigInt.asUintN(64, BigInt(id));
        return Number(BigInt.asIntN(32, wide ^ (wide >> 32n)));
      }
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, id);
      return view.getInt32(0) ^ view.getInt32(4);
    }
    default:
      return 0;
  }
}

/** Flink's `MathUtils.murmurHash`: spreads what `hashCode` gives. Never negative. */
export function murmurHash(code: number): number {
  let hash = Math.imul(code, 0xcc9e2d51);
  hash = (hash << 15) | (hash >>> 17);
  hash = Math.imul(hash, 0x1b873593);
  hash = (hash << 13) | (hash >>> 19);
  hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  hash ^= 4;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  if (hash >= 0) return hash;
  return hash === -2147483648 ? 0 : -hash;
}

/**
 * The key group of a key: the unit in which state moves when the parallelism changes. Strings and integers land where a
 * real Flink puts them.
 *
 * @see Flink: `KeyGroupRangeAssignment.assignToKeyGroup`
 */
export function keyGroupOf(id: KeyId, maxParallelism: number): number {
  return murmurHash(javaHash(id)) % maxParallelism;
}

/** The subtask that owns a key group. */
export function subtaskOfKeyGroup(keyGroup: number, maxParallelism: number, parallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}
