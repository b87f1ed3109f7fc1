import type { IntervalQualifier, Literal, StringLiteral } from './literals.js';
import type { Identifier, Name } from './names.js';
import type { OrderItem, Query, WindowSpecification } from './queries.js';
import type { Node } from './span.js';
import type { DataType } from './types.js';

/** A column, a column of a table, a field of a column: which of these, only the binder can say. */
export interface ColumnReference extends Node {
  readonly kind: 'column';
  readonly parts: readonly Identifier[];
}
/** `*` or `t.*`. */
export interface Star extends Node {
  readonly kind: 'star';
  readonly qualifier: readonly Identifier[];
}
/** `?`: the first is 0. */
export interface Parameter extends Node {
  readonly kind: 'parameter';
  readonly index: number;
}
export interface PrefixExpression extends Node {
  readonly kind: 'prefix';
  readonly operator: '+' | '-' | 'NOT' | 'EXISTS' | 'UNIQUE';
  readonly operand: Expression;
}
/** `IS NULL`, `IS NOT JSON OBJECT`, `FORMAT JSON` ... after an operand; the operator in upper case, single blanks. */
export interface PostfixExpression extends Node {
  readonly kind: 'postfix';
  readonly operator: string;
  readonly operand: Expression;
}
/** `a + b`, `a AND b`, `a IS NOT DISTINCT FROM b`, `a MULTISET UNION ALL b`; upper case, single blanks. */
export interface BinaryExpression extends Node {
  readonly kind: 'binary-operation';
  readonly operator: string;
  readonly operatorSpan: Node['span'];
  readonly left: Expression;
  readonly right: Expression;
}
export interface BetweenExpression extends Node {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly symmetric: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}
/** `a IN (1, 2)` or `a IN (SELECT ...)`: then `values` is one subquery. */
export interface InExpression extends Node {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly values: readonly Expression[];
}
/** `a > ALL (SELECT ...)`; SOME and ANY are the same. */
export interface QuantifiedExpression extends Node {
  readonly kind: 'quantified';
  readonly operator: string;
  readonly quantifier: 'SOME' | 'ALL';
  readonly operand: Expression;
  readonly values: readonly Expression[];
}
export interface LikeExpression extends Node {
  readonly kind: 'like';
  readonly operator: 'LIKE' | 'ILIKE' | 'RLIKE' | 'SIMILAR TO';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression;
}
export interface WhenClause extends Node {
  readonly kind: 'when';
  /** More than one only after `CASE x`: `WHEN 1, 2 THEN`. */
  readonly conditions: readonly Expression[];
  readonly result: Expression;
}
export interface CaseExpression extends Node {
  readonly kind: 'case';
  readonly operand?: Expression;
  readonly whens: readonly WhenClause[];
  readonly otherwise?: Expression;
}
export interface CastExpression extends Node {
  readonly kind: 'cast';
  readonly function: 'CAST' | 'TRY_CAST';
  readonly operand: Expression;
  readonly type: DataType;
}
/** `ROW(1, 2)`, or `(1, 2)` without the word. */
export interface RowExpression extends Node {
  readonly kind: 'row';
  readonly explicit: boolean;
  readonly values: readonly Expression[];
}
/** `ARRAY[1, 2]`, `MULTISET[1]`, `MAP['k', 1]`: a map's keys and values take turns. */
export interface CollectionExpression extends Node {
  readonly kind: 'collection';
  readonly collection: 'ARRAY' | 'MULTISET' | 'MAP';
  readonly values: readonly Expression[];
}
/** `ARRAY(SELECT ...)`, `MULTISET(SELECT ...)`, `MAP(SELECT ...)`. */
export interface CollectionQuery extends Node {
  readonly kind: 'collectionQuery';
  readonly collection: 'ARRAY' | 'MULTISET' | 'MAP';
  readonly query: Query;
}
export interface PeriodExpression extends Node {
  readonly kind: 'period';
  readonly start: Expression;
  readonly end: Expression;
}
/** `a[1]`, `m['k']`. */
export interface ItemExpression extends Node {
  readonly kind: 'item';
  readonly collection: Expression;
  readonly index: Expression;
}
/** `f(x).a`, `(r).a`, `a[1].b`; plain `a.b` is a column reference. */
export interface FieldExpression extends Node {
  readonly kind: 'field';
  readonly operand: Expression;
  readonly field: Identifier;
}
/** `(r).f(1)`. */
export interface MethodExpression extends Node {
  readonly kind: 'method';
  readonly operand: Expression;
  readonly call: Call;
}
/** A query between parentheses, where an expression may stand. */
export interface Subquery extends Node {
  readonly kind: 'subquery';
  readonly query: Query;
}
/** `INTERVAL x DAY`, `INTERVAL (a + b) HOUR`; with quotes it is a literal. */
export interface IntervalExpression extends Node {
  readonly kind: 'intervalExpression';
  readonly sign: 1 | -1;
  readonly operand: Expression;
  readonly qualifier: IntervalQualifier;
}
/** `(a - b) DAY TO SECOND`. */
export interface DifferenceInterval extends Node {
  readonly kind: 'differenceInterval';
  readonly operand: Expression;
  readonly qualifier: IntervalQualifier;
}
/** `NEXT VALUE FOR s`. */
export interface SequenceExpression extends Node {
  readonly kind: 'sequence';
  readonly which: 'NEXT' | 'CURRENT';
  readonly name: Name;
}
export interface NewExpression extends Node {
  readonly kind: 'new';
  readonly call: Call;
}
export interface CursorExpression extends Node {
  readonly kind: 'cursor';
  readonly query: Query;
}
/** `{fn F(1)}`, the older spelling of ODBC; `type` is the type that CONVERT takes. */
export interface OdbcCall extends Node {
  readonly kind: 'odbc';
  readonly call: Call;
  readonly type?: string;
}
/** `FINAL SUM(x)`, `RUNNING LAST(A.x)` in MATCH_RECOGNIZE. */
export interface RunningExpression extends Node {
  readonly kind: 'running';
  readonly mode: 'RUNNING' | 'FINAL';
  readonly call: Expression;
}

