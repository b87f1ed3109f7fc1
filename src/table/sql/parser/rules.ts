import type {
  Argument,
  DataType,
  Expression,
  FromItem,
  Identifier,
  OrderItem,
  Query,
  Statement,
  WindowSpecification,
} from '../ast/index.js';
import type { Cursor } from './cursor.js';

/**
 * What may stand where an expression is wanted, after Calcite's contexts of the same names: a query alone (`query`),
 * a query or joined tables (`queryOrJoin`), no query at all (`nonQuery`), a query only between parentheses
 * (`subQuery`), anything (`nonCursor`), anything and CURSOR (`cursor` for the arguments of a table function, `all`).
 */
export type Context = 'query' | 'queryOrJoin' | 'nonQuery' | 'subQuery' | 'nonCursor' | 'cursor' | 'all';

/** The rules that call each other in circles; each family of statements is a file that knows the others through this. */
export interface Rules {
  expression(p: Cursor, context: Context): Expression;
  /** A primary expression without operators: literals, calls, names. */
  atom(p: Cursor): Expression;
  /** A query, or where the context allows it an expression; with ORDER BY, LIMIT and so on. */
  queryOrExpression(p: Cursor, context: Context): Query | Expression;
  query(p: Cursor): Query;
  /** Without ORDER BY, LIMIT and so on. */
  bareQuery(p: Cursor): Query;
  /** `(SELECT ...)`, as WITH takes it. */
  queryInParentheses(p: Cursor): Query;
  from(p: Cursor): FromItem;
  dataType(p: Cursor): DataType;
  window(p: Cursor): WindowSpecification;
  over(p: Cursor): Identifier | WindowSpecification;
  orderBy(p: Cursor): OrderItem[];
  orderItems(p: Cursor): OrderItem[];
  arguments(p: Cursor, context: Context): Argument[];
  namedCall(p: Cursor): Expression;
  statement(p: Cursor): Statement;
}
