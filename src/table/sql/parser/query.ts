import type {
  CommonTable,
  Expression,
  OrderedQuery,
  Parameter,
  Query,
  RowCount,
  SetOperation,
  With,
} from '../ast/index.js';
import { spanTo } from '../ast/span.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { unsignedNumber } from './literals.js';
import { startsExpression } from './lookahead.js';
import { identifier, identifierList, name } from './names.js';
import { isQuery } from './query-nodes.js';
import type { Context } from './rules.js';
import { select, valuesRow } from './select.js';
import { orderBy } from './windows.js';

const NO_QUERIES: readonly Context[] = ['nonQuery', 'subQuery', 'cursor'];

/** A query without parentheses stands where none may. */
function checkQueryAllowed(p: Cursor, context: Context): void {
  if (NO_QUERIES.includes(context)) {
    p.refuse(
      p.last,
      'a query may not stand here',
      'put it between parentheses; where those do not help, give it a name with WITH and join it',
    );
  }
}

/** The query that a piece is: as it is, or out of its parentheses. */
export function asQuery(p: Cursor, node: Query | Expression): Query {
  if (isQuery(node)) return node;
  if (node.kind === 'subquery') return node.query;
  return p.refuse(p.last, 'an expression stands where only a query may stand', 'begin with SELECT, VALUES or WITH');
}

/** SELECT, VALUES or TABLE, without set operations. */
function leaf(p: Cursor, context: Context): Query {
  const first = p.peek();
  if (p.at('SELECT')) {
    checkQueryAllowed(p, context);
    return select(p);
  }
  if (p.accept('VALUES')) {
    const rows = [valuesRow(p)];
    while (p.at(',') && startsExpression(p.peek(1))) {
      p.advance();
      rows.push(valuesRow(p));
    }
    return { kind: 'values', rows, span: p.spanFrom(first) };
  }
  p.expect('TABLE');
  const table = name(p);
  return { kind: 'tableQuery', table, span: p.spanFrom(first) };
}

function leafOrExpression(p: Cursor, context: Context): Query | Expression {
  if (p.at('SELECT', 'VALUES', 'TABLE')) return leaf(p, context);
  if (!startsExpression(p.peek())) p.fail(context === 'query' ? 'a query' : 'an expression');
  return expression(p, context);
}

const STRENGTH: Readonly<Record<SetOperation['operator'], number>> = { UNION: 1, EXCEPT: 1, INTERSECT: 2 };

/** Set operations after the first query, by precedence: INTERSECT binds more strongly, all to the left. */
export function setOperations(p: Cursor, first: Query | Expression, context: Context): Query | Expression {
  if (!p.at('UNION', 'INTERSECT', 'EXCEPT', 'MINUS')) return first;
  const operands = [asQuery(p, first)];
  const pending: Pick<SetOperation, 'operator' | 'quantifier'>[] = [];
  const fold = (): void => {
    const right = operands.pop() as Query;
    const left = operands.pop() as Query;
    operands.push({
      kind: 'setOperation',
      ...(pending.pop() as (typeof pending)[0]),
      left,
      right,
      span: spanTo(left.span, right.span),
    });
  };
  while (p.at('UNION', 'INTERSECT', 'EXCEPT', 'MINUS')) {
    const word = p.advance();
    if (word.key === 'MINUS') p.refuse(word, 'Flink SQL has no MINUS between queries', 'write EXCEPT');
    const operator = word.key as SetOperation['operator'];
    const quantifier = p.at('ALL', 'DISTINCT') ? p.oneOf('ALL', 'DISTINCT') : undefined;
    checkQueryAllowed(p, context);
    const operand = asQuery(p, leafOrExpression(p, 'query'));
    while (pending.length > 0 && STRENGTH[(pending.at(-1) as (typeof pending)[0]).operator] >= STRENGTH[operator])
      fold();
    pending.push({ operator, ...(quantifier === undefined ? {} : { quantifier }) });
    operands.push(operand);
  }
  while (pending.length > 0) fold();
  return operands[0] as Query;
}

