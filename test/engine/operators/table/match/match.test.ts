import { expect, test } from 'vitest';
import { type Row, rowClassOf } from '../../../../../src/core/rows/index.js';
import { type } from '../../../../../src/core/types/index.js';
import { MatchOperator, type MatchSettings } from '../../../../../src/engine/operators/table/match/match.js';
import type { PatternElement } from '../../../../../src/engine/operators/table/match/pattern.js';
import { event, oneInput, timeOf } from '../rows.js';

const Match = rowClassOf({ k: type.string(), times: type.string() });
const one: Omit<PatternElement, 'name'> = { min: 1, max: 1, greedy: false };
const many: Omit<PatternElement, 'name'> = { min: 1, max: Number.POSITIVE_INFINITY, greedy: true };

/** A: v is 1, B: v is at least 2, C: v is at least 3. */
const LEAST: Readonly<Record<string, (v: number) => boolean>> = {
  A: (v) => v === 1,
  B: (v) => v >= 2,
  C: (v) => v >= 3,
};

function settings(elements: readonly PatternElement[], more: Partial<MatchSettings> = {}): MatchSettings {
  return {
    elements,
    accepts: (element, rows) => {
      const last = rows[element]?.at(-1)?.row as Row;
      return LEAST[(elements[element] as PatternElement).name]?.(last.v as number) === true;
    },
    skip: { to: 'past last row' },
    withinMs: Number.POSITIVE_INFINITY,
    timeOf,
    compare: undefined,
    result: (rows) =>
      Match.of([rows.flat()[0]?.row.k, rows.map((list) => list.map(({ time }) => time).join(',')).join(' ')]),
    ...more,
  };
}

async function found(given: MatchSettings, values: readonly number[]): Promise<unknown[]> {
  const harness = await oneInput(() => new MatchOperator(given)).open();
  for (const [ts, v] of values.entries()) harness.processElement(event('a', ts, v));
  harness.processWatermark(Number.POSITIVE_INFINITY);
  return harness.extractOutputValues().map((row) => row.times);
}

const A = { name: 'A', ...one };
const B = { name: 'B', ...one };
const C = { name: 'C', ...one };

test('a greedy variable takes what it can, and another row between ends a match', async () => {
  // At 3 both B and C fit: B takes it, and C has to come after.
  expect(await found(settings([A, { name: 'B', ...many }, { ...C, name: 'A' }]), [1, 2, 3, 1, 0, 1, 2, 0, 1])).toEqual([
    '0 1,2 3',
  ]);
  expect(await found(settings([A, { name: 'B', ...many }, C]), [1, 2, 3, 0])).toEqual([]);
});

test('a reluctant variable gives way to the next one', async () => {
  expect(await found(settings([A, { name: 'B', ...many, greedy: false }, C]), [1, 2, 3, 3])).toEqual(['0 1 2']);
});

test('where matching goes on', async () => {
  const pattern = [{ name: 'B', ...one, min: 3, max: 3 }];
  const values = [2, 2, 2, 2, 2, 2];
  expect(await found(settings(pattern), values)).toEqual(['0,1,2', '3,4,5']);
  expect(await found(settings(pattern, { skip: { to: 'next row' } }), values)).toEqual([
    '0,1,2',
    '1,2,3',
    '2,3,4',
    '3,4,5',
  ]);
  const two = [A, { name: 'B', ...one, min: 2, max: 2 }];
  await expect(found(settings(two, { skip: { to: 'first', element: 0 } }), [1, 2, 2])).rejects.toThrow(
    'Could not skip to first element of a match',
  );
  const last = settings([B, { ...C, min: 2, max: 2 }], { skip: { to: 'last', element: 1 } });
  expect(await found(last, [3, 3, 3, 3, 3])).toEqual(['0 1,2', '2 3,4']);
});

test('a match waits for one that began earlier and may still become one', async () => {
  const pattern = [
    { name: 'B', ...many, greedy: false },
    { ...A, min: 0 },
    { name: 'C', ...one, min: 1 },
  ];
  expect(await found(settings(pattern), [2, 2, 3])).toEqual(['0,1  2']);
});

test('WITHIN ends what takes too long', async () => {
  expect(await found(settings([A, { name: 'B', ...many }, A], { withinMs: 3 }), [1, 2, 2, 1, 2, 1])).toEqual(['3 4 5']);
});

test('rows are matched in the order of time; late ones are dropped; state comes over a restart', async () => {
  const create = () => new MatchOperator(settings([A, B]));
  let harness = await oneInput(create).open();
  harness.processElement(event('a', 7, 2));
  harness.processElement(event('a', 5, 1));
  harness.processWatermark(5);
  harness.processElement(event('a', 4, 1));
  expect(harness.numLateRecordsDropped()).toBe(1);
  const snapshot = await harness.snapshot();
  harness = oneInput(create);
  harness.initializeState(snapshot);
  await harness.open();
  harness.processWatermark(7);
  expect(harness.extractOutputValues().map((row) => row.times)).toEqual(['5 7']);
  expect(harness.numKeyedStateEntries()).toBe(0);
});
