import type {
  BinaryLiteral,
  DateTimeLiteral,
  IntervalLiteral,
  IntervalQualifier,
  IntervalUnit,
  Literal,
  NumberLiteral,
  SignedNumber,
  StringLiteral,
} from '../ast/index.js';
import type { Token } from '../lexer/token.js';
import type { Cursor } from './cursor.js';
import { isDateTime } from './datetimes.js';
import { isNumber, isString } from './lookahead.js';
import { decoded, escapeCharacter, unquote } from './texts.js';

const FORMS = { '<integer>': 'integer', '<decimal>': 'decimal', '<double>': 'double' } as const;

export function unsignedNumber(p: Cursor): NumberLiteral {
  if (!isNumber(p.peek())) p.fail('a number');
  const token = p.advance();
  return { kind: 'number', form: FORMS[token.key as keyof typeof FORMS], text: token.text, span: p.spanFrom(token) };
}

/** A number, with a sign or without. */
export function signedNumber(p: Cursor): NumberLiteral | SignedNumber {
  const first = p.peek();
  if (!p.at('+', '-')) return unsignedNumber(p);
  const sign = p.advance().key === '-' ? -1 : 1;
  return { kind: 'signedNumber', sign, number: unsignedNumber(p), span: p.spanFrom(first) };
}

/** A whole number that fits into 32 bits. */
export function wholeNumber(p: Cursor): number {
  const token = p.expect('<integer>');
  const value = Number(token.text);
  if (value > 2147483647) p.refuse(token, `${token.text} is too large here: at most 2147483647`);
  return value;
}

/** Exactly one piece of text between single quotes. */
export function plainText(p: Cursor): string {
  return unquote(p.expect('<string>').text);
}

const CHARACTER_SETS =
  /^(utf-?8|utf-?16|us-ascii|iso-8859-\d+|latin\d|windows-125\d|big5|gbk|gb2312|gb18030|shift_jis|euc-(jp|kr)|koi8-r)$/i;

function binary(p: Cursor): BinaryLiteral {
  const first = p.peek();
  const digits = (token: Token, text: string): string => {
    if (!/^[0-9A-Fa-f]*$/.test(text)) p.refuse(token, "between the quotes of X'...' only 0-9 and A-F may stand");
    return text.toUpperCase();
  };
  let hex = digits(first, p.advance().text.replace(/^[xX']+|[xX']+$/g, ''));
  while (p.at('<string>')) hex += digits(p.peek(), unquote(p.advance().text));
  return { kind: 'binary', hex, span: p.spanFrom(first) };
}

/** Text in any form: `'a'`, `'a' 'b'` (one text), `N'a'`, `_UTF8'a'`, `U&'\0041'`, `X'41'`. */
export function stringOrBinary(p: Cursor): StringLiteral | BinaryLiteral {
  const first = p.peek();
  if (!isString(first)) p.fail('a text between single quotes');
  if (first.key === '<binary>') return binary(p);
  p.advance();
  let characterSet: string | undefined;
  if (first.key === '<prefixed>') {
    characterSet = /^n'/i.test(first.text) ? 'N' : first.text.slice(1, first.text.indexOf("'"));
    if (characterSet !== 'N' && !CHARACTER_SETS.test(characterSet)) {
      p.refuse(first, `unknown character set ${characterSet}`);
    }
  }
  const pieces = [{ token: first, text: unquote(first.text.slice(first.text.indexOf("'"))) }];
  while (p.peek().key === '<string>') pieces.push({ token: p.peek(), text: unquote(p.advance().text) });
  let sign = first.key === '<unicode>' ? '\\' : undefined;
  if (p.peek().key === 'UESCAPE') {
    p.advance();
    const word = p.last;
    const character = escapeCharacter(p);
    if (sign === undefined) p.refuse(word, "UESCAPE belongs to a text that begins with U&'");
    sign = character;
  }
  const value = pieces.map(({ token, text }) => (sign === undefined ? text : decoded(p, token, text, sign))).join('');
  const made: StringLiteral = { kind: 'string', value, span: p.spanFrom(first) };
  return characterSet === undefined ? made : { ...made, characterSet };
}

/** Text in any form, as a plain string. */
export function text(p: Cursor): string {
  const literal = stringOrBinary(p);
  return literal.kind === 'string' ? literal.value : literal.hex;
}

const ODBC_TYPES = { '{d': 'DATE', '{t': 'TIME', '{ts': 'TIMESTAMP' } as const;

