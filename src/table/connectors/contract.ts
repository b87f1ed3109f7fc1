import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../../datastream/environment.js';
import type { ChangelogMode } from '../physical/changelog-mode.js';
import type { StreamThrough } from '../physical/context.js';
import type { PlanField } from '../plan/field.js';

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
  /** The WITH clause, without `connector`. */
  readonly options: Readonly<Record<string, string>>;
}

/** A table that can be read. */
export interface TableSource {
  readonly changelogMode: ChangelogMode;
  /** Rows of exactly these columns, in this order; `columns` are some of the description's fields. */
  stream(env: StreamExecutionEnvironment, columns: readonly PlanField[]): DataStream<Row>;
  /** The same, with filters, computed columns and watermarks carried out where rows are read; absent: it cannot. */
  readonly streamThrough?: StreamThrough | undefined;
}

/** A table that can be written. */
export interface TableSink {
  /**
   * What it takes, when the query gives `requested`.
   *
   * @throws ValidationError when it cannot take updates
   */
  accepts(requested: ChangelogMode): ChangelogMode;
  write(stream: DataStream<Row>): DataStream<never>;
}

/** Where tables of one kind come from and go to: what `'connector' = '...'` names. */
export interface TableConnector {
  readonly name: string;
  /** @throws ValidationError for options that are wrong or missing */
  source?(table: TableDescription): TableSource;
  sink?(table: TableDescription): TableSink;
}
