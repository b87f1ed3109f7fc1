import { expect, test } from 'vitest';
import {
  DeduplicateOperator,
  type DeduplicateSettings,
} from '../../../../../src/engine/operators/table/rank/deduplicate.js';
import { changes, Event, event, oneInput, timeOf } from '../rows.js';

const deduplicate = (settings: Partial<DeduplicateSettings>) => () =>
  new DeduplicateOperator({
    last: false,
    timeOf: undefined,
    equal: (a, b) => a.v === b.v && a.ts === b.ts,
    copy: Event.copy,
    updateBefore: true,
    stateTtlMs: 0,
    ...settings,
  });

async function put(settings: Partial<DeduplicateSettings>, rows: readonly (readonly [number, number])[]) {
  const harness = await oneInput(deduplicate(settings)).open();
  for (const [ts, v] of rows) harness.processElement(event('a', ts, v));
  return changes(harness.takeOutputValues()).map(([kind, , ts, v]) => [kind, ts, v]);
}

test('the first row as they come', async () => {
  expect(
    await put({}, [
      [2, 1],
      [1, 2],
    ]),
  ).toEqual([['+I', 2, 1]]);
});

test('the last row as they come; the same again changes nothing', async () => {
  expect(
    await put({ last: true }, [
      [2, 1],
      [2, 1],
      [1, 2],
    ]),
  ).toEqual([
    ['+I', 2, 1],
    ['-U', 2, 1],
    ['+U', 1, 2],
  ]);
  expect(
    await put({ last: true, updateBefore: false }, [
      [2, 1],
      [1, 2],
    ]),
  ).toEqual([
    ['+I', 2, 1],
    ['+U', 1, 2],
  ]);
});

test('by event time an earlier first row takes the place of the first, one of the same time does not', async () => {
  expect(
    await put({ timeOf }, [
      [2, 1],
      [2, 2],
      [1, 3],
    ]),
  ).toEqual([
    ['+I', 2, 1],
    ['-U', 2, 1],
    ['+U', 1, 3],
  ]);
});

test('by event time the last of those with the latest time is the last', async () => {
  expect(
    await put({ timeOf, last: true }, [
      [2, 1],
      [1, 2],
      [2, 3],
    ]),
  ).toEqual([
    ['+I', 2, 1],
    ['-U', 2, 1],
    ['+U', 2, 3],
  ]);
});