function dateTime(p: Cursor): DateTimeLiteral {
  const first = p.advance();
  const odbc = ODBC_TYPES[first.key as keyof typeof ODBC_TYPES];
  const type = odbc ?? (first.key as 'DATE' | 'TIME' | 'TIMESTAMP');
  const value = plainText(p);
  if (odbc !== undefined) p.expect('}');
  const span = p.spanFrom(first);
  if (!isDateTime(type, value)) {
    const format = { DATE: 'yyyy-MM-dd', TIME: 'HH:mm:ss', TIMESTAMP: 'yyyy-MM-dd HH:mm:ss' }[type];
    p.refuse(span, `'${value}' is no ${type}: it is written '${format}'`);
  }
  return { kind: 'datetime', type, text: value, span };
}

const UNITS: Record<string, IntervalUnit> = {
  YEAR: 'YEAR',
  YEARS: 'YEAR',
  MONTH: 'MONTH',
  MONTHS: 'MONTH',
  DAY: 'DAY',
  DAYS: 'DAY',
  HOUR: 'HOUR',
  HOURS: 'HOUR',
  MINUTE: 'MINUTE',
  MINUTES: 'MINUTE',
  SECOND: 'SECOND',
  SECONDS: 'SECOND',
};
const UNIT_WORDS = Object.keys(UNITS);
const ENDS: Record<IntervalUnit, readonly IntervalUnit[]> = {
  YEAR: ['MONTH'],
  MONTH: [],
  DAY: ['HOUR', 'MINUTE', 'SECOND'],
  HOUR: ['MINUTE', 'SECOND'],
  MINUTE: ['SECOND'],
  SECOND: [],
};

export const atIntervalUnit = (p: Cursor): boolean => UNIT_WORDS.includes(p.peek().key);

/** `DAY`, `DAYS`, `DAY(3) TO SECOND(2)`; without `to` only the part before TO. */
export function intervalQualifier(p: Cursor, to = true): IntervalQualifier {
  const first = p.peek();
  if (!atIntervalUnit(p)) p.fail('a unit such as DAY or SECOND');
  const start = UNITS[p.advance().key] as IntervalUnit;
  let startPrecision: number | undefined;
  let fractionPrecision: number | undefined;
  if (p.accept('(')) {
    startPrecision = wholeNumber(p);
    if (start === 'SECOND' && p.accept(',')) fractionPrecision = wholeNumber(p);
    p.expect(')');
  }
  let end: IntervalUnit | undefined;
  const ends = ENDS[start].flatMap((unit) => [unit, `${unit}S`]);
  if (to && p.at('TO') && ends.includes(p.peek(1).key)) {
    p.advance();
    end = UNITS[p.advance().key] as IntervalUnit;
    if (end === 'SECOND' && p.accept('(')) {
      fractionPrecision = wholeNumber(p);
      p.expect(')');
    }
  }
  return {
    kind: 'intervalQualifier',
    start,
    ...(startPrecision === undefined ? {} : { startPrecision }),
    ...(end === undefined ? {} : { end }),
    ...(fractionPrecision === undefined ? {} : { fractionPrecision }),
    span: p.spanFrom(first),
  };
}

export function intervalSign(p: Cursor): 1 | -1 {
  return p.at('+', '-') && p.advance().key === '-' ? -1 : 1;
}

/** What follows `INTERVAL` and its sign: text and a unit. */
export function intervalText(p: Cursor, first: Token, sign: 1 | -1): IntervalLiteral {
  const value = plainText(p);
  const qualifier = intervalQualifier(p);
  const span = p.spanFrom(first);
  if (value === '') p.refuse(span, 'an interval needs a number between its quotes');
  return { kind: 'interval', sign, text: value, qualifier, span };
}

export function intervalLiteral(p: Cursor): IntervalLiteral {
  const first = p.expect('INTERVAL');
  return intervalText(p, first, intervalSign(p));
}

/** Whether a literal other than an interval begins with this token. */
export function startsPlainLiteral(token: Token): boolean {
  const { key } = token;
  return (
    isNumber(token) ||
    isString(token) ||
    ['+', '-', 'TRUE', 'FALSE', 'UNKNOWN', 'NULL', 'DATE', 'TIME', 'TIMESTAMP', '{d', '{t', '{ts'].includes(key)
  );
}

/** Any literal but an interval. */
export function plainLiteral(p: Cursor): Literal {
  const token = p.peek();
  if (isString(token)) return stringOrBinary(p);
  switch (token.key) {
    case 'TRUE':
    case 'FALSE':
    case 'UNKNOWN':
    case 'NULL':
      p.advance();
      return { kind: 'keyword', value: token.key, span: p.spanFrom(token) };
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case '{d':
    case '{t':
    case '{ts':
      return dateTime(p);
    default:
      return signedNumber(p);
  }
}

/** A literal where nothing else may stand: a partition's value. */
export function literal(p: Cursor): Literal {
  if (p.at('INTERVAL')) return intervalLiteral(p);
  if (!startsPlainLiteral(p.peek())) p.fail('a literal');
  return plainLiteral(p);
}
