import type { CatalogObject, ObjectPath } from '../catalog/index.js';
import { NotImplementedError, ValidationError } from '../errors.js';
import type { CallSite } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import type { Expression, FromItem, Identifier, Query, TableName, WindowSpecification } from '../sql/ast/index.js';
import type { Node, Span } from '../sql/ast/span.js';
import type { Aggregates } from './aggregates.js';
import type { BindContext } from './context.js';
import type { FromResult } from './from.js';
import type { Scope } from './scope.js';

/** A query whose names are known: its rows, and what its columns are called (the same name may come twice). */
export interface BoundQuery {
  readonly rel: Rel;
  readonly names: readonly string[];
}

/** The parts of the binder that know each other only through this, as a query holds expressions and these hold queries. */
export interface Rules {
  expression(node: Expression, env: ExpressionEnv): Rex;
  query(query: Query, env: QueryEnv, top?: boolean): BoundQuery;
  from(item: FromItem, env: QueryEnv): FromResult;
  tableByName(parts: readonly string[], item: TableName, env: QueryEnv): FromResult;
  underAlias(
    made: FromResult,
    input: FromItem,
    alias: Identifier,
    columns: readonly Identifier[] | undefined,
    env: QueryEnv,
  ): FromResult;
}

/** What one text is bound with. */
export class Binder {
  readonly rules: Rules;
  readonly context: BindContext;
  /** Where one-part names are looked up, if not in the current database: those of a view. */
  readonly home: readonly [string, string] | undefined;
  /** Which column of the text stands behind a column of the plan, for errors. */
  readonly origins = new WeakMap<Rex, Expression>();
  /** Views that are being expanded, outermost first. */
  readonly views: readonly string[];
  /** Whether it is an expression alone that is bound: a computed column, a watermark. */
  readonly alone: boolean;
  readonly #ids: { next: number };

  constructor(
    rules: Rules,
    context: BindContext,
    more: {
      readonly home?: readonly [string, string];
      readonly within?: Binder;
      readonly view?: string;
      readonly alone?: boolean;
    } = {},
  ) {
    this.rules = rules;
    this.context = context;
    this.home = more.home;
    this.alone = more.alone ?? false;
    this.#ids = more.within === undefined ? { next: 0 } : more.within.#ids;
    this.views = [...(more.within?.views ?? []), ...(more.view === undefined ? [] : [more.view])];
  }

  nextCorrelation(): number {
    return this.#ids.next++;
  }
  path(parts: readonly string[], span?: Span): ObjectPath {
    const { catalog, sql } = this.context;
    const [home, database] = this.home ?? [catalog.currentCatalog, catalog.currentDatabase];
    if (parts.length === 1) return [home, database, parts[0] as string];
    if (parts.length === 2) return [home, parts[0] as string, parts[1] as string];
    return catalog.path(parts, span === undefined ? {} : { span, sql });
  }
  object(parts: readonly string[], span: Span): CatalogObject {
    const { catalog, sql } = this.context;
    const found = catalog.find(this.path(parts, span));
    return (
      found ?? catalog.resolve(parts.length === 3 || this.home === undefined ? parts : this.path(parts), { span, sql })
    );
  }
  site({ span }: { readonly span: Span }): CallSite {
    const { sql, catalog, typesOnly = false } = this.context;
    return { span, sql, functions: catalog.functions, typesOnly };
  }
  invalid(message: string, node: { readonly span: Span }, hint?: string): ValidationError {
    const { sql } = this.context;
    return new ValidationError(message, { span: node.span, sql, ...(hint === undefined ? {} : { hint }) });
  }
  /** What Flink's parser takes and nobody carries out. */
  refused(what: string, node: { readonly span: Span }, hint?: string): ValidationError {
    return this.invalid(`${what} is not supported: Flink 1.20 does not carry it out either`, node, hint);
  }
  missing(what: string, node: Node, hint?: string): NotImplementedError {
    const { sql } = this.context;
    return new NotImplementedError(what, { span: node.span, sql, ...(hint === undefined ? {} : { hint }) });
  }
}

/** What surrounds a query. */
export interface QueryEnv {
  readonly binder: Binder;
  /** The rows outside: of the query this one is a subquery of, or of the tables before it. */
  readonly outer?: Scope;
  /** The tables of WITH. */
  readonly commonTables: ReadonlyMap<string, BoundQuery>;
  /** How long state of a table is kept, by the hint STATE_TTL of the SELECT around it, ms. */
  readonly ttls?: ReadonlyMap<string, number>;
}

/** What surrounds an expression. */
export interface ExpressionEnv extends QueryEnv {
  readonly scope: Scope;
  /** In which clause it stands: `WHERE`, for messages. */
  readonly clause: string;
  /** Where aggregates go. Absent: there may be none. */
  readonly aggregates?: Aggregates;
  /** Whether it stands within the operands of an aggregate. */
  readonly inAggregate?: boolean;
  /** The aggregate or function that it is an operand of, for messages. */
  readonly outerCall?: Expression;
  /** Whether it stands within an OVER call. */
  readonly inOver?: boolean;
  /** Whether OVER may be used. */
  readonly over?: boolean;
  readonly windows?: ReadonlyMap<string, WindowSpecification>;
  /** ORDER BY: aliases of the SELECT list, which come before columns. */
  readonly aliases?: ReadonlyMap<string, Expression>;
  /** Several grouping sets: every column may be NULL. */
  readonly nullable?: boolean;
  /** MATCH_RECOGNIZE: names of its variables. */
  readonly pattern?: PatternEnv;
}

/** How columns and functions are read in MATCH_RECOGNIZE. */
export interface PatternEnv {
  readonly variables: ReadonlySet<string>;
  call(expression: Expression, env: ExpressionEnv): Rex | undefined;
}

/** The same columns under their names, as a step gives them. */
export function namesOf(fields: readonly PlanField[]): string[] {
  return fields.map(({ name }) => name);
}
