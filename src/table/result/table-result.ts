import { display } from '../../core/display.js';
import { StreambookError } from '../../core/errors.js';
import { type ArqueroTable, type DanfoFrame, type FrameOptions, type FrameRows, frames } from '../../core/frames.js';
import { Fold, type Row, RowKind, rowKind, rowKindText } from '../../core/rows/index.js';
import type { Schema } from '../../core/types/index.js';
import { type CellOptions, rowToCell } from '../../core/values/index.js';
import type { Job } from '../../engine/job.js';
import { EMPTY_SET, Tableau } from './tableau.js';

/** A row of a result: the columns as properties. `rowKindOf(row)` tells `+I`, `-U`, `+U` or `-D`. */
export type ResultRow = { readonly [column: string]: unknown };

/** Where the rows of a result come from. */
export interface ResultSource {
  readonly schema: Schema;
  /** The rows as the engine has them. A query runs once; `restart` is refused. */
  rows(): AsyncIterator<Row> & { poll?(): Row | undefined };
  /** The rows for a frame, without a queue between: whoever takes them this way does not take them with `rows`. */
  readonly feed?: Omit<FrameRows, 'schema'>;
  /** Every value of a row as Flink prints it; `null` is NULL. */
  texts(row: Row): (string | null)[];
  /** A query gives changes; a command a list that is complete. */
  readonly changes: boolean;
  /** Whether it only says that something was done. */
  readonly ok?: boolean;
  /** The job behind it, once there is one. */
  readonly job?: () => Job | undefined;
  /** The job, where it runs elsewhere. */
  readonly remote?: RemoteJob;
  readonly cell?: CellOptions;
}

/** A job of a cluster. */
export interface RemoteJob {
  /** Its id there, once it has been taken. */
  readonly id: string | undefined;
  /** Resolves when it has ended. @throws what made it fail */
  wait(): Promise<void>;
  cancel(): Promise<void>;
}

/** How many rows a command may list before printing stops looking at all of them for the widths. */
const PRINT_ALL = 10_000;

/** The kind of change a row of a result stands for: `+I`, `-U`, `+U` or `-D`. */
export function rowKindOf(row: object): string {
  return rowKindText((row as Row)[rowKind] ?? 0);
}

/**
 * What a query or a command gives. A query begins to run when its rows are first asked for, and runs once.
 *
 * @example
 *   for await (const row of t.sqlQuery('SELECT name, COUNT(*) AS n FROM orders GROUP BY name').execute()) {
 *     console.log(rowKindOf(row), row.name, row.n);
 *   }
 * @see Flink: `TableResult`
 */
export class TableResult implements AsyncIterable<ResultRow> {
  private used = false;

  /** @internal */
  constructor(private readonly source: ResultSource) {}

  /** Names and types of the columns. */
  get schema(): Schema {
    return this.source.schema;
  }

  /** The job that computes the rows: after the first row was asked for, or at once for an INSERT. */
  get job(): Job | undefined {
    return this.source.job?.();
  }

  /** The job of a cluster that computes the rows; absent where the engine in this process does. */
  get remoteJob(): RemoteJob | undefined {
    return this.source.remote;
  }

  /** Whether this is the `OK` of a statement that only does something. */
  get isOk(): boolean {
    return this.source.ok === true;
  }

  /** @internal The same result, of a job that runs already. */
  withJob(job: Job): TableResult {
    return new TableResult({ ...this.source, job: () => job });
  }

  /** @internal The same result, of a job that runs elsewhere. */
  withRemote(remote: RemoteJob): TableResult {
    return new TableResult({ ...this.source, remote });
  }

  /** Resolves when the job has ended; for a command at once. @throws what made it fail */
  async wait(): Promise<void> {
    await (this.source.remote ?? this.job)?.wait();
  }

  /** Stops the job. */
  async cancel(): Promise<void> {
    await (this.source.remote ?? this.job)?.cancel();
  }

