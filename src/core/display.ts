/**
 * What an output shows, by MIME type, as Jupyter takes it. `text/plain` is always there: terminals and untrusted
 * notebooks fall back to it.
 */
export type MimeBundle = { readonly 'text/plain': string; readonly [mimeType: string]: unknown };

/** One output of a cell that can change in place. */
export interface DisplaySlot {
  /** Shows `bundle` in place of what was there. Calls may be coalesced; the last one is never lost. */
  update(bundle: MimeBundle): void;
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
  table(data: TableData): MimeBundle;
  /** The bundle of a progress bar. */
  progress(state: ProgressState): MimeBundle;
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
