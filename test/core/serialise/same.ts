import { isPlainObject } from '../../../src/core/serialise/check.js';

/**
 * Whether a value came back as it was: prototypes, -0, holes, the order of fields and entries, and invalid dates.
 *
 * `util.isDeepStrictEqual` is no judge of this: it finds `new Date(NaN)` different from itself, and vitest compares
 * objects by a field `constructor`, if they have one.
 */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [tag, other] = [a, b].map((value) => Object.prototype.toString.call(value));
  if (tag !== other) return false;
  const prototype = Object.getPrototypeOf(a);
  if (prototype !== Object.getPrototypeOf(b) && !(isPlainObject(a) && isPlainObject(b) && prototype !== null)) {
    return false;
  }
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof Map) return list([...a].flat(1), [...(b as typeof a)].flat(1));
  if (a instanceof Set) return list([...a], [...(b as typeof a)]);
  if (ArrayBuffer.isView(a)) return Buffer.compare(bytesOf(a), bytesOf(b as typeof a)) === 0;
  if (a instanceof ArrayBuffer) return same(new Uint8Array(a), new Uint8Array(b as typeof a));
  if (Array.isArray(a) && a.length !== (b as typeof a).length) return false;
  const names = Reflect.ownKeys(a).filter((name) => !Array.isArray(a) || name !== 'length');
  const others = Reflect.ownKeys(b).filter((name) => !Array.isArray(b) || name !== 'length');
  return list(names, others) && names.every((name) => same(field(a, name), field(b, name)));
}

function list(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => same(item, b[i]));
}

function field(object: object, name: string | symbol): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
