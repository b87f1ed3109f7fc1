import { classOfRow } from '../../core/rows/index.js';
import { isTimestamp } from '../../core/values/index.js';

/**
 * Whether two values of the same type are the same, as keys and groups see it: NaN is NaN, -0 is 0, NULL is NULL;
 * collections by content, maps in any order.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== typeof b) return false;
  // biome-ignore lint/suspicious/noSelfCompare: NaN
  if (typeof a === 'number') return a !== a && b !== b;
  if (typeof a !== 'object' || a === null || b === null) return false;
  return sameObject(a, b as object);
}

function sameObject(a: object, b: object): boolean {
  if (isTimestamp(a)) return a.equals(b);
  if (Array.isArray(a)) return Array.isArray(b) && sameArray(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && sameArray(a, b);
  if (a instanceof Map) return b instanceof Map && sameMap(a, b);
  const rows = classOfRow(a);
  if (rows === undefined || classOfRow(b)?.schema.length !== rows.schema.length) return false;
  const values = (classOfRow(b) as typeof rows).values(b as never);
  return rows.values(a as never).every((value, i) => sameValue(value, values[i]));
}

function sameArray(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false;
  return true;
}

function sameMap(a: Map<unknown, unknown>, b: Map<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    if (b.has(key)) {
      if (!sameValue(value, b.get(key))) return false;
    } else if (typeof key !== 'object' || key === null) {
      return false;
    } else {
      const found = [...b].find(([other]) => sameValue(key, other));
      if (found === undefined || !sameValue(value, found[1])) return false;
    }
  }
  return true;
}
