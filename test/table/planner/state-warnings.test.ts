import { expect, test } from 'vitest';
import { type } from '../../../src/core/types/index.js';
import { streamEnv } from '../../../src/datastream/environment.js';
import { explainQuery } from '../../../src/table/explain/index.js';
import type { Aggregate } from '../../../src/table/plan/rel.js';
import { contextOf, scanOf, type TestTable } from './run.js';

const tables: TestTable[] = [{ fields: [{ name: 'item', type: type.string() }] }];
const count = type.bigint().notNull();
const counts = (groups: readonly number[]): Aggregate => ({
  kind: 'aggregate',
  input: scanOf(tables, 0),
  groups,
  calls: [{ function: 'COUNT', operands: [], distinct: false, type: count, name: 'n' }],
  fields: [...groups.map(() => ({ name: 'item', type: type.string() })), { name: 'n', type: count }],
});
const stateOf = (rel: Aggregate, settings = {}): string | undefined =>
  explainQuery(rel, contextOf(tables, streamEnv(), [], settings)).split('== State ==\n')[1];

test('what grows for ever is named, with what would bound it', () => {
  expect(stateOf(counts([0]))).toBe(
    "GroupAggregate keeps the aggregates of each item for ever; SET 'table.exec.state.ttl' = '1 h' would forget what was not touched for an hour\n",
  );
});

test('nothing is said of what stays small, or is forgotten', () => {
  expect(stateOf(counts([]))).toBeUndefined();
  expect(stateOf(counts([0]), { 'table.exec.state.ttl': '1 h' })).toBeUndefined();
});
