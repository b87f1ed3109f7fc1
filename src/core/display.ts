/**
 * What an output shows, by MIME type, as Jupyter takes it. `text/plain` is always there: terminals and untrusted
 * notebooks fall back to it.
 */
export type MimeBundle = { readonly 'text/plain': string; readonly [mimeType: string]: unknown };

/** One output of a cell that can change in place. */
export interface DisplaySlot {
  /**
   * Shows `bundle` in place of what was there. Calls may be coalesced; the last one is never lost.
   *
   * @param last nothing follows: write it now, in full, rather than with the next redraw
   */
  update(bundle: MimeBundle, last?: boolean): void;
}

/** A column of something tabular, and the name of its type as the reader should see it (`STRING`, `BIGINT`, `number`). */
export interface TableColumn {
  readonly name: string;
  readonly type?: string;
}

/** Rows and columns, already taken out of whatever they came from. */
export interface TableData {
  readonly columns: readonly TableColumn[];
  /** One array per row, in the order of `columns`. */
  readonly rows: readonly (readonly unknown[])[];
  /** How many rows there are in all, when `rows` holds only the first ones. */
  readonly totalRows?: number;
  /** A line above the table. */
  readonly caption?: string;
}

/** How a table is laid out. */
export interface TableLayout {
  /** Rows shown before the middle is folded, head and tail together. Default 20. */
  readonly maxRows?: number;
  /** Columns shown before the middle ones are folded. Default 12. */
  readonly maxColumns?: number;
  /** Characters of a value shown before the rest is folded. Default 160. */
  readonly maxCharacters?: number;
  /**
   * For a table that changes in place: always this many rows high, of one line each, so that nothing below it moves.
   * More rows are cut with their count, fewer are filled up. Pass the same layout object with every update: then
   * columns never get narrower either.
   */
  readonly fixedRows?: number;
  /** A small line below the table: `1,024 records, running`. */
  readonly status?: string;
}

/** How far something is. */
export interface ProgressState {
  /** What is going on: `Sending moby-dick`. */
  readonly label: string;
  /** Units done so far. */
  readonly done: number;
  /** Units in all; absent when nobody knows. */
  readonly total?: number;
  /** The name of the unit: `bytes`, `messages`. */
  readonly unit: string;
  /** Milliseconds since it began. */
  readonly elapsedMs: number;
  readonly state: 'running' | 'paused' | 'stopped' | 'failed' | 'done';
  /** A free line below: the last thing that happened. */
  readonly note?: string;
}

/**
 * Everything the lower rooms ask of `display/`. They reach it through this port, so that a stream can show itself
 * without importing upwards.
 */
export interface DisplayPort {
  /** Opens a new output below the cell that is running now (in a terminal: prints). */
  open(bundle: MimeBundle): DisplaySlot;
  /** The bundle of a table. */
  table(data: TableData, layout?: TableLayout): MimeBundle;
  /** The bundle of a progress bar. */
  progress(state: ProgressState): MimeBundle;
  /** Shows something that has a view of its own (a job); resolves when there is nothing more to show of it. */
  show?(data: unknown): Promise<void>;
}

/** With no port filled, everything shows itself as text on standard output. */
const textOnly: DisplayPort = {
  open(bundle) {
    console.log(bundle['text/plain']);
    return { update: (next) => console.log(next['text/plain']) };
  },
  table(data) {
    const header = data.columns.map((column) => column.name).join('\t');
    return { 'text/plain': [header, ...data.rows.map((row) => row.map(String).join('\t'))].join('\n') };
  },
  progress(state) {
    const share = state.total === undefined ? '' : `/${state.total}`;
    return { 'text/plain': `${state.label}: ${state.done}${share} ${state.unit} (${state.state})` };
  },
  async show(data) {
    console.log(data);
  },
};

let port: DisplayPort = textOnly;

/** The port that is filled now. */
export function display(): DisplayPort {
  return port;
}

/** Fills the port; `index.ts` does so once with what `display/` offers. */
export function setDisplayPort(next: DisplayPort | undefined): void {
  port = next ?? textOnly;
}
