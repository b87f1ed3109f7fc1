import { expect, test } from 'vitest';
import { type } from '../../../src/core/types/index.js';
import type { PlanField } from '../../../src/table/plan/field.js';
import type { Join, JoinType } from '../../../src/table/plan/rel.js';
import { call, inputRef } from '../../../src/table/plan/rex.js';
import { changesOf, insert, remove, scanOf, type TestTable } from './run.js';

const fields = (a: string, b: string): PlanField[] => [
  { name: a, type: type.int() },
  { name: b, type: type.string() },
];
const tables: TestTable[] = [{ fields: fields('a', 'x') }, { fields: fields('b', 'y') }].map((table) => ({
  ...table,
  changelogMode: { insert: true, updateBefore: true, updateAfter: true, delete: true },
}));

function join(of: JoinType): Join {
  const [left, right] = [scanOf(tables, 0), scanOf(tables, 1)];
  const condition = call('=', [inputRef(0, type.int()), inputRef(2, type.int())], type.boolean());
  const both = of === 'semi' || of === 'anti' ? left.fields : [...left.fields, ...right.fields];
  return { kind: 'join', type: of, left, right, condition, fields: both };
}

test('an inner join keeps the kind of the row that came', async () => {
  const feed = [insert(0, 1, 'l'), insert(1, 1, 'r'), insert(1, null, 'n'), insert(0, null, 'n'), remove(0, 1, 'l')];
  expect(await changesOf(join('inner'), tables, feed)).toEqual([
    ['+I', 1, 'l', 1, 'r'],
    ['-D', 1, 'l', 1, 'r'],
  ]);
});

test('a left join takes padding back before the first partner, and brings it back after the last', async () => {
  const feed = [insert(0, 1, 'l'), insert(1, 1, 'r'), insert(1, 1, 's'), remove(1, 1, 'r'), remove(1, 1, 's')];
  expect(await changesOf(join('left'), tables, feed)).toEqual([
    ['+I', 1, 'l', null, null],
    ['-D', 1, 'l', null, null],
    ['+I', 1, 'l', 1, 'r'],
    ['+I', 1, 'l', 1, 's'],
    ['-D', 1, 'l', 1, 'r'],
    ['-D', 1, 'l', 1, 's'],
    ['+I', 1, 'l', null, null],
  ]);
});

test('a semi and an anti join are each other’s complement', async () => {
  const feed = [insert(0, 1, 'l'), insert(1, 1, 'r'), insert(1, 1, 'r'), remove(1, 1, 'r'), remove(1, 1, 'r')];
  expect(await changesOf(join('semi'), tables, feed)).toEqual([
    ['+I', 1, 'l'],
    ['-D', 1, 'l'],
  ]);
  expect(await changesOf(join('anti'), tables, feed)).toEqual([
    ['+I', 1, 'l'],
    ['-D', 1, 'l'],
    ['+I', 1, 'l'],
  ]);
});
