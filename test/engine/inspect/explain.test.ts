import { describe, expect, it } from 'vitest';
import { streamEnv } from '../../../src/datastream/index.js';
import { OutputTag } from '../../../src/engine/channels/output-tag.js';

describe('the plan of a program', () => {
  const env = streamEnv();
  const odd = new OutputTag<number>('odd <1>');
  const split = env
    .fromSequence(1, 9)
    .process<number>((n, context, out) => (n % 2 === 0 ? out.collect(n) : context.output(odd, n)))
    .name('split');
  const plan = split
    .map((n) => ({ n }))
    .setParallelism(2)
    .keyBy((x) => x.n)
    .connect(split.getSideOutput(odd).keyBy((n) => n))
    .map(
      (x) => x.n,
      (n) => n,
    )
    .uid('both')
    .explain();

  it('is a line per node', () => {
    expect(String(plan).split('\n')).toEqual([
      '  1  Sequence Source',
      '  2  split  <- 1 (forward)',
      '  3  Map  x2  <- 2 (rebalance)',
      '  4  CoMap  <- 3 (hash, input 1), 2 (hash, input 2, side output odd <1>)',
    ]);
  });

  it('is JSON, with the ids of state', () => {
    const nodes = JSON.parse(JSON.stringify(plan)).nodes;
    expect(nodes[3]).toMatchObject({ uid: 'both', kind: 'operator', parallelism: 1 });
    expect(nodes[0]).toMatchObject({ kind: 'source', inputs: [] });
  });

  it('is Mermaid, with names as text', () => {
    const text = plan.toMermaid();
    expect(text).toContain('n1(["Sequence Source"])');
    expect(text).toContain('n2 -->|"odd #60;1#62;"| n4');
    expect(text).not.toContain('<1>');
  });
});
