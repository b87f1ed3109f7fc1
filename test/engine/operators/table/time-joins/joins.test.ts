import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Row, RowKind, rowClassOf } from '../../../../../src/core/rows/index.js';
import { type } from '../../../../../src/core/types/index.js';
import { TableIntervalJoinOperator } from '../../../../../src/engine/operators/table/time-joins/interval-join.js';
import { TemporalJoinOperator } from '../../../../../src/engine/operators/table/time-joins/temporal-join.js';
import { UTC_WINDOWS } from '../../../../../src/engine/operators/table/windows/window-clock.js';
import {
  WindowJoinOperator,
  type WindowJoinSettings,
} from '../../../../../src/engine/operators/table/windows/window-join.js';
import { changes, event, RUNS, timeOf, twoInputs, watermarks } from '../rows.js';

const Pair = rowClassOf({ l: type.bigint(), r: type.bigint() });
const concat = (left: Row | null, right: Row | null): Row => Pair.of([left?.v ?? null, right?.v ?? null]);
const matches = (): boolean => true;

const interval =
  (outer: { left?: boolean; right?: boolean } = {}) =>
  () =>
    new TableIntervalJoinOperator({
      lower: -5,
      upper: 0,
      leftIsOuter: outer.left === true,
      rightIsOuter: outer.right === true,
      leftTimeOf: timeOf,
      rightTimeOf: timeOf,
      matches,
      concat,
    });

test('rows join within the interval; watermarks are held back', async () => {
  const harness = await twoInputs(interval()).open();
  harness.processElement1(event('a', 10, 1));
  harness.processElement2(event('a', 15, 2));
  harness.processElement2(event('a', 16, 3));
  harness.processElement2(event('b', 12, 4));
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 1, 2]]);
  harness.processWatermark1(100);
  harness.processWatermark2(100);
  // The largest distance.
  expect(watermarks(harness.getOutput())).toEqual([95]);
  expect(harness.numKeyedStateEntries()).toBe(0);
});

test('who found no partner comes out with NULLs, once none can come any more', async () => {
  const harness = await twoInputs(interval({ left: true, right: true })).open();
  harness.processElement1(event('a', 10, 1));
  harness.processElement2(event('a', 30, 2));
  harness.processWatermark1(15);
  harness.processWatermark2(15);
  expect(harness.takeOutputValues()).toEqual([]);
  harness.processWatermark1(16);
  harness.processWatermark2(16);
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 1, null]]);
  // Late, and nothing can be found for it any more: it is not kept.
  harness.processElement1(event('a', 9, 3));
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 3, null]]);
  harness.processWatermark1(Number.POSITIVE_INFINITY);
  harness.processWatermark2(Number.POSITIVE_INFINITY);
  expect(changes(harness.takeOutputValues())).toEqual([['+I', null, 2]]);
});

const rowsOf = fc.array(fc.tuple(fc.boolean(), fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 30 })), {
  maxLength: 30,
});

