import { describe, expect, test } from 'vitest';
import type { MimeBundle } from '../../../src/core/display.js';
import { stopRunning } from '../../../src/core/running.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { chart, show } from '../../../src/display/index.js';
import { inCell } from '../cell.js';
import { prices, type Spec, VEGA_LITE } from './support.js';

describe('a chart in a cell', () => {
  const cell = inCell();
  const lastSpec = (): Spec => cell.shown.at(-1)?.[VEGA_LITE] as Spec;

  test('await, show and the last value of a cell draw it', async () => {
    await chart(prices);
    await show(chart(prices));
    const last = chart(prices) as unknown as Record<symbol, () => Promise<MimeBundle>>;
    const bundle = await last[Symbol.for('Jupyter.display')]?.();
    expect(cell.shown).toEqual([bundle, bundle]);
    expect(String(chart(prices))).toMatch(/^a chart of .*; await it to see it$/);
  });

  test('a running stream is one output that ends as a whole chart', async () => {
    const stream = streamEnv()
      .fromCollection(prices)
      .map((row) => row);
    await chart(stream).line('time', 'price', { by: 'name', title: 'Prices' });
    expect(cell.outputs).toBe(1);
    expect(cell.shown.at(0)?.[VEGA_LITE]).toBeUndefined();
    expect(cell.shown.at(0)?.['text/plain']).toBe('line chart of price by time, 0 points; 0 rows, waiting');
    const last = cell.shown.at(-1);
    expect(last?.['image/svg+xml']).toContain('<svg');
    const { data, title, width, height } = lastSpec();
    expect(data.values).toHaveLength(60);
    expect(title).toMatchObject({ text: 'Prices', subtitle: '60 rows, ended' });
    expect([width, height]).toEqual([640, 320]);
  });

  test('a title stays when it was told to the chart, or stands in a specification', async () => {
    const stream = streamEnv().fromCollection(prices);
    await chart(stream, { title: 'Prices' }).line('time', 'price');
    expect(lastSpec().title).toMatchObject({ text: 'Prices', subtitle: '60 rows, ended' });
    await chart(stream).vegaLite({ title: 'Ticks', mark: 'tick', encoding: {} });
    expect(lastSpec().title).toMatchObject({ text: 'Ticks', subtitle: '60 rows, ended' });
  });

  test('a later row of a keyed sum takes the place of the earlier one', async () => {
    const words = streamEnv()
      .fromElements(...'a b a c a'.split(' '))
      .map((word) => ({ word, n: 1 }));
    await chart(words.keyBy('word').sum('n')).bar('word', 'n');
    const { data, title } = lastSpec();
    expect(data.values.map(({ x, y }) => [x, y])).toEqual([
      ['a', 3],
      ['b', 1],
      ['c', 1],
    ]);
    expect(title?.text).toBe('3 keys, 5 rows, ended');
  });

  test('an endless stream stops when the cell is interrupted', async () => {
    const endless = streamEnv().fromCollection(function* () {
      for (let i = 0; ; i++) yield i;
    });
    const drawn = chart(endless).histogram('value').show();
    while ((await stopRunning()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await drawn;
    // However many rows came until then: from 10,000 on, the title also says how many of them are drawn.
    expect(lastSpec().title?.text).toMatch(/^[\d,]+ rows?(, the last 10,000 drawn)?, stopped$/);
  });

  test('a wrong column of a stream ends it with the error', async () => {
    const stream = streamEnv().generate((i) => ({ i }), { count: 5 });
    await expect(chart(stream).line('i', 'nothing').show()).rejects.toThrow(/no column `nothing`/);
  });
});
