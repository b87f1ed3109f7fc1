import type { Call, CallClauses, DataType, Expression } from '../ast/index.js';
import type { Token } from '../lexer/token.js';
import { call, groupWindow, namedCall } from './calls.js';
import type { Cursor } from './cursor.js';
import { JSON_FUNCTIONS, jsonCall } from './json.js';
import { intervalQualifier, signedNumber } from './literals.js';
import { isFunctionName, startsExpression } from './lookahead.js';
import { identifier, keywordName } from './names.js';
import { bareType } from './types.js';

// Functions with a syntax of their own: CAST(a AS b), EXTRACT(a FROM b), TRIM(BOTH a FROM b).

const expr = (p: Cursor): Expression => p.rules.expression(p, 'subQuery');

function finish(p: Cursor, word: Token, args: readonly Expression[], clauses: CallClauses = {}): Call {
  const name = keywordName(word, {
    offset: word.start,
    line: word.line,
    column: word.column,
    length: word.end - word.start,
  });
  p.expect(')');
  return call(name, args, p.spanFrom(word), clauses);
}

function castType(p: Cursor): DataType {
  const first = p.peek();
  if (!p.accept('INTERVAL')) return bareType(p);
  const qualifier = intervalQualifier(p);
  const span = p.spanFrom(first);
  return { kind: 'dataType', type: { kind: 'intervalType', qualifier, span }, span };
}

function cast(p: Cursor, word: Token): Expression {
  const operand = expr(p);
  p.expect('AS');
  const type = castType(p);
  p.expect(')');
  return { kind: 'cast', function: word.key as 'CAST' | 'TRY_CAST', operand, type, span: p.spanFrom(word) };
}

const UNITS = `SECOND MINUTE HOUR DAY MONTH YEAR MILLISECOND DOW DOY ISODOW ISOYEAR WEEK QUARTER EPOCH DECADE CENTURY
  MILLENNIUM`.split(/\s+/);

function unitOf(p: Cursor, units: readonly string[]): string {
  const token = p.peek();
  if (units.includes(token.key)) return p.advance().key;
  if (!token.isName) p.fail('a unit such as DAY or HOUR');
  return p.refuse(p.advance(), `\`${token.text}\` is no unit of time here`, `the units are ${units.join(', ')}`);
}

function extract(p: Cursor, word: Token): Expression {
  const unit = unitOf(p, [...UNITS, 'NANOSECOND', 'MICROSECOND']);
  p.expect('FROM');
  return finish(p, word, [expr(p)], { unit });
}

function position(p: Cursor, word: Token): Expression {
  const needle = p.rules.atom(p);
  p.expect('IN');
  const args = [needle, expr(p)];
  if (p.accept('FROM')) args.push(expr(p));
  return finish(p, word, args);
}

function convert(p: Cursor, word: Token): Expression {
  const args = [expr(p)];
  p.expect('USING');
  return finish(p, word, args, { using: identifier(p) });
}

function translate(p: Cursor, word: Token): Expression {
  const args = [expr(p)];
  if (p.accept('USING')) return finish(p, word, args, { using: identifier(p) });
  while (p.accept(',')) args.push(expr(p));
  return finish(p, word, args);
}

function overlay(p: Cursor, word: Token): Expression {
  const args = [expr(p)];
  p.expect('PLACING');
  args.push(expr(p));
  p.expect('FROM');
  args.push(expr(p));
  if (p.accept('FOR')) args.push(expr(p));
  return finish(p, word, args);
}

function substring(p: Cursor, word: Token): Expression {
  const args = [expr(p)];
  p.oneOf('FROM', ',');
  args.push(expr(p));
  if (p.accept('FOR') || p.accept(',')) args.push(expr(p));
  return finish(p, word, args);
}

function floorOrCeil(p: Cursor, word: Token): Expression {
  const args = [expr(p)];
  const made = finish(p, word, args, p.accept('TO') ? { unit: unitOf(p, UNITS) } : {});
  return p.accept('OVER') ? { ...made, over: p.rules.over(p), span: p.spanFrom(word) } : made;
}

