import { expect, test } from 'vitest';
import { MISSING } from '../../src/display/cell.js';
import { sourceOf } from '../../src/display/infer.js';

const rowsOf = (data: object): unknown[][] => {
  const source = sourceOf(data);
  return Array.from({ length: source.available }, (_, i) => [...source.row(i)]);
};

test('objects with differing keys: the columns in order of appearance, missing is not undefined', () => {
  const data = [
    { a: 1, b: 'x' },
    { c: true, a: null },
    { a: 2n, b: undefined },
  ];
  expect(sourceOf(data).columns).toEqual([
    { name: 'a', type: 'number | bigint' },
    { name: 'b', type: 'string' },
    { name: 'c', type: 'boolean' },
  ]);
  expect(rowsOf(data)).toEqual([
    [1, 'x', MISSING],
    [null, MISSING, true],
    [2n, undefined, MISSING],
  ]);
});

test('columns of nothing have no type; of many things a mixed one', () => {
  expect(sourceOf([{ a: null }, { a: undefined }]).columns).toEqual([{ name: 'a' }]);
  expect(sourceOf([{ a: 1 }, { a: 'x' }, { a: [] }, { a: {} }]).columns).toEqual([{ name: 'a', type: 'mixed' }]);
});

test('arrays of arrays, of values, of both', () => {
  expect(sourceOf([[1, 'x'], [2]]).columns).toEqual([
    { name: '0', type: 'number' },
    { name: '1', type: 'string' },
  ]);
  expect(rowsOf([[1, 'x'], [2]])).toEqual([
    [1, 'x'],
    [2, MISSING],
  ]);
  expect(rowsOf(['a', null, new Date(0)])).toEqual([['a'], [null], [new Date(0)]]);
  expect(sourceOf([1, [2], { three: 3 }]).columns).toEqual([{ name: 'value', type: 'number | array | object' }]);
});

test('maps, sets, typed arrays, generators, objects', () => {
  expect(rowsOf(new Map([['a', 1]]))).toEqual([['a', 1]]);
  expect(sourceOf(new Map([['a', 1]])).columns.map((column) => column.name)).toEqual(['key', 'value']);
  expect(rowsOf(new Set([3]))).toEqual([[3]]);
  expect(rowsOf(new Int16Array([7, 8]))).toEqual([[7], [8]]);
  expect(rowsOf({ host: 'x', port: 9092 })).toEqual([
    ['host', 'x'],
    ['port', 9092],
  ]);
  class Point {
    constructor(
      readonly x: number,
      readonly y: number,
    ) {}
  }
  expect(rowsOf([new Point(1, 2)])).toEqual([[1, 2]]);
});

test('a sequence without end is closed after 10,000 elements', () => {
  let closed = false;
  function* naturals() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  const source = sourceOf(naturals());
  expect(source.count).toBe(10_000);
  expect(source.endless).toBe(true);
  expect(closed).toBe(true);
});

test('a million rows are sampled: a key that only the last one has is still found', () => {
  const data: object[] = Array.from({ length: 1_000_000 }, () => ({ a: 1 }));
  data[999_999] = { late: 'x' };
  expect(sourceOf(data).columns.map((column) => column.name)).toEqual(['a', 'late']);
});

test('a getter that throws is shown, not thrown', () => {
  const bad = Object.defineProperty({}, 'a', {
    enumerable: true,
    get() {
      throw new Error('closed');
    },
  });
  expect(rowsOf([bad])[0]?.[0]).toMatchObject({ reason: 'closed' });
});
