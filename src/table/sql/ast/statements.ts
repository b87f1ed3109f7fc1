import type {
  Column,
  Constraint,
  Distribution,
  PartitionSpec,
  Property,
  TableElements,
  TableLike,
  Watermark,
} from './columns.js';
import type { Call, Expression } from './expressions.js';
import type { Identifier, Name } from './names.js';
import type { ExtendColumn, FromItem, Hint, Query, ValuesRow } from './queries.js';
import type {
  AlterScope,
  ClientCommand,
  Jar,
  LoadModule,
  ResetOption,
  SetOption,
  StopJob,
  UnloadModule,
  Use,
} from './session.js';
import type { Node } from './span.js';

// ---- CREATE -------------------------------------------------------------------------------------------------------

interface Create extends Node {
  readonly orReplace: boolean;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly comment?: string;
}
export interface CreateTable extends Create, TableElements {
  readonly kind: 'createTable';
  /** Whether there were parentheses at all. */
  readonly hasElements: boolean;
  readonly distribution?: Distribution;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly Property[];
  readonly like?: TableLike;
  readonly query?: Query;
  /** `REPLACE TABLE ... AS`. */
  readonly replace?: true;
}
export interface CreateMaterializedTable extends Node {
  readonly kind: 'createMaterializedTable';
  readonly name: Name;
  readonly constraint?: Constraint;
  readonly comment?: string;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly Property[];
  readonly freshness: Expression;
  readonly refreshMode?: 'FULL' | 'CONTINUOUS';
  readonly query: Query;
}
export interface CreateView extends Create {
  readonly kind: 'createView';
  readonly columns?: readonly Identifier[];
  readonly query: Query;
}
export type FunctionLanguage = 'JAVA' | 'SCALA' | 'SQL' | 'PYTHON';
export interface CreateFunction extends Create {
  readonly kind: 'createFunction';
  readonly system: boolean;
  readonly className: string;
  readonly language?: FunctionLanguage;
  readonly jars: readonly string[];
}
export interface CreateDatabase extends Create {
  readonly kind: 'createDatabase';
  readonly options: readonly Property[];
}
export interface CreateCatalog extends Create {
  readonly kind: 'createCatalog';
  readonly options: readonly Property[];
}
export interface CreateModel extends Create {
  readonly kind: 'createModel';
  readonly input?: TableElements;
  readonly output?: TableElements;
  readonly options: readonly Property[];
  readonly query?: Query;
}

// ---- DROP, ALTER --------------------------------------------------------------------------------------------------

export interface Drop extends Node {
  readonly kind: 'drop';
  readonly object: 'TABLE' | 'MATERIALIZED TABLE' | 'VIEW' | 'FUNCTION' | 'DATABASE' | 'CATALOG' | 'MODEL';
  readonly temporary: boolean;
  /** DROP TEMPORARY SYSTEM FUNCTION. */
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly name: Name;
  readonly behaviour?: 'RESTRICT' | 'CASCADE';
}

export interface ColumnChange extends Node {
  readonly kind: 'columnChange';
  readonly column: Column;
  readonly first?: true;
  readonly after?: Name;
}
export type TableChange = ColumnChange | Constraint | Watermark | Distribution;
export type AlterTableAction =
  | { readonly action: 'rename'; readonly to: Name }
  | { readonly action: 'renameColumn'; readonly from: Name; readonly to: Name }
  | { readonly action: 'set'; readonly options: readonly Property[] }
  | { readonly action: 'reset'; readonly keys: readonly string[] }
  | { readonly action: 'add' | 'modify'; readonly changes: readonly TableChange[] }
  | { readonly action: 'dropColumns'; readonly columns: readonly Name[] }
  | { readonly action: 'dropPrimaryKey' | 'dropDistribution' | 'dropWatermark' }
  | { readonly action: 'dropConstraint'; readonly name: Identifier }
  | {
      readonly action: 'addPartitions';
      readonly ifNotExists: boolean;
      readonly partitions: readonly { readonly spec: PartitionSpec; readonly options?: readonly Property[] }[];
    }
  | { readonly action: 'dropPartitions'; readonly ifExists: boolean; readonly partitions: readonly PartitionSpec[] }
  | { readonly action: 'compact'; readonly partition?: PartitionSpec };
