import { describe, expect, it } from 'vitest';
import type { CaseResult, DataStreamCase } from './cases.js';
import { sameResult } from './compare.js';

const kase = (rules: Partial<DataStreamCase>): DataStreamCase => rules as DataStreamCase;
const one: CaseResult = { main: [['a', [1, 2]]], mainTs: [5] };

describe('the comparison of results', () => {
  it('sees another value, another timestamp, a missing and an additional row', () => {
    expect(sameResult(kase({}), one, one)).toBe(true);
    expect(sameResult(kase({}), one, { main: [['a', [2, 1]]], mainTs: [5] })).toBe(false);
    expect(sameResult(kase({}), one, { main: [['a', [1, 2]]], mainTs: [6] })).toBe(false);
    expect(sameResult(kase({}), one, { main: [], mainTs: [] })).toBe(false);
    expect(sameResult(kase({}), one, { ...one, late: [['b']], lateTs: [1] })).toBe(false);
    expect(sameResult(kase({}), one, { error: 'x' })).toBe(false);
  });

  it('forgives the order inside lists and among equal timestamps only where the case says so', () => {
    const swapped: CaseResult = { main: [['a', [2, 1]]], mainTs: [5] };
    expect(sameResult(kase({ valuesOrder: 'any' }), one, swapped)).toBe(true);
    const two: CaseResult = { main: [['a'], ['b']], mainTs: [5, 5] };
    const turned: CaseResult = { main: [['b'], ['a']], mainTs: [5, 5] };
    expect(sameResult(kase({ order: 'exact' }), two, turned)).toBe(false);
    expect(sameResult(kase({ order: 'ties' }), two, turned)).toBe(true);
    const apart: CaseResult = { main: [['a'], ['b']], mainTs: [5, 6] };
    expect(sameResult(kase({ order: 'ties' }), apart, { main: [['b'], ['a']], mainTs: [6, 5] })).toBe(false);
  });
});
