import { display, type TableColumn, type TableData } from '../core/display.js';
import { messageOf } from '../core/errors.js';
import { keyIdOf } from '../core/keys.js';
import { isAddition, type Row, RowKind, rowKind } from '../core/rows/index.js';
import { isTimestamp } from '../core/values/index.js';
import { type Program, type TableEnvironment, tableEnv } from '../table/environment.js';
import type { ResultRow, TableResult } from '../table/result/table-result.js';
import type { Cluster } from './cluster.js';
import { cluster as connect } from './connect.js';

/** Where a program is carried out twice. */
export interface CompareOn {
  /** Default: a new `tableEnv()`. */
  readonly local?: TableEnvironment;
  /** A cluster, or the address of its SQL Gateway. Default: the one that `cluster()` finds. */
  readonly cluster?: Cluster | string;
}

/** What one engine gave. */
export interface ComparedSide {
  /** The rows that are left when all changes are carried out. */
  readonly rows: readonly ResultRow[];
  /** How many changes there were: they may differ, where rows of several sources meet in another order. */
  readonly changes: number;
  readonly columns: readonly TableColumn[];
  readonly ms: number;
  /** What it said instead. */
  readonly error?: string;
}

/** A row, and how often each engine gave it. */
export interface ComparedRow {
  readonly row: ResultRow;
  readonly local: number;
  readonly cluster: number;
}

/**
 * Two results of one program, and where they differ: a table with a first column that says who gave the row. Doubles count
 * as the same when twelve digits of them are: sums may have been added up in another order.
 */
export class Comparison implements TableData {
  readonly compared: readonly ComparedRow[];
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly unknown[])[];

  /** @internal */
  constructor(
    readonly local: ComparedSide,
    readonly cluster: ComparedSide,
  ) {
    this.compared = together(local.rows, cluster.rows);
    const { columns } = local.columns.length > 0 ? local : cluster;
    this.columns = [{ name: 'given by' }, ...columns];
    const order = [...this.differences, ...this.compared.filter((one) => one.local === one.cluster)];
    this.rows = order.map((one) => [whoGave(one), ...columns.map(({ name }) => one.row[name])]);
  }

  /** Whether both gave the same rows, or both refused. */
  get same(): boolean {
    return this.differences.length === 0 && (this.local.error === undefined) === (this.cluster.error === undefined);
  }

  /** The rows that one of them gave more often than the other. */
  get differences(): readonly ComparedRow[] {
    return this.compared.filter((one) => one.local !== one.cluster);
  }

  /** A sentence above the table. */
  get caption(): string {
    const verdict = this.same ? 'the same on both engines' : `${this.differences.length || 'no'} rows differ`;
    return `${verdict}; ${sideText('local', this.local)}; ${sideText('cluster', this.cluster)}`;
  }

  /** Shows the table, what differs first. */
  async show(): Promise<void> {
    display().open(display().table(this));
  }
}

function sideText(name: string, { rows, changes, ms, error }: ComparedSide): string {
  if (error !== undefined) return `${name}: ${error.split('\n', 1)[0]}`;
  return `${name}: ${rows.length} rows of ${changes} changes, ${Math.round(ms)} ms`;
}

function whoGave({ local, cluster }: ComparedRow): string {
  if (local === cluster) return local === 1 ? 'both' : `both, ${local} times`;
  if (cluster === 0) return local === 1 ? 'local only' : `local only, ${local} times`;
  if (local === 0) return cluster === 1 ? 'cluster only' : `cluster only, ${cluster} times`;
  return `local ${local} times, cluster ${cluster} times`;
}

function together(local: readonly ResultRow[], cluster: readonly ResultRow[]): ComparedRow[] {
  const found = new Map<unknown, { row: ResultRow; local: number; cluster: number }>();
  for (const [side, rows] of [
    ['local', local],
    ['cluster', cluster],
  ] as const) {
    for (const row of rows) {
      const id = keyIdOf(Object.values(row).map(comparable));
      const entry = found.get(id) ?? { row, local: 0, cluster: 0 };
      entry[side]++;
      found.set(id, entry);
    }
  }
  return [...found.values()];
}

function comparable(value: unknown): unknown {
  if (typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)) return value.toPrecision(12);
  if (isTimestamp(value)) return value.toString();
  if (Array.isArray(value)) return value.map(comparable);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Map) {
    return [...value].map(([k, v]) => JSON.stringify([comparable(k), comparable(v)])).sort();
  }
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([k, v]) => [k, comparable(v)]);
  return value;
}

async function sideOf(execute: () => TableResult | Promise<TableResult>): Promise<ComparedSide> {
  const began = performance.now();
  let changes = 0;
  let columns: readonly TableColumn[] = [];
  const left = new Map<unknown, ResultRow[]>();
  try {
    const result = await execute();
    columns = result.schema.fields.map(({ name, type }) => ({ name, type: String(type) }));
    for await (const row of result) {
      changes++;
      const id = keyIdOf(Object.values(row).map(comparable));
      const same = left.get(id) ?? [];
      if (isAddition((row as Row)[rowKind] ?? RowKind.INSERT)) same.push(row);
      else same.pop();
      left.set(id, same);
    }
    return { rows: [...left.values()].flat(), changes, columns, ms: performance.now() - began };
  } catch (error) {
    return { rows: [], changes, columns, ms: performance.now() - began, error: messageOf(error) };
  }
}

/**
 * Carries a program out on both engines, and says where the results differ.
 *
 * @param program a query that ends: its sources are bounded
 * @throws ClusterConnectionError when there is no cluster
 * @example
 *   const comparison = await compare((t) => t.sqlQuery('SELECT name, SUM(price) AS total FROM orders GROUP BY name'));
 *   await comparison.show();
 */
export async function compare(program: Program, on: CompareOn = {}): Promise<Comparison> {
  const there = typeof on.cluster === 'object' ? on.cluster : await connect(on.cluster);
  try {
    const [local, cluster] = await Promise.all([
      sideOf(() => (on.local ?? tableEnv()).execute(program)),
      sideOf(() => there.execute(program)),
    ]);
    return new Comparison(local, cluster);
  } finally {
    if (there !== on.cluster) await there.close();
  }
}