export interface AlterTable extends Node {
  readonly kind: 'alterTable';
  readonly ifExists: boolean;
  readonly name: Name;
  readonly change: AlterTableAction;
}
export type AlterMaterializedTableAction =
  | { readonly action: 'suspend' }
  | { readonly action: 'resume'; readonly options?: readonly Property[] }
  | { readonly action: 'refresh'; readonly partition?: PartitionSpec }
  | { readonly action: 'freshness'; readonly freshness: Expression }
  | { readonly action: 'refreshMode'; readonly mode: 'FULL' | 'CONTINUOUS' }
  | { readonly action: 'set'; readonly options: readonly Property[] }
  | { readonly action: 'reset'; readonly keys: readonly string[] };
export interface AlterMaterializedTable extends Node {
  readonly kind: 'alterMaterializedTable';
  readonly name: Name;
  readonly change: AlterMaterializedTableAction;
}
export interface AlterView extends Node {
  readonly kind: 'alterView';
  readonly name: Name;
  readonly to?: Name;
  readonly query?: Query;
}
export interface AlterFunction extends Node {
  readonly kind: 'alterFunction';
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly name: Name;
  readonly className: string;
  readonly language?: FunctionLanguage;
}
export interface AlterDatabase extends Node {
  readonly kind: 'alterDatabase';
  readonly name: Name;
  readonly options: readonly Property[];
}
export interface AlterCatalog extends Node {
  readonly kind: 'alterCatalog';
  readonly name: Identifier;
  readonly options?: readonly Property[];
  readonly keys?: readonly string[];
  readonly comment?: string;
}
export interface AlterModel extends Node {
  readonly kind: 'alterModel';
  readonly ifExists: boolean;
  readonly name: Name;
  readonly to?: Name;
  readonly options?: readonly Property[];
}

// ---- SHOW, DESCRIBE, EXPLAIN --------------------------------------------------------------------------------------

export interface LikeFilter {
  readonly negated: boolean;
  readonly operator: 'LIKE' | 'ILIKE';
  readonly pattern: string;
}
export interface Show extends Node {
  readonly kind: 'show';
  readonly what:
    | 'CATALOGS'
    | 'CURRENT CATALOG'
    | 'CURRENT DATABASE'
    | 'DATABASES'
    | 'TABLES'
    | 'VIEWS'
    | 'COLUMNS'
    | 'FUNCTIONS'
    | 'USER FUNCTIONS'
    | 'PROCEDURES'
    | 'MODULES'
    | 'FULL MODULES'
    | 'MODELS'
    | 'JARS'
    | 'JOBS'
    | 'PARTITIONS';
  readonly preposition?: 'FROM' | 'IN';
  /** The database, the catalog, the table of COLUMNS and PARTITIONS. */
  readonly of?: Name;
  readonly like?: LikeFilter;
  readonly partition?: PartitionSpec;
}
export interface ShowCreate extends Node {
  readonly kind: 'showCreate';
  readonly object: 'TABLE' | 'VIEW' | 'CATALOG' | 'MODEL';
  readonly name: Name;
}
export interface Describe extends Node {
  readonly kind: 'describe';
  readonly object?: 'TABLE' | 'CATALOG' | 'DATABASE' | 'SCHEMA' | 'MODEL';
  readonly extended: boolean;
  readonly name: Name;
  readonly column?: Identifier;
}
export interface DescribeJob extends Node {
  readonly kind: 'describeJob';
  readonly job: string;
}
export type ExplainDetail = 'ESTIMATED_COST' | 'CHANGELOG_MODE' | 'JSON_EXECUTION_PLAN' | 'PLAN_ADVICE';
export interface Explain extends Node {
  readonly kind: 'explain';
  readonly details: readonly ExplainDetail[];
  /** `EXPLAIN PLAN FOR`. */
  readonly planFor: boolean;
  readonly statement: Query | Insert | StatementSet;
}
/** The forms Flink's parser has from Calcite: `EXPLAIN PLAN WITH TYPE FOR`, `DESCRIBE SELECT`. Flink runs none. */
export interface CalciteExplain extends Node {
  readonly kind: 'calciteExplain';
  readonly text: string;
  readonly statement: Statement;
}

