import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyIdOf, keyOfId, ownString } from '../../src/core/keys.js';
import { rowClassOf } from '../../src/core/rows/index.js';
import { type } from '../../src/core/types/index.js';
import { Timestamp } from '../../src/core/values/index.js';

const leaf = fc.oneof(
  fc.string({ unit: fc.constantFrom('\0', 'a', ':', ';', ']', '}', 's', 'n', '1', '\ud800', '中'), maxLength: 5 }),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(1n, '1', 1, true, 'true', null, 'null', undefined, Number.NaN, 'NaN', '', 0, -0),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 3 }),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 999_999 })).map(([ms, n]) => Timestamp.ofMs(ms, n)),
);
const key = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '', 'ab', '__proto__', 'constructor', '1:'), tie('any'), { maxKeys: 3 }),
  ),
})).any;

/** Equality as the documentation states it, written down without any encoding. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const whole = (v: unknown) => typeof v === 'bigint' || (typeof v === 'number' && Number.isSafeInteger(v));
    // Beyond the safe integers, a number and a bigint are different keys.
    if (typeof a !== typeof b && !(whole(a) && whole(b))) return false;
    return whole(a) && whole(b) && BigInt(a as bigint) === BigInt(b as bigint);
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b || Object.is(a, b);
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
  if (a instanceof Timestamp || b instanceof Timestamp) return a instanceof Timestamp && a.equals(b);
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(x);
  return names.length === Object.keys(y).length && names.every((n) => Object.hasOwn(y, n) && same(x[n], y[n]));
}

const sameId = (a: unknown, b: unknown) => new Map([[keyIdOf(a), 1]]).has(keyIdOf(b));

describe('keyIdOf', () => {
  test('two keys share an id if and only if they are equal', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(sameId(a, b)).toBe(same(a, b));
      }),
      { numRuns: 5000 },
    );
  });

  test('the key comes back from its id', () => {
    fc.assert(
      fc.property(key, (a) => {
        const back = keyOfId(keyIdOf(a));
        expect(same(a, back)).toBe(true);
        expect(keyIdOf(back)).toEqual(keyIdOf(a));
      }),
      { numRuns: 2000 },
    );
  });

  test('plain keys stay themselves', () => {
    for (const plain of ['a', '', 'name07', 0, 1.5, -3, true, null]) expect(keyIdOf(plain)).toBe(plain);
    expect(Object.is(keyIdOf(-0), 0)).toBe(true);
  });

  test('fields in any order, rows like plain objects, objects of another realm', () => {
    expect(keyIdOf({ a: 1, b: [2] })).toBe(keyIdOf({ b: [2], a: 1 }));
    expect(keyIdOf(rowClassOf({ b: type.int(), a: type.string() }).of([1, 'x']))).toBe(keyIdOf({ a: 'x', b: 1 }));
    expect(keyIdOf(vm.runInNewContext('({ a: [1], d: new Date(5) })'))).toBe(keyIdOf({ d: new Date(5), a: [1] }));
  });

  test('refuses what has no content to compare', () => {
    class Person {}
    for (const [bad, what] of [
      [() => 1, 'a function cannot be a key'],
      [{ a: [Symbol('x')] }, 'a symbol cannot be part of a key (at .a[0])'],
      [new Map(), 'a Map cannot be a key'],
      [[new Set()], 'a Set cannot be part of a key (at [0])'],
      [{ p: new Person() }, 'a Person cannot be part of a key (at .p)'],
    ] as const) {
      expect(() => keyIdOf(bad)).toThrow(what);
    }
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => keyIdOf(loop)).toThrow('cannot be part of a key');
  });
});

test('ownString copies without changing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'ÿ', '中', '\udc00'), maxLength: 30 }),
      (s) => ownString(s) === s,
    ),
  );
});
