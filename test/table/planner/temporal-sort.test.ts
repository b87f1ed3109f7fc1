import { expect, test } from 'vitest';
import { type } from '../../../src/core/types/index.js';
import type { PlanField } from '../../../src/table/plan/field.js';
import type { Rel, Sort } from '../../../src/table/plan/rel.js';
import { call, inputRef, literal } from '../../../src/table/plan/rex.js';
import { changesOf, type Feed, insert, scanOf, type TestTable } from './run.js';

const timestamp = type.timestamp(3);
const tables: TestTable[] = [
  {
    fields: [
      { name: 'ts', type: timestamp },
      { name: 'v', type: type.int() },
    ],
  },
];
const fields: PlanField[] = [
  { name: 'ts', type: timestamp, time: 'rowtime' },
  { name: 'v', type: type.int() },
];
/** WATERMARK FOR ts AS ts - INTERVAL '3' SECOND */
const timed: Rel = {
  kind: 'watermark',
  input: scanOf(tables, 0),
  column: 0,
  watermark: call('-', [inputRef(0, timestamp), literal(3000, type.intervalDayTime().notNull())], timestamp),
  fields,
};
const sort = (keys: Sort['keys'], input: Rel = timed): Rel => ({ kind: 'sort', input, keys, fields: input.fields });
const ascending = (index: number) => ({ index, descending: false, nullsFirst: true });

test('rows wait for the watermark, those of one time are in their order or that of the next key', async () => {
  const feed: Feed[] = [insert(0, 5000, 2), insert(0, 4000, 1), insert(0, 5000, 1), insert(0, 9000, 3)];
  expect(await changesOf(sort([ascending(0)]), tables, feed)).toEqual([
    ['+I', 4000, 1],
    ['+I', 5000, 2],
    ['+I', 5000, 1],
    ['+I', 9000, 3],
  ]);
  expect((await changesOf(sort([ascending(0), ascending(1)]), tables, feed)).map((row) => row[2])).toEqual([
    1, 1, 2, 3,
  ]);
});

test('a row is late when its time is not after the last one put out, not when the watermark is past it', async () => {
  // The watermark is at 7000 when 6000 and 5000 come; the last time put out is 5000.
  const feed: Feed[] = [insert(0, 5000, 1), insert(0, 10000, 2), insert(0, 6000, 3), insert(0, 5000, 4)];
  expect((await changesOf(sort([ascending(0)]), tables, feed)).map((row) => row[2])).toEqual([1, 3, 2]);
});

test('a NULL in the time fails, naming the column', async () => {
  await expect(changesOf(sort([ascending(0)]), tables, [insert(0, null, 1)])).rejects.toThrow(
    /RowTime field should not be null.*column `ts`/s,
  );
});

test('another order than by time is refused while planning', async () => {
  const refused = /Sort on a non-time-attribute field is not supported/;
  await expect(changesOf(sort([ascending(1)]), tables, [])).rejects.toThrow(refused);
  await expect(changesOf(sort([{ ...ascending(0), descending: true }]), tables, [])).rejects.toThrow(refused);
});