// ---- data ---------------------------------------------------------------------------------------------------------

export interface Insert extends Node {
  readonly kind: 'insert';
  readonly verb: 'INSERT' | 'UPSERT';
  readonly overwrite: boolean;
  readonly table: Name;
  readonly hints: readonly Hint[];
  readonly extend?: readonly ExtendColumn[];
  readonly partition?: PartitionSpec;
  readonly columns?: readonly Name[];
  readonly query: Query;
}
export interface StatementSet extends Node {
  readonly kind: 'statementSet';
  readonly inserts: readonly Insert[];
}
/** `BEGIN STATEMENT SET` on its own; the inserts follow as statements of their own, then END. */
export interface BeginStatementSet extends Node {
  readonly kind: 'beginStatementSet';
}
export interface EndStatementSet extends Node {
  readonly kind: 'endStatementSet';
}
export interface Execute extends Node {
  readonly kind: 'execute';
  readonly statement: Query | Insert | StatementSet;
}
export interface ExecutePlan extends Node {
  readonly kind: 'executePlan';
  readonly file: string;
}
export interface CompilePlan extends Node {
  readonly kind: 'compilePlan';
  readonly execute: boolean;
  readonly file: string;
  readonly ifNotExists: boolean;
  readonly statement: Insert | StatementSet;
}
interface Target {
  readonly table: Name;
  readonly hints: readonly Hint[];
  readonly extend?: readonly ExtendColumn[];
  readonly alias?: Identifier;
}
export interface Delete extends Node, Target {
  readonly kind: 'delete';
  readonly where?: Expression;
}
export interface Assignment<N = Identifier> {
  readonly column: N;
  readonly value: Expression;
}
export interface Update extends Node, Target {
  readonly kind: 'update';
  readonly assignments: readonly Assignment[];
  readonly where?: Expression;
}
export interface Merge extends Node, Target {
  readonly kind: 'merge';
  readonly source: FromItem;
  readonly on: Expression;
  readonly whenMatched?: readonly Assignment<Name>[];
  readonly whenNotMatched?: { readonly columns?: readonly Identifier[]; readonly row: ValuesRow };
}
export interface Truncate extends Node {
  readonly kind: 'truncate';
  readonly table: Name;
}
export interface CallProcedure extends Node {
  readonly kind: 'callProcedure';
  readonly call: Call;
}
export interface Analyze extends Node {
  readonly kind: 'analyze';
  readonly table: Name;
  readonly partition?: PartitionSpec;
  readonly columns?: 'ALL' | readonly Identifier[];
}

export type Statement =
  | Query
  | CreateTable
  | CreateMaterializedTable
  | CreateView
  | CreateFunction
  | CreateDatabase
  | CreateCatalog
  | CreateModel
  | Drop
  | AlterTable
  | AlterMaterializedTable
  | AlterView
  | AlterFunction
  | AlterDatabase
  | AlterCatalog
  | AlterModel
  | AlterScope
  | Show
  | ShowCreate
  | Describe
  | DescribeJob
  | Explain
  | CalciteExplain
  | Insert
  | StatementSet
  | BeginStatementSet
  | EndStatementSet
  | Execute
  | ExecutePlan
  | CompilePlan
  | Delete
  | Update
  | Merge
  | Truncate
  | CallProcedure
  | Analyze
  | SetOption
  | ResetOption
  | ClientCommand
  | Use
  | LoadModule
  | UnloadModule
  | Jar
  | StopJob;
