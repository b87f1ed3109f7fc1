import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fold, RowKind, rowKind } from '../../../src/core/rows/index.js';

describe('the table that a changelog builds', () => {
  test('holds what was added and not taken back, as often', () => {
    const changes = fc.array(fc.record({ n: fc.integer({ min: 0, max: 3 }), kind: fc.constantFrom(0, 1, 2, 3) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(changes, (all) => {
        const built = new Fold(1000);
        const counts = new Map<number, number>();
        for (const { n, kind } of all) {
          const row = { n };
          Object.defineProperty(row, rowKind, { value: kind });
          built.add(row);
          const before = counts.get(n) ?? 0;
          counts.set(
            n,
            kind === RowKind.INSERT || kind === RowKind.UPDATE_AFTER ? before + 1 : Math.max(0, before - 1),
          );
        }
        const rows = built.rows() as { n: number }[];
        for (const [n, count] of counts) expect(rows.filter((row) => row.n === n)).toHaveLength(count);
        expect(rows).toHaveLength(built.size);
      }),
    );
  });

  test('keeps the last rows of an endless one, and takes values that are no keys', () => {
    const built = new Fold(3);
    for (let n = 0; n < 10; n++) built.add({ n, map: new Map([[n, n]]) });
    expect((built.rows() as { n: number }[]).map((row) => row.n)).toEqual([7, 8, 9]);
    expect(built.forgotten).toBe(7);
  });

  test('lets equal values go one by one, and takes what is no row', () => {
    const built = new Fold<unknown>(3);
    for (const value of [1, 1, 1, 1, 'a']) built.add(value);
    expect(built.rows()).toEqual([1, 1, 'a']);
    expect([built.size, built.forgotten]).toEqual([3, 2]);
  });
});
