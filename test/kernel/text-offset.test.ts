import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCodePoints, toIndex } from '../../src/kernel/text-offset.js';

test('an emoji is one character to Jupyter and two to JavaScript', () => {
  expect(toIndex('a😀b', 2)).toBe(3);
  expect(toCodePoints('a😀b', 3)).toBe(2);
  expect(toIndex('ab', 99)).toBe(2);
});

test('there and back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, position) => {
      const codePoints = position % ([...text].length + 1);
      expect(toCodePoints(text, toIndex(text, codePoints))).toBe(codePoints);
    }),
  );
});
