import type { Argument, Call, CallClauses, Expression, Identifier, Name, Span } from '../ast/index.js';
import { RESERVED_FUNCTION_NAMES } from '../lexer/keywords.js';
import { argument, argumentList } from './arguments.js';
import type { Cursor } from './cursor.js';
import { text } from './literals.js';
import { isFunctionName, startsExpression } from './lookahead.js';
import { identifiers, keywordName, nameOf } from './names.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function call(name: Name, args: readonly Argument[], span: Span, clauses: CallClauses = {}): Call {
  return { kind: 'call', name, arguments: args, ...clauses, span };
}

/** `(*)`, `()`, `(DISTINCT a, b)`. */
function parameters(p: Cursor): { args: Argument[]; clauses: CallClauses } {
  if (p.follows('(', '*')) {
    p.advance();
    const star = p.advance();
    const args: Argument[] = [{ kind: 'star', qualifier: [], span: p.spanFrom(star) }];
    p.expect(')');
    return { args, clauses: {} };
  }
  if (!p.at('(') || !['ALL', 'DISTINCT'].includes(p.peek(1).key))
    return { args: argumentList(p, 'subQuery'), clauses: {} };
  p.advance();
  const quantifier = p.oneOf('ALL', 'DISTINCT');
  const args = [argument(p, 'subQuery', true)];
  while (p.accept(',')) args.push(argument(p, 'subQuery', false));
  p.expect(')');
  return { args, clauses: { quantifier } };
}

/** `.f(1)` after an operand. */
export function methodCall(p: Cursor, name: Identifier): Call {
  const { args, clauses } = parameters(p);
  return call({ kind: 'name', parts: [name], span: name.span }, args, p.spanFrom(name.span), clauses);
}

/** TUMBLE, HOP and SESSION in GROUP BY: arguments are a must. */
export function groupWindow(p: Cursor): Call {
  const word = p.advance();
  const name = keywordName(word, p.spanFrom(word));
  if (p.at('(') && (p.peek(1).key === ')' || p.peek(1).key === '*')) {
    p.advance();
    p.fail('an expression');
  }
  const { args, clauses } = parameters(p);
  return call(name, args, p.spanFrom(word), clauses);
}

const LISTING = ['ARRAY_AGG', 'ARRAY_CONCAT_AGG', 'GROUP_CONCAT', 'STRING_AGG'];

/** STRING_AGG and its kin: `(DISTINCT a, ',' IGNORE NULLS ORDER BY b SEPARATOR ';')`. */
function listing(p: Cursor): Call {
  const word = p.advance();
  const name = keywordName(word, p.spanFrom(word));
  const clauses: Writable<CallClauses> = {};
  p.expect('(');
  if (p.at('ALL', 'DISTINCT')) clauses.quantifier = p.oneOf('ALL', 'DISTINCT');
  const args = p.list(() => argument(p, 'subQuery', false));
  if (p.at('IGNORE', 'RESPECT')) {
    clauses.nulls = p.oneOf('IGNORE', 'RESPECT');
    p.expect('NULLS');
  }
  if (p.at('ORDER')) clauses.orderBy = p.rules.orderBy(p);
  if (p.accept('SEPARATOR')) {
    const token = p.peek();
    clauses.separator = { kind: 'string', value: text(p), span: p.spanFrom(token) };
  }
  p.expect(')');
  return call(name, args, p.spanFrom(word), clauses);
}

/** Whether `name(` or `SPECIFIC name(` comes, however many parts the name has. */
export function atNamedCall(p: Cursor): boolean {
  let ahead = p.peek().key === 'SPECIFIC' ? 1 : 0;
  if (!isFunctionName(p.peek(ahead))) return false;
  ahead++;
  if (p.peek(ahead - 1).isName) while (p.peek(ahead).key === '.' && p.peek(ahead + 1).isName) ahead += 2;
  return p.peek(ahead).key === '(';
}

function functionName(p: Cursor): Name {
  const token = p.peek();
  if (token.isName) return nameOf(identifiers(p));
  if (!RESERVED_FUNCTION_NAMES.has(token.key)) p.fail('a function');
  p.advance();
  return keywordName(token, p.spanFrom(token));
}

/** The call itself, without FILTER, OVER and so on. */
function plainCall(p: Cursor): Call {
  const first = p.peek();
  if (LISTING.includes(first.key) && p.peek(1).key === '(') return listing(p);
  const specific = p.accept('SPECIFIC');
  const name = functionName(p);
  if (!p.at('(')) p.fail();
  const { args, clauses } = parameters(p);
  const made = call(name, args, p.spanFrom(first), clauses);
  return specific ? { ...made, specific } : made;
}

/** `IGNORE NULLS`, `WITHIN DISTINCT (...)`, `WITHIN GROUP (...)`, `FILTER (WHERE ...)`, `OVER ...` after a call. */
function aggregateClauses(p: Cursor): CallClauses {
  const clauses: Writable<CallClauses> = {};
  if ((p.at('IGNORE') || p.at('RESPECT')) && p.peek(1).key === 'NULLS') {
    clauses.nulls = p.oneOf('IGNORE', 'RESPECT');
    p.advance();
  }
  if (p.acceptAll('WITHIN', 'DISTINCT')) {
    p.expect('(');
    clauses.withinDistinct = expressionList(p, 'subQuery');
    p.expect(')');
  }
  if (p.at('WITHIN')) clauses.withinGroup = withinGroup(p);
  if (p.accept('FILTER')) {
    p.expect('(', 'WHERE');
    clauses.filter = p.rules.expression(p, 'subQuery');
    p.expect(')');
  }
  if (p.accept('OVER')) clauses.over = p.rules.over(p);
  return clauses;
}

export function withinGroup(p: Cursor) {
  p.expect('WITHIN', 'GROUP', '(');
  const orderBy = p.rules.orderBy(p);
  p.expect(')');
  return orderBy;
}

/** Expressions with commas between them; a comma that no expression follows is left alone. */
export function expressionList(p: Cursor, context: 'subQuery' | 'nonQuery'): Expression[] {
  const made = [p.rules.expression(p, context)];
  while (p.at(',') && startsExpression(p.peek(1))) {
    p.advance();
    made.push(p.rules.expression(p, 'subQuery'));
  }
  return made;
}

/** A call of a function by its name, with all that may follow. */
export function namedCall(p: Cursor): Call {
  const first = p.peek();
  const made = plainCall(p);
  return { ...made, ...aggregateClauses(p), span: p.spanFrom(first) };
}
