import type { AnyType } from '../../core/types/index.js';

/** A column of what a statement gives. */
export interface SessionColumn {
  readonly name: string;
  readonly type: AnyType;
}

/** A row as it is printed: `null` is NULL. */
export interface SessionRow {
  readonly op: string;
  readonly values: readonly (string | null)[];
}

/** The rows of a query, or of a command that lists something. */
export interface SessionRows {
  readonly columns: readonly SessionColumn[];
  /** Whether these are changes of a query that may go on for ever; otherwise a list that is complete. */
  readonly changes: boolean;
  /** Goes by once. Ends with the query, or soon after the statement's signal fired. */
  rows(): AsyncIterable<SessionRow>;
}

/** A job that an INSERT started. */
export interface SessionJob {
  /** As Flink writes it: 32 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** `RUNNING`, `FINISHED`, `CANCELED`, `FAILED`, ... as Flink says. */
  status(): string;
  /** How many rows were written so far, if that is known. */
  rowsWritten(): number | undefined;
  /** Resolves when it has ended. @throws what made it fail */
  wait(): Promise<void>;
  cancel(): Promise<void>;
}

/** What a statement gives. */
export type Outcome =
  | { readonly kind: 'ok'; readonly message?: string }
  | { readonly kind: 'rows'; readonly result: SessionRows }
  | { readonly kind: 'job'; readonly job: SessionJob };

/** What can be named where a statement runs, for completion. */
export interface SessionNames {
  readonly tables: readonly string[];
  readonly databases: readonly string[];
  readonly functions: readonly string[];
  readonly connectors: readonly string[];
  readonly settings: readonly string[];
}

/**
 * Where statements run: the engine in this process, or a cluster. The shell and `streambook sql -e | -f` know nothing else.
 */
export interface SqlSession {
  /** For the first line: `the engine in this process`. */
  readonly where: string;
  /**
   * Whether jobs go on when the session is closed: then leaving does not ask.
   */
  readonly jobsOutlive: boolean;
  /**
   * Carries out one statement, without its semicolon. A query begins to run when its rows are asked for.
   *
   * @param signal fires when somebody presses Ctrl-C
   * @throws StreambookError with the place in the text
   */
  execute(statement: string, signal: AbortSignal): Promise<Outcome>;
  /** A setting that holds: what was SET, or its default. */
  get(key: string): string | undefined;
  /** What there is to name. Never throws: what cannot be known is left out. */
  names(): Promise<SessionNames>;
  /** The columns of a table or view; none if there is no such table. Never throws. */
  columns(table: readonly string[]): Promise<readonly string[]>;
  /** The options that a connector's WITH clause may hold. */
  options(connector: string): readonly string[];
  /** Jobs that INSERTs of this session started, the newest last. */
  jobs(): readonly SessionJob[];
  /** What a script that ends here has left undone, for people; `undefined`: nothing. */
  unfinished?(): string | undefined;
  /** Stops what runs here. */
  close(): Promise<void>;
}
