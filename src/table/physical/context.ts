import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../../datastream/environment.js';
import type { RowProgram } from '../../formats/index.js';
import type { EvaluationContext } from '../codegen/index.js';
import type { LookupTable, TableSource } from '../connectors/contract.js';
import type { ChangingStep } from '../connectors/updates.js';
import type { PlanField } from '../plan/field.js';
import type { InlineScan, Scan } from '../plan/rel.js';
import type { ChangelogMode } from './changelog-mode.js';

/** What the planner has to know of a table that is read; connectors give it. */
export interface ScanSource {
  readonly changelogMode: ChangelogMode;
  /** Rows of exactly these columns, in this order; `columns` are fields of the scan. */
  stream(env: StreamExecutionEnvironment, columns: readonly PlanField[]): DataStream<Row>;
  /** Rows that a program makes of these columns; absent: the table cannot. */
  readonly streamThrough?: StreamThrough | undefined;
  /** Rows with watermarks that the source makes, for each of its parts; absent: it cannot. */
  readonly streamTimed?: TableSource['streamTimed'];
  /** All rows, where they are a collection in memory. */
  readonly rows?: () => readonly Row[];
  /** The columns of its PRIMARY KEY, if it has one. */
  readonly primaryKey?: readonly string[];
  /** The table as one that is asked for the rows of a key: then it cannot be read as a whole. */
  readonly lookup?: LookupTable | undefined;
  /** How the table is called in plans: `default_catalog, default_database, t`. */
  readonly name: string;
}

/** Reads columns, and carries steps of the plan out where rows are read. */
export type StreamThrough = (
  env: StreamExecutionEnvironment,
  columns: readonly PlanField[],
  program: RowProgram,
) => DataStream<Row>;

/** What the planner has to know of a table that is written. */
export interface SinkTarget {
  readonly name: string;
  /** The columns that are written, in the table's order. */
  readonly fields: readonly PlanField[];
  /** Positions in `fields`. */
  readonly primaryKey?: readonly number[];
  /** What it takes, when the query gives `requested`. */
  accepts(requested: ChangelogMode, step?: ChangingStep): ChangelogMode;
  /** What the job has to be known by over all its lives, because of the sink's transactions. */
  readonly jobUid?: string | undefined;
  write(stream: DataStream<Row>): DataStream<never>;
}

/** Settings: `table.exec.state.ttl`, ... as they were SET. */
export interface PlannerConfig {
  get(key: string): string | undefined;
}

/** What planning needs from outside. */
export interface PlannerContext {
  readonly evaluation: EvaluationContext;
  readonly config: PlannerConfig;
  scan(rel: Scan | InlineScan): ScanSource;
}

/** What carrying out needs besides. */
export interface TranslateContext extends PlannerContext {
  readonly env: StreamExecutionEnvironment;
  /** `table.exec.state.ttl` in ms; 0: state is kept for ever. */
  readonly stateTtlMs: number;
}