test('without late rows the pairs are those of the whole tables, also over a restart', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, fc.boolean(), fc.boolean(), fc.nat(30), async (rows, left, right, restartAt) => {
      const create = interval({ left, right });
      let harness = await twoInputs(create).open();
      const got: Row[] = [];
      const sides: { left: Row[]; right: Row[] } = { left: [], right: [] };
      const sorted = rows.map((row, i) => [...row, i] as const).sort((a, b) => a[2] - b[2]);
      for (const [i, [isLeft, k, ts, v]] of sorted.entries()) {
        if (i === restartAt) {
          const snapshot = await harness.snapshot();
          got.push(...harness.takeOutputValues());
          harness = twoInputs(create);
          harness.initializeState(snapshot);
          await harness.open();
        }
        const row = event(k, ts, v);
        sides[isLeft ? 'left' : 'right'].push(row);
        if (isLeft) harness.processElement1(row);
        else harness.processElement2(row);
        // A row with the time of the watermark would be late.
        harness.processWatermark1(ts - 1);
        harness.processWatermark2(ts - 1);
      }
      harness.processWatermark1(Number.POSITIVE_INFINITY);
      harness.processWatermark2(Number.POSITIVE_INFINITY);
      got.push(...harness.takeOutputValues());
      const joins = (l: Row, r: Row): boolean => l.k === r.k && timeOf(r) >= timeOf(l) && timeOf(r) <= timeOf(l) + 5;
      const expected = sides.left.flatMap((l) => sides.right.filter((r) => joins(l, r)).map((r) => concat(l, r)));
      if (left)
        expected.push(...sides.left.filter((l) => !sides.right.some((r) => joins(l, r))).map((l) => concat(l, null)));
      if (right)
        expected.push(...sides.right.filter((r) => !sides.left.some((l) => joins(l, r))).map((r) => concat(null, r)));
      const texts = (list: readonly Row[]): string[] =>
        changes(list)
          .map((one) => JSON.stringify(one))
          .sort();
      expect(texts(got)).toEqual(texts(expected));
    }),
    { numRuns: RUNS },
  );
});

test('a row joins the version that was valid at its time, also when that comes later', async () => {
  const harness = await twoInputs(
    () =>
      new TemporalJoinOperator({
        leftIsOuter: true,
        leftTimeOf: timeOf,
        rightTimeOf: timeOf,
        matches,
        concat,
        stateTtlMs: 0,
      }),
  ).open();
  const both = (watermark: number): void => {
    harness.processWatermark1(watermark);
    harness.processWatermark2(watermark);
  };
  harness.processElement1(event('a', 10, 1));
  harness.processElement1(event('a', 2, 2));
  harness.processElement2(event('a', 12, 300));
  harness.processElement2(event('a', 5, 100));
  both(11);
  // In the order in which they came.
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 1, 100],
    ['+I', 2, null],
  ]);
  harness.processElement2(event('a', 20, 300, RowKind.DELETE));
  harness.processElement1(event('a', 15, 3));
  harness.processElement1(event('a', 21, 4));
  harness.processElement1(event('a', 11, 5));
  both(Number.POSITIVE_INFINITY);
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 3, 300],
    ['+I', 4, null],
    ['+I', 5, 100],
  ]);
});

const WINDOW_JOINS: Record<WindowJoinSettings['type'], unknown[][]> = {
  inner: [['+I', 1, 3]],
  left: [
    ['+I', 1, 3],
    ['+I', 2, null],
  ],
  right: [
    ['+I', 1, 3],
    ['+I', null, 4],
  ],
  full: [
    ['+I', 1, 3],
    ['+I', 2, null],
    ['+I', null, 4],
  ],
  semi: [['+I', 'a', 5, 1]],
  anti: [['+I', 'a', 5, 2]],
};

test.each(Object.entries(WINDOW_JOINS))('rows of one window join when it is over: %s', async (kind, expected) => {
  const bounds = { startOf: (row: Row) => (row.ts as number) - 5, endOf: timeOf };
  const harness = await twoInputs(
    () =>
      new WindowJoinOperator({
        type: kind as WindowJoinSettings['type'],
        clock: UTC_WINDOWS,
        rowtime: true,
        left: bounds,
        right: bounds,
        matches: (l, r) => (r.v as number) - (l.v as number) === 2 && l.v === 1,
        concat,
      }),
  ).open();
  harness.processElement1(event('a', 5, 1));
  harness.processElement1(event('a', 5, 2));
  harness.processElement2(event('a', 5, 3));
  harness.processElement2(event('a', 5, 4));
  harness.processElement2(event('a', 10, 3));
  harness.processWatermark1(4);
  harness.processWatermark2(4);
  expect(changes(harness.takeOutputValues())).toEqual(expected);
  harness.processElement1(event('a', 5, 9));
  expect(harness.numLateRecordsDropped()).toBe(1);
});