function commonTable(p: Cursor): CommonTable {
  const called = identifier(p);
  const columns = p.at('(') ? identifierList(p) : undefined;
  p.expect('AS');
  const query = p.rules.queryInParentheses(p);
  const made: CommonTable = { kind: 'commonTable', name: called, query, span: p.spanFrom(called.span) };
  return columns === undefined ? made : { ...made, columns };
}

function withTables(p: Cursor): { tables: CommonTable[]; first: With['span'] } | undefined {
  const first = p.peek();
  if (!p.accept('WITH')) return undefined;
  const tables = p.list(() => commonTable(p));
  return { tables, first: p.spanFrom(first) };
}

function count(p: Cursor): RowCount {
  const token = p.peek();
  if (!p.accept('?')) return unsignedNumber(p);
  const made: Parameter = { kind: 'parameter', index: p.parameters++, span: p.spanFrom(token) };
  return made;
}

function offset(p: Cursor): RowCount {
  p.expect('OFFSET');
  const made = count(p);
  if (p.at('ROW', 'ROWS')) p.advance();
  return made;
}

function fetch(p: Cursor): RowCount {
  p.expect('FETCH');
  p.oneOf('FIRST', 'NEXT');
  const made = count(p);
  p.oneOf('ROW', 'ROWS');
  p.expect('ONLY');
  return made;
}

/** `LIMIT 10`, `LIMIT ALL`. */
function limit(p: Cursor): RowCount | undefined {
  p.expect('LIMIT');
  if (p.accept('ALL')) return undefined;
  if (!p.at('?') && !p.peek().key.startsWith('<')) p.fail('a number');
  const made = count(p);
  if (p.accept(',')) {
    count(p);
    p.refuse(p.last, 'Flink SQL has no LIMIT start, count', 'write OFFSET start ROWS FETCH NEXT count ROWS ONLY');
  }
  return made;
}

/** ORDER BY, LIMIT, OFFSET and FETCH after a query. */
function ordered(p: Cursor, node: Query | Expression): Query | Expression {
  if (!p.at('ORDER', 'LIMIT', 'OFFSET', 'FETCH')) return node;
  const isRows = isQuery(node) || node.kind === 'subquery';
  if (p.at('ORDER') && !isRows) p.refuse(p.peek(), 'ORDER BY may not stand here');
  const order = p.at('ORDER') ? orderBy(p) : [];
  let from: RowCount | undefined;
  let rows: RowCount | undefined;
  const limited = p.at('LIMIT');
  if (limited) rows = limit(p);
  if (p.at('OFFSET')) from = offset(p);
  if (from !== undefined && !limited && p.at('LIMIT')) {
    p.refuse(
      p.peek(),
      'Flink SQL has no LIMIT after OFFSET',
      'write LIMIT before OFFSET, or FETCH NEXT n ROWS ONLY after it',
    );
  }
  if (!limited && p.at('FETCH')) rows = fetch(p);
  const query = asQuery(p, node);
  if (order.length === 0 && from === undefined && rows === undefined) return node;
  const made: OrderedQuery = { kind: 'ordered', query, orderBy: order, span: p.spanFrom(node.span) };
  return { ...made, ...(from === undefined ? {} : { offset: from }), ...(rows === undefined ? {} : { limit: rows }) };
}

function unordered(
  p: Cursor,
  context: Context,
  read: (p: Cursor, context: Context) => Query | Expression,
): Query | Expression {
  const list = withTables(p);
  const body = setOperations(p, read(p, context), context);
  if (list === undefined) return body;
  const query = asQuery(p, body);
  return { kind: 'with', tables: list.tables, query, span: spanTo(list.first, query.span) };
}

/** What may stand between parentheses and at the beginning of a statement. */
export function queryOrExpression(p: Cursor, context: Context): Query | Expression {
  p.enter();
  const made = ordered(p, unordered(p, context, leafOrExpression));
  p.leave();
  return made;
}

/** A query that begins with its own word and not with a parenthesis; with ORDER BY and so on. */
export function wordedQuery(p: Cursor): Query {
  return asQuery(p, ordered(p, unordered(p, 'query', leaf)));
}

export function query(p: Cursor): Query {
  return asQuery(p, queryOrExpression(p, 'query'));
}

/** Without set operations, ORDER BY and so on. */
export function bareQuery(p: Cursor): Query {
  return asQuery(p, leafOrExpression(p, 'query'));
}
