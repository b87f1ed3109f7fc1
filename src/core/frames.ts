import type { TableColumn } from './display.js';
import { StreambookError } from './errors.js';
import type { AnyType, Schema } from './types/index.js';

/** A table of another library, read in place: nothing is copied until a row is asked for. */
export interface FrameView {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  /** The values of one row, in the order of `columns`; `index` from 0 in the order the frame itself shows. */
  row(index: number): readonly unknown[];
}

/**
 * The types of the other libraries' tables. Empty here: `frames/`, which alone knows the libraries, fills it, so that the
 * rooms below can name their types.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is merged with its other half
export interface FrameTypes {}
/** arquero's `ColumnTable`; `any` where arquero is not installed. */
export type ArqueroTable = FrameTypes extends { arquero: infer Frame } ? Frame : object;
/** danfojs's `DataFrame`; `any` where danfojs-node is not installed. */
export type DanfoFrame = FrameTypes extends { danfo: infer Frame } ? Frame : object;

/** How values leave into a frame. */
export interface FrameOptions {
  /**
   * BIGINT: `'number'` (default) throws `UnsafeBigintError` beyond 2^53-1, because a number would be rounded; `'bigint'`
   * and `'string'` keep every digit.
   */
  readonly bigint?: 'number' | 'bigint' | 'string';
  /** DECIMAL as its exact text (default `'string'`), or as the closest `number`. */
  readonly decimal?: 'string' | 'number';
  /**
   * TIMESTAMP and TIMESTAMP_LTZ: `'date'` (default), which both libraries know: read TIMESTAMP with the UTC methods. What
   * is finer than a millisecond is refused. `'timestamp'` (arquero only) gives a `Timestamp`, `'string'` its text.
   */
  readonly timestamp?: 'date' | 'timestamp' | 'string';
}

/** Which rows of a running stream are kept. Both may be given. */
export interface RecentOptions {
  /** The last so many rows. Default 1,000; with `time` 1,000,000. */
  readonly rows?: number;
  /** The rows of the last so long, by when they came: `seconds(10)`. Measured by the environment's clock. */
  readonly time?: number;
}

/** A job that hands rows over. */
export interface FrameJob {
  readonly status: string;
  readonly error: unknown;
  /** Resolves when it has ended or was cancelled. @throws what made it fail */
  wait(): Promise<{ readonly status: string }>;
  cancel(): Promise<void>;
}

/** Rows on their way into a frame. */
export interface FrameRows {
  /** Absent: the columns are what the elements have. */
  readonly schema?: Schema;
  /** Whether rows may be taken back. */
  readonly updates: boolean;
  /** Epoch ms of the environment that runs them. */
  now(): number;
  /** Runs what computes the rows. They come as the engine has them, with their kind. */
  start(consume: (row: object) => void): FrameJob;
}

/**
 * The newest rows of a stream that runs, at most so many: a frame of them at any time.
 *
 * @example
 *   const recent = orders.recent({ rows: 1000 });
 *   await chart(await recent.toArquero()).line('rowtime', 'price');
 *   await recent.stop();
 */
export interface Recent {
  /** How many rows are kept now. */
  readonly size: number;
  /** How many came, those that are gone included. */
  readonly seen: number;
  /** The job that computes them: it runs until it ends, or until `stop()`. */
  readonly job: FrameJob;
  /** The rows now, as an arquero table. @throws what made the job fail */
  toArquero(options?: FrameOptions): Promise<ArqueroTable>;
  /** The rows now, as a danfojs frame. @throws what made the job fail */
  toDanfo(options?: FrameOptions): Promise<DanfoFrame>;
  /** Stops the job. What was kept can still be had. */
  stop(): Promise<void>;
}

/** A frame, read into columns of the engine's values. */
export interface FrameColumns {
  readonly schema: Schema;
  readonly rowCount: number;
  /** One list for each column of the schema. */
  readonly columns: readonly ArrayLike<unknown>[];
}

/** Columns that somebody wants to see as certain types. */
export type WantedTypes = Schema | { readonly [column: string]: AnyType };

/** What the upper rooms offer for the tables of other libraries (arquero, danfojs). */
export interface FramePort {
  /** The view of a frame we know, or `undefined` for anything else. Loads no library. */
  view(value: unknown): FrameView | undefined;
  toArquero(rows: FrameRows, options: FrameOptions): Promise<ArqueroTable>;
  toDanfo(rows: FrameRows, options: FrameOptions): Promise<DanfoFrame>;
  recent(rows: FrameRows, options: RecentOptions): Recent;
  /** Reads an arquero table. @throws for values no type fits */
  fromArquero(frame: unknown, schema: WantedTypes | undefined): FrameColumns;
  /** Reads a danfojs frame. @throws for values no type fits */
  fromDanfo(frame: unknown, schema: WantedTypes | undefined): FrameColumns;
}

function missing(): never {
  throw new StreambookError('no-frames', 'nothing here knows arquero or danfojs', { hint: "import 'streambook'" });
}

const none: FramePort = {
  view: () => undefined,
  toArquero: missing,
  toDanfo: missing,
  recent: missing,
  fromArquero: missing,
  fromDanfo: missing,
};
let port: FramePort = none;

/** The port that is filled now. */
export function frames(): FramePort {
  return port;
}

/** Fills the port; `index.ts` does so once with what `frames/` offers. */
export function setFramePort(next: FramePort | undefined): void {
  port = next ?? none;
}
