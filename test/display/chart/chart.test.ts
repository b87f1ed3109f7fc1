import * as aq from 'arquero';
import { describe, expect, test } from 'vitest';
import { Timestamp } from '../../../src/core/values/index.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { chart } from '../../../src/display/index.js';
import { fillFramePort } from '../../../src/frames/index.js';
import { textOf } from '../html.js';
import { prices, type Spec, START, VEGA_LITE } from './support.js';

async function specOf(view: { spec(): Promise<unknown> }): Promise<Spec> {
  return (await view.spec()) as Spec;
}

const marks = async (data: unknown): Promise<string> => (await specOf(chart(data))).mark.type;

describe('the bundle', () => {
  test('is a Vega-Lite object, an SVG and one line, and never HTML', async () => {
    const bundle = await chart(prices).line('time', 'price').bundle();
    expect(Object.keys(bundle).sort()).toEqual([VEGA_LITE, 'image/svg+xml', 'text/plain'].sort());
    expect((bundle[VEGA_LITE] as { $schema: string }).$schema).toBe('https://vega.github.io/schema/vega-lite/v5.json');
    expect(bundle['image/svg+xml']).toMatch(/^<svg [\s\S]*<\/svg>$/);
    expect(bundle['text/plain']).not.toContain('\n');
    expect(bundle['text/plain']).toMatch(/^line chart of price by time, 60 points: 100 to 159 [▁-█]{24}$/);
  });

  test('can be sent as JSON, whatever the rows hold', async () => {
    const rows = [
      { a: 1n, b: new Date(Number.NaN), c: { deep: [1n] }, d: undefined },
      { a: 2 ** 60, b: new Date(0), c: Symbol.for('s'), d: Number.POSITIVE_INFINITY },
    ];
    for (const view of [
      chart(rows),
      chart(rows).point('a', 'd'),
      chart(rows).bar('c', 'a'),
      chart(rows).heatmap('b', 'c'),
    ]) {
      expect(JSON.parse(JSON.stringify(await view.spec()))).toEqual(await view.spec());
      const bundle = await view.bundle();
      expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
    }
  });

  test('takes names, titles and values as text', async () => {
    const bad = '<script>alert(1)</script>" onload="x';
    const rows = [
      { [bad]: bad, n: 1 },
      { [bad]: 'javascript:alert(1)\u0000\u202e', n: 2 },
    ];
    const bundle = await chart(rows).bar(bad, 'n', { title: bad, by: bad }).bundle();
    const svg = String(bundle['image/svg+xml']);
    const tags = svg.replace(/>[^<]*</g, '><');
    expect(tags).not.toMatch(/<script|<image|<a |<foreignObject| onload="| href=/i);
    expect(svg).not.toContain('\u0000');
    expect(svg).not.toContain('\u202e');
    expect(textOf(svg)).toContain('<script>alert(1)</script>');
    // A dot or a bracket in a column's name is no path.
    expect((await specOf(chart([{ 'a.b[0]': 1, c: 2 }]).point('a.b[0]', 'c'))).data.values).toEqual([
      { x: 1, y: 2, s: '' },
    ]);
  });
});

describe('the chart that fits', () => {
  test('is a line over time, bars for names, points, a histogram, a heat map', async () => {
    expect(await marks(prices)).toBe('line');
    expect((await specOf(chart(prices))).encoding.color).toMatchObject({ field: 's', title: 'name' });
    expect(
      await marks([
        { word: 'whale', n: 1226 },
        { word: 'sea', n: 455 },
      ]),
    ).toBe('bar');
    expect(await marks(new Map([['whale', 1226]]))).toBe('bar');
    expect(
      await marks([
        [1, 5],
        [3, 2],
        [2, 9],
      ]),
    ).toBe('point');
    expect(
      await marks([
        [1, 5],
        [2, 2],
        [3, 9],
      ]),
    ).toBe('line');
    expect(await marks([3, 1, 2])).toBe('bar');
    expect(await marks(['a', 'b', 'a'])).toBe('bar');
    expect(await marks(['ax', 'bx', 'ay', 'by'].map((s) => ({ p: s[0], q: s[1] })))).toBe('rect');
  });

  test('knows times in their many forms', async () => {
    const forms: Record<string, unknown[]> = {
      date: [new Date(START), new Date(START + 500)],
      timestamp: [Timestamp.ofMs(START), Timestamp.ofMs(START + 500)],
      iso: ['2026-01-05T08:00:00Z', '2026-01-05T09:00:00.5+01:00'],
      sql: ['2026-01-05 08:00:00', '2026-01-05 08:00:00.500'],
      rowtime: [START, START + 500],
    };
    for (const [name, [first, second]] of Object.entries(forms)) {
      const spec = await specOf(
        chart([
          { [name]: first, n: 1 },
          { [name]: second, n: 2 },
        ]),
      );
      expect([name, spec.mark.type, spec.encoding.x?.type]).toEqual([name, 'line', 'temporal']);
      expect(spec.data.values.map((value) => value.x)).toEqual([START, START + 500]);
      expect(spec.encoding.x?.scale).toMatchObject({ type: 'utc' });
    }
    // A number that only looks like one is none.
    expect(
      (
        await specOf(
          chart([
            { id: START, n: 1 },
            { id: START + 1, n: 4 },
          ]),
        )
      ).encoding.x?.type,
    ).toBe('quantitative');
  });

  test('takes arquero tables, promises, iterables and what has a toTable method', async () => {
    fillFramePort();
    expect((await specOf(chart(aq.table({ name: ['a', 'b'], n: [1, 2] })))).data.values).toHaveLength(2);
    expect(await marks(Promise.resolve([{ w: 'a', n: 1 }]))).toBe('bar');
    expect(await marks(new Set([1, 2, 3]))).toBe('bar');
    const table = {
      toTable: async () => ({
        columns: [
          { name: 'w', type: 'STRING' },
          { name: 'n', type: 'BIGINT' },
        ],
        rows: [['a', 1n]],
      }),
    };
    expect((await specOf(chart(table))).data.values).toEqual([{ x: 'a', y: 1, s: '' }]);
  });
});

test('a job is a chart of its operators, a topic of its partitions', async () => {
  const env = streamEnv();
  env
    .fromSequence(1, 50)
    .filter((n) => n % 2 === 0)
    .name('even')
    .forEach(() => {});
  const job = await env.executeAsync();
  await job.wait();
  const { data, encoding } = await specOf(chart(job));
  expect(data.values.map(({ x, y }) => [x, y])).toEqual([
    ['Sequence Source', 50],
    ['even', 50],
    ['ForEach', 25],
  ]);
  expect([encoding.x?.title, encoding.y?.title].sort()).toEqual(['operator', 'records']);
  expect((await specOf(chart(job).bar('operator', 'out'))).data.values[1]).toMatchObject({ x: 'even', y: 25 });
  const partition = { first: 5, next: 8, messages: 3, leader: 1, replicas: [1] };
  const topic = { name: 't', config: {}, groups: [], partitions: [0, 1].map((i) => ({ ...partition, partition: i })) };
  expect((await specOf(chart(topic).bar('partition', 'messages'))).data.values).toHaveLength(2);
});

describe('big inputs', () => {
  test('a line keeps its outline, and says what is drawn', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => ({ i, v: i === 123_456 ? 1e6 : i % 10 }));
    const view = chart(rows).line('i', 'v');
    const { data, title } = await specOf(view);
    expect(data.values.length).toBeLessThanOrEqual(5000);
    expect(data.values.some((value) => value.y === 1e6)).toBe(true);
    expect(title?.text).toMatch(/^200,000 points: the lowest and the highest in each of [\d,]+ steps$/);
    expect((await view.bundle())['text/plain']).toContain('200,000 points: the lowest');
  });

  test('bars are put together and cut with a count; points are sampled; a histogram counts all', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => ({ word: `word ${i % 1000}`, x: i % 977, y: i % 101 }));
    const bars = await specOf(chart(rows).bar('word', 'x', { title: 'Words' }));
    expect(bars.data.values).toHaveLength(40);
    expect(bars.title?.subtitle).toBe('40 of 1,000 bars');
    expect(bars.encoding.x?.title).toBe('sum of x');
    const points = await specOf(chart(rows).point('x', 'y'));
    expect(points.data.values).toHaveLength(2000);
    expect(points.title?.text).toBe('2,000 of 100,000 points');
    const steps = await specOf(chart(rows).histogram('x'));
    expect(steps.data.values.reduce((sum, value) => sum + Number(value.y), 0)).toBe(100_000);
    const many = await specOf(chart(rows).line('x', 'y', { by: 'word' }));
    expect(new Set(many.data.values.map((value) => value.s)).size).toBe(10);
    expect(many.title?.text).toContain('the 9 most frequent of 1,000 series, the rest as `others`');
  });

  test('rows without a value and numbers too big are counted', async () => {
    const rows = [
      { x: 1, y: null },
      { x: 2, y: Number.NaN },
      { x: 3, y: 2n ** 63n - 1n },
      { x: null, y: 4 },
    ];
    const { data, title } = await specOf(chart(rows).line('x', 'y'));
    expect(data.values).toEqual([{ x: 3, y: 2 ** 63, s: '' }]);
    expect(title?.text).toBe('3 rows without a value left out; 1 number beyond 2^53 rounded');
  });

  test('rows are counted in whole steps, and huge amounts written by their power of ten', async () => {
    const svgOf = async (drawn: ReturnType<typeof chart>) => String((await drawn.bundle())['image/svg+xml']);
    const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]);
    for (const one of [chart([{ x: 1 }]).histogram('x'), chart([{ x: 'a' }]).bar('x')]) {
      expect(texts(await svgOf(one))).toEqual(expect.arrayContaining(['0', '1', 'rows']));
      expect(texts(await svgOf(one))).not.toContain('0.2');
    }
    const huge = [1, 2].map((n) => ({ name: `n${n}`, x: n * 1e24, y: -n * 1e15 }));
    const kinds = [chart(huge).line('x', 'y'), chart(huge).point('x', 'y'), chart(huge).bar('name', 'y')];
    for (const one of [...kinds, chart(huge).histogram('x'), chart(huge).heatmap('name', 'name', { value: 'y' })]) {
      expect((await svgOf(one)).match(/>[^<]*(?:\d{7}|\d,\d{3},\d{3})[^<]*</)?.[0]).toBeUndefined();
    }
  });

  test('nothing is a chart of nothing', async () => {
    expect((await chart([]).bundle())['text/plain']).toContain('no rows');
    expect((await chart([]).line('a', 'b').bundle())['text/plain']).toContain('no rows');
    expect((await chart([]).bar('a').bundle())['text/plain']).toContain('no rows');
    expect((await chart([]).heatmap('a', 'b').bundle())['text/plain']).toContain('no rows');
  });
});

