import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MimeBundle } from '../../src/core/display.js';
import { ChangingChart } from '../../src/display/changing-chart.js';
import { KeptView } from '../../src/display/kept-view.js';
import { frameBundle, VEGA_LITE } from '../../src/display/vega.js';

const spec = { data: { values: [{ x: 1 }] }, mark: 'point', encoding: { x: { field: 'x', type: 'quantitative' } } };
/** Nothing here fetches it, so there is no SVG of it. */
const elsewhere = { ...spec, data: { url: 'https://example.org/rows.json' } };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a frame is an SVG, or a Vega-Lite object that JupyterLab need not turn into a PNG', async () => {
  expect(Object.keys(await frameBundle({ spec, line: 'a point' }, new KeptView()))).toEqual([
    'image/svg+xml',
    'text/plain',
  ]);
  const frame = await frameBundle({ spec: elsewhere, line: 'a point' }, new KeptView());
  expect(frame[VEGA_LITE]).toMatchObject(elsewhere);
  expect(Buffer.from(String(frame['image/png']), 'base64').subarray(1, 4).toString()).toBe('PNG');
});

test('frames of Vega-Lite are five a second, and what stays is without the stand-in', async () => {
  const shown: MimeBundle[] = [];
  const chart = new ChangingChart({ update: (bundle) => shown.push(bundle) });
  for (let i = 0; i < 100; i++) {
    chart.update(() => ({ spec: elsewhere, line: `frame ${i}` }));
    await new Promise((done) => setImmediate(done));
    vi.advanceTimersByTime(10);
  }
  expect(shown.map((bundle) => bundle['text/plain'])).toEqual([0, 20, 40, 60, 80].map((i) => `frame ${i}`));
  await chart.end({ spec, line: 'the end' });
  expect(Object.keys(shown.at(-1) ?? {}).sort()).toEqual([VEGA_LITE, 'image/svg+xml', 'text/plain'].sort());
});
