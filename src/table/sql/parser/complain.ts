import { nearest } from '../../../core/nearest.js';
import type { Span } from '../ast/index.js';
import { SqlSyntaxError } from '../errors.js';
import { RESERVED_WORDS } from '../lexer/keywords.js';
import type { Token } from '../lexer/token.js';
import { advice, type Trouble } from './advice.js';

/** Reserved words that are far more often a clause in the wrong place than a column's name. */
const CLAUSES = new Set(
  `SELECT FROM WHERE HAVING ON AND OR UNION EXCEPT INTERSECT INTO BY WITH THEN ELSE WHEN AS IN IS NOT NULL LIKE BETWEEN
   JOIN INNER CROSS NATURAL USING CREATE DROP ALTER INSERT UPDATE DELETE CASE DISTINCT EXISTS SHOW DESCRIBE
   EXPLAIN SET LIMIT OFFSET FETCH VALUES TABLE`.split(/\s+/),
);
/** What may follow a name: then the reserved word before it was meant as one. */
const AFTER_NAMES = new Set(
  ', ) . = < > <= >= <> + - * / % || FROM AS END THEN AND OR IS IN <end> ; DESC ASC'.split(' '),
);

const UNCLOSED_TEXT = "this text has no end: `'` is missing";
const DOUBLED_QUOTES = "a quote inside a text is written twice: 'it''s'";
const DOUBLE_QUOTES = 'double quotes mean nothing here';
const WHICH_QUOTES = "text goes between single quotes, 'so', and names between back-ticks, `so`";
const NAMES_OF_KINDS: Record<string, string> = {
  '<string>': 'a text between single quotes',
  '<name>': 'a name',
  '<quoted>': 'a name',
  '<unicodeName>': 'a name',
  '<integer>': 'a whole number',
  '<end>': 'the end of the statement',
  '<collation>': 'a collation',
};
/** What can follow nearly everything, and is seldom what was meant. */
const SET_OPERATIONS = new Set(['UNION', 'INTERSECT', 'EXCEPT']);
const isWord = (key: string): boolean => /^[A-Z_]+$/.test(key);

/** `FROM, WHERE or an expression`: descriptions first, then keywords, then signs; never more than eight. */
function listed(expected: readonly string[]): string {
  const words = [...new Set(expected.filter((key) => key !== 'MINUS').map((key) => NAMES_OF_KINDS[key] ?? key))];
  const rank = (word: string): number => {
    if (/ /.test(word) || word === ')') return 0;
    if (SET_OPERATIONS.has(word)) return 3;
    return isWord(word) ? 1 : 2;
  };
  const ordered = words.sort((a, b) => rank(a) - rank(b));
  const shown = ordered.slice(0, 8).map((word) => (/ /.test(word) ? word : `\`${word}\``));
  if (ordered.length > shown.length) return `${shown.join(', ')} or others`;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

function described(token: Token): string {
  if (token.key === '<end>') return 'the end of the statement';
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}...` : token.text;
  if (token.key === '<string>') return `the text ${text}`;
  return `\`${text}\``;
}

/** Whether a reserved word stands where a name was wanted and looks as if it was meant as one. */
function meantAsName(token: Token, expected: readonly string[], next: Token | undefined): boolean {
  if (!RESERVED_WORDS.has(token.key) || CLAUSES.has(token.key)) return false;
  if (expected.includes('a name')) return true;
  if (!expected.includes('an expression')) return false;
  return next === undefined || AFTER_NAMES.has(next.key) || next.isName;
}

const OPERATORS = new Set('= < > <= >= <> + - * / % || AND OR LIKE IN IS BETWEEN ['.split(' '));

/** Why an operator has no right side: what stands there instead. */
function afterOperator(token: Token, next: Token | undefined): { message: string; hint?: string } | undefined {
  if (next === undefined) return undefined;
  if (next.key === "'") return { message: UNCLOSED_TEXT, hint: DOUBLED_QUOTES };
  if (next.key === '"') return { message: DOUBLE_QUOTES, hint: WHICH_QUOTES };
  if (token.key === '=' && next.key === '=') return { message: 'Flink SQL has no `==`', hint: 'write `=` for "equal"' };
  if (RESERVED_WORDS.has(next.key) && !CLAUSES.has(next.key)) {
    return { message: `\`${next.text}\` is a reserved word and cannot be a name as it is`, hint: backTicks(next.text) };
  }
  if (token.key === 'IS') {
    return {
      message: `after IS comes NULL, TRUE, FALSE or NOT, and not ${described(next)}`,
      hint: '`=` compares values: a = b',
    };
  }
  if (token.key === 'IN') return { message: `after IN comes a list between parentheses, and not ${described(next)}` };
  return { message: `expected an expression after \`${token.text}\`, but found ${described(next)}` };
}