describe('what is asked for', () => {
  test('what the chart was told holds for each kind, which may say otherwise', async () => {
    const told = chart(prices, { title: 'Prices', width: 300 });
    const kinds = [told, told.line('time', 'price'), told.bar('name'), told.point('time', 'price')];
    kinds.push(told.histogram('price'), told.heatmap('time', 'name'), told.vegaLite({ mark: 'tick', encoding: {} }));
    for (const kind of kinds) expect(await specOf(kind)).toMatchObject({ title: { text: 'Prices' }, width: 300 });
    const other = await specOf(told.line('time', 'price', { title: 'Otherwise' }));
    expect(other).toMatchObject({ title: { text: 'Otherwise' }, width: 300 });
  });

  test('several amounts are lines of their own; a horizon cuts off the past', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ t: new Date(START + i * 1000), open: i, close: -i }));
    const both = await specOf(chart(rows).line('t', ['open', 'close'], { zero: true }));
    expect(new Set(both.data.values.map((value) => value.s))).toEqual(new Set(['open', 'close']));
    const last = await specOf(chart(rows).line('t', 'open', { horizon: 3000 }));
    expect(last.data.values.map((value) => value.y)).toEqual([6, 7, 8, 9]);
    expect(last.encoding.x?.scale).toMatchObject({ domain: [START + 6000, START + 9000] });
  });

  test('bars aggregate', async () => {
    const rows = [
      { k: 'a', v: 1 },
      { k: 'a', v: 5 },
      { k: 'b', v: 4 },
    ];
    for (const [aggregate, a] of [
      ['sum', 6],
      ['mean', 3],
      ['min', 1],
      ['max', 5],
      ['count', 2],
    ] as const) {
      const { data } = await specOf(chart(rows).bar('k', 'v', { aggregate }));
      expect(data.values.find((value) => value.x === 'a')?.y).toBe(a);
    }
    expect((await specOf(chart(rows).bar('k'))).data.values).toEqual([
      { x: 'a', y: 2, s: '' },
      { x: 'b', y: 1, s: '' },
    ]);
  });

  test('any Vega-Lite specification, alone or over rows; a wrong one says so', async () => {
    const own = { mark: 'point', encoding: { x: { field: 'n', type: 'quantitative' } } };
    const bundle = await chart([{ n: 1 }])
      .vegaLite(own)
      .bundle();
    expect(bundle[VEGA_LITE]).toMatchObject({ ...own, data: { values: [{ n: 1 }] } });
    const alone = await chart({
      ...own,
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values: [{ n: 1 }] },
    }).bundle();
    expect(alone[VEGA_LITE]).toMatchObject({
      $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
      mark: 'point',
    });
    expect(alone['image/svg+xml']).toContain('<svg');
    const elsewhere = await chart({ ...own, data: { url: 'https://example.com/a.csv' } }).bundle();
    expect(elsewhere['image/svg+xml']).toBeUndefined();
    await expect(
      chart([{ n: 1 }])
        .vegaLite({ mark: 'nonsense' })
        .bundle(),
    ).rejects.toThrow(/Vega-Lite does not take/);
  });

  test('what cannot be drawn is an error that says what can', async () => {
    await expect(chart(prices).line('tiem', 'price').bundle()).rejects.toThrow(/no column `tiem`/);
    await expect(chart(prices).line('tiem', 'price').bundle()).rejects.toMatchObject({
      hint: 'columns: `time`, `name`, `price`',
    });
    await expect(chart(prices).line('time', 'price', { width: 3 }).bundle()).rejects.toThrow(/width is 3/);
    await expect(chart(prices).line('time', 'price', { horizon: -1 }).bundle()).rejects.toThrow(/horizon is -1/);
    await expect(
      chart(prices)
        .bar('name', 'price', { aggregate: 'median' as 'mean' })
        .bundle(),
    ).rejects.toThrow(/median/);
    await expect(chart(prices).histogram('price', { bins: 0 }).bundle()).rejects.toThrow(/bins is 0/);
  });
});
