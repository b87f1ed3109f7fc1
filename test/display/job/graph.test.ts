import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamEnv } from '../../../src/datastream/index.js';
import { graph, show } from '../../../src/display/index.js';
import { shortBytes, shortCount } from '../../../src/display/job/figures.js';
import { placeNodes } from '../../../src/display/job/graph-layout.js';
import { graphSvg } from '../../../src/display/job/graph-svg.js';
import { OutputTag } from '../../../src/engine/channels/output-tag.js';
import type { PlanNode } from '../../../src/engine/inspect/explain.js';
import { tagsOf } from '../html.js';

function node(id: number, from: readonly number[], name = `node ${id}`): PlanNode {
  return {
    id,
    name,
    kind: from.length === 0 ? 'source' : 'operator',
    uid: `uid ${id}`,
    parallelism: 1,
    inputs: from.map((one, i) => ({ from: one, input: i + 1, ship: 'forward' })),
  };
}

const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 30 })
  .map((inputs) => inputs.map((from, i) => node(i + 1, i === 0 ? [] : [...new Set(from.map((one) => (one % i) + 1))])));

describe('the layout of a graph', () => {
  test('puts every node to the right of what it reads from, and no two into one place', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const placed = placeNodes(nodes);
        const byId = new Map(placed.map((one) => [one.node.id, one]));
        for (const one of placed) {
          expect(one.row).toBeGreaterThanOrEqual(0);
          for (const { from } of one.node.inputs) expect(byId.get(from)?.column).toBeLessThan(one.column);
          for (const other of placed) {
            if (other !== one && other.column === one.column)
              expect(Math.abs(other.row - one.row)).toBeGreaterThanOrEqual(1);
          }
        }
      }),
    );
  });

  test('draws a chain as a line', () => {
    const placed = placeNodes([node(1, []), node(2, [1]), node(3, [2])]);
    expect(placed.map(({ column, row }) => [column, row])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });
});

describe('the picture of a graph', () => {
  test('holds names as text, cut to the box', () => {
    const bad = '<script>alert(1)</script>" onload="x';
    const svg = graphSvg([node(1, [], bad), node(2, [1], '数据流处理作业的一个很长的名字'.repeat(3))], undefined);
    const tags = svg.replace(/>[^<]*</g, '><');
    expect(tags).not.toMatch(/<script|onload=/);
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).toContain('数据流处理作业的一个…');
  });

  test('does not grow without end', () => {
    const nodes = Array.from({ length: 500 }, (_, i) => node(i + 1, i === 0 ? [] : [1]));
    expect(graphSvg(nodes, undefined)).toContain('440 more operators');
  });

  test('shows a stream as it will run, and a job with its figures', async () => {
    const env = streamEnv();
    const odd = new OutputTag<number>('odd');
    const stream = env.fromSequence(1, 100).process<number>((n, context, out) => {
      if (n % 2 === 1) context.output(odd, n);
      else out.collect(n);
    });
    stream.getSideOutput(odd).forEach(() => {});
    stream
      .keyBy((n) => n % 10)
      .reduce((a, b) => a + b)
      .name('sums')
      .forEach(() => {});
    const before = await graph(stream).bundle();
    expect(before['text/plain']).toMatch(/Sequence Source/);
    const job = await env.executeAsync('graph');
    await job.wait();
    const bundle = await graph(job).bundle();
    expect(Object.keys(bundle).sort()).toEqual(['image/svg+xml', 'text/html', 'text/plain']);
    expect(bundle['text/plain']).toMatch(/sums.*50 in, 50 out, .*5 in state/);
    expect(String(bundle['image/svg+xml'])).toContain('>odd<');
    expect(tagsOf(String(bundle['text/html'])).map((tag) => tag.name)).toEqual(['div', 'img']);
    // It scrolls before its names get too small to read.
    expect(bundle['text/html']).toMatch(/overflow-x:auto;[\s\S]*min-width:\d+px;/);
    expect(String(graph(job))).toBe(`a graph of ${job.explain().nodes.length} operators`);
    expect(show(job.explain())).toBeUndefined();
    expect(() => graph({} as never)).toThrow(/has no graph/);
  });

  test('counts and sizes stay short', () => {
    expect([0, 999, 9_999, 10_000, 99_949, 99_950, 999_499, 999_500, 5e9].map(shortCount)).toEqual([
      '0',
      '999',
      '9,999',
      '10.0 k',
      '99.9 k',
      '100 k',
      '999 k',
      '1.0 M',
      '5.0 G',
    ]);
    expect([0, 999, 1000, 999_499, 999_500, 2e9].map(shortBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.00 kB',
      '999 kB',
      '1.00 MB',
      '2.00 GB',
    ]);
  });
});
