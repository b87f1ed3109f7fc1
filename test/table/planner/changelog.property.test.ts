import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { RowKind } from '../../../src/core/rows/index.js';
import { type } from '../../../src/core/types/index.js';
import { streamEnv } from '../../../src/datastream/environment.js';
import type { PlanField } from '../../../src/table/plan/field.js';
import type { JoinType, Rel, SetOperation } from '../../../src/table/plan/rel.js';
import { call, inputRef, type Rex } from '../../../src/table/plan/rex.js';
import { planQuery, translate } from '../../../src/table/planner/index.js';
import { contextOf, type Feed, folded, scanOf, type TestTable, textOf } from './run.js';

const RUNS = Number(process.env.STREAMBOOK_PROPERTY_RUNS ?? 150);
const changing = { insert: true, updateBefore: true, updateAfter: true, delete: true };
const fields = (a: string, b: string): PlanField[] => [
  { name: a, type: type.int() },
  { name: b, type: type.int() },
];
const tables: TestTable[] = [
  { fields: fields('a', 'x'), changelogMode: changing },
  { fields: fields('b', 'y'), changelogMode: changing },
];
const [left, right] = [scanOf(tables, 0), scanOf(tables, 1)];
const int = (index: number): Rex => inputRef(index, type.int());

type Values = readonly (number | null)[];

/** A query as a plan, and as what it means for tables that stand still. */
interface Query {
  readonly name: string;
  readonly rel: Rel;
  readonly rows: (left: readonly Values[], right: readonly Values[]) => readonly Values[];
  readonly settings?: Readonly<Record<string, string>>;
}

const equal = (a: number | null | undefined, b: number | null | undefined): boolean => a !== null && a === b;

function join(of: JoinType, more: boolean): Query {
  const keys = call('=', [int(0), int(2)], type.boolean());
  const less = call('<', [int(1), int(3)], type.boolean());
  const matches = (l: Values, r: Values): boolean =>
    equal(l[0], r[0]) && (!more || (l[1] !== null && r[1] !== null && (l[1] as number) < (r[1] as number)));
  const one = of === 'semi' || of === 'anti';
  return {
    name: `${of} join${more ? ' with a condition' : ''}`,
    rel: {
      kind: 'join',
      type: of,
      left,
      right,
      condition: more ? call('AND', [keys, less], type.boolean()) : keys,
      fields: one ? left.fields : [...left.fields, ...right.fields],
    },
    rows: (ls, rs) => {
      if (one) return ls.filter((l) => rs.some((r) => matches(l, r)) === (of === 'semi'));
      const rows: Values[] = ls.flatMap((l) => rs.filter((r) => matches(l, r)).map((r) => [...l, ...r]));
      if (of === 'left' || of === 'full') {
        rows.push(...ls.filter((l) => !rs.some((r) => matches(l, r))).map((l) => [...l, null, null]));
      }
      if (of === 'right' || of === 'full') {
        rows.push(...rs.filter((r) => !ls.some((l) => matches(l, r))).map((r) => [null, null, ...r]));
      }
      return rows;
    },
  };
}

const unique = (rows: readonly Values[]): Values[] =>
  [...new Set(rows.map((row) => JSON.stringify(row)))].map((text) => JSON.parse(text) as Values);

function setOperation(operator: SetOperation['operator'], all: boolean): Query {
  return {
    name: `${operator}${all ? ' ALL' : ''}`,
    rel: { kind: 'setOperation', operator, all, inputs: [left, right], fields: left.fields },
    rows: (ls, rs) => {
      if (operator === 'UNION') return all ? [...ls, ...rs] : unique([...ls, ...rs]);
      const texts = rs.map((row) => JSON.stringify(row));
      const kept = (all ? ls : unique(ls)).filter((row) => {
        const at = texts.indexOf(JSON.stringify(row));
        if (at >= 0 && all) texts.splice(at, 1);
        return at >= 0 === (operator === 'INTERSECT');
      });
      return kept;
    },
  };
}

const groups = (rows: readonly Values[]): Map<number | null, Values[]> => {
  const made = new Map<number | null, Values[]>();
  for (const row of rows) made.set(row[0] as number | null, [...(made.get(row[0] as number | null) ?? []), row]);
  return made;
};
const present = (rows: readonly Values[]): number[] => rows.map((row) => row[1]).filter((x) => x !== null) as number[];

