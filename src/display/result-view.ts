import type { MimeBundle, TableColumn } from '../core/display.js';
import type { CellHandle } from '../core/kernel.js';
import { Fold, kindOf, RowKind, rowKindText } from '../core/rows/index.js';
import type { Schema } from '../core/types/index.js';
import { counted } from './cell.js';
import { read } from './compact.js';
import { type Ending, follow } from './follow.js';
import { strong } from './html.js';
import { REDRAW_EVERY_MS } from './notebook.js';
import { open } from './open.js';
import type { ShowOptions } from './show.js';
import { table } from './table.js';
import { View } from './view.js';

/** What a query gives: rows that may say what kind of change they are. */
export interface ResultRows extends AsyncIterable<object> {
  readonly schema: Schema;
  readonly isOk: boolean;
}

/** A table that computes its rows when it is asked to. */
interface Executable {
  readonly schema: Schema;
  execute(): ResultRows;
}

export function isResult(data: object): data is ResultRows {
  return (
    typeof read(data, 'isOk') === 'boolean' && hasSchema(data) && typeof read(data, Symbol.asyncIterator) === 'function'
  );
}

export function isExecutable(data: object): data is Executable {
  return typeof read(data, 'execute') === 'function' && hasSchema(data);
}

function hasSchema(data: object): boolean {
  const schema = read(data, 'schema');
  return typeof schema === 'object' && schema !== null && Array.isArray(read(schema, 'fields'));
}

/** So many rows of a table are kept to be shown; a changelog may be endless. */
const MOST_ROWS = 100_000;
const CHANGES = 12;

/** The changes of a query and the table they build. */
class Changelog {
  readonly columns: readonly TableColumn[];
  readonly table = new Fold(MOST_ROWS);
  private last: object[] = [];
  private count = 0;
  /** Something was taken back: then the changes are worth seeing. */
  private updates = false;
  private readonly layouts;

  constructor(
    schema: Schema,
    private readonly options: ShowOptions,
  ) {
    this.columns = schema.fields.map(({ name, type }) => ({ name, type: String(type) }));
    const rows = Math.min(1000, options.rows ?? CHANGES);
    this.layouts = { changes: { fixedRows: rows }, table: { fixedRows: rows } };
  }

  add(row: object): void {
    this.count++;
    this.updates ||= kindOf(row) !== RowKind.INSERT;
    this.table.add(row);
    this.last.push(row);
    const { fixedRows } = this.layouts.changes;
    if (this.last.length >= 4 * fixedRows) this.last = this.last.slice(-fixedRows);
  }

  /** @param state `running`, or how it ended: then the table is shown like any other */
  bundle(state: string, ended: boolean): MimeBundle {
    const left = this.table.size + this.table.forgotten;
    const { caption } = this.options;
    const status = this.updates ? `${counted(left, 'row')}, ${state}` : `${counted(this.count, 'row')}, ${state}`;
    const layout = ended
      ? { ...(this.options.rows !== undefined && { maxRows: this.options.rows }), status }
      : { ...this.layouts.table, status };
    const rows = this.rowsShown(ended);
    const data = { columns: this.columns, rows, totalRows: left, ...(caption !== undefined && { caption }) };
    const built = table(data, layout);
    return this.updates ? beside(this.changes(ended), built) : built;
  }

  /** While it runs and only grows, the newest rows; else the table from its first row. */
  private rowsShown(ended: boolean): unknown[][] {
    const rows = this.table.rows();
    const { fixedRows } = this.layouts.table;
    const shown = !ended && !this.updates && rows.length > fixedRows ? rows.slice(1 - fixedRows) : rows;
    return shown.map((row) => this.values(row as object));
  }

  private changes(ended: boolean): MimeBundle {
    const { fixedRows } = this.layouts.changes;
    const rows = this.last.slice(-fixedRows).map((row) => [rowKindText(kindOf(row)), ...this.values(row)]);
    const columns = [{ name: 'op', type: ' ' }, ...this.columns];
    const status = `${counted(this.count, 'change')}${this.count > rows.length ? ', the last ones' : ''}`;
    // Ended, they are as high as what they are.
    const shown = ended ? { fixedRows: Math.max(1, rows.length) } : this.layouts.changes;
    return table({ columns, rows }, { ...shown, status });
  }

  private values(row: object): unknown[] {
    return this.columns.map(({ name }) => (row as Record<string, unknown>)[name]);
  }
}

/** The changelog to the left of the table it builds. */
function beside(changes: MimeBundle, built: MimeBundle): MimeBundle {
  const part = (title: string, bundle: MimeBundle): string =>
    `<div style="min-width:0;"><div style="padding:0 .5em;">${strong(title)}</div>${String(bundle['text/html'])}</div>`;
  return {
    'text/html': `<div style="display:flex;flex-wrap:wrap;gap:2.5em;align-items:flex-start;">${part('changes', changes)}${part('table', built)}</div>`,
    'text/plain': `${built['text/plain']}\n\n${changes['text/plain']}`,
  };
}

const ENDINGS: Readonly<Record<Ending, string>> = { ended: 'finished', stopped: 'stopped', full: 'stopped' };

/**
 * What a query gives, while it comes in: one output of fixed height, and then the whole table. Where rows are updated or
 * taken back, the changes (`+I`, `-U`, `+U`, `-D`) stand beside the table they build.
 */
export class ResultView extends View {
  constructor(
    private readonly result: ResultRows,
    private readonly options: ShowOptions = {},
  ) {
    super();
  }

  override async bundle(): Promise<MimeBundle> {
    if (this.result.isOk) return { 'text/plain': 'OK' };
    const log = new Changelog(this.result.schema, this.options);
    for await (const row of this.result) log.add(row);
    return log.bundle('finished', true);
  }

  override toString(): string {
    return `a result with the columns ${this.result.schema.fields.map((field) => field.name).join(', ')}`;
  }

  override async showIn(cell: CellHandle | undefined): Promise<void> {
    if (this.result.isOk) return super.showIn(cell);
    const log = new Changelog(this.result.schema, this.options);
    const slot = open(log.bundle('running', false), cell);
    const take = (row: object): boolean => {
      log.add(row);
      return true;
    };
    const redraw = (): void => slot.update(log.bundle('running', false));
    let state = 'failed';
    try {
      state = ENDINGS[await follow('show', this.result, take, redraw, REDRAW_EVERY_MS)];
    } finally {
      slot.update(log.bundle(state, true), true);
    }
  }
}
