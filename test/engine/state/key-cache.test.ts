import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyId } from '../../../src/core/keys.js';
import { KeyCache } from '../../../src/engine/state/key-cache.js';

interface Cell {
  readonly key: KeyId;
  readonly n: number;
}

const key = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('sensor 1 of the thousand', 'sensor 2 of the thousand', 'sense 1 of the thousand', 'ab@example.org'),
  // Alike at both ends, so that they share a hash; and at each length about the longest that is not hashed.
  fc.integer({ min: 0, max: 3 }).map((n) => `a long beginning ${n} and a long end`),
  fc.integer({ min: 12, max: 18 }).map((length) => 'x'.repeat(length)),
  fc.constantFrom('', 'a', 'a\0', 'a\0b', 'b', 'é', '水', '水位', 'ab\u007f', 'ab\u0080', '\u0161', 'a\u0161'),
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(null, undefined, true),
);
const step = fc.record({ key, what: fc.constantFrom('find', 'find', 'find', 'put', 'replace', 'delete', 'clear') });

describe('KeyCache', () => {
  it('finds what the map has, whatever is put, replaced and deleted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const cells = new Map<KeyId, Cell>();
        const cache = new KeyCache(cells);
        steps.forEach(({ key, what }, n) => {
          if (what === 'delete') cells.delete(key);
          else if (what === 'replace' || (what === 'put' && !cells.has(key))) cells.set(key, { key, n });
          if (what === 'clear') {
            cells.clear();
            cache.clear();
          }
          if (what === 'delete' || what === 'replace') cache.forget(key);
          expect(cache.find(key)).toBe(cells.get(key));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is right with many keys that are all equally frequent, where it stands aside, and when it comes back', () => {
    const cells = new Map<KeyId, Cell>();
    const cache = new KeyCache(cells);
    const keys = Array.from({ length: 200_000 }, (_, i) => `key number ${i}`);
    keys.forEach((key, n) => {
      cells.set(key, { key, n });
    });
    let wrong = 0;
    for (let round = 0; round < 7; round++) {
      for (const key of keys) if (cache.find(key) !== cells.get(key)) wrong++;
      // What is replaced while it stands aside must not come back.
      const key = keys[round] as string;
      cells.set(key, { key, n: -1 });
      cache.forget(key);
    }
    expect(wrong).toBe(0);
    expect(cache.find(keys[0] as string)).toEqual({ key: keys[0], n: -1 });
  });

  it('is right with more keys than it has entries, a few of them frequent', () => {
    const cells = new Map<KeyId, Cell>();
    const cache = new KeyCache(cells);
    for (let n = 0; n < 50_000; n++) cells.set(`k${n}`, { key: `k${n}`, n });
    let wrong = 0;
    for (let n = 0; n < 50_000; n++) {
      for (const key of [`k${n}`, `k${n % 7}`, `k${n % 100}`]) if (cache.find(key) !== cells.get(key)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('does not ask the map again for a key it has just found', () => {
    let asked = 0;
    const cells = new (class extends Map<KeyId, Cell> {
      override get(key: KeyId): Cell | undefined {
        asked++;
        return super.get(key);
      }
    })([['word', { key: 'word', n: 1 }]]);
    const cache = new KeyCache(cells);
    for (let i = 0; i < 10; i++) cache.find('word');
    expect(asked).toBe(1);
  });
});