const aggregates: Query = {
  name: 'GROUP BY',
  rel: {
    kind: 'aggregate',
    input: left,
    groups: [0],
    calls: [
      { function: 'COUNT', operands: [], distinct: false, type: type.bigint().notNull(), name: 'n' },
      { function: 'SUM', operands: [1], distinct: false, type: type.int(), name: 's' },
      { function: 'MIN', operands: [1], distinct: false, type: type.int(), name: 'l' },
      { function: 'MAX', operands: [1], distinct: false, type: type.int(), name: 'm' },
      { function: 'COUNT', operands: [1], distinct: true, type: type.bigint().notNull(), name: 'd' },
    ],
    fields: [
      { name: 'a', type: type.int() },
      { name: 'n', type: type.bigint().notNull() },
      { name: 's', type: type.int() },
      { name: 'l', type: type.int() },
      { name: 'm', type: type.int() },
      { name: 'd', type: type.bigint().notNull() },
    ],
  },
  rows: (ls) =>
    [...groups(ls)].map(([key, rows]) => {
      const values = present(rows);
      if (values.length === 0) return [key, rows.length, null, null, null, 0];
      const sum = values.reduce((a, b) => a + b, 0);
      return [key, rows.length, sum, Math.min(...values), Math.max(...values), new Set(values).size];
    }),
};

const distinct: Query = {
  name: 'DISTINCT',
  rel: { kind: 'aggregate', input: left, groups: [0, 1], calls: [], fields: left.fields },
  rows: unique,
};

const having: Query = {
  name: 'HAVING over a join',
  rel: {
    kind: 'filter',
    fields: [
      { name: 'a', type: type.int() },
      { name: 'n', type: type.bigint().notNull() },
    ],
    condition: call(
      '>',
      [inputRef(1, type.bigint().notNull()), { kind: 'literal', value: 1, type: type.bigint().notNull() }],
      type.boolean(),
    ),
    input: {
      kind: 'aggregate',
      input: join('inner', false).rel,
      groups: [0],
      calls: [{ function: 'COUNT', operands: [], distinct: false, type: type.bigint().notNull(), name: 'n' }],
      fields: [
        { name: 'a', type: type.int() },
        { name: 'n', type: type.bigint().notNull() },
      ],
    },
  },
  rows: (ls, rs) =>
    [...groups(join('inner', false).rows(ls, rs))].flatMap(([key, rows]) =>
      rows.length > 1 ? [[key, rows.length]] : [],
    ),
};

/** Counted by how many rows there were, so that it takes no clock. */
const inBatches = (query: Query, size: number): Query => ({
  ...query,
  name: `${query.name} in mini-batches of ${size}`,
  settings: {
    'table.exec.mini-batch.enabled': 'true',
    'table.exec.mini-batch.allow-latency': '1 h',
    'table.exec.mini-batch.size': String(size),
  },
});

const sets: Query = {
  name: 'GROUPING SETS',
  rel: {
    kind: 'aggregate',
    input: left,
    groups: [0, 1],
    sets: [[0, 1], [0], []],
    calls: [{ function: 'COUNT', operands: [], distinct: false, type: type.bigint().notNull(), name: 'n' }],
    fields: [...left.fields, { name: 'n', type: type.bigint().notNull() }],
  },
  rows: (ls) => {
    const counted = new Map<string, number>();
    for (const [a = null, x = null] of ls) {
      for (const [i, key] of [
        [a, x],
        [a, null],
        [null, null],
      ].entries()) {
        const text = JSON.stringify([i, ...key]);
        counted.set(text, (counted.get(text) ?? 0) + 1);
      }
    }
    return [...counted].map(([text, n]) => [...(JSON.parse(text) as (number | null)[]).slice(1), n]);
  },
};

/** The greatest of each group; NULL is lowest. */
const topTwo: Query = {
  name: 'the first two of each group',
  rel: {
    kind: 'rank',
    input: left,
    partitionBy: [0],
    orderBy: [{ index: 1, descending: true, nullsFirst: false }],
    from: 1,
    to: 2,
    withNumber: true,
    fields: [...left.fields, { name: 'n', type: type.bigint().notNull() }],
  },
  rows: (ls) =>
    [...groups(ls)].flatMap(([, rows]) =>
      [...rows]
        .sort((p, q) => (q[1] ?? -1) - (p[1] ?? -1))
        .slice(0, 2)
        .map((row, i) => [...row, i + 1]),
    ),
};

