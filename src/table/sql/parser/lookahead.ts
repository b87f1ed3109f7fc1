import {
  CONTEXT_VARIABLES,
  RESERVED_FUNCTION_NAMES,
  WORDS_THAT_START_EXPRESSIONS,
  WORDS_THAT_START_TYPES,
} from '../lexer/keywords.js';
import type { Token } from '../lexer/token.js';
import type { Cursor } from './cursor.js';

// Where Flink's parser decides by one token and where by two is what makes an error stand at the one word or the
// other; these are its decisions.

const LITERALS = new Set(['<integer>', '<decimal>', '<double>', '<string>', '<binary>', '<prefixed>', '<unicode>']);
const NUMBERS = new Set(['<integer>', '<decimal>', '<double>']);
const SIGNS = new Set(['+', '-', '(', '?', '{d', '{t', '{ts', '{fn']);
const CONSTANTS = new Set(['TRUE', 'FALSE', 'UNKNOWN', 'NULL']);
const PREFIXES = new Set(['+', '-', 'NOT', 'EXISTS', 'UNIQUE']);
/** Words that mean themselves only with a parenthesis behind them. */
const WITH_PARENTHESIS = new Set(
  `CAST TRY_CAST EXTRACT POSITION CONVERT TRANSLATE OVERLAY FLOOR CEIL CEILING SUBSTRING TRIM TIMESTAMPADD
   TIMESTAMPDIFF CLASSIFIER MATCH_NUMBER PREV JSON_EXISTS JSON_VALUE JSON_QUERY JSON_OBJECT JSON_OBJECTAGG
   JSON_ARRAY JSON_ARRAYAGG PERIOD`.split(/\s+/),
);

/** Other words and signs that begin an atom or not, as the token behind them says. */
const LOOKS_FURTHER = new Set(
  '+ - DATE TIME TIMESTAMP {d {t {ts {fn INTERVAL ARRAY MULTISET CASE NEXT CURRENT RUNNING SPECIFIC NEW'.split(' '),
);

export const isNumber = (token: Token): boolean => NUMBERS.has(token.key);
export const isString = (token: Token): boolean => LITERALS.has(token.key) && !NUMBERS.has(token.key);
export const isPrefix = (token: Token): boolean => PREFIXES.has(token.key);
export const isFunctionName = (token: Token): boolean => token.isName || RESERVED_FUNCTION_NAMES.has(token.key);

/** Whether an expression can begin with this token. */
export function startsExpression({ key, isName }: Token): boolean {
  return (
    isName ||
    LITERALS.has(key) ||
    SIGNS.has(key) ||
    RESERVED_FUNCTION_NAMES.has(key) ||
    CONTEXT_VARIABLES.has(key) ||
    WORDS_THAT_START_EXPRESSIONS.has(key)
  );
}

/** Whether a query or an expression can begin with this token. */
export function startsQueryOrExpression(token: Token): boolean {
  return startsExpression(token) || ['SELECT', 'VALUES', 'TABLE', 'WITH'].includes(token.key);
}

export function startsType({ key, isName }: Token): boolean {
  return isName || WORDS_THAT_START_TYPES.has(key);
}

/** Whether a query that is not in parentheses begins here: SELECT alone shows it, the others with the word behind. */
export function startsQuery(p: Cursor): boolean {
  const first = p.peek().key;
  if (first === 'SELECT') return true;
  if (first === 'VALUES') return startsExpression(p.peek(1));
  return (first === 'TABLE' || first === 'WITH') && p.peek(1).isName;
}

/** Whether a table can begin with this token. */
export function startsTable({ key, isName }: Token): boolean {
  return isName || key === 'LATERAL' || key === '(' || key === 'UNNEST' || key === 'TABLE';
}

/** Whether an atom begins here, seen by two tokens: `DATE '...'` does, `DATE ,` does not. */
export function startsAtom(p: Cursor, ahead = 0): boolean {
  const token = p.peek(ahead);
  const { key } = token;
  if (token.isName || LITERALS.has(key) || CONSTANTS.has(key) || CONTEXT_VARIABLES.has(key)) return true;
  if (key === '?') return true;
  if (!LOOKS_FURTHER.has(key) && !WITH_PARENTHESIS.has(key) && !RESERVED_FUNCTION_NAMES.has(key)) return false;
  const second = p.peek(ahead + 1);
  if (key === '+' || key === '-') return isNumber(second);
  if (key === 'DATE' || key === 'TIME' || key === 'TIMESTAMP') return second.key === '<string>';
  if (key === '{d' || key === '{t' || key === '{ts') return second.key === '<string>';
  if (key === 'INTERVAL') {
    return second.isName || isNumber(second) || ['+', '-', '(', '<string>'].includes(second.key);
  }
  if (WITH_PARENTHESIS.has(key) || RESERVED_FUNCTION_NAMES.has(key)) return second.key === '(';
  if (key === 'ARRAY' || key === 'MULTISET') return second.key === '(' || second.key === '[';
  if (key === 'CASE') return true;
  if (key === 'NEXT') return second.key === '(' || second.key === 'VALUE';
  if (key === 'CURRENT') return second.key === 'VALUE';
  if (key === 'RUNNING') return isFunctionName(second) || startsAggregate(second);
  if (key === 'SPECIFIC') return isFunctionName(second);
  if (key === 'NEW') return second.isName;
  if (key === '{fn') return true;
  return false;
}

const startsAggregate = ({ key }: Token): boolean =>
  key === 'ARRAY_CONCAT_AGG' || key === 'GROUP_CONCAT' || key === 'STRING_AGG' || key === 'SPECIFIC';

/** Whether an operand, with its prefixes, begins here, seen by two tokens. */
export function startsOperand(p: Cursor, ahead = 0): boolean {
  const token = p.peek(ahead);
  if (isPrefix(token)) return startsExpression(p.peek(ahead + 1));
  if (token.key === 'CASE' || RESERVED_FUNCTION_NAMES.has(token.key) || startsAtom(p, ahead)) return true;
  const second = p.peek(ahead + 1);
  if (token.key === '(') return startsQueryOrExpression(second);
  if (token.key === 'ROW') return second.key === '(';
  return token.key === 'CURSOR' && startsExpression(second);
}
