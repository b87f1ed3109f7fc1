import { desc, table } from 'arquero';
import { expect, test } from 'vitest';
import { frames } from '../../src/core/frames.js';
import { fillFramePort, frameView } from '../../src/frames/index.js';

const rows = (value: unknown): unknown[][] => {
  const view = frameView(value);
  return Array.from({ length: view?.rowCount ?? 0 }, (_, i) => [...(view?.row(i) ?? [])]);
};

const words = table({
  word: ['whale', 'sea', null],
  n: [1226, 455, 1],
  big: [1n, 2n, 9007199254740993n],
  at: [new Date(0), undefined, new Date(1)],
});

test('columns and values come through as they are', () => {
  expect(frameView(words)?.columns.map((column) => column.name)).toEqual(['word', 'n', 'big', 'at']);
  expect(rows(words)).toEqual([
    ['whale', 1226, 1n, new Date(0)],
    ['sea', 455, 2n, undefined],
    [null, 1, 9007199254740993n, new Date(1)],
  ]);
});

test("filter and order are the table's own", () => {
  const some = words.filter((row: { n: number }) => row.n > 1).orderby('n');
  expect(rows(some).map((row) => row[0])).toEqual(['sea', 'whale']);
  expect(rows(words.orderby(desc('big'))).map((row) => row[2])).toEqual([9007199254740993n, 2n, 1n]);
  expect(rows(words.filter(() => false))).toEqual([]);
});

test('anything else is not taken for a table', () => {
  for (const value of [null, undefined, 1, 'x', [], {}, new Map(), { numRows: 3 }, { $isSeries: true }]) {
    expect(frameView(value)).toBeUndefined();
  }
});

test('the port hands it on', () => {
  fillFramePort();
  expect(frames().view(words)?.rowCount).toBe(3);
});
