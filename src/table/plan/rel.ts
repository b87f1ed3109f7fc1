import type { Span } from '../sql/ast/span.js';
import type { PlanField } from './field.js';
import type { AggregateCall, OverFrame, Rex, SortKey } from './rex.js';

/** Every step of a logical plan gives rows of these columns. Their names are unique within the step. */
interface Step {
  readonly fields: readonly PlanField[];
}

/**
 * Reads a table of the catalog: its physical and metadata columns only. Computed columns are a `Project` above it, the
 * watermark a `WatermarkAssigner` above that, as in Flink's own plans.
 */
export interface Scan extends Step {
  readonly kind: 'scan';
  /** Catalog, database, name. */
  readonly table: readonly [string, string, string];
  /** From an OPTIONS hint: instead of those of the table. */
  readonly options?: Readonly<Record<string, string>>;
}
/** A stream or a collection that was made a table; `id` is known to the environment. */
export interface InlineScan extends Step {
  readonly kind: 'inlineScan';
  readonly id: number;
  readonly name: string;
}
export interface Values extends Step {
  readonly kind: 'values';
  /** Constant expressions, one list a row. */
  readonly rows: readonly (readonly Rex[])[];
}
export interface Project extends Step {
  readonly kind: 'project';
  readonly input: Rel;
  readonly expressions: readonly Rex[];
}
export interface Filter extends Step {
  readonly kind: 'filter';
  readonly input: Rel;
  readonly condition: Rex;
}
/** Watermarks follow `watermark`, evaluated for every row; `column` is the rowtime. */
export interface WatermarkAssigner extends Step {
  readonly kind: 'watermark';
  readonly input: Rel;
  readonly column: number;
  readonly watermark: Rex;
}
/**
 * Groups. The result has the columns of `groups` (in their order), then one for each call. With several grouping sets
 * a column that is not in the set at hand is NULL; GROUPING and GROUPING_ID are calls whose operands are group columns.
 */
export interface Aggregate extends Step {
  readonly kind: 'aggregate';
  readonly input: Rel;
  /** Columns of the input. */
  readonly groups: readonly number[];
  /** Several sets, each a list of positions in `groups`; absent: one set with all. */
  readonly sets?: readonly (readonly number[])[];
  readonly calls: readonly AggregateCall[];
  /** What the hint STATE_TTL says, ms. */
  readonly ttlMs?: number;
  /** Carried out even where each row is a group of its own. */
  readonly kept?: true;
}
/**
 * The older group windows, `GROUP BY TUMBLE(ts, ...)`, and the windows of the Table API. The result has `groups`, the
 * calls, then for each of `properties` a column.
 */
export interface GroupWindowAggregate extends Step {
  readonly kind: 'groupWindowAggregate';
  readonly input: Rel;
  readonly window: WindowSpec;
  readonly groups: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly properties: readonly ('start' | 'end' | 'rowtime' | 'proctime')[];
}
/** Sizes in ms. `count` windows exist only in the Table API. */
export type WindowSpec = (
  | { readonly type: 'tumble'; readonly size: number; readonly offset?: number }
  | { readonly type: 'hop'; readonly size: number; readonly slide: number; readonly offset?: number }
  | { readonly type: 'cumulate'; readonly size: number; readonly step: number; readonly offset?: number }
  /** Columns within which sessions are made; a group window uses its groups. */
  | { readonly type: 'session'; readonly gap: number; readonly partitionBy?: readonly number[] }
  | { readonly type: 'count'; readonly size: number; readonly slide?: number }
) & {
  /** The column with the time. */
  readonly time: number;
};
/** `TABLE(TUMBLE(...))` and its kin: the input's columns, then window_start, window_end, window_time. */
export interface WindowTvf extends Step {
  readonly kind: 'windowTvf';
  readonly input: Rel;
  readonly window: WindowSpec;
}
export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
/**
 * The columns of both sides, the left ones first (semi and anti: the left ones only). What is on the outer side of a
 * join becomes nullable.
 */
