import type { FromItem } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { stringOrBinary, unsignedNumber, wholeNumber } from './literals.js';

/** `TABLESAMPLE BERNOULLI (10) REPEATABLE (1)`, `TABLESAMPLE SUBSTITUTE ('name')`. */
export function tableSample(p: Cursor, input: FromItem): FromItem {
  p.expect('TABLESAMPLE');
  if (input.kind === 'join') p.refuse(input.span, 'joined tables cannot be sampled');
  const method = p.oneOf('BERNOULLI', 'SYSTEM', 'SUBSTITUTE');
  p.expect('(');
  if (method === 'SUBSTITUTE') {
    const name = stringOrBinary(p);
    p.expect(')');
    const made = { kind: 'sample', input, method, span: p.spanFrom(input.span) } as const;
    return name.kind === 'string' ? { ...made, name } : p.refuse(name.span, 'SUBSTITUTE takes a text');
  }
  const percentage = unsignedNumber(p);
  p.expect(')');
  if (Number(percentage.text) > 100) p.refuse(percentage.span, 'a sample is between 0 and 100 percent');
  if (!p.accept('REPEATABLE')) return { kind: 'sample', input, method, percentage, span: p.spanFrom(input.span) };
  p.expect('(');
  const negative = p.at('+', '-') && p.advance().key === '-';
  const seed = wholeNumber(p);
  p.expect(')');
  return { kind: 'sample', input, method, percentage, seed: negative ? -seed : seed, span: p.spanFrom(input.span) };
}
