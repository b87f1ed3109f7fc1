import { describe, expect, test } from 'vitest';
import { rowClassOf } from '../../../src/core/rows/index.js';
import { type AnyType, type } from '../../../src/core/types/index.js';
import { decimalText } from '../../../src/core/values/index.js';
import { type AggregateOptions, compileAggregates } from '../../../src/table/aggregates/index.js';
import { evaluationContext } from '../../../src/table/codegen/index.js';
import { buildAggregate } from '../../../src/table/expressions/index.js';
import { type PlanField, planSchema } from '../../../src/table/plan/field.js';
import { type AggregateCall, inputRef } from '../../../src/table/plan/rex.js';

const fields: PlanField[] = [
  { name: 'k', type: type.string() as AnyType },
  { name: 'v', type: type.int() as AnyType },
  { name: 'd', type: type.double() as AnyType },
  { name: 'c', type: type.decimal(12, 2) as AnyType },
  { name: 'f', type: type.boolean() as AnyType },
];
const R = rowClassOf(planSchema(fields));

function aggregate(name: string, column?: number, more: Partial<AggregateCall> = {}, options: AggregateOptions = {}) {
  const operands = column === undefined ? [] : [column];
  const built = buildAggregate(
    name,
    operands.map((index) => inputRef(index, fields[index]?.type as AnyType)),
  );
  const call: AggregateCall = {
    function: built.function,
    operands,
    distinct: false,
    type: built.type,
    name: 'x',
    ...more,
  };
  return { type: String(built.type), handler: compileAggregates([call], fields, options, evaluationContext()) };
}

function run(name: string, column: number | undefined, values: readonly unknown[], more: Partial<AggregateCall> = {}) {
  const { handler } = aggregate(name, column, more);
  const acc = handler.create();
  for (const value of values) {
    const row: unknown[] = [null, null, null, null, null];
    if (column !== undefined) row[column] = value;
    handler.accumulate(acc, R.of(row));
  }
  return handler.values(acc)[0];
}

describe('types', () => {
  test.each([
    ['SUM', 1, 'INT'],
    ['SUM', 3, 'DECIMAL(38, 2)'],
    ['AVG', 1, 'INT'],
    ['AVG', 3, 'DECIMAL(38, 6)'],
    ['COUNT', 1, 'BIGINT NOT NULL'],
    ['MAX', 0, 'STRING'],
    ['COLLECT', 1, 'MULTISET<INT> NOT NULL'],
    ['ARRAY_AGG', 1, 'ARRAY<INT>'],
  ])('%s of column %d is %s', (name, column, expected) => {
    expect(aggregate(name, column).type).toBe(expected);
  });

  test('SUM of a text is refused in Calcite’s words', () => {
    expect(() => aggregate('SUM', 0)).toThrow(
      "Cannot apply 'SUM' to arguments of type 'SUM(<VARCHAR(2147483647)>)'. Supported form(s): 'SUM(<NUMERIC>)'",
    );
  });
});

describe('values', () => {
  test.each([
    ['SUM', 1, [2147483647, 1], -2147483648],
    ['SUM', 1, [null, null], null],
    ['AVG', 1, [2147483647, 2147483647], 2147483647],
    ['AVG', 1, [-7, 3], -2],
    ['AVG', 1, [10, 0, null], 5],
    ['SUM', 2, [0.1, 0.2, 0.3], 0.6000000000000001],
    ['COUNT', 1, [1, null, 1], 2],
    ['VAR_POP', 1, [1, 2, 5], 3],
    ['VAR_SAMP', 1, [1, 2, 5], 4],
    ['STDDEV_POP', 1, [1, 2, 5], 1],
    ['STDDEV_POP', 2, [1, 2, 4], 1.2472191289246473],
    ['VAR_SAMP', 2, [1, 2, 4], 2.333333333333334],
    ['VAR_SAMP', 2, [1], null],
    ['MIN', 0, ['b', 'a', null], 'a'],
    ['MAX', 1, [3, 9, -1], 9],
    ['FIRST_VALUE', 1, [null, 2, 3], 2],
    ['LAST_VALUE', 1, [2, 3, null], 3],
    ['LISTAGG', 0, ['a', null, 'b'], 'a,b'],
    ['ARRAY_AGG', 1, [10, null], [10, null]],
  ] as const)('%s(column %d) of %j is %j', (name, column, values, expected) => {
    expect(run(name, column, values)).toEqual(expected);
  });

  test('DECIMAL: sums have 38 digits, averages at least 6 after the point', () => {
    expect(decimalText(run('SUM', 3, [450, 425, 450]) as bigint, 2)).toBe('13.25');
    expect(decimalText(run('AVG', 3, [450, 425, 450]) as bigint, 6)).toBe('4.416667');
  });

  test('DISTINCT counts a value once, FILTER only rows where it is TRUE', () => {
    expect(run('SUM', 1, [5, 5, 7, null], { distinct: true })).toBe(12);
    expect(run('COUNT', 1, [1, 2], { filter: 4 })).toBe(0);
  });

  test('COLLECT counts what is not NULL', () => {
    expect(run('COLLECT', 1, [10, 7, 10, null])).toEqual(
      new Map([
        [10, 2],
        [7, 1],
      ]),
    );
  });
});

