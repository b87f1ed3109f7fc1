import type { AfterMatch, FromItem, MatchRecognize, RowPattern } from '../ast/index.js';
import { spanTo } from '../ast/span.js';
import { expressionList } from './calls.js';
import type { Cursor } from './cursor.js';
import { expression } from './expressions.js';
import { intervalLiteral, unsignedNumber } from './literals.js';
import { identifier } from './names.js';
import { orderBy, partitionBy } from './windows.js';

function afterMatch(p: Cursor): AfterMatch {
  const first = p.expect('AFTER');
  p.expect('MATCH', 'SKIP');
  const made = (skip: AfterMatch['skip']): AfterMatch => ({ kind: 'afterMatch', skip, span: p.spanFrom(first) });
  if (p.oneOf('TO', 'PAST') === 'PAST') {
    p.expect('LAST', 'ROW');
    return made('PAST LAST ROW');
  }
  if (p.acceptAll('NEXT', 'ROW')) return made('TO NEXT ROW');
  const word = (p.at('FIRST') || p.at('LAST')) && p.peek(1).isName ? p.advance().key : 'LAST';
  const variable = identifier(p);
  return { ...made(word === 'FIRST' ? 'TO FIRST' : 'TO LAST'), variable, span: p.spanFrom(first) };
}

function exclusion(p: Cursor, first: RowPattern['span']): RowPattern {
  p.expect('-');
  const pattern = alternatives(p);
  p.expect('-', '}');
  return { kind: 'patternExclusion', pattern, span: p.spanFrom(first) };
}

function patternPrimary(p: Cursor): RowPattern {
  const first = p.peek();
  if (p.accept('(')) {
    const made = alternatives(p);
    p.expect(')');
    return made;
  }
  if (p.accept('{')) return exclusion(p, p.spanFrom(first));
  if (p.accept('PERMUTE')) {
    p.expect('(');
    const parts = p.list(() => alternatives(p));
    p.expect(')');
    return { kind: 'patternPermutation', parts, span: p.spanFrom(first) };
  }
  if (!first.isName) p.fail('a pattern variable');
  const name = identifier(p);
  return { kind: 'patternVariable', name, span: name.span };
}

const number = (p: Cursor): number => Number(unsignedNumber(p).text);

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** After `{`: `3}`, `3,}`, `,3}`, `1,3}`. */
function bounds(p: Cursor): Bounds {
  if (p.accept(',')) {
    const maximum = number(p);
    p.expect('}');
    return { maximum };
  }
  const minimum = number(p);
  if (!p.accept(',')) {
    p.expect('}');
    return { minimum, maximum: minimum };
  }
  const maximum = p.at('}') ? undefined : number(p);
  p.expect('}');
  return maximum === undefined ? { minimum } : { minimum, maximum };
}

function sequence(parts: readonly RowPattern[]): RowPattern {
  const [first] = parts as [RowPattern];
  if (parts.length === 1) return first;
  return { kind: 'patternSequence', parts, span: spanTo(first.span, (parts.at(-1) as RowPattern).span) };
}

/** A variable or group with its quantifier. */
function factor(p: Cursor): RowPattern[] {
  const pattern = patternPrimary(p);
  if (!p.at('{', '?', '+', '*')) return [pattern];
  const sign = p.advance();
  if (sign.key === '{' && p.at('-')) return [pattern, exclusion(p, p.spanFrom(sign))];
  const limits: Bounds =
    sign.key === '*'
      ? { minimum: 0 }
      : sign.key === '+'
        ? { minimum: 1 }
        : sign.key === '?'
          ? { minimum: 0, maximum: 1 }
          : bounds(p);
  const reluctant = p.accept('?');
  return [{ kind: 'patternQuantifier', pattern, ...limits, reluctant, span: p.spanFrom(pattern.span) }];
}

function term(p: Cursor): RowPattern {
  const parts = factor(p);
  while (p.atName() || p.at('(', '{', 'PERMUTE')) parts.push(...factor(p));
  return sequence(parts);
}

/** `A B | C`. */
function alternatives(p: Cursor): RowPattern {
  p.enter();
  const parts = [term(p)];
  while (p.accept('|')) parts.push(term(p));
  p.leave();
  const [first] = parts as [RowPattern];
  if (parts.length === 1) return first;
  return { kind: 'patternAlternatives', parts, span: spanTo(first.span, (parts.at(-1) as RowPattern).span) };
}

function measure(p: Cursor) {
  const value = expression(p, 'nonQuery');
  p.expect('AS');
  return { expression: value, alias: identifier(p) };
}

function subset(p: Cursor) {
  const name = identifier(p);
  p.expect('=', '(');
  const members = expressionList(p, 'nonQuery');
  p.expect(')');
  return { name, members };
}

function definition(p: Cursor) {
  const name = identifier(p);
  p.expect('AS');
  return { name, condition: expression(p, 'subQuery') };
}

function rowsPerMatch(p: Cursor): { rowsPerMatch?: 'ONE ROW' | 'ALL ROWS' } {
  if (p.accept('ONE')) {
    p.expect('ROW', 'PER', 'MATCH');
    return { rowsPerMatch: 'ONE ROW' };
  }
  if (!p.accept('ALL')) return {};
  p.expect('ROWS', 'PER', 'MATCH');
  return { rowsPerMatch: 'ALL ROWS' };
}

/** MATCH_RECOGNIZE ( ... ) after a table. */
export function matchRecognize(p: Cursor, input: FromItem): MatchRecognize {
  p.expect('MATCH_RECOGNIZE');
  if (input.kind === 'join')
    p.refuse(input.span, 'MATCH_RECOGNIZE cannot follow joined tables', 'SELECT from them in a subquery');
  p.expect('(');
  const partition = partitionBy(p);
  const ordering = p.at('ORDER') ? orderBy(p) : [];
  const measures = p.accept('MEASURES') ? p.list(() => measure(p)) : [];
  const rows = rowsPerMatch(p);
  const after = p.at('AFTER') ? { afterMatch: afterMatch(p) } : {};
  p.expect('PATTERN', '(');
  const strictStart = p.accept('^');
  const pattern = alternatives(p);
  const strictEnd = p.accept('$');
  p.expect(')');
  const within = p.accept('WITHIN') ? { within: intervalLiteral(p) } : {};
  const subsets = p.accept('SUBSET') ? p.list(() => subset(p)) : [];
  p.expect('DEFINE');
  const define = p.list(() => definition(p));
  p.expect(')');
  return {
    kind: 'matchRecognize',
    input,
    partitionBy: partition,
    orderBy: ordering,
    measures,
    ...rows,
    ...after,
    strictStart,
    strictEnd,
    pattern,
    ...within,
    subsets,
    define,
    span: p.spanFrom(input.span),
  };
}
