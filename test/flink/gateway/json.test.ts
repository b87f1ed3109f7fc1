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
  it('reads a ROW with two fields of one name', () => {
    expect(parseExactly('{"a": 1, "a": 2}')).toEqual({ a: 2 });
  });
});
