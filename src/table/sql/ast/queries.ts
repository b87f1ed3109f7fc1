import type { Argument, DefaultValue, Expression, Parameter } from './expressions.js';
import type { IntervalLiteral, NumberLiteral, SignedNumber, StringLiteral } from './literals.js';
import type { Identifier, Name } from './names.js';
import type { Node, Span } from './span.js';
import type { DataType } from './types.js';

export interface OrderItem extends Node {
  readonly kind: 'orderItem';
  readonly expression: Expression;
  readonly direction?: 'ASC' | 'DESC';
  readonly nulls?: 'FIRST' | 'LAST';
}
export interface FrameBound extends Node {
  readonly kind: 'frameBound';
  readonly bound: 'CURRENT ROW' | 'UNBOUNDED PRECEDING' | 'UNBOUNDED FOLLOWING' | 'PRECEDING' | 'FOLLOWING';
  /** With PRECEDING and FOLLOWING. */
  readonly distance?: Expression;
}
export interface WindowFrame extends Node {
  readonly kind: 'frame';
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: FrameBound;
  /** With BETWEEN. */
  readonly end?: FrameBound;
}
/** What stands between the parentheses of OVER ( ) and of WINDOW w AS ( ). */
export interface WindowSpecification extends Node {
  readonly kind: 'window';
  /** Another window that this one refines. */
  readonly base?: Identifier;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: WindowFrame;
  readonly allowPartial?: boolean;
}

/** `OPTIONS('k' = 'v')`, `BROADCAST(t)`, `LOOKUP(3)`. */
export interface Hint extends Node {
  readonly kind: 'hint';
  readonly name: Identifier;
  readonly options?: readonly { readonly key: string; readonly value: string; readonly span: Span }[];
  readonly names?: readonly Identifier[];
  readonly literals?: readonly (StringLiteral | NumberLiteral | SignedNumber)[];
}

export interface SelectItem extends Node {
  readonly kind: 'selectItem';
  readonly expression: Expression;
  readonly alias?: Identifier;
}
export interface GroupingSets extends Node {
  readonly kind: 'groupingSets';
  readonly elements: readonly GroupingElement[];
}
export interface RollupOrCube extends Node {
  readonly kind: 'rollup' | 'cube';
  readonly expressions: readonly Expression[];
}
/** `()`. */
export interface EmptyGroup extends Node {
  readonly kind: 'emptyGroup';
}
export type GroupingElement = Expression | GroupingSets | RollupOrCube | EmptyGroup;

export interface Select extends Node {
  readonly kind: 'select';
  readonly hints: readonly Hint[];
  readonly stream?: true;
  readonly quantifier?: 'ALL' | 'DISTINCT';
  readonly items: readonly SelectItem[];
  readonly from?: FromItem;
  readonly where?: Expression;
  readonly groupBy?: {
    readonly quantifier?: 'ALL' | 'DISTINCT';
    readonly elements: readonly GroupingElement[];
    readonly span: Span;
  };
  readonly having?: Expression;
  readonly windows: readonly { readonly name: Identifier; readonly window: WindowSpecification }[];
}
/** A row of VALUES; `(1)` and `1` are the same row. DEFAULT stands only in INSERT. */
export interface ValuesRow extends Node {
  readonly kind: 'valuesRow';
  readonly values: readonly (Expression | DefaultValue)[];
}
export interface Values extends Node {
  readonly kind: 'values';
  readonly rows: readonly ValuesRow[];
}
/** `TABLE t`. */
export interface TableQuery extends Node {
  readonly kind: 'tableQuery';
  readonly table: Name;
}
export interface SetOperation extends Node {
  readonly kind: 'setOperation';
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly quantifier?: 'ALL' | 'DISTINCT';
  readonly left: Query;
  readonly right: Query;
}
export interface CommonTable extends Node {
  readonly kind: 'commonTable';
  readonly name: Identifier;
  readonly columns?: readonly Identifier[];
  readonly query: Query;
}
export interface With extends Node {
  readonly kind: 'with';
  readonly tables: readonly CommonTable[];
  readonly query: Query;
}
/** A query with ORDER BY, OFFSET, LIMIT or FETCH after it. */
export interface OrderedQuery extends Node {
  readonly kind: 'ordered';
  readonly query: Query;
  readonly orderBy: readonly OrderItem[];
  readonly offset?: RowCount;
  /** `LIMIT n` and `FETCH NEXT n ROWS ONLY` mean the same. */
  readonly limit?: RowCount;
}
export type RowCount = NumberLiteral | Parameter;
export type Query = Select | Values | TableQuery | SetOperation | With | OrderedQuery;

