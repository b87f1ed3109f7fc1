import { setImmediate as macrotask } from 'node:timers/promises';
import { types } from 'node:util';
import type { MimeBundle, TableData, TableLayout } from '../core/display.js';
import { frames } from '../core/frames.js';
import type { CellHandle } from '../core/kernel.js';
import { trackRunning } from '../core/running.js';
import { cellOf } from './cell.js';
import { read } from './compact.js';
import { errorView } from './error-view.js';
import { fromArrays, type RowSource, sourceOf, TAKE } from './infer.js';
import { currentCell, REDRAW_EVERY_MS } from './notebook.js';
import { open } from './open.js';
import { sourceBundle, tableSource } from './table.js';
import { ownBundle, viewOf } from './views.js';
import { joined } from './visible.js';

/** How `show` lays out what it is given. */
export interface ShowOptions {
  /** A line above the table. */
  readonly caption?: string;
  /** Rows shown before the middle is folded, head and tail together. Default 20, at most 10,000. */
  readonly rows?: number;
  /** Columns shown before the middle ones are folded. Default 12, at most 500. */
  readonly columns?: number;
  /** Characters of a value shown before the rest is folded. Default 160. */
  readonly characters?: number;
  /** A small line below the table. */
  readonly status?: string;
}

function layoutOf({ rows, columns, characters, status }: ShowOptions): TableLayout {
  return {
    ...(rows !== undefined && { maxRows: rows }),
    ...(columns !== undefined && { maxColumns: columns }),
    ...(characters !== undefined && { maxCharacters: characters }),
    ...(status !== undefined && { status }),
  };
}

type Method = (this: object, options: ShowOptions) => unknown;

function method(data: object, name: string): Method | undefined {
  const found = read(data, name);
  return typeof found === 'function' ? (found as Method) : undefined;
}

function isBundle(data: object): data is MimeBundle {
  return typeof read(data, 'text/plain') === 'string';
}

function isTableData(data: object): data is TableData {
  const columns = read(data, 'columns');
  const rows = read(data, 'rows');
  return (
    Array.isArray(columns) &&
    columns.every((column) => typeof (column as { name?: unknown } | null)?.name === 'string') &&
    Array.isArray(rows) &&
    rows.every(Array.isArray)
  );
}

function frameSource(data: object): RowSource | undefined {
  const view = frames().view(data);
  if (view === undefined) return undefined;
  return fromArrays(view.rowCount, (index) => view.row(index), view.columns);
}

function isScalar(data: unknown): boolean {
  if (data === null || typeof data !== 'object') return true;
  return types.isDate(data) || types.isUint8Array(data) || types.isRegExp(data) || types.isBoxedPrimitive(data);
}

/** The bundle of anything that is here now: nothing is awaited and no method of it is called except `toTable`. */
export function bundleOf(data: unknown, options: ShowOptions = {}): MimeBundle {
  if (typeof data === 'string') return { 'text/plain': data };
  if (isScalar(data)) {
    const cell = cellOf(data, options.characters ?? 4000, false);
    return { 'text/plain': [joined(cell.segments), cell.more].filter(Boolean).join(' ') };
  }
  const value = data as object;
  if (isBundle(value)) return value;
  if (types.isNativeError(value)) return errorView(value);
  const own = ownBundle(value);
  if (own !== undefined) return own;
  const captioned = (source: RowSource): MimeBundle =>
    sourceBundle(options.caption === undefined ? source : { ...source, caption: options.caption }, layoutOf(options));
  const frame = frameSource(value);
  if (frame !== undefined) return captioned(frame);
  if (isTableData(value)) return captioned(tableSource(value));
  const toTable = method(value, 'toTable');
  if (toTable !== undefined) {
    const other = toTable.call(value, options);
    if (other !== value) return bundleOf(other, options);
  }
  return captioned(sourceOf(value));
}

const STOPPED = Symbol('stopped');

/** Shows an asynchronous sequence while it comes in: at most 10,000 elements, the table changing in place. */
async function showAsync(items: AsyncIterable<unknown>, options: ShowOptions, cell: CellHandle | undefined) {
  const taken: unknown[] = [];
  let endless = false;
  const bundle = (): MimeBundle => {
    const caption = options.caption === undefined ? {} : { caption: options.caption };
    return sourceBundle({ ...sourceOf(taken), endless, ...caption }, layoutOf(options));
  };
  const slot = open(bundle(), cell);
  const iterator = items[Symbol.asyncIterator]();
  let stop: (value: typeof STOPPED) => void = () => {};
  const stopped = new Promise<typeof STOPPED>((resolve) => {
    stop = resolve;
  });
  const untrack = trackRunning({ what: 'show', stop: () => stop(STOPPED) });
  let drawn = performance.now();
  let ended = false;
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next === STOPPED) break;
      if (next.done === true) {
        ended = true;
        break;
      }
      if (taken.length === TAKE) {
        endless = true;
        break;
      }
      taken.push(next.value);
      if (performance.now() - drawn < REDRAW_EVERY_MS) continue;
      slot.update(bundle());
      // A source that never waits would keep Jupyter from interrupting it.
      await macrotask();
      drawn = performance.now();
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    untrack();
    slot.update(bundle(), true);
    // Not awaited: a source that was stopped in the middle of a wait may take its time to close.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function isThenable(data: object): data is PromiseLike<unknown> {
  return method(data, 'then') !== undefined;
}

/**
 * Shows anything below the cell (in a terminal: as text).
 *
 * Rows become a table: an array of objects, of arrays or of values, a `Map`, any iterable, an arquero table, a danfojs
 * frame, what a `toTable()` method returns. What has a `show()` method shows itself. An error shows its message and hint,
 * a MIME bundle is shown as it is, jobs, their graphs, states, traces and reasons as views of their own, a topic's
 * description with its offsets and groups, a promise when it is there, an asynchronous iterable while it comes in (its first
 * 10,000 elements). Data is never taken for HTML.
 *
 * @returns nothing, or for what has to be waited for, a promise: `await show(...)`
 * @example
 *   show([{ word: 'whale', n: 1226 }, { word: 'sea', n: 455 }], { caption: 'Words', rows: 50 });
 */
export function show(data: PromiseLike<unknown> | AsyncIterable<unknown>, options?: ShowOptions): Promise<void>;
export function show(data: { show(options?: ShowOptions): Promise<unknown> }, options?: ShowOptions): Promise<void>;
export function show(data: unknown, options?: ShowOptions): void;
export function show(data: unknown, options: ShowOptions = {}): void | Promise<void> {
  return showIn(data, options, currentCell());
}

function showIn(data: unknown, options: ShowOptions, cell: CellHandle | undefined): void | Promise<void> {
  if (data !== null && typeof data === 'object' && !isBundle(data) && frames().view(data) === undefined) {
    const view = viewOf(data, options);
    if (view !== undefined) return view.showIn(cell);
    if (isThenable(data)) {
      return Promise.resolve(data).then((value) => showIn(value, options, cell));
    }
    const own = method(data, 'show');
    if (own !== undefined) {
      const result = own.call(data, options);
      return result !== null && typeof result === 'object' && isThenable(result)
        ? Promise.resolve(result).then(() => {})
        : undefined;
    }
    if (typeof read(data, Symbol.asyncIterator) === 'function')
      return showAsync(data as AsyncIterable<unknown>, options, cell);
  }
  open(bundleOf(data, options), cell);
}
