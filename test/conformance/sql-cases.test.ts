import { expect, it } from 'vitest';
import { parseCase } from './sql/cases.js';

it('keeps whole numbers exact, and leaves fractions as they are', () => {
  const text =
    '{"a": [9007199254740993, -9007199254740993, 0.30000000000000426, -0.30000000000000004, 1.0E-5, 7, "12345678901234567890"]}';
  expect(parseCase(text)).toEqual({
    a: [
      '9007199254740993',
      '-9007199254740993',
      0.30000000000000426,
      -0.30000000000000004,
      1e-5,
      7,
      '12345678901234567890',
    ],
  });
});