export interface Join extends Step {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: Rel;
  readonly right: Rel;
  /** Over the columns of both. TRUE for a cross join. */
  readonly condition: Rex;
  /** What the hint STATE_TTL says of its sides, ms. */
  readonly ttlMs?: { readonly left?: number; readonly right?: number };
}
/** For each row of the left, the rows of the right, which may refer to it as `correlated` with this id. */
export interface Correlate extends Step {
  readonly kind: 'correlate';
  readonly type: 'inner' | 'left';
  readonly id: number;
  readonly left: Rel;
  readonly right: Rel;
}
/** The rows of a collection, or of a table function: its only expressions refer to a `correlated` row, or to none. */
export interface TableFunctionScan extends Step {
  readonly kind: 'tableFunction';
  /** `UNNEST`, or the name of a table function. */
  readonly function: string;
  readonly operands: readonly Rex[];
  /** UNNEST WITH ORDINALITY: a last column with the position, from 1. */
  readonly ordinality?: boolean;
}
/** The right side of `JOIN t FOR SYSTEM_TIME AS OF left.time`: always directly below a join or a correlate. */
export interface Snapshot extends Step {
  readonly kind: 'snapshot';
  readonly input: Rel;
  /** Refers to the left row as `correlated`. */
  readonly period: Rex;
  /** Where it was written. */
  readonly span?: Span;
}
export interface SetOperation extends Step {
  readonly kind: 'setOperation';
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly all: boolean;
  readonly inputs: readonly Rel[];
}
/** ORDER BY, OFFSET, LIMIT. Without keys the first rows that come. */
export interface Sort extends Step {
  readonly kind: 'sort';
  readonly input: Rel;
  readonly keys: readonly SortKey[];
  readonly offset?: number;
  readonly limit?: number;
}
/** The input's columns, then one for each call over the same window. Made from `over` expressions by a rewriting. */
export interface OverAggregate extends Step {
  readonly kind: 'overAggregate';
  readonly input: Rel;
  readonly partitionBy: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly frame: OverFrame;
  readonly calls: readonly AggregateCall[];
}
/** Top-N and deduplication. Made from ROW_NUMBER with a filter on it by a rewriting. */
export interface Rank extends Step {
  readonly kind: 'rank';
  readonly input: Rel;
  readonly partitionBy: readonly number[];
  readonly orderBy: readonly SortKey[];
  /** Ranks from 1, both included. */
  readonly from: number;
  readonly to: number;
  /** The column that says the last rank of each group, its first row for all; `to` is infinite then. */
  readonly toColumn?: number;
  /** Whether the rank is a last column. */
  readonly withNumber: boolean;
}
export interface Match extends Step {
  readonly kind: 'match';
  readonly input: Rel;
  readonly partitionBy: readonly number[];
  readonly orderBy: readonly SortKey[];
  readonly pattern: unknown;
  readonly define: readonly { readonly name: string; readonly condition: Rex }[];
  readonly measures: readonly { readonly name: string; readonly expression: Rex }[];
  readonly skip: { readonly to: 'next row' | 'past last row' | 'first' | 'last'; readonly variable?: string };
  readonly withinMs?: number;
  readonly subsets: readonly { readonly name: string; readonly members: readonly string[] }[];
}

/** A step of a logical plan: plain data, down to its inputs. */
export type Rel =
  | Scan
  | InlineScan
  | Values
  | Project
  | Filter
  | WatermarkAssigner
  | Aggregate
  | GroupWindowAggregate
  | WindowTvf
  | Join
  | Correlate
  | TableFunctionScan
  | Snapshot
  | SetOperation
  | Sort
  | OverAggregate
  | Rank
  | Match;

/** INSERT INTO: rows of the query, in the order and of the types of the table's columns, into the table. */
export interface SinkPlan {
  readonly kind: 'sink';
  readonly table: readonly [string, string, string];
  readonly input: Rel;
  readonly overwrite: boolean;
  readonly options?: Readonly<Record<string, string>>;
  /** INSERT INTO t PARTITION (a = 1), INSERT INTO t (b): what was named. */
  readonly columns?: readonly string[];
}
