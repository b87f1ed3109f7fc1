import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../../../../src/core/rows/index.js';
import type { Operator } from '../../../../../src/engine/operator.js';
import { RangeOverOperator, RowsOverOperator } from '../../../../../src/engine/operators/table/over/bounded.js';
import {
  ProcTimeRangeOverOperator,
  ProcTimeRowsOverOperator,
} from '../../../../../src/engine/operators/table/over/proctime.js';
import {
  ProcTimeUnboundedOverOperator,
  UnboundedOverOperator,
} from '../../../../../src/engine/operators/table/over/unbounded.js';
import { event, oneInput, Result, RUNS, type Sum, sum, timeOf } from '../rows.js';

const settings = {
  aggregation: sum,
  result: (row: Row, acc: Sum) => Result.of([row.k, acc.sum, row.ts, row.v]),
  timeOf,
  stateTtlMs: 0,
};

/** Frames by name, and which of the rows before (in their order) belong to the frame of row `i`. */
const FRAMES = {
  'rows unbounded': {
    create: () => new UnboundedOverOperator({ ...settings, range: false }),
    within: (rows: Row[], i: number) => rows.slice(0, i + 1),
  },
  'range unbounded': {
    create: () => new UnboundedOverOperator({ ...settings, range: true }),
    within: (rows: Row[], i: number) => rows.filter((row) => timeOf(row) <= timeOf(rows[i] as Row)),
  },
  'rows 2 preceding': {
    create: () => new RowsOverOperator(settings, 3),
    within: (rows: Row[], i: number) => rows.slice(Math.max(0, i - 2), i + 1),
  },
  'range 3 preceding': {
    create: () => new RangeOverOperator(settings, 3),
    within: (rows: Row[], i: number) => {
      const at = timeOf(rows[i] as Row);
      return rows.filter((row) => timeOf(row) <= at && timeOf(row) >= at - 3);
    },
  },
} satisfies Record<string, { create: () => Operator<Row, Row>; within: (rows: Row[], i: number) => Row[] }>;

const inputs = fc.record({
  frame: fc.constantFrom(...(Object.keys(FRAMES) as (keyof typeof FRAMES)[])),
  rows: fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 20 }), fc.nat(9)), { maxLength: 25 }),
  every: fc.integer({ min: 1, max: 8 }),
  restartAt: fc.nat(25),
});

test('each row has the sum of its frame, in the order of time, also over a restart', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, async ({ frame, rows, every, restartAt }) => {
      const { create, within } = FRAMES[frame];
      let harness = await oneInput(create).open();
      const out: Row[] = [];
      let largest = 0;
      const all: Row[] = [];
      for (const [i, [k, ts, v]] of rows.entries()) {
        if (i === restartAt) {
          const snapshot = await harness.snapshot();
          out.push(...harness.takeOutputValues());
          harness = oneInput(create);
          harness.initializeState(snapshot);
          await harness.open();
        }
        // Nothing comes late: times go on from the last watermark.
        const row = event(k, largest + ts, v);
        all.push(row);
        harness.processElement(row);
        if (i % every === 0) {
          largest = Math.max(...all.map(timeOf));
          harness.processWatermark(largest);
        }
      }
      harness.processWatermark(Number.POSITIVE_INFINITY);
      out.push(...harness.takeOutputValues());
      for (const key of ['a', 'b']) {
        const sorted = all.filter((row) => row.k === key).sort((x, y) => timeOf(x) - timeOf(y));
        const expected = sorted.map((row, i) => [
          row.ts,
          row.v,
          within(sorted, i).reduce((total, one) => total + (one.v as number), 0),
        ]);
        const got = out.filter((row) => row.k === key).map((row) => [row.start, row.end, row.s]);
        expect(got).toEqual(expected);
      }
    }),
    { numRuns: RUNS },
  );
});

test('a bounded frame takes a row behind the watermark that is after the last one of its key; an unbounded does not', async () => {
  const [bounded, unbounded] = [
    await oneInput(() => new RowsOverOperator(settings, 3)).open(),
    await oneInput(() => new UnboundedOverOperator({ ...settings, range: false })).open(),
  ];
  for (const harness of [bounded, unbounded]) {
    harness.processElement(event('a', 5, 1));
    harness.processWatermark(10);
    harness.processElement(event('a', 7, 2));
    harness.processElement(event('a', 5, 4));
    harness.processWatermark(20);
  }
  expect(bounded.extractOutputValues().map((row) => row.s)).toEqual([1, 3]);
  expect(bounded.numLateRecordsDropped()).toBe(1);
  expect(unbounded.extractOutputValues().map((row) => row.s)).toEqual([1]);
  expect(unbounded.numLateRecordsDropped()).toBe(2);
});

test('by processing time rows count as they come', async () => {
  const rows = await oneInput(() => new ProcTimeRowsOverOperator(settings, 2)).open();
  const all = await oneInput(() => new ProcTimeUnboundedOverOperator(settings)).open();
  for (const harness of [rows, all]) for (const v of [1, 2, 4]) harness.processElement(event('a', 0, v));
  expect(rows.extractOutputValues().map((row) => row.s)).toEqual([1, 3, 6]);
  expect(all.extractOutputValues().map((row) => row.s)).toEqual([1, 3, 7]);
});

test('a range of processing time: rows of one millisecond come out together a millisecond later', async () => {
  const harness = await oneInput(() => new ProcTimeRangeOverOperator(settings, 5)).open();
  harness.processElement(event('a', 0, 1));
  harness.processElement(event('a', 0, 2));
  expect(harness.extractOutputValues()).toEqual([]);
  harness.setProcessingTime(4);
  harness.processElement(event('a', 0, 4));
  harness.setProcessingTime(9);
  harness.processElement(event('a', 0, 8));
  harness.setProcessingTime(20);
  expect(harness.extractOutputValues().map((row) => row.s)).toEqual([3, 3, 7, 12]);
});
