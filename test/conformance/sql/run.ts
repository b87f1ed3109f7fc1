import { messageOf, StreambookError } from '../../../src/core/errors.js';
import { isAddition, rowKind, rowKindText } from '../../../src/core/rows/index.js';
import type { AnyType, Field } from '../../../src/core/types/index.js';
import { streamEnv, virtualClock } from '../../../src/index.js';
import { Table, TableEnvironment, type TableResult } from '../../../src/table/index.js';
import type { Json } from '../cases.js';
import type { CaseOutcome } from '../run-case.js';
import type { SqlCase, SqlGot, SqlResult } from './cases.js';
import { sameSqlResult } from './compare.js';
import { rowsConnector } from './rows-connector.js';
import { tableOfPython, UnknownPython } from './table-api.js';
import { encode } from './values.js';

/** Runs one SQL or Table API case through the public API. */
export async function runSqlCase(kase: SqlCase): Promise<CaseOutcome> {
  const base = { id: kase.id, category: kase.category, expected: kase.result ?? { error: kase.error } };
  try {
    const got = await gotOf(kase);
    if (sameSqlResult(kase, got)) return { ...base, got, status: 'passed' };
    // Where Flink 1.20.3 itself is wrong we need not be: it is listed, and counts as neither.
    if (kase.quirk !== undefined)
      return { ...base, got, status: 'skipped', reason: `differs from Flink: ${kase.quirk}` };
    return { ...base, got, status: 'failed' };
  } catch (error) {
    if (!(error instanceof UnknownPython)) throw error;
    return { ...base, status: 'skipped', got: null, reason: error.message };
  }
}

/** What the program gives, without looking at what is expected. */
export async function gotOf(kase: SqlCase): Promise<SqlGot> {
  let result: TableResult;
  try {
    result = planned(kase);
  } catch (error) {
    if (error instanceof UnknownPython) throw error;
    return failure('plan', error);
  }
  try {
    return await collected(result);
  } catch (error) {
    return failure('runtime', error);
  }
}

/** The text that `print()` gives. */
export async function printedOf(kase: SqlCase): Promise<string> {
  const lines: string[] = [];
  await planned(kase).print((text) => lines.push(text));
  return `${lines.join('\n')}\n`;
}

/** The environment of a case, with its tables. */
export function environmentOf(kase: SqlCase): TableEnvironment {
  const clock = virtualClock({ startMs: 1_700_000_000_000, autoAdvance: true });
  const t = new TableEnvironment({ streamEnv: streamEnv({ clock }) });
  for (const [key, value] of Object.entries(kase.config ?? {})) t.config.set(key, value);
  t.registerConnector(rowsConnector(kase));
  for (const table of kase.tables) t.executeSql(table.ddl);
  for (const statement of kase.setup ?? []) t.executeSql(statement);
  return t;
}

function planned(kase: SqlCase): TableResult {
  const t = environmentOf(kase);
  if (kase.sql !== undefined) return t.executeSql(kase.sql);
  const made = tableOfPython(
    kase.tableApi ?? '',
    t,
    kase.tables.map(({ name }) => name),
  );
  return made instanceof Table ? made.execute() : made;
}

/** All changes of a result, as the cases have them. */
export async function collected(result: TableResult): Promise<SqlResult> {
  const { fields } = result.schema;
  const changelog: [string, Json[]][] = [];
  const left = new Map<string, { row: Json[]; count: number }>();
  for await (const row of result.raw()) {
    const values = fields.map(({ name, type }: Field) => encode(type as AnyType, row[name]));
    const kind = row[rowKind];
    changelog.push([rowKindText(kind), values]);
    const key = JSON.stringify(values);
    const entry = left.get(key) ?? { row: values, count: 0 };
    entry.count += isAddition(kind) ? 1 : -1;
    left.set(key, entry);
  }
  const final = [...left.values()].flatMap(({ row, count }) => Array.from({ length: Math.max(0, count) }, () => row));
  final.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { schema: fields.map(({ name, type }) => [name, String(type)]), changelog, final };
}

function failure(phase: 'plan' | 'runtime', error: unknown): SqlGot {
  const code = error instanceof StreambookError ? error.code : 'error';
  return { error: { phase, code, message: messageOf(error) } };
}