function trim(p: Cursor, word: Token): Expression {
  // Flink's grammar takes TRIM(), and then finds no operand.
  if (p.at(')')) return finish(p, word, []);
  const first = p.peek();
  const sided = p.at('BOTH', 'LEADING', 'TRAILING');
  const second = p.peek(1);
  if (sided && !startsExpression(second) && second.key !== 'FROM' && second.key !== ')') p.fail();
  const side = sided ? p.oneOf('BOTH', 'LEADING', 'TRAILING') : 'BOTH';
  const characters = startsExpression(p.peek()) ? expr(p) : undefined;
  if (!sided && characters === undefined && !p.at('FROM')) p.fail('an expression');
  if (p.accept('FROM')) {
    if (!sided && characters === undefined) p.refuse(p.last, 'FROM without characters to take away before it');
    const operand = expr(p);
    return finish(p, word, [operand], { trim: characters === undefined ? { side } : { side, characters } });
  }
  if (characters === undefined) return p.fail();
  // Flink takes TRIM(LEADING s) too, with s as what is trimmed.
  if (!p.at(')')) p.fail();
  return finish(p, word, [characters], sided && first.key !== 'BOTH' ? { trim: { side } } : {});
}

const BASIC = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'MICROSECOND', 'FRAC_SECOND'];
const TIMESTAMP_UNITS = [...BASIC, 'NANOSECOND', ...BASIC.map((unit) => `SQL_TSI_${unit}`)];

function timestampArithmetic(p: Cursor, word: Token): Expression {
  if (!p.at(...TIMESTAMP_UNITS)) p.fail('a unit such as DAY or HOUR');
  const unit = p.advance().key;
  p.expect(',');
  const args = [expr(p)];
  p.expect(',');
  args.push(expr(p));
  return finish(p, word, args, { unit });
}

/** `FIRST(A.x, 1)`, `LAST`, `PREV`, `NEXT`. */
function navigation(p: Cursor, word: Token): Expression {
  const args = [expr(p)];
  if (p.accept(',')) args.push(signedNumber(p));
  return finish(p, word, args);
}

const WITHOUT_ARGUMENTS = (p: Cursor, word: Token): Expression => finish(p, word, []);

/** What is read after `WORD(`. */
const FUNCTIONS: Readonly<Record<string, (p: Cursor, word: Token) => Expression>> = {
  CAST: cast,
  TRY_CAST: cast,
  EXTRACT: extract,
  POSITION: position,
  CONVERT: convert,
  TRANSLATE: translate,
  OVERLAY: overlay,
  SUBSTRING: substring,
  FLOOR: floorOrCeil,
  CEIL: floorOrCeil,
  CEILING: floorOrCeil,
  TRIM: trim,
  TIMESTAMPADD: timestampArithmetic,
  TIMESTAMPDIFF: timestampArithmetic,
  CLASSIFIER: WITHOUT_ARGUMENTS,
  MATCH_NUMBER: WITHOUT_ARGUMENTS,
  FIRST: navigation,
  LAST: navigation,
  PREV: navigation,
  NEXT: navigation,
};

/** `RUNNING LAST(x)`, `FINAL SUM(x)`. */
function running(p: Cursor): Expression {
  const word = p.advance();
  const next = p.peek().key;
  const made = (next === 'FIRST' || next === 'LAST') && p.peek(1).key === '(' ? builtin(p) : namedCall(p);
  if (made === undefined) return p.fail('a function');
  return { kind: 'running', mode: word.key as 'RUNNING' | 'FINAL', call: made, span: p.spanFrom(word) };
}

/** A function with a syntax of its own, if one begins here. */
export function builtin(p: Cursor): Expression | undefined {
  const word = p.peek();
  const second = p.peek(1);
  if (word.key === 'RUNNING') return running(p);
  if (word.key === 'FINAL' && isFunctionName(second)) return running(p);
  if (second.key !== '(') return undefined;
  if (word.key === 'TUMBLE' || word.key === 'HOP' || word.key === 'SESSION') return groupWindow(p);
  if (JSON_FUNCTIONS.has(word.key)) return jsonCall(p);
  const read = Object.hasOwn(FUNCTIONS, word.key) ? FUNCTIONS[word.key] : undefined;
  if (read === undefined) return undefined;
  p.advance();
  p.advance();
  return read(p, word);
}
