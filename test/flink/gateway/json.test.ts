import { describe, expect, it } from 'vitest';
import { parseExactly } from '../../../src/flink/gateway/json.js';

describe('parseExactly', () => {
  it('keeps whole numbers beyond 2^53', () => {
    expect(parseExactly('[9007199254740991, 9007199254740993, -9223372036854775808]')).toEqual([
      9007199254740991,
      9007199254740993n,
      -9223372036854775808n,
    ]);
  });
  it('keeps the digits of decimals', () => {
    expect(parseExactly('[1.5, 12345678901234567890.123456789, 0.1]')).toEqual([
      1.5,
      '12345678901234567890.123456789',
      0.1,
    ]);
  });
  it.each([
    ['[123456789012345.67, 1234567890123456.789]', [123456789012345.67, '1234567890123456.789']],
    ['{"9007199254740993": 9007199254740993}', { '9007199254740993': 9007199254740993n }],
    ['["a 9007199254740993 b", 1]', ['a 9007199254740993 b', 1]],
    ['[0.30000000000000004, 0.300000000000000041]', [0.30000000000000004, '0.300000000000000041']],
  ])('reads %s, whichever way it goes', (text, wanted) => {
    expect(parseExactly(text)).toEqual(wanted);
    // Beside a number that JSON.parse would round, the same.
    expect(parseExactly(`[${text},12345678901234567890]`)).toEqual([wanted, 12345678901234567890n]);
  });
  it('reads the doubles of a page as doubles, whatever digits Java writes', () => {
    const page = (type: string): string =>
      `{"columns":[{"name":"x","logicalType":{"type":"${type}"}}],"data":[2.2250738585072014E-308,2.00000000000000000]}`;
    expect(parseExactly(page('DOUBLE'))).toHaveProperty('data', [2.2250738585072014e-308, 2]);
    expect(parseExactly(page('DECIMAL'))).toHaveProperty('data.1', '2.00000000000000000');
  });
  it('reads a ROW with two fields of one name', () => {
    expect(parseExactly('{"a": 1, "a": 2}')).toEqual({ a: 2 });
  });
});
