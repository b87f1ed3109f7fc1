import { describe, expect, test } from 'vitest';
import { PythonError, parsePython } from './sql/python.js';

describe("the cases' Python notation", () => {
  test('comparisons bind looser than & and |', () => {
    const both = parsePython("(col('v') > 0) & (col('g') == 'a') | col('v').is_null");
    expect(both).toMatchObject({
      kind: 'binary',
      operator: '|',
      left: { operator: '&' },
      right: { kind: 'attribute' },
    });
    expect(parsePython('a & b == c')).toMatchObject({ operator: '==', left: { operator: '&' } });
  });

  test('a minus before a power, strings side by side, tuples', () => {
    expect(parsePython('-2 ** 2')).toMatchObject({ kind: 'unary', operand: { operator: '**' } });
    expect(parsePython("'a' 'b\\n'")).toEqual({ kind: 'string', value: 'ab\n' });
    expect(parsePython('(1, 2.0)')).toMatchObject({ kind: 'tuple', items: [{ float: false }, { float: true }] });
    expect(parsePython('f(x, n=1)')).toMatchObject({ kind: 'call', names: { n: { value: 1 } } });
  });

  test.each(['', 'f(', 'a b', '"open', '1 +'])('%s is no expression', (text) => {
    expect(() => parsePython(text)).toThrow(PythonError);
  });
});