describe('retraction', () => {
  function changes(name: string, column: number, steps: readonly (readonly ['+' | '-', unknown])[], distinct = false) {
    const { handler } = aggregate(name, column, { distinct }, { retract: true });
    const acc = handler.create();
    return steps.map(([sign, value]) => {
      const row: unknown[] = [null, null, null, null, null];
      row[column] = value;
      if (sign === '+') handler.accumulate(acc, R.of(row));
      else handler.retract(acc, R.of(row));
      return handler.values(acc)[0];
    });
  }

  test('MAX falls back to the next best', () => {
    const steps = [
      ['+', 5],
      ['+', 9],
      ['+', 9],
      ['-', 9],
      ['-', 9],
      ['-', 5],
    ] as const;
    expect(changes('MAX', 1, steps)).toEqual([5, 9, 9, 9, 5, null]);
  });

  test('SUM is NULL again when nothing is left', () => {
    expect(
      changes('SUM', 1, [
        ['+', 5],
        ['+', null],
        ['-', 5],
      ]),
    ).toEqual([5, 5, null]);
  });

  test('COUNT(DISTINCT ...) drops a value with its last occurrence', () => {
    expect(
      changes(
        'COUNT',
        1,
        [
          ['+', 5],
          ['+', 5],
          ['-', 5],
          ['-', 5],
        ],
        true,
      ),
    ).toEqual([1, 1, 1, 0]);
  });

  test('LAST_VALUE and LISTAGG forget the row that goes', () => {
    expect(
      changes('LAST_VALUE', 0, [
        ['+', 'a'],
        ['+', 'b'],
        ['-', 'b'],
        ['-', 'a'],
      ]),
    ).toEqual(['a', 'b', 'a', null]);
    expect(
      changes('LISTAGG', 0, [
        ['+', 'a'],
        ['+', 'b'],
        ['-', 'a'],
      ]),
    ).toEqual(['a', 'a,b', 'b']);
  });
});

test('merging gives what one accumulator would have given', () => {
  const names = ['SUM', 'COUNT', 'AVG', 'MIN', 'MAX'];
  const calls = names.map((name) => ({
    ...buildAggregate(name, [inputRef(1, fields[1]?.type as AnyType)]),
    operands: [1],
    distinct: name === 'COUNT',
    name,
  }));
  const handler = compileAggregates(calls, fields, {}, evaluationContext());
  const of = (values: number[]) => {
    const acc = handler.create();
    for (const value of values) handler.accumulate(acc, R.of([null, value, null, null, null]));
    return acc;
  };
  const left = of([3, 4, 4]);
  handler.merge(left, of([4, 9]));
  expect(handler.values(left)).toEqual(handler.values(of([3, 4, 4, 4, 9])));
  expect(left.n).toBe(5);
});

test('a result row has the group, the values and what is added', () => {
  const built = buildAggregate('SUM', [inputRef(1, fields[1]?.type as AnyType)]);
  const call = { ...built, operands: [1], distinct: false, name: 's' };
  const handler = compileAggregates([call], fields, {}, evaluationContext());
  const output: PlanField[] = [
    { name: 'k', type: type.string() as AnyType },
    { name: 's', type: built.type },
    { name: 'start', type: type.timestamp(3) as AnyType },
  ];
  const acc = handler.create();
  const row = R.of(['a', 5, null, null, null]);
  handler.accumulate(acc, row);
  expect({ ...handler.compileResult([0], output)(row, acc, 1000) }).toEqual({ k: 'a', s: 5, start: 1000 });
});
