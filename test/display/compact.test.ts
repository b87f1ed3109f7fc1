import { expect, test } from 'vitest';
import { bytesText, compact, exactNumber } from '../../src/display/compact.js';

const text = (value: unknown): string => compact(value, 10_000).text;

test.each([
  [0.1 + 0.2, '0.30000000000000004'],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [1e21, '1e+21'],
  [5e-324, '5e-324'],
  [-Infinity, '-Infinity'],
  [2n ** 70n, '1180591620717411303424'],
])('%o is the number %s', (value, expected) => {
  expect(exactNumber(value)).toBe(expected);
});

test('objects are JSON, with what JSON leaves out', () => {
  expect(text({ a: 1, b: [null, undefined, 'x'], 'c d': -0 })).toBe('{"a": 1, "b": [null, undefined, "x"], "c d": -0}');
  expect(text({ big: 2n ** 64n, at: new Date(0), bad: new Date(Number.NaN) })).toBe(
    '{"big": 18446744073709551616, "at": 1970-01-01T00:00:00.000Z, "bad": Invalid Date}',
  );
  expect(text(new Map<unknown, unknown>([['k', new Set([1, 'two'])]]))).toBe('Map(1) {"k" => Set(2) {1, "two"}}');
  expect(text(new Float64Array([1.5, -0]))).toBe('Float64Array(2) [1.5, -0]');
  expect(text([new TypeError('no'), /x/g, Symbol('s'), function named() {}])).toBe(
    '[TypeError: no, /x/g, Symbol(s), [function named]]',
  );
  expect(text(Object.create(null))).toBe('{}');
  expect(text(new URL('http://localhost/x'))).toBe('http://localhost/x');
});

test('circles, depth and misbehaviour end in a mark', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  expect(text(circle)).toBe('[[circular]]');
  const twice = { x: 1 };
  expect(text([twice, twice])).toBe('[{"x": 1}, {"x": 1}]');
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(text(deep)).toContain('[deeper]');
  const bad = {
    get a(): never {
      throw new Error('closed');
    },
    b: 2,
  };
  expect(text(bad)).toBe('{"a": [unreadable: closed], "b": 2}');
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(text(proxy)).toContain('[unreadable: ');
});

test('a huge object is written no further than the budget', () => {
  const huge = Array.from({ length: 1_000_000 }, (_, i) => i);
  const { text: part, whole } = compact(huge, 50);
  expect(part).toHaveLength(50);
  expect(whole).toBe(false);
});

test('bytes are text where they can be read, else hexadecimal', () => {
  expect(bytesText(Buffer.from('héllo'))).toBe('"héllo" (6 bytes)');
  expect(bytesText(Buffer.from([0, 0xff, 0x10]))).toBe('00 ff 10 (3 bytes)');
  expect(bytesText(Buffer.from([0x41]))).toBe('"A" (1 byte)');
  expect(bytesText(new Uint8Array())).toBe('(0 bytes)');
  expect(bytesText(Buffer.alloc(100))).toBe(`${'00 '.repeat(32)}… (100 bytes)`);
  expect(bytesText(new Uint8Array(Buffer.from('xxabcxx')).subarray(2, 5))).toBe('"abc" (3 bytes)');
});

test('long text in bytes is not taken for binary because a character lies on the border', () => {
  for (let shift = 0; shift < 3; shift++) {
    const shown = bytesText(Buffer.from('x'.repeat(shift) + '海'.repeat(3000)));
    expect(shown).toMatch(/^"x{0,2}海+…" \(\d+ bytes\)$/);
  }
});
