import { expect, test } from 'vitest';
import { type Row, rowClassOf, rowKind, rowKindText } from '../../../../src/core/rows/index.js';
import { type } from '../../../../src/core/types/index.js';
import {
  OneInputStreamOperatorTestHarness,
  TwoInputStreamOperatorTestHarness,
} from '../../../../src/datastream/testing/index.js';
import { GroupAggregateOperator } from '../../../../src/engine/operators/table/group-aggregate.js';
import { StreamingJoinOperator } from '../../../../src/engine/operators/table/join.js';

const Pair = rowClassOf({ k: type.string(), v: type.int() });
const Both = rowClassOf({ k: type.string(), v: type.int(), k0: type.string(), v0: type.int() });
const pair = (k: string, v: number): Row => Pair.of([k, v]);
const shown = (rows: readonly Row[]): unknown[][] =>
  rows.map((row) => [rowKindText(row[rowKind]), ...Object.values(row)]);
const same = (a: Row, b: Row): boolean => a.k === b.k && a.v === b.v;

/** SUM(v) for each k. */
const sums = (stateTtlMs: number) =>
  new GroupAggregateOperator<{ n: number; sum: number }>({
    aggregation: {
      create: () => ({ n: 0, sum: 0 }),
      accumulate: (state, row) => {
        state.n++;
        state.sum += row.v as number;
      },
      retract: (state, row) => {
        state.n--;
        state.sum -= row.v as number;
      },
    },
    result: (row, state) => Pair.of([row.k, state.sum]),
    equal: same,
    updateBefore: true,
    stateTtlMs,
  });

test('a group that nobody touched for the time to live begins anew; one that is touched lives on', async () => {
  const harness = await new OneInputStreamOperatorTestHarness<Row, Row>(
    { name: 'sums', create: () => sums(1000) as never, keys: [(row) => (row as Row).k] },
    {},
  ).open();
  harness.processElement(pair('a', 1));
  harness.setProcessingTime(900);
  harness.processElement(pair('a', 2));
  harness.setProcessingTime(1800);
  harness.processElement(pair('a', 0));
  harness.setProcessingTime(2800);
  harness.processElement(pair('a', 5));
  expect(shown(harness.extractOutputValues())).toEqual([
    ['+I', 'a', 1],
    ['-U', 'a', 1],
    ['+U', 'a', 3],
    // With a time to live those below have to hear of it, too.
    ['-U', 'a', 3],
    ['+U', 'a', 3],
    ['+I', 'a', 5],
  ]);
  await harness.close();
});

test('without a time to live an unchanged result is no change', async () => {
  const harness = await new OneInputStreamOperatorTestHarness<Row, Row>(
    { name: 'sums', create: () => sums(0) as never, keys: [(row) => (row as Row).k] },
    {},
  ).open();
  for (const v of [1, 0]) harness.processElement(pair('a', v));
  expect(shown(harness.extractOutputValues())).toEqual([['+I', 'a', 1]]);
  await harness.close();
});

test('rows of a join are forgotten one by one', async () => {
  const side = (name: string) => ({
    name,
    idOf: (row: Row) => row.v as number,
    unique: false,
    stateTtlMs: 1000,
  });
  const harness = await new TwoInputStreamOperatorTestHarness<Row, Row, Row>(
    {
      name: 'join',
      create: () =>
        new StreamingJoinOperator({
          left: side('left'),
          right: side('right'),
          leftClass: Pair,
          rightClass: Pair,
          condition: undefined,
          nullKey: undefined,
          leftIsOuter: false,
          rightIsOuter: false,
          concat: (l, r) => Both.of([l?.k ?? null, l?.v ?? null, r?.k ?? null, r?.v ?? null]),
        }) as never,
      keys: [(row) => (row as Row).k, (row) => (row as Row).k],
    },
    {},
  ).open();
  harness.processElement1(pair('a', 1));
  harness.setProcessingTime(600);
  harness.processElement1(pair('a', 2));
  harness.setProcessingTime(1200);
  harness.processElement2(pair('a', 9));
  expect(shown(harness.extractOutputValues())).toEqual([['+I', 'a', 2, 'a', 9]]);
  await harness.close();
});

test('many rows with one join key keep their order, and go one by one', async () => {
  const side = (name: string) => ({ name, idOf: (row: Row) => row.v as number, unique: false, stateTtlMs: 0 });
  const harness = await new TwoInputStreamOperatorTestHarness<Row, Row, Row>(
    {
      name: 'join',
      create: () =>
        new StreamingJoinOperator({
          left: side('left'),
          right: side('right'),
          leftClass: Pair,
          rightClass: Pair,
          condition: undefined,
          nullKey: undefined,
          leftIsOuter: true,
          rightIsOuter: false,
          concat: (l, r) => Both.of([l?.k ?? null, l?.v ?? null, r?.k ?? null, r?.v ?? null]),
        }) as never,
      keys: [(row) => (row as Row).k, (row) => (row as Row).k],
    },
    {},
  ).open();
  for (let v = 0; v < 30; v++) harness.processElement2(pair('a', v % 15));
  for (let v = 0; v < 15; v++) harness.processElement2(Pair.copy(pair('a', v), 3));
  harness.processElement1(pair('a', 100));
  const values = harness.extractOutputValues().map((row) => row.v0);
  expect(values).toEqual(Array.from({ length: 15 }, (_, v) => v));
  for (let v = 0; v < 15; v++) harness.processElement2(Pair.copy(pair('a', v), 3));
  expect(shown(harness.extractOutputValues()).at(-1)).toEqual(['+I', 'a', 100, null, null]);
  await harness.close();
});
