import type { Cursor } from './cursor.js';
import { startsExpression, startsOperand } from './lookahead.js';

// How strongly operators bind, as Calcite has them; all bind to the left.
const OR = 22;
export const AND = 24;
const NOT = 26;
const IS = 28;
const COMPARISON = 30;
const PREDICATE = 32;
const ADDITION = 40;
const MULTIPLICATION = 60;
const SIGN = 80;
const ITEM = 100;

export const PREFIX_STRENGTH = { NOT, EXISTS: 40, UNIQUE: 40, '+': SIGN, '-': SIGN } as const;

/** An operator that stands between two operands: its words, and how strongly it binds. */
export interface Infix {
  readonly type: 'binary' | 'in' | 'quantified' | 'between' | 'like' | 'item' | 'postfix';
  readonly strength: number;
  /** Of `binary` and `quantified`: how many tokens it is made of. */
  readonly words: number;
}

const binary = (strength: number, words = 1): Infix => ({ type: 'binary', strength, words });
const SIGNS: Readonly<Record<string, Infix>> = {
  '=': binary(COMPARISON),
  '<': binary(COMPARISON),
  '>': binary(COMPARISON),
  '<=': binary(COMPARISON),
  '>=': binary(COMPARISON),
  '<>': binary(COMPARISON),
  '!=': binary(COMPARISON),
  '+': binary(ADDITION),
  '-': binary(ADDITION),
  '*': binary(MULTIPLICATION),
  '/': binary(MULTIPLICATION),
  '%': binary(MULTIPLICATION),
  '||': binary(MULTIPLICATION),
  AND: binary(AND),
  OR: binary(OR),
  CONTAINS: binary(COMPARISON),
  OVERLAPS: binary(COMPARISON),
  EQUALS: binary(COMPARISON),
  PRECEDES: binary(COMPARISON),
  SUCCEEDS: binary(COMPARISON),
};
const COMPARISONS = new Set(['=', '<', '>', '<=', '>=', '<>', '!=']);
const LIKES = new Set(['LIKE', 'ILIKE', 'RLIKE', 'SIMILAR']);
const POSTFIXES = new Set(['NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'EMPTY', 'JSON', 'A', 'NOT']);
const MULTISETS: Readonly<Record<string, number>> = { UNION: 14, INTERSECT: 18, EXCEPT: 14 };

const WORDY = new Set(['IS', 'FORMAT', 'MEMBER', 'SUBMULTISET', 'IMMEDIATELY', 'MULTISET']);

/** The operator of several words that begins here, if its operand follows. */
function wordy(p: Cursor, key: string): Infix | undefined {
  if (!WORDY.has(key)) return undefined;
  const second = p.peek(1).key;
  if (key === 'IS') {
    if (second === 'DISTINCT' && p.peek(2).key === 'FROM') return binary(COMPARISON, 3);
    if (second === 'NOT' && p.peek(2).key === 'DISTINCT') return binary(COMPARISON, 4);
    const postfix = POSTFIXES.has(second) || second === 'DISTINCT';
    return postfix ? { type: 'postfix', strength: IS, words: 1 } : undefined;
  }
  if (key === 'FORMAT') return second === 'JSON' ? { type: 'postfix', strength: IS, words: 1 } : undefined;
  if (key === 'MEMBER' || key === 'SUBMULTISET') return second === 'OF' ? binary(COMPARISON, 2) : undefined;
  if (key === 'IMMEDIATELY') {
    return second === 'PRECEDES' || second === 'SUCCEEDS' ? binary(COMPARISON, 2) : undefined;
  }
  if (key === 'MULTISET') {
    const strength = MULTISETS[second];
    return strength === undefined ? undefined : binary(strength, 2);
  }
  return undefined;
}

function negated(p: Cursor): Infix | undefined {
  const { key } = p.peek(1);
  if (key === 'IN') return { type: 'in', strength: PREDICATE, words: 2 };
  if (key === 'BETWEEN') return { type: 'between', strength: PREDICATE, words: 2 };
  if (LIKES.has(key)) return { type: 'like', strength: PREDICATE, words: 2 };
  return key === 'SUBMULTISET' && p.peek(2).key === 'OF' ? binary(COMPARISON, 3) : undefined;
}

/**
 * The operator that begins at the next token. An operator without the beginning of an operand behind it is none:
 * the expression then ends before it, and that is where Flink's error stands.
 */
export function infix(p: Cursor): Infix | undefined {
  const { key } = p.peek();
  if (COMPARISONS.has(key)) {
    const second = p.peek(1).key;
    if (second === 'ANY' || second === 'ALL' || second === 'SOME')
      return { type: 'quantified', strength: COMPARISON, words: 2 };
  }
  const sign = SIGNS[key];
  if (sign !== undefined) return startsOperand(p, 1) ? sign : undefined;
  if (key === 'NOT') return negated(p);
  if (key === 'IN') return p.peek(1).key === '(' ? { type: 'in', strength: PREDICATE, words: 1 } : undefined;
  if (key === 'BETWEEN') {
    const found = ['SYMMETRIC', 'ASYMMETRIC'].includes(p.peek(1).key) || startsExpression(p.peek(1));
    return found ? { type: 'between', strength: PREDICATE, words: 1 } : undefined;
  }
  if (key === 'SIMILAR') return p.peek(1).key === 'TO' ? { type: 'like', strength: PREDICATE, words: 2 } : undefined;
  if (LIKES.has(key)) return startsExpression(p.peek(1)) ? { type: 'like', strength: PREDICATE, words: 1 } : undefined;
  if (key === '[') return startsExpression(p.peek(1)) ? { type: 'item', strength: ITEM, words: 1 } : undefined;
  return wordy(p, key);
}
