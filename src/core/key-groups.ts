import { type KeyId, keyIdOf, keyOfId } from './keys.js';

/** How many key groups there are unless set otherwise, as in Flink for a parallelism up to 85. */
export const DEFAULT_MAX_PARALLELISM = 128;

/** Java's `String.hashCode`. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Java's `Long.hashCode`, for any integer: the low 64 bits count. */
export function javaLongHash(value: number | bigint): number {
  const wide = BigInt.asUintN(64, BigInt(value));
  return Number(BigInt.asIntN(32, wide ^ (wide >> 32n)));
}

const view = new DataView(new ArrayBuffer(8));

/** Java's `Double.hashCode`. */
export function javaDoubleHash(value: number): number {
  view.setFloat64(0, value);
  return view.getInt32(0) ^ view.getInt32(4);
}

/**
 * What `hashCode()` of the Java object that corresponds to this key gives: strings, booleans, integers (Integer where
 * it fits, otherwise Long), other numbers (Double), arrays (Tuple). Objects correspond to nothing; their id is hashed.
 */
export function javaHash(id: KeyId): number {
  switch (typeof id) {
    case 'string':
      if (id.charCodeAt(0) !== 0) return javaStringHash(id);
      return hashOfEncoded(id, keyOfId(id));
    case 'boolean':
      return id ? 1231 : 1237;
    case 'number':
      if ((id | 0) === id) return id;
      return Number.isSafeInteger(id) ? javaLongHash(id) : javaDoubleHash(id);
    default:
      return 0;
  }
}

function hashOfEncoded(id: string, key: unknown): number {
  if (Array.isArray(key)) return javaTupleHash(key);
  if (typeof key === 'string') return javaStringHash(key);
  return typeof key === 'bigint' ? javaLongHash(key) : javaStringHash(id);
}

/** Flink's `Tuple2.hashCode` and its like. */
function javaTupleHash(fields: readonly unknown[]): number {
  let hash = 0;
  for (const field of fields) {
    const one = Array.isArray(field) ? javaTupleHash(field) : javaHash(keyIdOf(field));
    hash = (Math.imul(hash, 31) + one) | 0;
  }
  return hash;
}

/** Flink's `MathUtils.bitMix`: the end of a murmur hash. */
export function bitMix(code: number): number {
  let hash = code ^ (code >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Flink's `MathUtils.murmurHash`: spreads what `hashCode` gives. Never negative. */
export function murmurHash(code: number): number {
  let hash = Math.imul(code, 0xcc9e2d51);
  hash = (hash << 15) | (hash >>> 17);
  hash = Math.imul(hash, 0x1b873593);
  hash = (hash << 13) | (hash >>> 19);
  hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  hash = bitMix(hash ^ 4);
  if (hash >= 0) return hash;
  return hash === -2147483648 ? 0 : -hash;
}

/**
 * The key group of a key: the unit in which state moves when the parallelism changes. Texts, numbers and arrays of them land
 * where a real Flink puts them.
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

/**
 * How many key groups a job with this parallelism gets when nothing is set.
 *
 * @see Flink: `KeyGroupRangeAssignment.computeDefaultMaxParallelism`
 */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2);
  const powerOfTwo = 2 ** Math.ceil(Math.log2(Math.max(1, wanted)));
  return Math.min(Math.max(powerOfTwo, DEFAULT_MAX_PARALLELISM), 32768);
}

/** The key groups of a subtask: from `first` to `last`, both included. Empty when `last < first`. */
export function keyGroupsOfSubtask(
  subtask: number,
  maxParallelism: number,
  parallelism: number,
): { readonly first: number; readonly last: number } {
  return {
    first: Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism),
    last: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
  };
}