function backTicks(word: string): string {
  return `a reserved word is a name only between back-ticks: \`${word}\``;
}

/** The error for a token that cannot stand where it stands. */
export function unexpected(sql: string, trouble: Trouble): SqlSyntaxError {
  const { taken, token, next, expected } = trouble;
  const previous = taken.at(-1);
  const made = (message: string, hint?: string, place: Token = token): SqlSyntaxError =>
    new SqlSyntaxError({
      sql,
      offset: place.start,
      length: place.end - place.start,
      line: token.line,
      column: token.column,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(token.key === '<end>' ? {} : { found: token.text }),
      expected,
    });
  const keywords = expected.filter(isWord);
  const list = listed(expected);
  const words = expected.map((key) => NAMES_OF_KINDS[key] ?? key);
  const culprit = OPERATORS.has(token.key) && expected.includes('an operator') ? afterOperator(token, next) : undefined;
  // Flink names the operator's place, since the expression ends before it; the carets reach to what is wrong.
  if (culprit !== undefined) return made(culprit.message, culprit.hint, { ...token, end: (next as Token).end });
  if (token.key === "'") return made(UNCLOSED_TEXT, DOUBLED_QUOTES);
  if (token.key === '"') {
    return made(DOUBLE_QUOTES, WHICH_QUOTES);
  }
  if (token.key === '!=') return made('Flink SQL has no `!=`', 'write `<>` for "not equal"');
  if (token.key === 'TABLE' && previous?.key === '(') {
    return made(
      `${described(token)} is not expected here`,
      'a table function stands within TABLE( ): FROM TABLE(TUMBLE(TABLE t, ...))',
    );
  }
  if (meantAsName(token, expected, next)) {
    return made(`\`${token.text}\` is a reserved word and cannot be a name as it is`, backTicks(token.text));
  }
  const before = previous?.key === '<name>' ? nearest(previous.text, keywords) : undefined;
  const message =
    list === '' ? `${described(token)} is not expected here` : `expected ${list}, but found ${described(token)}`;
  // `id FORM orders`: FORM was read as another name of `id`.
  const misread = before !== undefined && token.isName && keywords.includes(before);
  if (misread) return made(message, `did you mean \`${before}\` instead of \`${previous?.text}\`?`);
  const here = token.key === '<name>' ? nearest(token.text, keywords) : undefined;
  if (here !== undefined) return made(`\`${token.text}\` is not expected here`, `did you mean \`${here}\`?`);
  if (
    token.isName &&
    words.some((word) => word === 'a text between single quotes') &&
    !expected.includes('an operator')
  ) {
    return made(
      `expected ${list}, but found ${described(token)}`,
      `put it between single quotes: '${token.text.replaceAll('`', '')}'`,
    );
  }
  const advised = advice(trouble);
  if (advised !== undefined) return made(message, advised);
  if (before !== undefined && token.key !== '<end>')
    return made(message, `did you mean \`${before}\` instead of \`${previous?.text}\`?`);
  if (token.key === ')' && previous?.key === ',')
    return made(message, 'a comma is missing its second part, or is one too many');
  if (previous?.key === ',' && CLAUSES.has(token.key)) return made(message, 'take away the comma before it');
  if (token.key === ';') return made(message, 'one statement, and no `;` behind it');
  if (expected.includes(',') && (token.isName || token.key === '='))
    return made(message, `is a comma missing before ${token.key === '=' ? described(previous ?? token) : 'it'}?`);
  return made(message);
}

/** The error for something well-formed that Flink refuses all the same. */
export function wrong(sql: string, place: Token | Span, message: string, hint?: string): SqlSyntaxError {
  const offset = 'start' in place ? place.start : place.offset;
  const length = 'start' in place ? place.end - place.start : place.length;
  const { line, column } = place;
  return new SqlSyntaxError({ sql, offset, length, line, column, message, ...(hint === undefined ? {} : { hint }) });
}
