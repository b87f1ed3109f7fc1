import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Row, RowKind, rowClassOf } from '../../../../../src/core/rows/index.js';
import { type } from '../../../../../src/core/types/index.js';
import { AppendTopNOperator } from '../../../../../src/engine/operators/table/rank/append-top-n.js';
import { FastTop1Operator } from '../../../../../src/engine/operators/table/rank/fast-top-1.js';
import { RetractTopNOperator } from '../../../../../src/engine/operators/table/rank/retract-top-n.js';
import type { TopNSettings } from '../../../../../src/engine/operators/table/rank/top-n.js';
import { changes, Event, event, folded, oneInput, RUNS } from '../rows.js';

const Ranked = rowClassOf({ k: type.string(), ts: type.bigint(), v: type.int(), rn: type.bigint() });

function settings(from: number, to: number, numbered: boolean): TopNSettings {
  return {
    compare: (a, b) => (b.v as number) - (a.v as number),
    from,
    to,
    numbered,
    updateBefore: true,
    stateTtlMs: 0,
    withRank: (row, rank) => (numbered ? Ranked.of([row.k, row.ts, row.v, rank]) : Event.of([row.k, row.ts, row.v])),
  };
}

const append = (from: number, to: number, numbered: boolean) => () =>
  new AppendTopNOperator(settings(from, to, numbered));
const retract = (from: number, to: number, numbered: boolean) => () =>
  new RetractTopNOperator({
    ...settings(from, to, numbered),
    equal: (a, b) => a.k === b.k && a.ts === b.ts && a.v === b.v,
    keep: (row) => Event.copy(row, RowKind.INSERT),
  });

test('with the rank each shift is an update', async () => {
  const harness = await oneInput(append(1, 2, true)).open();
  for (const [id, v] of [
    [1, 10],
    [2, 30],
    [3, 20],
    [4, 5],
  ] as const) {
    harness.processElement(event('x', id, v));
  }
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 'x', 1, 10, 1],
    ['-U', 'x', 1, 10, 1],
    ['+U', 'x', 2, 30, 1],
    ['+I', 'x', 1, 10, 2],
    ['-U', 'x', 1, 10, 2],
    ['+U', 'x', 3, 20, 2],
  ]);
});

test('without the rank a row leaves and a row comes', async () => {
  const harness = await oneInput(append(1, 2, false)).open();
  for (const [id, v] of [
    [1, 10],
    [2, 30],
    [3, 10],
    [4, 20],
  ] as const) {
    harness.processElement(event('x', id, v));
  }
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 'x', 1, 10],
    ['+I', 'x', 2, 30],
    ['-D', 'x', 1, 10],
    ['+I', 'x', 4, 20],
  ]);
});

test('the first row alone is updated, and stays where another is only as far in front', async () => {
  const top = () => new FastTop1Operator({ ...settings(1, 1, false), keep: (row) => Event.copy(row, RowKind.INSERT) });
  const harness = await oneInput(top).open();
  for (const [id, v] of [
    [1, 10],
    [2, 5],
    [3, 10],
    [4, 20],
  ] as const) {
    harness.processElement(event('x', id, v));
  }
  expect(changes(harness.takeOutputValues())).toEqual([
    ['+I', 'x', 1, 10],
    ['-U', 'x', 1, 10],
    ['+U', 'x', 4, 20],
  ]);
});

test('a row that is taken away lets others rise', async () => {
  const harness = await oneInput(retract(1, 2, true)).open();
  harness.processElement(event('x', 1, 10));
  harness.processElement(event('x', 2, 30));
  harness.processElement(event('x', 3, 20));
  harness.takeOutputValues();
  harness.processElement(event('x', 2, 30, RowKind.DELETE));
  expect(changes(harness.takeOutputValues())).toEqual([
    ['-U', 'x', 2, 30, 1],
    ['+U', 'x', 3, 20, 1],
    ['-U', 'x', 3, 20, 2],
    ['+U', 'x', 1, 10, 2],
  ]);
  harness.processElement(event('x', 3, 20, RowKind.UPDATE_BEFORE));
  expect(changes(harness.takeOutputValues())).toEqual([
    ['-U', 'x', 3, 20, 1],
    ['+U', 'x', 1, 10, 1],
    ['-D', 'x', 1, 10, 2],
  ]);
});

const inputs = fc.record({
  from: fc.integer({ min: 1, max: 3 }),
  more: fc.integer({ min: 0, max: 3 }),
  numbered: fc.boolean(),
  retracting: fc.boolean(),
  restartAt: fc.nat(30),
  // A number for each row: its key and value, or (when rows are taken away) which of those there goes.
  rows: fc.array(fc.tuple(fc.constantFrom('x', 'y'), fc.nat(6), fc.nat(100)), { maxLength: 30 }),
});

test('the changes add up to the first rows, also over a restart', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, async ({ from, more, numbered, retracting, restartAt, rows }) => {
      const to = from + more;
      const create = (retracting ? retract : append)(from, to, numbered);
      let harness = await oneInput(create).open();
      const there: Row[] = [];
      const got: unknown[][] = [];
      for (const [i, [k, v, which]] of rows.entries()) {
        if (i === restartAt) {
          const snapshot = await harness.snapshot();
          got.push(...changes(harness.takeOutputValues()));
          harness = oneInput(create);
          harness.initializeState(snapshot);
          await harness.open();
        }
        if (retracting && which % 3 === 0 && there.length > 0) {
          const [gone] = there.splice(which % there.length, 1) as [Row];
          harness.processElement(event(gone.k as string, gone.ts as number, gone.v as number, RowKind.DELETE));
        } else {
          there.push(event(k, i, v));
          harness.processElement(event(k, i, v));
        }
      }
      got.push(...changes(harness.takeOutputValues()));
      const expected = ['x', 'y'].flatMap((k) =>
        there
          .filter((row) => row.k === k)
          .sort((a, b) => (b.v as number) - (a.v as number) || (a.ts as number) - (b.ts as number))
          .slice(from - 1, to)
          .map((row, i) => JSON.stringify([row.k, row.ts, row.v, ...(numbered ? [from + i] : [])])),
      );
      expect(folded(got)).toEqual(expected.sort());
    }),
    { numRuns: RUNS },
  );
});
