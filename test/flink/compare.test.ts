import { describe, expect, it } from 'vitest';
import { Timestamp } from '../../src/core/values/index.js';
import { type ComparedSide, Comparison } from '../../src/flink/compare.js';

const side = (rows: readonly object[], error?: string): ComparedSide => ({
  rows: rows as ComparedSide['rows'],
  changes: rows.length,
  columns: [{ name: 'name' }, { name: 'total' }],
  ms: 1,
  ...(error === undefined ? {} : { error }),
});

describe('a comparison', () => {
  it('is the same for the same rows in another order', () => {
    const rows = [
      { name: 'Ann', total: 0.1 + 0.2 },
      { name: null, total: Timestamp.ofMs(5) },
    ];
    const made = new Comparison(
      side(rows),
      side([
        { name: null, total: Timestamp.ofMs(5) },
        { name: 'Ann', total: 0.3 },
      ]),
    );
    expect(made.same).toBe(true);
    expect(made.caption).toContain('the same on both engines');
    expect(made.rows.map(([who]) => who)).toEqual(['both', 'both']);
  });
  it('puts first what differs', () => {
    const made = new Comparison(
      side([
        { name: 'Ann', total: 1 },
        { name: 'Bob', total: 2 },
        { name: 'Bob', total: 2 },
      ]),
      side([
        { name: 'Ann', total: 1 },
        { name: 'Bob', total: 2 },
        { name: 'Cyd', total: 3 },
      ]),
    );
    expect(made.same).toBe(false);
    expect(made.rows).toEqual([
      ['local 2 times, cluster 1 times', 'Bob', 2],
      ['cluster only', 'Cyd', 3],
      ['both', 'Ann', 1],
    ]);
    expect(made.caption).toContain('2 rows differ');
  });
  it('tells what one of them refused', () => {
    const made = new Comparison(side([{ name: 'Ann', total: 1 }]), side([], 'not there'));
    expect(made.same).toBe(false);
    expect(made.caption).toContain('cluster: not there');
    expect(new Comparison(side([], 'no'), side([], 'no')).same).toBe(true);
  });
});
