import type { Expression } from '../ast/index.js';
import { spanTo } from '../ast/span.js';
import { methodCall } from './calls.js';
import type { Cursor } from './cursor.js';
import { atIntervalUnit, intervalQualifier } from './literals.js';
import { isPrefix, startsAtom, startsExpression, startsOperand } from './lookahead.js';
import { identifier } from './names.js';
import { AND, infix, PREFIX_STRENGTH } from './operators.js';
import { asExpression } from './query-nodes.js';
import type { Context } from './rules.js';

/** An expression was read where only a query may stand. */
function onlyQueries(p: Cursor): never {
  return p.refuse(p.last, 'an expression stands where only a query may stand', 'begin with SELECT, VALUES or WITH');
}

function inner(context: Context): Context {
  if (context === 'subQuery') return 'nonCursor';
  return context === 'cursor' ? 'all' : context;
}

/** `(1, 2)`, `(SELECT ...)`: what IN, ANY, UNNEST and rows take. */
export function parenthesised(p: Cursor, context: Context): Expression[] {
  p.expect('(');
  const values = [asExpression(p.rules.queryOrExpression(p, inner(context)))];
  while (p.accept(',')) {
    if (context === 'query') onlyQueries(p);
    values.push(expression(p, context));
  }
  p.expect(')');
  return values;
}

/** `(a)`, `(a, b)`, `(SELECT ...)`, `ROW(a, b)`, `(a - b) DAY`. */
function parentheses(p: Cursor, context: Context): Expression {
  const first = p.peek();
  const explicit = p.accept('ROW');
  const values = parenthesised(p, context);
  const span = p.spanFrom(first);
  const [only] = values as [Expression];
  if (explicit) return { kind: 'row', explicit, values, span };
  if (atIntervalUnit(p)) {
    const qualifier = intervalQualifier(p);
    const minus = values.length === 1 && only.kind === 'binary-operation' && only.operator === '-';
    if (!minus) p.refuse(span, 'a unit may follow only a difference: (a - b) DAY');
    return { kind: 'differenceInterval', operand: only, qualifier, span: p.spanFrom(first) };
  }
  if (values.length > 1) return { kind: 'row', explicit, values, span };
  return { ...only, span };
}

/** An operand without prefixes. */
function primary(p: Cursor, context: Context): Expression {
  if (startsAtom(p)) {
    const made = p.rules.atom(p);
    if (context === 'query') onlyQueries(p);
    return made;
  }
  const first = p.peek();
  if (first.key === 'CURSOR' && startsExpression(p.peek(1))) {
    p.advance();
    if (context !== 'all' && context !== 'cursor') p.refuse(first, 'CURSOR stands only in the arguments of TABLE(...)');
    const query = expression(p, 'query');
    if (query.kind !== 'subquery') p.refuse(query.span, 'CURSOR takes a query');
    return { kind: 'cursor', query: query.query, span: p.spanFrom(first) };
  }
  if (first.key === 'ROW' || first.key === '(') return parentheses(p, context);
  return p.fail('an expression');
}

/** An operand with its prefixes and the fields taken from it. */
function operand(p: Cursor, context: Context, noAnd: boolean): Expression {
  const first = p.peek();
  if (isPrefix(first)) {
    p.advance();
    if (context === 'query') onlyQueries(p);
    const operator = first.key as keyof typeof PREFIX_STRENGTH;
    p.enter();
    const made = operation(p, context, PREFIX_STRENGTH[operator], noAnd);
    p.leave();
    return { kind: 'prefix', operator, operand: made, span: p.spanFrom(first) };
  }
  let made = primary(p, context);
  while (p.at('.') && p.peek(1).isName) {
    p.advance();
    made = field(p, made);
  }
  return made;
}

function field(p: Cursor, of: Expression): Expression {
  const name = identifier(p);
  if (!p.at('(')) return { kind: 'field', operand: of, field: name, span: p.spanFrom(of.span) };
  const call = methodCall(p, name);
  return { kind: 'method', operand: of, call, span: p.spanFrom(of.span) };
}

function between(p: Cursor, left: Expression, context: Context): Expression {
  if (context === 'query') onlyQueries(p);
  const negated = p.accept('NOT');
  p.expect('BETWEEN');
  const symmetric = p.accept('SYMMETRIC');
  if (!symmetric) p.accept('ASYMMETRIC');
  const low = operation(p, 'subQuery', 0, true);
  if (!p.at('AND') || !startsOperand(p, 1)) p.fail();
  p.expect('AND');
  const high = operation(p, 'subQuery', 33, false);
  return { kind: 'between', negated, symmetric, operand: left, low, high, span: spanTo(left.span, high.span) };
}

