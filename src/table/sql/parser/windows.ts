import type { Expression, FrameBound, Identifier, OrderItem, WindowFrame, WindowSpecification } from '../ast/index.js';
import { expressionList } from './calls.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { startsExpression } from './lookahead.js';
import { identifier } from './names.js';

function orderItem(p: Cursor): OrderItem {
  const made = expression(p, 'subQuery');
  const direction = p.at('ASC', 'DESC') ? p.oneOf('ASC', 'DESC') : undefined;
  const nulls = p.accept('NULLS') ? p.oneOf('FIRST', 'LAST') : undefined;
  return {
    kind: 'orderItem',
    expression: made,
    ...(direction === undefined ? {} : { direction }),
    ...(nulls === undefined ? {} : { nulls }),
    span: p.spanFrom(made.span),
  };
}

/** What stands after ORDER BY. */
export function orderItems(p: Cursor): OrderItem[] {
  const items = [orderItem(p)];
  while (p.at(',') && startsExpression(p.peek(1))) {
    p.advance();
    items.push(orderItem(p));
  }
  return items;
}

export function orderBy(p: Cursor): OrderItem[] {
  p.expect('ORDER', 'BY');
  return orderItems(p);
}

/** `PARTITION BY a, b`, or nothing. */
export function partitionBy(p: Cursor): Expression[] {
  if (!p.accept('PARTITION')) return [];
  p.expect('BY');
  return expressionList(p, 'nonQuery');
}

function bound(p: Cursor): FrameBound {
  const first = p.peek();
  const plain = (kind: FrameBound['bound']): FrameBound => ({
    kind: 'frameBound',
    bound: kind,
    span: p.spanFrom(first),
  });
  if (p.acceptAll('CURRENT', 'ROW')) return plain('CURRENT ROW');
  if (p.acceptAll('UNBOUNDED', 'PRECEDING')) return plain('UNBOUNDED PRECEDING');
  if (p.acceptAll('UNBOUNDED', 'FOLLOWING')) return plain('UNBOUNDED FOLLOWING');
  if (!startsExpression(first)) p.fail('a number, an interval, UNBOUNDED or CURRENT ROW');
  const distance = expression(p, 'nonQuery');
  const side = p.oneOf('PRECEDING', 'FOLLOWING');
  return { kind: 'frameBound', bound: side, distance, span: p.spanFrom(first) };
}

function frame(p: Cursor): WindowFrame {
  const first = p.peek();
  const unit = p.oneOf('ROWS', 'RANGE');
  if (!p.accept('BETWEEN')) return { kind: 'frame', unit, start: bound(p), span: p.spanFrom(first) };
  const start = bound(p);
  p.expect('AND');
  const end = bound(p);
  return { kind: 'frame', unit, start, end, span: p.spanFrom(first) };
}

/** `(base PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`. */
export function windowSpecification(p: Cursor): WindowSpecification {
  const first = p.expect('(');
  const base = p.peek().isName ? identifier(p) : undefined;
  const partition = partitionBy(p);
  const ordering = p.at('ORDER') ? orderBy(p) : [];
  const rows = p.at('ROWS', 'RANGE') ? frame(p) : undefined;
  let allowPartial: boolean | undefined;
  if (p.at('ALLOW', 'DISALLOW')) {
    allowPartial = p.advance().key === 'ALLOW';
    p.expect('PARTIAL');
  }
  p.expect(')');
  return {
    kind: 'window',
    ...(base === undefined ? {} : { base }),
    partitionBy: partition,
    orderBy: ordering,
    ...(rows === undefined ? {} : { frame: rows }),
    ...(allowPartial === undefined ? {} : { allowPartial }),
    span: p.spanFrom(first),
  };
}

/** What stands after OVER: the name of a window, or one in parentheses. */
export function over(p: Cursor): Identifier | WindowSpecification {
  if (p.atName()) return identifier(p);
  return windowSpecification(p);
}
