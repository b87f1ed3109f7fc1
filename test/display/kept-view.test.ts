import * as vega from 'vega';
import * as vegaLite from 'vega-lite';
import { expect, test } from 'vitest';
import { KeptView } from '../../src/display/kept-view.js';
import type { VegaLiteSpec } from '../../src/display/vega.js';

const packages = { vega, vegaLite };

function frame(from: number, title: string, more: object = {}): VegaLiteSpec {
  const values = Array.from({ length: 20 }, (_, i) => ({ x: from + i, y: (from + i) % 10 }));
  const x = { field: 'x', type: 'quantitative', scale: { domain: [from, from + 19], nice: false } };
  return {
    width: 300,
    height: 200,
    title: { text: title, subtitle: `from ${from}` },
    data: { values },
    mark: 'line',
    encoding: { x, y: { field: 'y', type: 'quantitative' }, tooltip: [{ field: 'x' }] },
    ...more,
  };
}

/** What is drawn, in any order: a tick that stays goes before one that is new. Vega counts its clips. */
const drawn = (svg: string | undefined): string[] | undefined =>
  svg
    ?.replace(/(?<=id="|url\(#)\w+/g, '')
    .split(/(?=<\w)/)
    .sort();

const fresh = async (spec: VegaLiteSpec): Promise<string[] | undefined> =>
  drawn(await new KeptView().draw(spec, {}, packages));

test('frames after the first are drawn as if they were the first', async () => {
  const kept = new KeptView();
  const frames = [
    frame(0, 'one'),
    frame(10, 'two'),
    frame(10, 'a <title>'),
    frame(20, 'points', { mark: 'point' }),
    frame(30, 'wider', { width: 400 }),
    frame(40, 'text', { title: 'text' }),
    frame(0, 'one'),
  ];
  for (const spec of frames) expect(drawn(await kept.draw(spec, {}, packages))).toEqual(await fresh(spec));
  expect(await fresh(frames[1] as VegaLiteSpec)).not.toEqual(await fresh(frames[0] as VegaLiteSpec));
});

test('the rows of a frame are not written into', async () => {
  const spec = frame(0, 'one');
  const before = JSON.stringify(spec);
  const [row] = (spec.data as { values: object[] }).values;
  await new KeptView().draw(spec, {}, packages);
  expect(JSON.stringify(spec)).toBe(before);
  expect(Object.getOwnPropertySymbols(row)).toEqual([]);
});

test('what is no single view of rows of its own is left to others', async () => {
  const kept = new KeptView();
  const { encoding, mark, ...rest } = frame(0, 'one');
  expect(await kept.draw({ ...rest, layer: [{ mark, encoding }] }, {}, packages)).toBeUndefined();
  expect(await kept.draw({ ...frame(0, 'one'), data: { url: 'x.json' } }, {}, packages)).toBeUndefined();
});
