import { describe, expect, test } from 'vitest';
import { Timestamp } from '../../src/core/values/index.js';
import { literalText } from '../../src/table/sql-template.js';

describe('values in SQL templates', () => {
  test.each([
    ["O'Brien", "'O''Brien'"],
    [5000, '5000'],
    [-1, '(-1)'],
    [0.5, '5e-1'],
    [10n ** 18n, '1000000000000000000'],
    [true, 'TRUE'],
    [null, 'NULL'],
    [Timestamp.parse('2024-05-01 12:30:00.123'), "TIMESTAMP '2024-05-01 12:30:00.123'"],
    [['a', 1], "'a', 1"],
  ])('%s', (value, text) => {
    expect(literalText(value)).toBe(text);
  });

  test.each([[undefined], [Number.NaN], [() => 1], [[]], [{}]])('%s is refused', (value) => {
    expect(() => literalText(value)).toThrow('SQL');
  });
});
