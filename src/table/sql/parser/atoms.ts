import type { CaseExpression, CollectionExpression, Expression, WhenClause } from '../ast/index.js';
import { CONTEXT_VARIABLES } from '../lexer/keywords.js';
import { argumentList } from './arguments.js';
import { builtin } from './builtins.js';
import { atNamedCall, call, expressionList, namedCall } from './calls.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import {
  intervalQualifier,
  intervalSign,
  intervalText,
  plainLiteral,
  startsPlainLiteral,
  unsignedNumber,
} from './literals.js';
import { startsExpression } from './lookahead.js';
import { identifiers, keywordName, name, nameOf } from './names.js';
import { odbcCall } from './odbc.js';

/** `INTERVAL '1' DAY`, `INTERVAL x DAY`, `INTERVAL (a + b) HOUR`. */
function interval(p: Cursor): Expression {
  const first = p.expect('INTERVAL');
  const sign = intervalSign(p);
  if (p.at('<string>')) return intervalText(p, first, sign);
  let operand: Expression;
  if (p.accept('(')) {
    operand = expression(p, 'subQuery');
    p.expect(')');
  } else if (p.atName()) {
    const parts = identifiers(p);
    operand = { kind: 'column', parts, span: nameOf(parts).span };
  } else operand = unsignedNumber(p);
  const qualifier = intervalQualifier(p, false);
  return { kind: 'intervalExpression', sign, operand, qualifier, span: p.spanFrom(first) };
}

function caseExpression(p: Cursor): Expression {
  const first = p.expect('CASE');
  const operand = p.at('WHEN') ? undefined : startsExpression(p.peek()) ? expression(p, 'subQuery') : undefined;
  const whens: WhenClause[] = [];
  do {
    const word = p.expect('WHEN');
    const conditions = expressionList(p, 'subQuery');
    p.expect('THEN');
    const result = expression(p, 'subQuery');
    whens.push({ kind: 'when', conditions, result, span: p.spanFrom(word) });
  } while (p.at('WHEN'));
  const otherwise = p.accept('ELSE') ? expression(p, 'subQuery') : undefined;
  p.expect('END');
  const made: CaseExpression = { kind: 'case', whens, span: p.spanFrom(first) };
  return { ...made, ...(operand === undefined ? {} : { operand }), ...(otherwise === undefined ? {} : { otherwise }) };
}

/** `ARRAY[...]`, `MAP[...]`, `MULTISET[...]`, and each with a query between parentheses. */
function collection(p: Cursor): Expression {
  const word = p.advance();
  const kind = word.key as CollectionExpression['collection'];
  if (p.accept('(')) {
    const query = kind === 'ARRAY' ? p.rules.query(p) : p.rules.bareQuery(p);
    p.expect(')');
    return { kind: 'collectionQuery', collection: kind, query, span: p.spanFrom(word) };
  }
  p.expect('[');
  let values: Expression[] = [];
  if (kind === 'MULTISET') values = p.list(() => expression(p, 'nonQuery'));
  else if (startsExpression(p.peek())) values = expressionList(p, 'nonQuery');
  p.expect(']');
  return { kind: 'collection', collection: kind, values, span: p.spanFrom(word) };
}

/** MAP is no reserved word: `MAP(a)` may be a call. */
function atMap(p: Cursor): boolean {
  if (p.peek().key !== 'MAP') return false;
  const third = p.peek(2);
  if (p.peek(1).key === '[') return true;
  return p.peek(1).key === '(' && (startsExpression(third) || ['SELECT', 'VALUES', 'TABLE'].includes(third.key));
}

function period(p: Cursor): Expression {
  const word = p.expect('PERIOD');
  p.expect('(');
  const start = expression(p, 'subQuery');
  p.expect(',');
  const end = expression(p, 'subQuery');
  p.expect(')');
  return { kind: 'period', start, end, span: p.spanFrom(word) };
}

function columnOrStar(p: Cursor): Expression {
  const first = p.peek();
  const parts = identifiers(p);
  if (!p.acceptAll('.', '*')) return { kind: 'column', parts, span: p.spanFrom(first) };
  return { kind: 'star', qualifier: parts, span: p.spanFrom(first) };
}

function newObject(p: Cursor): Expression {
  const first = p.expect('NEW');
  const called = name(p);
  const args = argumentList(p, 'subQuery');
  return { kind: 'new', call: call(called, args, p.spanFrom(called.span)), span: p.spanFrom(first) };
}

/** `NEXT VALUE FOR s`. */
function sequence(p: Cursor): Expression {
  const first = p.advance();
  p.expect('VALUE', 'FOR');
  const called = name(p);
  return { kind: 'sequence', which: first.key as 'NEXT' | 'CURRENT', name: called, span: p.spanFrom(first) };
}

/** A literal, a call, a name: what has no operators of its own. */
export function atom(p: Cursor): Expression {
  const token = p.peek();
  if (token.key === 'INTERVAL') return interval(p);
  if (startsPlainLiteral(token)) return plainLiteral(p);
  if (token.key === '?') {
    p.advance();
    return { kind: 'parameter', index: p.parameters++, span: p.spanFrom(token) };
  }
  const special = builtin(p);
  if (special !== undefined) return special;
  if (token.key === '{fn') return odbcCall(p);
  if (token.key === 'MULTISET' || token.key === 'ARRAY' || atMap(p)) return collection(p);
  if (token.key === 'PERIOD') return period(p);
  if (atNamedCall(p)) return namedCall(p);
  if (CONTEXT_VARIABLES.has(token.key)) {
    p.advance();
    const span = p.spanFrom(token);
    return { ...call(keywordName(token, span), [], span), bare: true };
  }
  if (token.isName) return columnOrStar(p);
  if (token.key === 'NEW') return newObject(p);
  if (token.key === 'CASE') return caseExpression(p);
  if (token.key === 'NEXT' || (token.key === 'CURRENT' && p.peek(1).key === 'VALUE')) return sequence(p);
  return p.fail('an expression');
}