  /** Prints the rows as they come, as Flink's client does: changes with their `op`. Ends with the job. */
  async print(write: (text: string) => void = (text) => console.log(text)): Promise<void> {
    const { schema, changes } = this.source;
    const rows = this.take();
    if (!changes) return this.printAll(rows, write);
    const tableau = new Tableau(schema.fields, true);
    let any = false;
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
      if (!any) write(tableau.header());
      any = true;
      write(tableau.row(this.source.texts(next.value), rowKindText(next.value[rowKind])));
    }
    write(any ? tableau.footer() : EMPTY_SET);
  }

  /**
   * Shows the rows below the cell as they come: one table that changes in place, the changes beside it where rows are
   * updated. Ends with the job, or with Jupyter's Interrupt.
   */
  async show(): Promise<void> {
    await display().show?.(this);
  }

  private async printAll(rows: AsyncIterator<Row>, write: (text: string) => void): Promise<void> {
    const texts: (string | null)[][] = [];
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
      texts.push(this.source.texts(next.value));
    }
    if (texts.length === 0) return write(EMPTY_SET);
    const tableau = new Tableau(this.source.schema.fields, false, texts.slice(0, PRINT_ALL), Number.POSITIVE_INFINITY);
    write(tableau.header());
    for (const text of texts) write(tableau.row(text));
    write(tableau.footer());
  }

  /** All changes, in order, when the job has ended. A query that never ends never resolves: use `for await`, or a LIMIT. */
  async collect(): Promise<ResultRow[]> {
    const all: ResultRow[] = [];
    for await (const row of this) all.push(row);
    return all;
  }

  /** The rows that are left when all changes are carried out. */
  async rows(): Promise<ResultRow[]> {
    const fold = new Fold<ResultRow>();
    for await (const row of this) fold.add(row);
    return fold.rows();
  }

  /**
   * The rows that are left when all changes are carried out, as an arquero table: column by column, no object per row.
   * Resolves when the job has ended; of a query that never ends `table.recent()` gives the newest rows.
   *
   * @throws FrameTypeError, UnsafeBigintError for what a frame cannot hold
   * @see Flink: Conversions between PyFlink Table and Pandas DataFrame
   */
  async toArquero(options: FrameOptions = {}): Promise<ArqueroTable> {
    return frames().toArquero(this.forFrames(), options);
  }

  /** The rows that are left when all changes are carried out, as a danfojs frame. */
  async toDanfo(options: FrameOptions = {}): Promise<DanfoFrame> {
    return frames().toDanfo(this.forFrames(), options);
  }

  /** @internal */
  forFrames(): FrameRows {
    const { schema, feed } = this.source;
    if (feed === undefined) return { schema, updates: false, now: Date.now, start: (consume) => this.listed(consume) };
    return {
      ...feed,
      schema,
      start: (consume) => {
        this.claim();
        return feed.start(consume);
      },
    };
  }

  private listed(consume: (row: object) => void): ReturnType<FrameRows['start']> {
    const rows = this.take();
    const all = async (): Promise<{ status: string }> => {
      for (let next = await rows.next(); next.done !== true; next = await rows.next()) consume(next.value);
      return { status: 'finished' };
    };
    return { status: 'running', error: undefined, wait: all, cancel: async () => undefined };
  }

  [Symbol.asyncIterator](): AsyncIterator<ResultRow> {
    const rows = this.take();
    const cellOf = rowToCell(this.source.schema, this.source.cell);
    const cell = (row: Row): ResultRow => {
      try {
        return cellOf(row) as ResultRow;
      } catch (error) {
        // Who asks for rows does not tell that none is wanted any more when asking throws.
        void rows.return?.();
        throw error;
      }
    };
    const made = (row: Row): IteratorResult<ResultRow> => {
      const value = cell(row);
      // An insert is what a row is unless it says otherwise.
      if (row[rowKind] !== RowKind.INSERT) {
        Object.defineProperty(value, rowKind, { value: row[rowKind], enumerable: false });
      }
      return { done: false, value };
    };
    const waited = async (): Promise<IteratorResult<ResultRow>> => {
      const next = await rows.next();
      return next.done === true ? { done: true, value: undefined } : made(next.value);
    };
    return {
      next() {
        // What is there already costs one promise and not three.
        const row = rows.poll?.();
        return row === undefined ? waited() : Promise.resolve(made(row));
      },
      async return() {
        await rows.return?.();
        return { done: true, value: undefined };
      },
    };
  }

  /** @internal Whether the rows are changes of a query, which may go on for ever. */
  get isQuery(): boolean {
    return this.source.changes;
  }

  /** @internal Every row as it is printed; `null` is NULL. */
  async *printed(): AsyncGenerator<{ readonly op: string; readonly values: (string | null)[] }> {
    const rows = this.take();
    try {
      for (;;) {
        let row = rows.poll?.();
        if (row === undefined) {
          const next = await rows.next();
          if (next.done === true) return;
          row = next.value;
        }
        yield { op: rowKindText(row[rowKind]), values: this.source.texts(row) };
      }
    } finally {
      await rows.return?.();
    }
  }

  /** @internal The rows as the engine has them. */
  raw(): AsyncIterableIterator<Row> {
    const rows = this.take();
    const iterable: AsyncIterableIterator<Row> = {
      next: () => rows.next(),
      return: async () => {
        await rows.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => iterable,
    };
    return iterable;
  }

  private take(): ReturnType<ResultSource['rows']> {
    this.claim();
    return this.source.rows();
  }

  private claim(): void {
    if (this.used) {
      throw new StreambookError('result-used', 'the rows of this result were taken already', {
        hint: 'a result is a stream that goes by once: call execute() again, or keep what collect() gave',
      });
    }
    this.used = true;
  }
}
