import { expect, test } from 'vitest';
import { type AnyType, type } from '../../../src/core/types/index.js';
import type { PlanField } from '../../../src/table/plan/field.js';
import type { Filter, Project, Rank, Rel } from '../../../src/table/plan/rel.js';
import { call, inputRef, literal, type Rex, type RexOver } from '../../../src/table/plan/rex.js';
import { rewriteOver } from '../../../src/table/rewrite/over.js';
import { rewriteRanks } from '../../../src/table/rewrite/rank.js';

const int = type.int() as AnyType;
const bigint = type.bigint().notNull() as AnyType;
const boolean = type.boolean().notNull() as AnyType;
const fields: PlanField[] = [
  { name: 'a', type: int },
  { name: 'b', type: int },
];
const scan: Rel = { kind: 'inlineScan', id: 0, name: 't', fields };

const over = (more: Partial<RexOver> = {}): RexOver => ({
  kind: 'over',
  function: 'ROW_NUMBER',
  operands: [],
  distinct: false,
  ignoreNulls: false,
  partitionBy: [inputRef(0, int)],
  orderBy: [{ expression: inputRef(1, int), descending: true, nullsFirst: false }],
  frame: { unit: 'ROWS', start: { bound: 'UNBOUNDED PRECEDING' }, end: { bound: 'CURRENT ROW' } },
  type: bigint,
  ...more,
});

function project(expressions: readonly Rex[], input: Rel = scan): Project {
  return {
    kind: 'project',
    input,
    expressions,
    fields: expressions.map((one, i): PlanField => ({ name: `c${i}`, type: one.type })),
  };
}

const where = (input: Rel, ...parts: Rex[]): Filter => ({
  kind: 'filter',
  input,
  fields: input.fields,
  condition: parts.length === 1 ? (parts[0] as Rex) : call('AND', parts, boolean),
});
const compare = (name: string, column: number, value: number): Rex =>
  call(name, [inputRef(column, bigint), literal(value, bigint)], boolean);
const numbered = (): Rel => rewriteOver(project([inputRef(0, int), over()]));
const kinds = (rel: Rel): string[] => [rel.kind, ...('input' in rel ? kinds(rel.input) : [])];
function rankIn(rel: Rel): Rank {
  if (rel.kind === 'rank') return rel;
  return rankIn((rel as Project).input);
}

test('OVER becomes a step; what it takes are columns below it', () => {
  const sum = over({ function: 'SUM', operands: [call('+', [inputRef(0, int), inputRef(1, int)], int)], type: int });
  const made = rewriteOver(project([inputRef(0, int), call('+', [sum, sum], int)])) as Project;
  expect(kinds(made)).toEqual(['project', 'overAggregate', 'project', 'inlineScan']);
  expect(made.input).toMatchObject({ partitionBy: [0], calls: [{ function: 'SUM', operands: [2] }] });
  expect(made.expressions[1]).toMatchObject({ operands: [{ index: 3 }, { index: 3 }] });
});

test('different windows in one SELECT are refused', () => {
  const other = over({ partitionBy: [] });
  expect(() => rewriteOver(project([over(), other]))).toThrow('All aggregates must be computed on the same window');
});

test('a filter on ROW_NUMBER is a Top-N', () => {
  const made = rewriteRanks(where(numbered(), compare('<=', 1, 3), compare('>', 0, 7)));
  expect(kinds(made)).toEqual(['filter', 'project', 'rank', 'inlineScan']);
  expect(rankIn(made)).toMatchObject({ from: 1, to: 3, withNumber: true, partitionBy: [0] });
  const between = rewriteRanks(where(numbered(), compare('>', 1, 1), compare('<', 1, 4)));
  expect(rankIn(between)).toMatchObject({ from: 2, to: 3 });
  const turned = call('>=', [literal(2, bigint), inputRef(1, bigint)], boolean);
  expect(rankIn(rewriteRanks(where(numbered(), turned)))).toMatchObject({ from: 1, to: 2 });
});

test('a single rank is a constant', () => {
  const made = rewriteRanks(where(numbered(), compare('=', 1, 1)));
  expect(kinds(made)).toEqual(['project', 'project', 'rank', 'inlineScan']);
  expect(rankIn(made)).toMatchObject({ from: 1, to: 1, withNumber: false });
  expect(((made as Project).input as Project).expressions.at(-1)).toEqual(literal(1, bigint));
});

test('no rank at all, and one without an end, is refused', () => {
  expect(() => rewriteRanks(where(numbered(), compare('<', 1, 1)))).toThrow('Rank end should not less than zero');
  expect(() => rewriteRanks(where(numbered(), compare('>', 1, 2)))).toThrow('Rank end is not specified');
});

test('RANK is refused as on Flink', () => {
  const ranked = rewriteOver(project([over({ function: 'RANK' })]));
  expect(() => rewriteRanks(where(ranked, compare('<=', 0, 2)))).toThrow(
    'RANK() on streaming table is not supported currently',
  );
});