/** `name => value`. */
export interface NamedArgument extends Node {
  readonly kind: 'namedArgument';
  readonly name: Identifier;
  readonly value: Argument;
}
/** `TABLE t`, `TABLE t PARTITION BY a ORDER BY b`. */
export interface TableArgument extends Node {
  readonly kind: 'tableArgument';
  readonly table: Name;
  readonly partitionBy: readonly Identifier[];
  readonly orderBy: readonly OrderItem[];
}
/** A query or an expression with `PARTITION BY a ORDER BY b` after it. */
export interface PartitionedArgument extends Node {
  readonly kind: 'partitionedArgument';
  readonly input: Expression;
  readonly partitionBy: readonly Identifier[];
  readonly orderBy: readonly OrderItem[];
}
export interface DefaultValue extends Node {
  readonly kind: 'default';
}
export type Argument = Expression | NamedArgument | TableArgument | PartitionedArgument | DefaultValue;

/** What may follow a call's arguments, and what may stand among them. */
export interface CallClauses {
  readonly quantifier?: 'ALL' | 'DISTINCT';
  /** `EXTRACT(HOUR FROM x)`, `FLOOR(x TO DAY)`, `TIMESTAMPADD(DAY, 1, x)`: the unit. */
  readonly unit?: string;
  /** `TRIM(BOTH 'x' FROM s)`: what to take away, and where; the string is the argument. */
  readonly trim?: { readonly side: 'BOTH' | 'LEADING' | 'TRAILING'; readonly characters?: Expression };
  /** `CONVERT(x USING name)`, `TRANSLATE(x USING name)`. */
  readonly using?: Identifier;
  /** Within the parentheses: STRING_AGG and its kin, JSON_ARRAYAGG. */
  readonly orderBy?: readonly OrderItem[];
  readonly separator?: StringLiteral;
  readonly nulls?: 'IGNORE' | 'RESPECT';
  readonly withinDistinct?: readonly Expression[];
  readonly withinGroup?: readonly OrderItem[];
  readonly filter?: Expression;
  readonly over?: Identifier | WindowSpecification;
  readonly json?: JsonClauses;
}

/** The clauses of the JSON functions. */
export interface JsonClauses {
  readonly passing?: readonly { readonly value: Expression; readonly name: Identifier }[];
  readonly returning?: DataType;
  readonly wrapper?: 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL';
  readonly onEmpty?: JsonBehaviour;
  readonly onError?: JsonBehaviour;
  /** JSON_OBJECT, JSON_OBJECTAGG: the arguments are keys and values in turn; a `:` between them instead of VALUE. */
  readonly nulls?: 'NULL' | 'ABSENT';
}
export interface JsonBehaviour {
  readonly what: 'ERROR' | 'NULL' | 'DEFAULT' | 'EMPTY ARRAY' | 'EMPTY OBJECT' | 'TRUE' | 'FALSE' | 'UNKNOWN';
  readonly value?: Expression;
}

/** Every call: `name` in upper case where it is a reserved word, as written otherwise. */
export interface Call extends Node, CallClauses {
  readonly kind: 'call';
  readonly name: Name;
  /** Written as a word alone: CURRENT_DATE. */
  readonly bare?: true;
  /** `SPECIFIC f(x)`. */
  readonly specific?: true;
  readonly arguments: readonly Argument[];
}

export type Expression =
  | Literal
  | ColumnReference
  | Star
  | Parameter
  | PrefixExpression
  | PostfixExpression
  | BinaryExpression
  | BetweenExpression
  | InExpression
  | QuantifiedExpression
  | LikeExpression
  | CaseExpression
  | CastExpression
  | RowExpression
  | CollectionExpression
  | CollectionQuery
  | PeriodExpression
  | ItemExpression
  | FieldExpression
  | MethodExpression
  | Subquery
  | IntervalExpression
  | DifferenceInterval
  | SequenceExpression
  | NewExpression
  | CursorExpression
  | OdbcCall
  | RunningExpression
  | Call;
