import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttachedAggregateOperator } from '../../../../../src/engine/operators/table/windows/attached-steps.js';
import { CountAggregateOperator } from '../../../../../src/engine/operators/table/windows/count-aggregate.js';
import { SliceAggregateOperator } from '../../../../../src/engine/operators/table/windows/slice-aggregate.js';
import {
  assignCumulating,
  assignHopping,
  assignTumbling,
  cumulatingSlices,
  hoppingSlices,
  type Slices,
  tumblingSlices,
} from '../../../../../src/engine/operators/table/windows/slices.js';
import { UTC_WINDOWS } from '../../../../../src/engine/operators/table/windows/window-clock.js';
import { changes, event, keyRow, oneInput, RUNS, sum, timeOf, windowResult } from '../rows.js';

const operator = (slices: Slices, timerPerWindow = false) =>
  new SliceAggregateOperator('WindowAggregate', {
    slices,
    timerPerWindow,
    aggregation: sum,
    keyOf: keyRow,
    result: windowResult,
    clock: UTC_WINDOWS,
    timeOf,
  });

test('a window comes out once its last millisecond is over; what is late is dropped', async () => {
  const harness = await oneInput(() => operator(tumblingSlices(5))).open();
  harness.processElement(event('a', 1, 1));
  harness.processElement(event('a', 4, 2));
  harness.processElement(event('a', 5, 4));
  harness.processWatermark(3);
  expect(harness.takeOutputValues()).toEqual([]);
  harness.processWatermark(4);
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 'a', 3, 0, 5]]);
  harness.processElement(event('a', 2, 8));
  expect(harness.numLateRecordsDropped()).toBe(1);
  harness.processWatermark(Number.POSITIVE_INFINITY);
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 'a', 4, 5, 10]]);
  expect(harness.numKeyedStateEntries()).toBe(0);
});

test('a row whose first window has fired still counts in the later ones', async () => {
  const harness = await oneInput(() => operator(hoppingSlices(10, 5))).open();
  harness.processElement(event('a', 7, 1));
  harness.processWatermark(6);
  harness.processElement(event('b', 3, 2));
  expect(harness.numLateRecordsDropped()).toBe(0);
  harness.processWatermark(Number.POSITIVE_INFINITY);
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 'a', 1, 0, 10],
    ['+I', 'b', 2, 0, 10],
    ['+I', 'a', 1, 5, 15],
  ]);
  expect(harness.numKeyedStateEntries()).toBe(0);
});

test('processing time fires by the clock, and not at the end of the input', async () => {
  const harness = await oneInput(
    () =>
      new SliceAggregateOperator('WindowAggregate', {
        slices: tumblingSlices(10),
        aggregation: sum,
        keyOf: keyRow,
        result: windowResult,
        clock: UTC_WINDOWS,
        timeOf: undefined,
      }),
  ).open();
  harness.processElement(event('a', 0, 1));
  harness.setProcessingTime(20);
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 'a', 1, 0, 10]]);
  harness.processElement(event('a', 0, 2));
  harness.processWatermark(Number.POSITIVE_INFINITY);
  expect(harness.takeOutputValues()).toEqual([]);
});

const FORMS = {
  tumble: { slices: () => tumblingSlices(5, 2), assign: assignTumbling(5, 2), legacy: false },
  hop: { slices: () => hoppingSlices(12, 4), assign: assignHopping(12, 4), legacy: false },
  cumulate: { slices: () => cumulatingSlices(9, 3, 1), assign: assignCumulating(9, 3, 1), legacy: false },
  'older hop': { slices: () => hoppingSlices(7, 3), assign: assignHopping(7, 3), legacy: true },
  'older hop with gaps': { slices: () => hoppingSlices(4, 6), assign: assignHopping(4, 6), legacy: true },
} as const;

const inputs = fc.record({
  form: fc.constantFrom(...(Object.keys(FORMS) as (keyof typeof FORMS)[])),
  rows: fc.array(
    fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: -20, max: 40 }), fc.integer({ min: 1, max: 9 })),
    {
      maxLength: 30,
    },
  ),
  delay: fc.integer({ min: 0, max: 15 }),
  restartAt: fc.integer({ min: 0, max: 30 }),
});

test('every row counts in those of its windows that have not fired, also over a restart', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, async ({ form, rows, delay, restartAt }) => {
      const { slices, assign, legacy } = FORMS[form];
      const create = () => operator(slices(), legacy);
      let harness = await oneInput(create).open();
      const expected = new Map<string, number>();
      const got: unknown[][] = [];
      let watermark = Number.NEGATIVE_INFINITY;
      for (const [i, [k, ts, v]] of rows.entries()) {
        if (i === restartAt) {
          const snapshot = await harness.snapshot();
          got.push(...changes(harness.takeOutputValues()));
          harness = oneInput(create);
          harness.initializeState(snapshot);
          await harness.open();
          harness.processWatermark(watermark);
        }
        harness.processElement(event(k, ts, v));
        assign(ts, (start, end) => {
          if (watermark >= end - 1) return;
          const id = JSON.stringify([k, start, end]);
          expected.set(id, (expected.get(id) ?? 0) + v);
        });
        watermark = Math.max(watermark, ts - delay);
        harness.processWatermark(watermark);
      }
      harness.processWatermark(Number.POSITIVE_INFINITY);
      got.push(...changes(harness.takeOutputValues()));
      const texts = got.map(([kind, k, s, start, end]) => JSON.stringify([kind, k, start, end, s])).sort();
      const wanted = [...expected].map(([id, s]) => JSON.stringify(['+I', ...JSON.parse(id), s])).sort();
      expect(texts).toEqual(wanted);
    }),
    { numRuns: RUNS },
  );
});

test('rows that carry their window are grouped by it', async () => {
  const harness = await oneInput(
    () =>
      new AttachedAggregateOperator(
        { clock: UTC_WINDOWS, rowtime: true, startOf: (row) => (row.ts as number) - 5, endOf: timeOf },
        { aggregation: sum, keyOf: keyRow, result: windowResult, clock: UTC_WINDOWS },
      ),
  ).open();
  for (const [end, v] of [
    [10, 1],
    [5, 2],
    [10, 4],
  ] as const) {
    harness.processElement(event('a', end, v));
  }
  harness.processWatermark(4);
  harness.processElement(event('a', 5, 8));
  harness.processWatermark(9);
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 'a', 2, 0, 5],
    ['+I', 'a', 5, 5, 10],
  ]);
  expect(harness.numLateRecordsDropped()).toBe(1);
});

test('a window of rows comes out with its last one', async () => {
  const create = (size: number, slide: number) => () =>
    new CountAggregateOperator('GroupWindowAggregate', {
      size,
      slide,
      aggregation: sum,
      keyOf: keyRow,
      result: windowResult,
      clock: UTC_WINDOWS,
    });
  const sums = async (size: number, slide: number): Promise<unknown[]> => {
    const harness = await oneInput(create(size, slide)).open();
    for (const v of [1, 2, 4, 8, 16]) harness.processElement(event('a', 0, v));
    return harness.extractOutputValues().map((row) => row.s);
  };
  expect(await sums(2, 2)).toEqual([3, 12]);
  expect(await sums(3, 1)).toEqual([7, 14, 28]);
  expect(await sums(1, 2)).toEqual([1, 4, 16]);
});
