import { parseRowKind, rowClassOf, rowKind } from '../../../src/core/rows/index.js';
import { type DataStream, type StreamExecutionEnvironment, streamEnv } from '../../../src/datastream/index.js';
import type { TableConnector } from '../../../src/table/connectors/contract.js';
import { rowKindOf, TableEnvironment } from '../../../src/table/index.js';
import { planSchema } from '../../../src/table/plan/field.js';

export type Cell = number | string | boolean | null;
export type Cells = readonly Cell[];

/** A change of a table: its name, what happens, the physical columns in order. */
export type Change = readonly [table: string, kind: '+I' | '-U' | '+U' | '-D', cells: Cells];

/** How often each query is tried. */
export const RUNS = Math.ceil(Number(process.env.STREAMBOOK_PROPERTY_RUNS ?? 150) / 20);

export interface Program {
  /** CREATE TABLE statements with the connector 'feed', and views. */
  readonly setup: readonly string[];
  readonly sql: string;
  /** Tables that SQL cannot make. */
  readonly prepare?: (t: TableEnvironment) => void;
}

/** Where a run stops with a savepoint (after so many changes), or from where it goes on. */
export interface Restart {
  readonly stopAfter?: number;
  readonly savepoint: string;
}

/** Runs a query over changes that come one after the other, over all tables. @returns its changes, `[kind, ...cells]` */
export async function run(
  { setup, sql, prepare }: Program,
  feed: readonly Change[],
  restart?: Restart,
): Promise<Cell[][]> {
  const env = streamEnv();
  let stand = (): void => undefined;
  const standing = new Promise<void>((resolve) => {
    stand = resolve;
  });
  const t = new TableEnvironment({ streamEnv: env });
  t.registerConnector(feedConnector(feed, restart?.stopAfter ?? Number.POSITIVE_INFINITY, () => stand()));
  prepare?.(t);
  for (const statement of setup) t.executeSql(statement);
  const table = t.sqlQuery(sql);
  const names = table.schema.fields.map(({ name }) => name);
  const changes: Cell[][] = [];
  t.toChangelogStream(table).forEach((row) => {
    changes.push([rowKindOf(row), ...names.map((name) => cellOf(row[name]))]);
  });
  if (restart?.stopAfter === undefined) {
    await env.execute(restart === undefined ? {} : { restoreFrom: restart.savepoint });
    return changes;
  }
  const job = await env.executeAsync();
  await standing;
  await job.stopWithSavepoint(restart.savepoint);
  return changes;
}

function cellOf(value: unknown): Cell {
  return typeof value === 'object' && value !== null ? String(value) : (value as Cell);
}

function feedConnector(feed: readonly Change[], stopAfter: number, standing: () => void): TableConnector {
  let source: DataStream<Change> | undefined;
  const open = (env: StreamExecutionEnvironment): DataStream<Change> =>
    env.fromCollection(async function* () {
      for (const [i, change] of feed.entries()) {
        if (i >= stopAfter) {
          standing();
          await new Promise(() => undefined);
        }
        yield change;
      }
      if (stopAfter !== Number.POSITIVE_INFINITY) {
        standing();
        await new Promise(() => undefined);
      }
    });
  return {
    name: 'feed',
    source(description) {
      const table = description.identifier[2];
      const physical = description.fields.map(({ name }) => name);
      const updating = description.options.changes === 'true';
      return {
        changelogMode: { insert: true, updateBefore: updating, updateAfter: updating, delete: updating },
        stream(env, columns) {
          source ??= open(env);
          const RowOf = rowClassOf(planSchema(columns));
          const at = columns.map(({ name }) => physical.indexOf(name));
          return source
            .filter(([name]) => name === table)
            .map(([, kind, cells]) => {
              const row = RowOf.of(at.map((i) => cells[i]));
              row[rowKind] = parseRowKind(kind) as never;
              return row;
            });
        },
      };
    },
  };
}

/** What is left of changes, sorted. @throws Error where a row was never there */
export function folded(changes: readonly Cells[]): string[] {
  const counts = new Map<string, number>();
  for (const [kind, ...cells] of changes) {
    const key = JSON.stringify(cells);
    const count = (counts.get(key) ?? 0) + (kind === '+I' || kind === '+U' ? 1 : -1);
    if (count < 0) throw new Error(`${kind} of a row that is not there: ${key}`);
    counts.set(key, count);
  }
  return [...counts].flatMap(([key, count]) => Array.from({ length: count }, () => key)).sort();
}

/** What a table holds after all changes. */
export function standing(feed: readonly Change[], table: string): Cells[] {
  const changes = feed.filter(([of]) => of === table).map(([, kind, cells]) => [kind, ...cells]);
  return folded(changes).map((text) => JSON.parse(text) as Cells);
}
