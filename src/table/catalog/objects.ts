import type { AnyType } from '../../core/types/index.js';
import type { PlanField, TimeAttribute } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import type { Query } from '../sql/ast/queries.js';

/** Catalog, database, name. */
export type ObjectPath = readonly [catalog: string, database: string, name: string];

interface ColumnBase {
  readonly name: string;
  readonly type: AnyType;
  readonly comment?: string;
}
/** Its values come from the connector. */
export interface PhysicalTableColumn extends ColumnBase {
  readonly kind: 'physical';
}
/** Its values come from the connector too, but are not in the record itself: an offset, a topic, a timestamp. */
export interface MetadataTableColumn extends ColumnBase {
  readonly kind: 'metadata';
  /** What the connector calls it: the name of the column unless FROM says otherwise. */
  readonly key: string;
  /** Whether `FROM` gave the key. */
  readonly named: boolean;
  /** Read only: not a column of the table when it is written. */
  readonly virtual: boolean;
}
/** Its values are computed from the columns that are not computed. */
export interface ComputedTableColumn extends ColumnBase {
  readonly kind: 'computed';
  /** Over the columns that are not computed, in their order ({@link scanFields}). */
  readonly expression: Rex;
  /** As Flink prints it: names in back-ticks. */
  readonly text: string;
}
export type TableColumn = PhysicalTableColumn | MetadataTableColumn | ComputedTableColumn;

/** `WATERMARK FOR column AS expression`. */
export interface TableWatermark {
  readonly column: string;
  /** Over all columns of the table. */
  readonly expression: Rex;
  readonly text: string;
}

/** A table as CREATE TABLE describes it, with everything resolved. */
export interface CatalogTable {
  readonly kind: 'table';
  readonly path: ObjectPath;
  readonly temporary: boolean;
  readonly columns: readonly TableColumn[];
  readonly watermark?: TableWatermark;
  readonly primaryKey?: { readonly name: string; readonly columns: readonly string[] };
  readonly partitionedBy: readonly string[];
  /** Those that ALTER TABLE ... ADD PARTITION named: a text for each column of PARTITIONED BY. */
  readonly partitions?: readonly Readonly<Record<string, string>>[];
  readonly distribution?: {
    readonly algorithm?: 'HASH' | 'RANGE';
    readonly columns: readonly string[];
    readonly buckets?: string;
  };
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
  /** All columns, in order, with their time attributes: what `SELECT *` gives. */
  readonly fields: readonly PlanField[];
}

/** A view: a query, or a step that a program made a view. */
export interface CatalogView {
  readonly kind: 'view';
  readonly path: ObjectPath;
  readonly temporary: boolean;
  readonly fields: readonly PlanField[];
  /** The times that DESCRIBE tells of its columns, those that were computed too. */
  readonly times?: readonly (TimeAttribute | undefined)[];
  readonly comment?: string;
  readonly definition:
    | {
        readonly query: Query;
        /** The statement that `query` was parsed from: its places refer to it. */
        readonly sql: string;
        /** The query as SHOW CREATE VIEW prints it: names in full. */
        readonly expanded: string;
        /** In which names are looked up. */
        readonly catalog: string;
        readonly database: string;
      }
    | { readonly rel: Rel };
}

export type CatalogObject = CatalogTable | CatalogView;

/** The columns a connector reads: all that are not computed. They are the columns of `Scan`. */
export function scanFields(table: CatalogTable): readonly PlanField[] {
  return scanFieldsOf(table.columns);
}

export function scanFieldsOf(columns: readonly TableColumn[]): readonly PlanField[] {
  return columns.filter((column) => column.kind !== 'computed').map(({ name, type }) => ({ name, type }));
}

/** The columns that INSERT INTO writes: physical ones, and metadata that is not VIRTUAL. */
export function sinkFields(table: CatalogTable): readonly PlanField[] {
  return table.columns
    .filter((column) => column.kind === 'physical' || (column.kind === 'metadata' && !column.virtual))
    .map(({ name, type }) => ({ name, type }));
}

/** `default_catalog.default_database.t`. */
export function pathText(path: readonly string[]): string {
  return path.join('.');
}
