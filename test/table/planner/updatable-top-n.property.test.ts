import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type } from '../../../src/core/types/index.js';
import { streamEnv } from '../../../src/datastream/environment.js';
import { physicalPlanText } from '../../../src/table/explain/physical.js';
import type { Aggregate, Rank } from '../../../src/table/plan/rel.js';
import { planQuery } from '../../../src/table/planner/index.js';
import { changesOf, contextOf, type Feed, folded, insert, scanOf, type TestTable } from './run.js';

const RUNS = Number(process.env.STREAMBOOK_PROPERTY_RUNS ?? 150);
const count = type.bigint().notNull();
const tables: TestTable[] = [{ fields: [{ name: 'item', type: type.string() }] }];
const counts: Aggregate = {
  kind: 'aggregate',
  input: scanOf(tables, 0),
  groups: [0],
  calls: [{ function: 'COUNT', operands: [], distinct: false, type: count, name: 'n' }],
  fields: [
    { name: 'item', type: type.string() },
    { name: 'n', type: count },
  ],
};
const top = (from: number, to: number, withNumber: boolean): Rank => ({
  kind: 'rank',
  input: counts,
  partitionBy: [],
  orderBy: [{ index: 1, descending: true, nullsFirst: false }],
  from,
  to,
  withNumber,
  fields: withNumber ? [...counts.fields, { name: 'rn', type: count }] : counts.fields,
});

test('counts only rise, so the plan keeps nothing behind the last rank', () => {
  const text = physicalPlanText(planQuery(top(1, 2, true), contextOf(tables, streamEnv(), [])));
  expect(text.split('\n').map((line) => line.replace(/select=.*changelogMode/, 'changelogMode'))).toEqual([
    'Rank(strategy=[UpdateFastStrategy[primaryKeys=[0]]], rankType=[ROW_NUMBER], rankRange=[rankStart=1, rankEnd=2], orderBy=[n DESC], changelogMode=[I,UB,UA,D])',
    '+- GroupAggregate(groupBy=[item], changelogMode=[I,UA])',
    '   +- TableSourceScan(table=[[t0]], fields=[item], changelogMode=[I])',
    '',
  ]);
});

const feed = ['a', 'b', 'b', 'c', 'c', 'c'].map((item) => insert(0, item));

test('with ranks each shift is an update, a row’s old version goes before its new one comes', async () => {
  expect(await changesOf(top(1, 2, true), tables, feed)).toEqual([
    ['+I', 'a', 1, 1],
    ['+I', 'b', 1, 2],
    ['-U', 'a', 1, 1],
    ['-U', 'b', 1, 2],
    ['+U', 'b', 2, 1],
    ['+U', 'a', 1, 2],
    ['-U', 'a', 1, 2],
    ['+U', 'c', 2, 2],
    ['-U', 'b', 2, 1],
    ['-U', 'c', 2, 2],
    ['+U', 'c', 3, 1],
    ['+U', 'b', 2, 2],
  ]);
});

test('without ranks a row that is among the first only changes', async () => {
  expect(await changesOf(top(1, 2, false), tables, feed)).toEqual([
    ['+I', 'a', 1],
    ['+I', 'b', 1],
    ['-U', 'b', 1],
    ['+U', 'b', 2],
    ['-D', 'a', 1],
    ['+I', 'c', 2],
    ['-U', 'c', 2],
    ['+U', 'c', 3],
  ]);
});

describe('the first ones by count are those that a count afterwards finds', () => {
  const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 40 });
  test.each([
    [1, 2, true],
    [1, 3, false],
    [2, 3, true],
    [2, 4, false],
  ])('from %i to %i, numbered: %s', async (from, to, withNumber) => {
    await fc.assert(
      fc.asyncProperty(items, async (names) => {
        const changes = await changesOf(
          top(from, to, withNumber),
          tables,
          names.map((name): Feed => insert(0, name)),
        );
        const found = folded(changes).map((text) => JSON.parse(text) as [string, number, number]);
        const counted = new Map<string, number>();
        for (const name of names) counted.set(name, (counted.get(name) ?? 0) + 1);
        const expected = [...counted.values()].sort((a, b) => b - a).slice(from - 1, to);
        // Which of several with one count comes first is up to the order in which they reached it.
        for (const [name, n] of found) expect(counted.get(name)).toBe(n);
        expect(new Set(found.map(([name]) => name)).size).toBe(found.length);
        if (withNumber) found.sort((a, b) => a[2] - b[2]);
        else found.sort((a, b) => b[1] - a[1]);
        expect(found.map(([, n]) => n)).toEqual(expected);
        if (withNumber) expect(found.map(([, , rank]) => rank)).toEqual(expected.map((_, i) => from + i));
      }),
      { numRuns: RUNS },
    );
  });
});
