import { textWidth } from '../../core/text-width.js';
import { EMPTY_SET, Tableau } from '../../table/result/tableau.js';
import type { ClientSettings } from './client-settings.js';
import type { BusyKey } from './keyboard.js';
import { harmless } from './layout.js';
import { LiveView } from './live-view.js';
import type { SessionRow, SessionRows } from './session.js';
import { ChangelogModel, TableModel } from './table-model.js';
import type { Screen } from './terminal.js';

/** How long rows are taken before keys are looked at. */
const SLICE_MS = 15;
/** A list that is longer is not looked at as a whole to find how wide its columns are. */
const LIST = 10_000;
const CHANGES_KEPT = 10_000;

/** What a view of rows needs around it. */
export interface Presenting {
  readonly screen: Screen;
  readonly settings: ClientSettings;
  /** Whether somebody watches who can press keys: otherwise rows are printed one below the other. */
  readonly interactive: boolean;
  /** Whether somebody asked to stop. */
  readonly signal: AbortSignal;
  /** Asks to stop. */
  stop(): void;
  /** Sets who gets the keys that are pressed meanwhile. */
  onKeys(handler: (key: BusyKey) => boolean): void;
}

/** Shows rows to their end, in the way that `sql-client.execution.result-mode` says. */
export async function present(result: SessionRows, context: Presenting): Promise<void> {
  const { settings, interactive } = context;
  if (!result.changes) return list(result, context);
  const mode = interactive ? settings.resultMode : 'tableau';
  if (mode === 'tableau') return tableau(result, context);
  const columns = mode === 'table' ? result.columns : [{ name: 'op', type: OP }, ...result.columns];
  const model = mode === 'table' ? new TableModel(settings.maxRows) : new ChangelogModel(CHANGES_KEPT);
  const view = new LiveView(columns, model, context);
  context.onKeys((key) => view.key(key));
  try {
    await taken(result.rows(), (row) => model.add(row));
    await view.end(context.signal.aborted ? 'stopped' : 'finished');
  } catch (error) {
    await view.end('failed');
    throw error;
  }
}

const OP = { root: 'CHAR' } as never;

/** Calls `take` for every row, and lets keys and timers in between. */
async function taken(rows: AsyncIterable<SessionRow>, take: (row: SessionRow) => void | Promise<void>): Promise<void> {
  let until = performance.now() + SLICE_MS;
  for await (const row of rows) {
    await take(row);
    if (performance.now() < until) continue;
    await new Promise(setImmediate);
    until = performance.now() + SLICE_MS;
  }
}

/** Rows one below the other as they come, as Flink's client prints them where nobody watches. */
async function tableau(result: SessionRows, { screen, settings, interactive, signal }: Presenting): Promise<void> {
  const made = new Tableau(result.columns, true, undefined, settings.maxColumnWidth);
  let seen = 0;
  await taken(result.rows(), async ({ op, values }) => {
    if (seen++ === 0) await screen.line(made.header());
    await screen.line(made.row(interactive ? values.map(shown) : values, op));
  });
  if (signal.aborted && interactive) {
    await screen.line(`Query terminated, received a total of ${seen} ${seen === 1 ? 'row' : 'rows'}`);
  } else await screen.line(seen === 0 ? EMPTY_SET : made.footer());
}

/** What a command lists; texts of several lines (plans, CREATE statements) as they are. */
async function list(result: SessionRows, { screen, interactive }: Presenting): Promise<void> {
  const rows: (readonly (string | null)[])[] = [];
  await taken(result.rows(), ({ values }) => {
    rows.push(values);
  });
  if (rows.length === 0) return screen.line(EMPTY_SET);
  if (interactive && result.columns.length === 1 && rows.some(([text]) => text?.includes('\n') === true)) {
    for (const [text] of rows) await screen.line((text ?? '').split('\n').map(harmless).join('\n'));
    return;
  }
  const made = new Tableau(result.columns, false, rows.slice(0, LIST), Number.POSITIVE_INFINITY);
  const header = made.header();
  if (interactive && textWidth(header.slice(0, header.indexOf('\n'))) > screen.width)
    return records(result, rows, screen);
  await screen.line(header);
  for (const values of rows) await screen.line(made.row(interactive ? values.map(shown) : values));
  await screen.line(made.footer());
}

/** What is too wide for the terminal: a line for each value. */
async function records(
  result: SessionRows,
  rows: readonly (readonly (string | null)[])[],
  screen: Screen,
): Promise<void> {
  const names = result.columns.map(({ name }) => harmless(name));
  const widest = Math.max(...names.map(textWidth));
  for (const [i, values] of rows.entries()) {
    await screen.line(screen.dim(`${i + 1} of ${rows.length}`));
    for (const [c, name] of names.entries()) {
      await screen.line(`  ${name}${' '.repeat(widest - textWidth(name))}  ${harmless(values[c] ?? '')}`.trimEnd());
    }
  }
}

function shown(value: string | null): string | null {
  return value === null ? null : harmless(value);
}
