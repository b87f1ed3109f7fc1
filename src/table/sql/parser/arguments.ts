import type { Argument, Expression, OrderItem } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { startsExpression, startsQueryOrExpression } from './lookahead.js';
import { identifier, identifierOrList, name } from './names.js';
import { asExpression } from './query-nodes.js';
import type { Context } from './rules.js';

/** `PARTITION BY a` or `PARTITION BY (a, b)`, then `ORDER BY c` or `ORDER BY (c, d)`. */
function partitioning(p: Cursor) {
  let partitionBy: ReturnType<typeof identifierOrList> = [];
  if (p.accept('PARTITION')) {
    p.expect('BY');
    partitionBy = identifierOrList(p);
  }
  let orderBy: OrderItem[] = [];
  if (p.accept('ORDER')) {
    p.expect('BY');
    if (p.at('(') && startsExpression(p.peek(1))) {
      p.advance();
      orderBy = p.rules.orderItems(p);
      p.expect(')');
    } else orderBy = p.rules.orderItems(p).slice(0, 1);
  }
  return { partitionBy, orderBy };
}

/** `TABLE t PARTITION BY a ORDER BY b`. */
function table(p: Cursor): Argument {
  const first = p.expect('TABLE');
  const called = name(p);
  return { kind: 'tableArgument', table: called, ...partitioning(p), span: p.spanFrom(first) };
}

function partitioned(p: Cursor, input: Expression): Argument {
  if (!p.at('PARTITION', 'ORDER')) return input;
  return { kind: 'partitionedArgument', input, ...partitioning(p), span: p.spanFrom(input.span) };
}

const CONTEXT_OF_FIRST: Partial<Record<Context, Context>> = { subQuery: 'nonCursor', cursor: 'all' };

function value(p: Cursor, context: Context, isFirst: boolean): Argument {
  const token = p.peek();
  if (p.accept('DEFAULT')) return { kind: 'default', span: p.spanFrom(token) };
  if (p.at('TABLE') && (!isFirst || p.peek(1).isName)) return table(p);
  if (!isFirst) return startsExpression(token) ? p.rules.expression(p, context) : p.fail('an expression');
  if (!startsQueryOrExpression(token)) p.fail('an expression');
  return partitioned(p, asExpression(p.rules.queryOrExpression(p, CONTEXT_OF_FIRST[context] ?? context)));
}

/** An argument: of the first one more is allowed, a query without parentheses among it. */
export function argument(p: Cursor, context: Context, isFirst: boolean): Argument {
  const first = p.peek();
  if (!first.isName || p.peek(1).key !== '=>') return value(p, context, isFirst);
  const called = identifier(p);
  p.expect('=>');
  return { kind: 'namedArgument', name: called, value: value(p, context, isFirst), span: p.spanFrom(first) };
}

/** `(a, b => 1, TABLE t)`; empty parentheses are an empty list. */
export function argumentList(p: Cursor, context: Context): Argument[] {
  p.expect('(');
  if (p.accept(')')) return [];
  const list = [argument(p, context, true)];
  while (p.accept(',')) list.push(argument(p, context, false));
  p.expect(')');
  return list;
}
