import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../../datastream/environment.js';
import type { OutputTag } from '../../engine/channels/output-tag.js';
import type { AsyncRetry } from '../../engine/operators/async-wait.js';
import type { EvaluationContext } from '../codegen/index.js';
import type { ChangelogMode } from '../physical/changelog-mode.js';
import type { StreamThrough } from '../physical/context.js';
import type { PlanField } from '../plan/field.js';
import type { LookupCache } from './lookup/cache.js';
import type { OptionList } from './option-list.js';
import type { ChangingStep } from './updates.js';

/** What a connector is told of a table. */
export interface TableDescription {
  /** Catalog, database, name. */
  readonly identifier: readonly [string, string, string];
  /** The columns that come from outside: physical ones, then metadata columns. */
  readonly fields: readonly PlanField[];
  /** Of the metadata columns: position in `fields`, and the key the connector knows it by. */
  readonly metadata: readonly { readonly index: number; readonly key: string }[];
  /** Positions in `fields`. */
  readonly primaryKey?: readonly number[];
  readonly partitionedBy: readonly string[];
  /** How values are computed in this session: its time zone. Absent: as usual, in UTC. */
  readonly evaluation?: EvaluationContext;
  /** The WITH clause, without `connector`. */
  readonly options: Readonly<Record<string, string>>;
}

/** Times of rows and watermarks, made by a source out of the rows it reads, for each of its parts (Kafka's partitions). */
export interface RowTiming {
  /** The row's time, epoch ms; `undefined` for a deletion that does not tell it. @throws where it is NULL otherwise */
  readonly timestampOf: (row: Row) => number | undefined;
  /** The watermark that follows a row; `null`: none. */
  readonly watermarkOf: (row: Row) => number | null;
  /** `table.exec.source.idle-timeout`, in ms; 0: never. */
  readonly idlenessMs: number;
}

/** Where rows go to that a source cannot read. */
export interface BadRowsTable {
  /** As the option names it. */
  readonly table: string;
  /** The side output they are in. */
  readonly tag: OutputTag<BadRecord>;
}

/** A row of a file, or a message, that could not be read. */
export interface BadRecord {
  /** The file, or the topic. */
  readonly source: string;
  /** In a file, from 1; a message has lines, too. */
  readonly line: number;
  readonly partition?: number | undefined;
  readonly offset?: number | undefined;
  /** The column that does not fit, when it is one. */
  readonly column?: string | undefined;
  readonly reason: string;
  /** The row, or the message, as it stands there. */
  readonly content: string;
}

/** Reads columns, with times and watermarks of the rows. */
export type StreamTimed = (
  env: StreamExecutionEnvironment,
  columns: readonly PlanField[],
  timing: RowTiming,
) => DataStream<Row>;

/** A table that can be read. */
export interface TableSource {
  readonly changelogMode: ChangelogMode;
  /** Rows of exactly these columns, in this order; `columns` are some of the description's fields. */
  stream(env: StreamExecutionEnvironment, columns: readonly PlanField[]): DataStream<Row>;
  /** The same, with filters, computed columns and watermarks carried out where rows are read; absent: it cannot. */
  readonly streamThrough?: StreamThrough | undefined;
  /** The same, with times and watermarks made where rows are read; absent: an operator makes them. */
  readonly streamTimed?: StreamTimed | undefined;
  /** Where rows go to that cannot be read. */
  readonly badRows?: BadRowsTable | undefined;
}

/** A table that is asked for the rows of a key. @see Flink: `LookupTableSource` */
export interface LookupTable {
  /** How answers are kept; absent: every row asks. */
  readonly cache: LookupCache | undefined;
  /** Absent: as the job says. */
  readonly timeoutMs: number | undefined;
  /** Calls at once; absent: as the job says. */
  readonly capacity: number | undefined;
  readonly retry: AsyncRetry;
  /** Makes the function that gives all rows (of the table's columns) whose columns `keys` have these values. */
  asker(keys: readonly PlanField[]): (values: readonly unknown[]) => Promise<readonly Row[]>;
}

/** A table that can be written. */
export interface TableSink {
  /**
   * What it takes, when the query gives `requested`.
   *
   * @param step what changes rows in the query, for messages
   * @throws ValidationError when it cannot take updates
   */
  accepts(requested: ChangelogMode, step?: ChangingStep): ChangelogMode;
  /** What the job has to be known by over all its lives, because of this sink's transactions. */
  readonly jobUid?: string | undefined;
  write(stream: DataStream<Row>): DataStream<never>;
}

/** Where tables of one kind come from and go to: what `'connector' = '...'` names. */
export interface TableConnector {
  readonly name: string;
  /** What its WITH clause may hold. */
  readonly options?: OptionList;
  /** @throws ValidationError for options that are wrong or missing */
  source?(table: TableDescription): TableSource;
  sink?(table: TableDescription): TableSink;
  /** For joins `FOR SYSTEM_TIME AS OF` a processing time. */
  lookup?(table: TableDescription): LookupTable;
}