export interface ExtendColumn extends Node {
  readonly kind: 'extendColumn';
  readonly name: Name;
  readonly type: DataType;
  readonly notNull?: true;
}
/** A table by its name. */
export interface TableName extends Node {
  readonly kind: 'table';
  readonly name: Name;
  readonly hints: readonly Hint[];
  /** `t EXTEND (c INT)` and `t (c INT)`: parsed, and carried out by nobody. */
  readonly extend?: readonly ExtendColumn[];
  /** `FOR SYSTEM_TIME AS OF x`. */
  readonly systemTime?: Expression;
}
export interface DerivedTable extends Node {
  readonly kind: 'derived';
  readonly lateral: boolean;
  readonly query: Query;
}
export interface Unnest extends Node {
  readonly kind: 'unnest';
  readonly values: readonly Expression[];
  readonly ordinality: boolean;
}
/** `TABLE(f(...))`, `LATERAL TABLE(f(...))`. */
export interface TableFunction extends Node {
  readonly kind: 'tableFunction';
  readonly lateral: boolean;
  readonly specific?: true;
  readonly name: Name;
  readonly arguments: readonly Argument[];
}
export interface AliasedTable extends Node {
  readonly kind: 'aliased';
  readonly input: FromItem;
  readonly alias: Identifier;
  readonly columns?: readonly Identifier[];
}
export interface Join extends Node {
  readonly kind: 'join';
  readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'COMMA';
  readonly natural: boolean;
  readonly left: FromItem;
  readonly right: FromItem;
  readonly on?: Expression;
  readonly using?: readonly Identifier[];
}
export interface Sample extends Node {
  readonly kind: 'sample';
  readonly input: FromItem;
  readonly method: 'BERNOULLI' | 'SYSTEM' | 'SUBSTITUTE';
  readonly percentage?: NumberLiteral;
  readonly name?: StringLiteral;
  readonly seed?: number;
}
export interface Pivot extends Node {
  readonly kind: 'pivot';
  readonly input: FromItem;
  readonly aggregates: readonly { readonly call: Expression; readonly alias?: Identifier }[];
  readonly axes: readonly Identifier[];
  readonly values: readonly { readonly row: ValuesRow; readonly alias?: Identifier }[];
}
export interface Unpivot extends Node {
  readonly kind: 'unpivot';
  readonly input: FromItem;
  readonly nulls?: 'INCLUDE' | 'EXCLUDE';
  readonly measures: readonly Identifier[];
  readonly axes: readonly Identifier[];
  readonly values: readonly { readonly columns: readonly Identifier[]; readonly row?: ValuesRow }[];
}
export interface MatchRecognize extends Node {
  readonly kind: 'matchRecognize';
  readonly input: FromItem;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly measures: readonly { readonly expression: Expression; readonly alias: Identifier }[];
  readonly rowsPerMatch?: 'ONE ROW' | 'ALL ROWS';
  readonly afterMatch?: AfterMatch;
  readonly strictStart: boolean;
  readonly strictEnd: boolean;
  readonly pattern: RowPattern;
  readonly within?: IntervalLiteral;
  readonly subsets: readonly { readonly name: Identifier; readonly members: readonly Expression[] }[];
  readonly define: readonly { readonly name: Identifier; readonly condition: Expression }[];
}
export interface AfterMatch extends Node {
  readonly kind: 'afterMatch';
  readonly skip: 'TO NEXT ROW' | 'PAST LAST ROW' | 'TO FIRST' | 'TO LAST';
  readonly variable?: Identifier;
}
export type RowPattern =
  | (Node & { readonly kind: 'patternVariable'; readonly name: Identifier })
  | (Node & { readonly kind: 'patternSequence'; readonly parts: readonly RowPattern[] })
  | (Node & { readonly kind: 'patternAlternatives'; readonly parts: readonly RowPattern[] })
  | (Node & { readonly kind: 'patternPermutation'; readonly parts: readonly RowPattern[] })
  /** `{- A B -}`. */
  | (Node & { readonly kind: 'patternExclusion'; readonly pattern: RowPattern })
  | (Node & {
      readonly kind: 'patternQuantifier';
      readonly pattern: RowPattern;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly reluctant: boolean;
    });

export type FromItem =
  | TableName
  | DerivedTable
  | Unnest
  | TableFunction
  | AliasedTable
  | Join
  | Sample
  | Pivot
  | Unpivot
  | MatchRecognize;
