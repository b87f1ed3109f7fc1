import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference } from '../../src/lessons/compare.js';

describe('what is the same', () => {
  test.each([
    [1, 1 + 1e-12],
    [5, 5n],
    [Number.NaN, Number.NaN],
    [
      { a: 1, b: [2, 3] },
      { b: [2, 3], a: 1 },
    ],
    [new Map([['a', 1]]), new Map([['a', 1]])],
    [null, null],
  ])('%o and %o', (got, expected) => {
    expect(difference(got, expected)).toBeUndefined();
  });

  test('rows in another order, where order means nothing', () => {
    expect(difference([{ a: 2 }, { a: 1 }], [{ a: 1 }, { a: 2 }], { anyOrder: true })).toBeUndefined();
  });

  test('any value and its copy', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(difference(JSON.parse(JSON.stringify(value)), JSON.parse(JSON.stringify(value)))).toBeUndefined();
      }),
    );
  });
});

describe('what differs is said', () => {
  test.each([
    ['5', 5, 'a number was expected, this is a string'],
    [undefined, 5, 'nothing is there'],
    [{ a: [{ b: '1' }] }, { a: [{ b: 1 }] }, 'at `a[0].b`: a number was expected'],
    [[1, 2], [1, 2, 3], '2 elements instead of 3'],
    [[2, 1], [1, 2], 'their order is not'],
    [{ a: 1 }, { a: 1, b: 2 }, '`b` is missing'],
    [{ a: 1, c: 2 }, { a: 1 }, '`c` was not asked for'],
    [new Set([1]), new Set([2]), 'instead of'],
    [[1], { 0: 1 }, 'an object was expected'],
    [0.5, 0.4, '0.5 instead of 0.4'],
    [Promise.resolve(1), 1, 'an `await` is missing'],
    [Number.NaN, 3, 'this is `NaN`'],
  ])('%o for %o', (got, expected, said) => {
    expect(difference(got, expected)?.en).toContain(said);
    expect(difference(got, expected)?.zh).toBeTruthy();
  });

  test('a row twice is not two rows', () => {
    expect(difference([1, 1], [1, 2], { anyOrder: true })?.en).toBe('2 is missing');
    expect(difference([1, 2, 2], [1, 2], { anyOrder: true })?.en).toBe('2 should not be there');
  });

  test('values that hold themselves end', () => {
    const round: Record<string, unknown> = {};
    round.self = round;
    const other: Record<string, unknown> = {};
    other.self = other;
    expect(difference(round, other)).toBeUndefined();
  });
});
