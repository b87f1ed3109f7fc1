import { describe, expect, test } from 'vitest';
import { setDisplayPort } from '../../src/core/display.js';
import { stopRunning } from '../../src/core/running.js';
import { Schema, type } from '../../src/core/types/index.js';
import { chart, fillDisplayPort, show } from '../../src/display/index.js';
import type { ResultRows } from '../../src/display/result-view.js';
import { tableEnv } from '../../src/table/index.js';
import { inCell } from './cell.js';
import { cellsOf, tagsOf, textOf } from './html.js';

const cell = inCell();

const html = (): string => String(cell.shown.at(-1)?.['text/html']);

function orders() {
  const t = tableEnv();
  return t.fromRows([
    { name: 'Ann', price: 10 },
    { name: '<b>Bob</b>', price: 30 },
    { name: 'Ann', price: 5 },
  ]);
}

describe('what a query gives', () => {
  test('is its changes beside the table they build, in one output', async () => {
    await show(
      orders()
        .groupBy((o) => o.name)
        .select((o) => ({ name: o.name, total: o.price.sum() })),
    );
    expect(cell.outputs).toBe(1);
    const text = textOf(html());
    expect(text).toContain('changes');
    expect(cellsOf(html()).filter((row) => row.length === 3)).toEqual([
      ['+I', 'Ann', '10'],
      ['+I', '<b>Bob</b>', '30'],
      ['-U', 'Ann', '10'],
      ['+U', 'Ann', '15'],
    ]);
    expect(cellsOf(html()).filter((row) => row.length === 2)).toEqual([
      ['<b>Bob</b>', '30'],
      ['Ann', '15'],
    ]);
    expect(text).toContain('4 changes');
    expect(text).not.toContain('the last ones');
    // Ended, it is as high as what it holds.
    expect(html()).not.toContain('<td colspan="3">&nbsp;</td>');
    expect(text).toContain('2 rows, finished');
    expect(tagsOf(html()).map((tag) => tag.name)).not.toContain('b');
    expect(String(cell.shown.at(-1)?.['text/plain'])).toMatch(/Ann +15[\s\S]*2 rows, finished[\s\S]*-U +Ann +10/);
  });

  test('is what a table shows of itself', async () => {
    fillDisplayPort();
    await orders().show();
    setDisplayPort(undefined);
    expect(textOf(html())).toContain('3 rows, finished');
  });

  test('of rows that are only added is a table with the types of its columns', async () => {
    await show(orders().execute(), { caption: 'Orders' });
    expect(textOf(html())).toContain('Orders');
    expect(textOf(html())).not.toContain('changes');
    expect(textOf(html())).toMatch(/name(STRING|VARCHAR)/);
    expect(cellsOf(html())).toHaveLength(3);
    expect(textOf(html())).toContain('3 rows, finished');
  });

  test('can be drawn as a chart', async () => {
    const totals = orders()
      .groupBy((o) => o.name)
      .select((o) => ({ name: o.name, total: o.price.sum() }));
    const spec = (await chart(totals).bar('name', 'total').spec()) as { data: { values: { x: string; y: number }[] } };
    expect(spec.data.values.map(({ x, y }) => [x, y])).toEqual([
      ['<b>Bob</b>', 30],
      ['Ann', 15],
    ]);
    await chart(totals);
    expect(JSON.stringify(cell.shown.at(-1)?.['application/vnd.vegalite.v5+json'])).toContain('4 changes, ended');
  });

  test('that says only OK, or fails, or never ends', async () => {
    const schema = new Schema({ n: type.int() });
    const ok = { schema, isOk: true, async *[Symbol.asyncIterator]() {} };
    await show(ok as ResultRows);
    expect(cell.shown.at(-1)?.['text/plain']).toBe('OK');

    const failing = {
      schema,
      isOk: false,
      async *[Symbol.asyncIterator]() {
        yield { n: 1 };
        throw new Error('broken');
      },
    };
    await expect(show(failing as ResultRows)).rejects.toThrow('broken');
    expect(textOf(html())).toContain('1 row, failed');

    const endless = {
      schema,
      isOk: false,
      async *[Symbol.asyncIterator]() {
        for (let n = 0; ; n++) yield { n };
      },
    };
    const drawn = show(endless as ResultRows);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await stopRunning()).toEqual(['show']);
    await drawn;
    expect(textOf(html())).toMatch(/rows?, stopped/);
  });
});
