import { type Row, RowKind, rowClassOf, rowKind, rowKindText } from '../../../src/core/rows/index.js';
import type { DataStream } from '../../../src/datastream/data-stream.js';
import { type StreamExecutionEnvironment, streamEnv } from '../../../src/datastream/environment.js';
import { evaluationContext } from '../../../src/table/codegen/index.js';
import { type ChangelogMode, INSERT_ONLY } from '../../../src/table/physical/changelog-mode.js';
import type { PlannerContext, TranslateContext } from '../../../src/table/physical/context.js';
import { type PlanField, planSchema } from '../../../src/table/plan/field.js';
import type { InlineScan, Rel } from '../../../src/table/plan/rel.js';
import { planQuery, translate } from '../../../src/table/planner/index.js';

/** A table of a test: its columns, and what its rows may do. */
export interface TestTable {
  readonly fields: readonly PlanField[];
  readonly changelogMode?: ChangelogMode;
  readonly primaryKey?: readonly string[];
}

/** A change: which table, what happens, the values in the order of the columns. */
export type Feed = readonly [table: number, kind: RowKind, values: readonly unknown[]];

export function scanOf(tables: readonly TestTable[], id: number): InlineScan {
  return { kind: 'inlineScan', id, name: `t${id}`, fields: (tables[id] as TestTable).fields };
}

export function contextOf(
  tables: readonly TestTable[],
  env: StreamExecutionEnvironment,
  feed: readonly Feed[],
  settings: Readonly<Record<string, string>> = {},
): TranslateContext {
  let source: DataStream<Feed> | undefined;
  const planning: PlannerContext = {
    evaluation: evaluationContext({ clock: env.clock }),
    config: { get: (key) => settings[key] },
    scan: (rel) => {
      const id = (rel as InlineScan).id;
      const table = tables[id] as TestTable;
      return {
        name: `t${id}`,
        changelogMode: table.changelogMode ?? INSERT_ONLY,
        ...(table.primaryKey === undefined ? {} : { primaryKey: table.primaryKey }),
        // One source feeds all tables, so that the order over all of them is that of the feed.
        stream: (env_, columns) => {
          source ??= env_.fromCollection(feed);
          const RowOf = rowClassOf(planSchema(columns));
          const at = columns.map(({ name }) => table.fields.findIndex((field) => field.name === name));
          return source
            .filter(([of]) => of === id)
            .map(([, kind, values]) => {
              const row = RowOf.of(at.map((i) => values[i]));
              row[rowKind] = kind;
              return row;
            });
        },
      };
    },
  };
  return { ...planning, env, stateTtlMs: 0 };
}

/** Runs a plan over a feed. @returns the changes as `['+I', value, ...]` */
export async function changesOf(rel: Rel, tables: readonly TestTable[], feed: readonly Feed[]): Promise<unknown[][]> {
  const env = streamEnv();
  const context = contextOf(tables, env, feed);
  const plan = planQuery(rel, context);
  const rows = await translate(plan, context).executeAndCollect();
  return rows.map((row) => textOf(row, plan.fields));
}

export function textOf(row: Row, fields: readonly PlanField[]): unknown[] {
  return [rowKindText(row[rowKind]), ...fields.map(({ name }) => row[name])];
}

/** What is left of a changelog: each row with how often it is there, sorted. @throws Error where a row was never there */
export function folded(changes: readonly unknown[][]): string[] {
  const counts = new Map<string, number>();
  for (const [kind, ...values] of changes) {
    const key = JSON.stringify(values);
    const count = (counts.get(key) ?? 0) + (kind === '+I' || kind === '+U' ? 1 : -1);
    if (count < 0) throw new Error(`${kind} of a row that is not there: ${key}`);
    counts.set(key, count);
  }
  return [...counts].flatMap(([key, count]) => Array.from({ length: count }, () => key)).sort();
}

export const insert = (table: number, ...values: readonly unknown[]): Feed => [table, RowKind.INSERT, values];
export const remove = (table: number, ...values: readonly unknown[]): Feed => [table, RowKind.DELETE, values];