const topOfCounts: Query = {
  name: 'the greatest count',
  rel: {
    kind: 'rank',
    input: {
      kind: 'aggregate',
      input: left,
      groups: [0],
      calls: [{ function: 'COUNT', operands: [], distinct: false, type: type.bigint().notNull(), name: 'n' }],
      fields: [
        { name: 'a', type: type.int() },
        { name: 'n', type: type.bigint().notNull() },
      ],
    },
    partitionBy: [],
    orderBy: [
      { index: 1, descending: true, nullsFirst: false },
      { index: 0, descending: false, nullsFirst: true },
    ],
    from: 1,
    to: 1,
    withNumber: false,
    fields: [
      { name: 'a', type: type.int() },
      { name: 'n', type: type.bigint().notNull() },
    ],
  },
  rows: (ls) =>
    [...groups(ls)]
      .map(([key, rows]): Values => [key, rows.length])
      .sort((p, q) => (q[1] as number) - (p[1] as number) || (p[0] ?? -1) - (q[0] ?? -1))
      .slice(0, 1),
};

const queries: readonly Query[] = [
  ...(['inner', 'left', 'right', 'full', 'semi', 'anti'] as const).flatMap((of) => [join(of, false), join(of, true)]),
  ...(['UNION', 'INTERSECT', 'EXCEPT'] as const).flatMap((of) => [setOperation(of, false), setOperation(of, true)]),
  aggregates,
  distinct,
  having,
  sets,
  topTwo,
  topOfCounts,
  inBatches(aggregates, 3),
  inBatches(having, 2),
];

const value = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** Inserts, and deletes and updates of rows that are there. */
const feeds = fc
  .array(
    fc.record({
      table: fc.integer({ min: 0, max: 1 }),
      row: fc.tuple(value, value),
      take: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
    {
      maxLength: 30,
    },
  )
  .map((steps): Feed[] => {
    const there: (number | null)[][][] = [[], []];
    return steps.flatMap(({ table, row, take }): Feed[] => {
      const rows = there[table] as (number | null)[][];
      if (take < 1 || rows.length === 0) {
        rows.push(row);
        return [[table, RowKind.INSERT, row]];
      }
      const [gone] = rows.splice(Math.floor((take - 1) * (rows.length - 0.001)), 1) as [(number | null)[]];
      if (take < 1.5) return [[table, RowKind.DELETE, gone]];
      rows.push(row);
      return [
        [table, RowKind.UPDATE_BEFORE, gone],
        [table, RowKind.UPDATE_AFTER, row],
      ];
    });
  });

function standing(feed: readonly Feed[], table: number): Values[] {
  const changes = feed
    .filter(([of]) => of === table)
    .map(([, kind, values]) => [['+I', '-U', '+U', '-D'][kind], ...values]);
  return folded(changes).map((text) => JSON.parse(text) as Values);
}

const expected = (query: Query, feed: readonly Feed[]): string[] =>
  query
    .rows(standing(feed, 0), standing(feed, 1))
    .map((row) => JSON.stringify(row))
    .sort();

async function run(query: Query, feed: readonly Feed[], storage?: string, restoreFrom?: string): Promise<unknown[][]> {
  const env = streamEnv(storage === undefined ? {} : { checkpointing: { intervalMs: 3_600_000, storage } });
  const context = contextOf(tables, env, feed, query.settings);
  const plan = planQuery(query.rel, context);
  const changes: unknown[][] = [];
  translate(plan, context).forEach((row) => void changes.push(textOf(row, plan.fields)));
  await env.execute(restoreFrom === undefined ? {} : { restoreFrom });
  return changes;
}

describe('folding the changelog gives what the query means', () => {
  test.each(queries)('$name', async (query) => {
    await fc.assert(
      fc.asyncProperty(feeds, async (feed) => {
        expect(folded(await run(query, feed))).toEqual(expected(query, feed));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('also when the job goes on from a checkpoint after any row', () => {
  const folder = mkdtempSync(pathOf(tmpdir(), 'streambook-changelog-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(queries)('$name', async (query) => {
    await fc.assert(
      fc.asyncProperty(feeds, fc.double({ min: 0, max: 1, noNaN: true }), async (feed, at) => {
        const storage = mkdtempSync(pathOf(folder, 'run-'));
        const first = await run(query, feed.slice(0, Math.floor(at * feed.length)), storage);
        const second = await run(query, feed, storage, 'latest');
        expect(folded([...first, ...second])).toEqual(expected(query, feed));
        rmSync(storage, { recursive: true, force: true });
      }),
      { numRuns: Math.ceil(RUNS / 15) },
    );
  });
});
