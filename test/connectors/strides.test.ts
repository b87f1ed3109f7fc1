import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restride, type Stride, strides } from '../../src/connectors/strides.js';

/** Takes up to so many numbers from the front, as a subtask does. */
function take(left: Stride[], many: number): number[] {
  const taken: number[] = [];
  while (taken.length < many) {
    const [first] = left;
    if (first === undefined) break;
    if (first.end !== undefined && first.next >= first.end) {
      left.shift();
      continue;
    }
    taken.push(first.next);
    left[0] = { ...first, next: first.next + first.step };
  }
  return taken;
}

test('however often and with whatever lag the numbers are shared out anew, each comes once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.tuple(fc.array(fc.nat(9), { minLength: 5, maxLength: 5 }), fc.integer({ min: 1, max: 5 })), {
        maxLength: 5,
      }),
      (first, rounds) => {
        let now = strides(0, first);
        const all: number[] = [];
        for (const [amounts, parallelism] of rounds) {
          now.forEach((left, i) => {
            all.push(...take(left, amounts[i] as number));
          });
          now = restride(now, parallelism);
          expect(now).toHaveLength(parallelism);
        }
        for (const left of now) all.push(...take(left, 100));
        const sorted = all.sort((a, b) => a - b);
        expect(new Set(sorted).size).toBe(sorted.length);
        expect(sorted.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, i) => i));
      },
    ),
    { numRuns: 500 },
  );
});
