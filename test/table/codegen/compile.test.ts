import { expect, test } from 'vitest';
import { virtualClock } from '../../../src/core/clock.js';
import { RowKind, rowClassOf, rowKind } from '../../../src/core/rows/index.js';
import { type AnyType, type } from '../../../src/core/types/index.js';
import { Timestamp } from '../../../src/core/values/index.js';
import {
  compileCalc,
  compileComparator,
  compileConcat,
  compileExpression,
  compileJoinPredicate,
  compileKey,
  compilePredicate,
  compileProjection,
  compileRowEquals,
  compileTableFunction,
  evaluationContext,
} from '../../../src/table/codegen/index.js';
import { buildCall } from '../../../src/table/expressions/index.js';
import { type PlanField, planSchema } from '../../../src/table/plan/field.js';
import { inputRef, literal } from '../../../src/table/plan/rex.js';

const context = evaluationContext();
const fields: PlanField[] = [
  { name: 'k', type: type.string() as AnyType },
  { name: 'v', type: type.int() as AnyType },
];
const R = rowClassOf(planSchema(fields));
const k = inputRef(0, type.string() as AnyType);
const v = inputRef(1, type.int() as AnyType);
const five = literal(5, type.int().notNull() as AnyType);

test('a projection keeps the kind, and makes rows of the output', () => {
  const sum = buildCall('+', [v, five]);
  const project = compileProjection([k, sum], fields, [fields[0] as PlanField, { name: 's', type: sum.type }], context);
  const row = R.of(['a', 1]);
  row[rowKind] = RowKind.UPDATE_BEFORE;
  const made = project(row);
  expect({ ...made }).toEqual({ k: 'a', s: 6 });
  expect(made[rowKind]).toBe(RowKind.UPDATE_BEFORE);
});

test('UNKNOWN does not pass a filter', () => {
  const over = buildCall('>', [v, five]);
  const holds = compilePredicate(over, fields, context);
  expect([R.of(['a', 6]), R.of(['a', 5]), R.of(['a', null])].map(holds)).toEqual([true, false, false]);
  const calc = compileCalc(over, [k], fields, [fields[0] as PlanField], context);
  expect(calc(R.of(['a', null]))).toBeUndefined();
});

test('a join condition reads both rows', () => {
  const right = inputRef(3, type.int() as AnyType);
  const matches = compileJoinPredicate(buildCall('=', [v, right]), fields, fields, context);
  expect(matches(R.of(['a', 1]), R.of(['b', 1]))).toBe(true);
  expect(matches(R.of(['a', null]), R.of(['b', null]))).toBe(false);
});

test('keys of the same columns are the same, of different ones differ', () => {
  const key = compileKey([0, 1], fields);
  expect(key(R.of(['a', 1]))).toBe(key(R.of(['a', 1])));
  const keys = [
    ['a', 1],
    ['a', null],
    [null, 1],
    ['a1', null],
  ].map((values) => key(R.of(values)));
  expect(new Set(keys).size).toBe(4);
  expect(compileKey([0], fields)(R.of(['a', 1]))).toBe('a');
});

test('NULLs stand where the sort key says, whatever the direction', () => {
  const rows = [R.of(['a', 2]), R.of(['b', null]), R.of(['c', 1])];
  const order = (descending: boolean, nullsFirst: boolean) =>
    [...rows].sort(compileComparator([{ index: 1, descending, nullsFirst }], fields)).map((row) => row.v);
  expect(order(false, true)).toEqual([null, 1, 2]);
  expect(order(true, false)).toEqual([2, 1, null]);
  expect(order(false, false)).toEqual([1, 2, null]);
});

test('strings are ordered by code points', () => {
  const compare = compileComparator([{ index: 0, descending: false, nullsFirst: true }], fields);
  expect(compare(R.of(['\uffff', 1]), R.of(['😀', 1]))).toBeLessThan(0);
});

test('rows are equal by value, NULL and moments too, but for NaN where it is not asked for', () => {
  const input: PlanField[] = [
    { name: 'd', type: type.double() as AnyType },
    { name: 't', type: type.timestamp(6) as AnyType },
  ];
  const D = rowClassOf(planSchema(input));
  const same = compileRowEquals(input);
  expect(same(D.of([1, Timestamp.ofMs(1, 5)]), D.of([1, Timestamp.ofMs(1, 5)]))).toBe(true);
  expect(same(D.of([-0, null]), D.of([0, null]))).toBe(true);
  const nan = D.of([Number.NaN, Timestamp.ofMs(1, 5)]);
  expect(same(nan, nan)).toBe(false);
  expect(compileRowEquals(input, 'itself')(nan, nan)).toBe(true);
  expect(same(D.of([null, null]), D.of([null, Timestamp.ofMs(1)]))).toBe(false);
});

test('a missing side of a pair is NULL', () => {
  const output = [...fields, ...fields.map((field) => ({ ...field, name: `${field.name}0` }))];
  const pair = compileConcat(fields, fields, output);
  expect({ ...pair(R.of(['a', 1]), null) }).toEqual({ k: 'a', v: 1, k0: null, v0: null });
});

test('a column of processing time is read from the clock, and stays empty where it is passed on', () => {
  const clock = virtualClock({ startMs: 5000 });
  const time: PlanField[] = [{ name: 'p', type: type.timestampLtz(3).notNull() as AnyType, time: 'proctime' }];
  const p = inputRef(0, type.timestampLtz(3).notNull() as AnyType);
  const row = rowClassOf(planSchema(time)).of([null]);
  expect(compileExpression(p, time, evaluationContext({ clock }))(row)).toBe(5000);
  expect({ ...compileProjection([p], time, time, context)(row) }).toEqual({ p: null });
});

test('UNNEST gives a row for each element, the fields of rows side by side', () => {
  const input: PlanField[] = [{ name: 'a', type: type.array(type.int()) as AnyType }];
  const operand = { kind: 'correlated', id: 0, index: 0, name: 'a', type: input[0]?.type as AnyType } as const;
  const unnest = compileTableFunction({ function: 'UNNEST', operands: [operand] }, input, context);
  const A = rowClassOf(planSchema(input));
  expect([...unnest(A.of([[1, null]]))]).toEqual([[1], [null]]);
  expect([...unnest(A.of([null]))]).toEqual([]);
});