function like(p: Cursor, left: Expression, context: Context, noAnd: boolean): Expression {
  if (context === 'query') onlyQueries(p);
  const negated = p.accept('NOT');
  const word = p.oneOf('LIKE', 'ILIKE', 'RLIKE', 'SIMILAR');
  if (word === 'SIMILAR') p.expect('TO');
  const operator = word === 'SIMILAR' ? 'SIMILAR TO' : word;
  const pattern = operation(p, 'subQuery', 33, noAnd);
  const made = { kind: 'like', operator, negated, operand: left, pattern } as const;
  if (!p.at('ESCAPE') || !startsExpression(p.peek(1)) || ['NOT', 'EXISTS', 'UNIQUE'].includes(p.peek(1).key)) {
    return { ...made, span: spanTo(left.span, pattern.span) };
  }
  p.advance();
  const sign = primary(p, 'subQuery');
  return { ...made, escape: sign, span: spanTo(left.span, sign.span) };
}

function membership(p: Cursor, left: Expression, context: Context): Expression {
  if (context === 'query') onlyQueries(p);
  const negated = p.accept('NOT');
  p.expect('IN');
  const values = parenthesised(p, 'nonCursor');
  return { kind: 'in', negated, operand: left, values, span: p.spanFrom(left.span) };
}

function quantified(p: Cursor, left: Expression, context: Context): Expression {
  if (context === 'query') onlyQueries(p);
  const sign = p.advance();
  if (sign.key === '!=') p.refuse(sign, 'Flink SQL has no `!=`', 'write `<>` for "not equal"');
  const quantifier = p.oneOf('SOME', 'ANY', 'ALL') === 'ALL' ? 'ALL' : 'SOME';
  const values = parenthesised(p, 'nonCursor');
  return { kind: 'quantified', operator: sign.key, quantifier, operand: left, values, span: p.spanFrom(left.span) };
}

/** `IS NOT JSON OBJECT`, `FORMAT JSON ENCODING UTF8`: takes its words. */
function postfix(p: Cursor, left: Expression, context: Context): Expression {
  if (context === 'query') onlyQueries(p);
  const words: string[] = [p.advance().key];
  if (words[0] === 'FORMAT') {
    words.push(...jsonFormat(p));
  } else {
    if (p.accept('NOT')) words.push('NOT');
    words.push(p.oneOf('NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'EMPTY', 'JSON', 'A'));
    if (p.last.key === 'A') words.push(p.expect('SET').key);
    if (p.last.key === 'JSON' && p.at('VALUE', 'OBJECT', 'ARRAY', 'SCALAR')) words.push(p.advance().key);
  }
  return { kind: 'postfix', operator: words.join(' '), operand: left, span: p.spanFrom(left.span) };
}

/** `JSON`, `JSON ENCODING UTF8`. */
function jsonFormat(p: Cursor): string[] {
  p.expect('JSON');
  if (!p.at('ENCODING') || !['UTF8', 'UTF16', 'UTF32'].includes(p.peek(1).key)) return ['JSON'];
  return ['JSON', p.advance().key, p.advance().key];
}

function binary(
  p: Cursor,
  left: Expression,
  words: number,
  strength: number,
  context: Context,
  noAnd: boolean,
): Expression {
  const first = p.peek();
  const taken: string[] = [];
  if (words === 4) {
    for (const word of ['IS', 'NOT', 'DISTINCT', 'FROM']) taken.push(p.expect(word).key);
  } else {
    while (taken.length < words) taken.push(p.advance().key);
  }
  if (taken[0] === 'MULTISET' && p.at('ALL', 'DISTINCT')) taken.push(p.advance().key);
  if (taken[0] === '!=') p.refuse(first, 'Flink SQL has no `!=`', 'write `<>` for "not equal"');
  if (context === 'query') onlyQueries(p);
  const operatorSpan = p.spanFrom(first);
  const right = operation(p, 'subQuery', strength + 1, noAnd);
  const span = spanTo(left.span, right.span);
  return { kind: 'binary-operation', operator: taken.join(' '), operatorSpan, left, right, span };
}

function item(p: Cursor, left: Expression): Expression {
  p.expect('[');
  const index = expression(p, 'subQuery');
  p.expect(']');
  let made: Expression = { kind: 'item', collection: left, index, span: p.spanFrom(left.span) };
  while (p.at('.') && p.peek(1).isName) {
    p.advance();
    made = { kind: 'field', operand: made, field: identifier(p), span: p.spanFrom(left.span) };
  }
  return made;
}

/** Precedence climbing: an operand and all operators that bind at least as strongly as `least`. */
function operation(p: Cursor, context: Context, least: number, noAnd: boolean): Expression {
  let left = operand(p, context, noAnd);
  for (;;) {
    const found = infix(p);
    if (found === undefined) {
      p.want('an operator');
      return left;
    }
    const { type, strength, words } = found;
    if (strength < least || (noAnd && strength === AND)) return left;
    if (type === 'binary') left = binary(p, left, words, strength, context, noAnd);
    else if (type === 'postfix') left = postfix(p, left, context);
    else if (type === 'item') left = item(p, left);
    else if (type === 'in') left = membership(p, left, context);
    else if (type === 'quantified') left = quantified(p, left, context);
    else if (type === 'between') left = between(p, left, context);
    else left = like(p, left, context, noAnd);
  }
}

export function expression(p: Cursor, context: Context): Expression {
  p.enter();
  const made = operation(p, context, 0, false);
  p.leave();
  return made;
}
