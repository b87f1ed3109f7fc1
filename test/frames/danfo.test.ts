import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { bundleOf } from '../../src/display/show.js';
import { fillFramePort, frameView } from '../../src/frames/index.js';

// By require: its ES module form does not load in Node.
const dfd = createRequire(import.meta.url)('danfojs-node') as typeof import('danfojs-node');

const frame = new dfd.DataFrame([
  { name: 'Ada', age: 36, score: 1.5, member: true },
  { name: null, age: 41, score: Number.NaN, member: false },
]);

test('a frame comes with the types danfojs gave it', () => {
  const view = frameView(frame);
  expect(view?.columns).toEqual([
    { name: 'name', type: 'string' },
    { name: 'age', type: 'int32' },
    { name: 'score', type: 'float32' },
    { name: 'member', type: 'boolean' },
  ]);
  expect(view?.rowCount).toBe(2);
  expect(view?.row(1)).toEqual([null, 41, Number.NaN, false]);
});

test('an index that does not just count is a column', () => {
  const view = frameView(frame.loc({ rows: [1] }));
  expect(view?.columns[0]).toEqual({ name: 'index' });
  expect(view?.row(0)).toEqual([1, null, 41, Number.NaN, false]);
});

test('a series is one column', () => {
  const view = frameView(new dfd.Series([3, 4]));
  expect(view?.columns).toEqual([{ name: 'value', type: 'int32' }]);
  expect(view?.row(1)).toEqual([4]);
});

test('an empty frame is empty', () => {
  expect(frameView(new dfd.DataFrame([]))?.rowCount).toBe(0);
});

test('it is shown as a table', () => {
  fillFramePort();
  expect(bundleOf(frame)['text/plain'].split('\n')).toEqual([
    'name      age    score  member',
    'string  int32  float32  boolean',
    '──────  ─────  ───────  ───────',
    'Ada        36      1.5  true',
    'null       41      NaN  false',
  ]);
});
