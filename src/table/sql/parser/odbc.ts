import type { Call, Expression, Name } from '../ast/index.js';
import { RESERVED_FUNCTION_NAMES } from '../lexer/keywords.js';
import { builtin } from './builtins.js';
import { call } from './calls.js';
import type { Cursor } from './cursor.js';
import { parenthesised } from './expressions.js';
import { identifierOf, keywordName } from './names.js';

const TYPES = `CHAR VARCHAR DATE TIME TIMESTAMP DECIMAL NUMERIC BOOLEAN INTEGER BINARY VARBINARY TINYINT SMALLINT BIGINT
  REAL DOUBLE FLOAT`.split(/\s+/);
const INTERVALS = `YEAR YEAR_TO_MONTH MONTH DAY DAY_TO_HOUR DAY_TO_MINUTE DAY_TO_SECOND HOUR HOUR_TO_MINUTE
  HOUR_TO_SECOND MINUTE MINUTE_TO_SECOND SECOND`.split(/\s+/);
const ALL_TYPES = [...TYPES, ...TYPES.map((type) => `SQL_${type}`), ...INTERVALS.map((type) => `SQL_INTERVAL_${type}`)];

function nameOfCall(p: Cursor): Name {
  const token = p.peek();
  if (token.isName) {
    p.advance();
    const identifier = identifierOf(p, token);
    return { kind: 'name', parts: [identifier], span: identifier.span };
  }
  if (!RESERVED_FUNCTION_NAMES.has(token.key) && token.key !== 'INSERT' && token.key !== 'SUBSTRING')
    p.fail('a function');
  p.advance();
  return keywordName(token, p.spanFrom(token));
}

function inner(p: Cursor): { call: Call; type?: string } {
  const token = p.peek();
  if (token.key === 'TIMESTAMPADD' || (token.key === 'TIMESTAMPDIFF' && p.peek(1).key === '(')) {
    const made = builtin(p);
    return made?.kind === 'call' ? { call: made } : p.fail('(');
  }
  if (token.key === 'CONVERT') {
    p.advance();
    const called = keywordName(token, p.spanFrom(token));
    p.expect('(');
    const value = p.rules.expression(p, 'subQuery');
    p.expect(',');
    const type = p.oneOf(...ALL_TYPES);
    p.expect(')');
    return { call: call(called, [value], p.spanFrom(token)), type };
  }
  const called = nameOfCall(p);
  if (p.follows('(', '*') && p.peek(2).key === ')') {
    p.advance();
    const star: Expression = { kind: 'star', qualifier: [], span: p.spanFrom(p.advance()) };
    p.expect(')');
    return { call: call(called, [star], p.spanFrom(token)) };
  }
  if (p.acceptAll('(', ')')) return { call: call(called, [], p.spanFrom(token)) };
  return { call: call(called, parenthesised(p, 'subQuery'), p.spanFrom(token)) };
}

/** `{fn LEFT(s, 1)}`. */
export function odbcCall(p: Cursor): Expression {
  const first = p.expect('{fn');
  const made = inner(p);
  p.expect('}');
  return { kind: 'odbc', ...made, span: p.spanFrom(first) };
}
