import { describe, expect, test } from 'vitest';
import { RowKind } from '../../../src/core/rows/index.js';
import { type } from '../../../src/core/types/index.js';
import { streamEnv } from '../../../src/datastream/environment.js';
import { type ChangelogMode, INSERT_ONLY, UPSERT } from '../../../src/table/physical/changelog-mode.js';
import type { SinkTarget } from '../../../src/table/physical/context.js';
import type { PlanField } from '../../../src/table/plan/field.js';
import type { Aggregate, Rel } from '../../../src/table/plan/rel.js';
import { call, inputRef, literal } from '../../../src/table/plan/rex.js';
import { planInsert, translateAll } from '../../../src/table/planner/index.js';
import { changesOf, contextOf, type Feed, insert, remove, scanOf, type TestTable, textOf } from './run.js';

const int = type.int();
const count = type.bigint().notNull();
const tables: TestTable[] = [
  {
    fields: [
      { name: 'a', type: int },
      { name: 'x', type: int },
    ],
    changelogMode: { insert: true, updateBefore: true, updateAfter: true, delete: true },
  },
];
const scan = scanOf(tables, 0);
const counts: Aggregate = {
  kind: 'aggregate',
  input: scan,
  groups: [0],
  calls: [{ function: 'COUNT', operands: [], distinct: false, type: count, name: 'n' }],
  fields: [
    { name: 'a', type: int },
    { name: 'n', type: count },
  ],
};

function targetOf(fields: readonly PlanField[], accepts: ChangelogMode, primaryKey?: readonly number[]): SinkTarget {
  return {
    name: 'default_catalog, default_database, s',
    fields,
    accepts: () => accepts,
    write: () => expect.unreachable(),
    ...(primaryKey === undefined ? {} : { primaryKey }),
  };
}

async function written(input: Rel, target: SinkTarget, feed: readonly Feed[]): Promise<unknown[][]> {
  const env = streamEnv();
  const context = contextOf(tables, env, feed);
  const plan = planInsert(
    { kind: 'sink', table: ['default_catalog', 'default_database', 's'], input, overwrite: false },
    target,
    context,
  );
  const [stream] = translateAll([plan], context);
  const rows = (await stream?.executeAndCollect()) ?? [];
  return rows.map((row) => textOf(row, plan.fields));
}

test('a sink that takes new rows only is told by name what changes rows', async () => {
  await expect(written(counts, targetOf(counts.fields, INSERT_ONLY), [])).rejects.toThrow(
    "Table sink 'default_catalog.default_database.s' doesn't support consuming update and delete changes which is produced by node GroupAggregate(groupBy=[a], select=[a, COUNT(*) AS n])",
  );
});

describe('a sink that takes changes by key', () => {
  test('gets no old versions', async () => {
    const feed = [insert(0, 1, 0), insert(0, 1, 1), remove(0, 1, 0), remove(0, 1, 1)];
    expect(await written(counts, targetOf(counts.fields, UPSERT, [0]), feed)).toEqual([
      ['+I', 1, 1],
      ['+U', 1, 2],
      ['+U', 1, 1],
      ['-D', 1, 1],
    ]);
  });

  test('gets a delete where a row leaves by a condition', async () => {
    const few = call('<', [inputRef(1, count), literal(2, count)], type.boolean().notNull());
    const having: Rel = { kind: 'filter', input: counts, condition: few, fields: counts.fields };
    expect(await written(having, targetOf(counts.fields, UPSERT, [0]), [insert(0, 1, 0), insert(0, 1, 1)])).toEqual([
      ['+I', 1, 1],
      ['-D', 1, 1],
    ]);
  });

  test('gets the last row that is left where several rows share its key', async () => {
    const feed: Feed[] = [insert(0, 1, 10), insert(0, 1, 11), remove(0, 1, 11), remove(0, 1, 10)];
    expect(await written(scan, targetOf(scan.fields, UPSERT, [0]), feed)).toEqual([
      ['+I', 1, 10],
      ['+U', 1, 11],
      ['+U', 1, 10],
      ['-D', 1, 10],
    ]);
  });
});

test('changes by key become inserts, updates with their old version, and deletes of what was there', async () => {
  const byKey: TestTable[] = [{ fields: scan.fields, changelogMode: UPSERT, primaryKey: ['a'] }];
  const update = (a: number, x: number): Feed => [0, RowKind.UPDATE_AFTER, [a, x]];
  const again = [insert(0, 1, 10), update(1, 10)];
  const feed = [update(1, 10), ...again, update(1, 11), remove(0, 1, null), remove(0, 2, null), insert(0, 1, 12)];
  // The same row again is nothing new as an insert; as an update Flink lets it through.
  expect(await changesOf(scanOf(byKey, 0), byKey, feed)).toEqual([
    ['+I', 1, 10],
    ['-U', 1, 10],
    ['+U', 1, 10],
    ['-U', 1, 10],
    ['+U', 1, 11],
    ['-D', 1, 11],
    ['+I', 1, 12],
  ]);
});

test('what a plan reads twice is read once', async () => {
  const join: Rel = {
    kind: 'join',
    type: 'inner',
    left: counts,
    right: { ...counts },
    condition: call('=', [inputRef(0, int), inputRef(2, int)], type.boolean()),
    fields: [...counts.fields, { name: 'a0', type: int }, { name: 'n0', type: count }],
  };
  // Were there two counts, both sides would not change one after the other.
  expect(await changesOf(join, tables, [insert(0, 1, 0), insert(0, 1, 0)])).toEqual([
    ['+I', 1, 1, 1, 1],
    ['-U', 1, 1, 1, 1],
    ['+U', 1, 2, 1, 2],
  ]);
});
