import { describe, expect, test } from 'vitest';
import { type } from '../../../../src/core/types/index.js';
import { streamEnv } from '../../../../src/datastream/environment.js';
import { physicalPlanText } from '../../../../src/table/explain/physical.js';
import type { PlanField } from '../../../../src/table/plan/field.js';
import type { Filter, Join, JoinType, Rel } from '../../../../src/table/plan/rel.js';
import { call, inputRef, literal, type Rex } from '../../../../src/table/plan/rex.js';
import { planQuery } from '../../../../src/table/planner/index.js';
import { contextOf, scanOf, type TestTable } from '../run.js';

const int = type.int();
const fields = (a: string, b: string): PlanField[] => [
  { name: a, type: int },
  { name: b, type: int },
];
const tables: TestTable[] = [{ fields: fields('a', 'x') }, { fields: fields('b', 'y') }];
const [left, right] = [scanOf(tables, 0), scanOf(tables, 1)];
const column = (i: number): Rex => inputRef(i, int);
const above = (i: number): Rex => call('>', [column(i), literal(1, int.notNull())], type.boolean());
const keys = call('=', [column(0), column(2)], type.boolean());

const join = (of: JoinType, condition: Rex = keys): Join => ({
  kind: 'join',
  type: of,
  left,
  right,
  condition,
  fields: of === 'semi' || of === 'anti' ? left.fields : [...left.fields, ...right.fields],
});
const filter = (input: Rel, condition: Rex): Filter => ({ kind: 'filter', input, condition, fields: input.fields });

/** The lines of the plan, without what is not looked at here. */
function plan(rel: Rel): string[] {
  const text = physicalPlanText(planQuery(rel, contextOf(tables, streamEnv(), [])));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/, (leftInputSpec|changelogMode)=.*$/, ')').replace(/table=\[\[(t\d)\]\], /, '$1, '));
}

describe('a condition above a join', () => {
  test('goes to the side it is about', () => {
    expect(plan(filter(join('inner'), above(3)))).toEqual([
      'Join(joinType=[InnerJoin], where=[(a = b)], select=[a, x, b, y])',
      ':- TableSourceScan(t0, fields=[a, x])',
      '+- Calc(select=[b, y], where=[(y > 1)])',
      '   +- TableSourceScan(t1, fields=[b, y])',
    ]);
  });

  test('makes an outer join a plainer one where it leaves out all that was padded', () => {
    expect(plan(filter(join('full'), above(1)))[0]).toMatch(/^Join\(joinType=\[LeftOuterJoin\]/);
    expect(plan(filter(join('full'), above(3)))[0]).toMatch(/^Join\(joinType=\[RightOuterJoin\]/);
    expect(plan(filter(join('left'), above(3)))[0]).toMatch(/^Join\(joinType=\[InnerJoin\]/);
  });

  test('stays where padding can pass it', () => {
    const isNull = call('IS NULL', [column(3)], type.boolean().notNull());
    expect(plan(filter(join('left'), isNull)).slice(0, 2)).toEqual([
      'Calc(select=[a, x, b, y], where=[y IS NULL])',
      '+- Join(joinType=[LeftOuterJoin], where=[(a = b)], select=[a, x, b, y])',
    ]);
  });
});

describe('a condition of ON', () => {
  test.each([
    ['inner', 1],
    ['left', 3],
    ['anti', 3],
  ] as const)('of %s goes to a side that needs a partner', (of, index) => {
    const lines = plan(join(of, call('AND', [keys, above(index)], type.boolean())));
    expect(lines.some((line) => /Calc\(.*where=\[\(. > 1\)\]/.test(line))).toBe(true);
    expect(lines[0]).not.toContain('> 1');
  });

  test.each([
    ['left', 1],
    ['anti', 1],
    ['full', 1],
    ['full', 3],
  ] as const)('of %s about column %i stays, where its rows are kept anyway', (of, index) => {
    const [line] = plan(join(of, call('AND', [keys, above(index)], type.boolean())));
    expect(line).toMatch(/where=\[\(a = b\) AND \(. > 1\)\]/);
  });
});

test('a condition on a group goes below the groups, one on an aggregate stays', () => {
  const count = type.bigint().notNull();
  const groups: Rel = {
    kind: 'aggregate',
    input: left,
    groups: [0],
    calls: [{ function: 'COUNT', operands: [], distinct: false, type: count, name: 'n' }],
    fields: [left.fields[0] as PlanField, { name: 'n', type: count }],
  };
  const many = call('>', [inputRef(1, count), literal(1, count)], type.boolean().notNull());
  expect(plan(filter(filter(groups, above(0)), many))).toEqual([
    'Calc(select=[a, n], where=[(n > 1:BIGINT)])',
    '+- GroupAggregate(groupBy=[a], select=[a, COUNT(*) AS n])',
    '   +- Calc(select=[a], where=[(a > 1)])',
    '      +- TableSourceScan(t0, fields=[a])',
  ]);
});

test('what is never true reads nothing', () => {
  expect(plan(filter(join('inner'), literal(null, type.boolean())))).toEqual([
    'Values(tuples=[[]], values=[a, x, b, y])',
  ]);
});
