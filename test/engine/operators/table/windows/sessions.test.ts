import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../../../../src/core/rows/index.js';
import { SessionAggregateOperator } from '../../../../../src/engine/operators/table/windows/session-aggregate.js';
import { UTC_WINDOWS } from '../../../../../src/engine/operators/table/windows/window-clock.js';
import { SessionTableFunctionOperator } from '../../../../../src/engine/operators/table/windows/window-table-function.js';
import { changes, event, keyRow, oneInput, Result, RUNS, sum, timeOf, windowResult } from '../rows.js';

const create = () =>
  new SessionAggregateOperator('WindowAggregate', {
    gap: 5,
    aggregation: sum,
    keyOf: keyRow,
    result: windowResult,
    clock: UTC_WINDOWS,
    timeOf,
  });

test('a row between two sessions brings them together; sessions that touch are one', async () => {
  const harness = await oneInput(create).open();
  for (const [ts, v] of [
    [0, 1],
    [12, 2],
    [7, 4],
    [5, 8],
  ] as const) {
    harness.processElement(event('a', ts, v));
  }
  harness.processElement(event('b', 20, 16));
  harness.processWatermark(15);
  expect(harness.takeOutputValues()).toEqual([]);
  harness.processWatermark(16);
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 'a', 15, 0, 17]]);
  // It would be over already; one that reaches an open session is not late.
  harness.processElement(event('a', 11, 32));
  harness.processElement(event('b', 15, 64));
  expect(harness.numLateRecordsDropped()).toBe(1);
  harness.processWatermark(Number.POSITIVE_INFINITY);
  expect(changes(harness.takeOutputValues())).toEqual([['+I', 'b', 80, 15, 25]]);
  expect(harness.numKeyedStateEntries()).toBe(0);
});

test('rows of a session come out with its bounds when it is over', async () => {
  const harness = await oneInput(
    () =>
      new SessionTableFunctionOperator({ gap: 5, clock: UTC_WINDOWS, timeOf }, (row: Row, start, end) =>
        Result.of([row.k, row.v, start, end]),
      ),
  ).open();
  harness.processElement(event('a', 3, 1));
  harness.processElement(event('a', 1, 2));
  harness.processWatermark(7);
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 'a', 1, 1, 8],
    ['+I', 'a', 2, 1, 8],
  ]);
});

test('sessions of rows in any order are those of the sorted rows, also over a restart', async () => {
  const rows = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: -30, max: 60 })), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(30), async (given, restartAt) => {
      let harness = await oneInput(create).open();
      for (const [i, [k, ts]] of given.entries()) {
        if (i === restartAt) {
          const snapshot = await harness.snapshot();
          harness = oneInput(create);
          harness.initializeState(snapshot);
          await harness.open();
        }
        harness.processElement(event(k, ts, 1));
      }
      harness.processWatermark(Number.POSITIVE_INFINITY);
      const expected: unknown[][] = [];
      for (const key of ['a', 'b']) {
        const times = given
          .filter(([k]) => k === key)
          .map(([, ts]) => ts)
          .sort((a, b) => a - b);
        let open: unknown[] | undefined;
        for (const ts of times) {
          if (open === undefined || ts > (open[4] as number)) {
            open = ['+I', key, 0, ts, ts];
            expected.push(open);
          }
          open[2] = (open[2] as number) + 1;
          open[4] = ts + 5;
        }
      }
      const sorted = (list: unknown[][]): string[] => list.map((one) => JSON.stringify(one)).sort();
      expect(sorted(changes(harness.takeOutputValues()))).toEqual(sorted(expected));
    }),
    { numRuns: RUNS },
  );
});
