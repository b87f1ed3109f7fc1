import type { Hint } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { signedNumber, stringOrBinary, text } from './literals.js';
import { isNumber, isString } from './lookahead.js';
import { identifier, identifierList } from './names.js';

/** Whether `('key' = 'value'` comes. */
function atOptions(p: Cursor): boolean {
  const key = p.peek(1);
  return p.at('(') && (key.isName || isString(key)) && p.peek(2).key === '=' && isString(p.peek(3));
}

function hint(p: Cursor): Hint {
  const name = identifier(p);
  const made = { kind: 'hint', name } as const;
  const second = p.peek().key === '(' ? p.peek(1) : undefined;
  if (second === undefined) return { ...made, span: name.span };
  if (atOptions(p) && [',', ')', '<string>', 'UESCAPE'].includes(p.peek(4).key)) {
    p.advance();
    const options = p.list(() => {
      const first = p.peek();
      const key = first.isName ? identifier(p).name : text(p);
      p.expect('=');
      const value = text(p);
      return { key, value, span: p.spanFrom(first) };
    });
    p.expect(')');
    return { ...made, options, span: p.spanFrom(name.span) };
  }
  const third = p.peek(2).key;
  const ends = third === ',' || third === ')';
  if (second.isName && ends) return { ...made, names: identifierList(p), span: p.spanFrom(name.span) };
  const signed = second.key === '+' || second.key === '-';
  if ((signed && isNumber(p.peek(2))) || ((isNumber(second) || isString(second)) && (ends || third === '<string>'))) {
    p.advance();
    const literals = p.list(() => {
      if (!isString(p.peek())) return signedNumber(p);
      const literal = stringOrBinary(p);
      return literal.kind === 'string' ? literal : p.refuse(literal.span, 'a hint takes texts, numbers and names');
    });
    p.expect(')');
    return { ...made, literals, span: p.spanFrom(name.span) };
  }
  p.expect('(', ')');
  return { ...made, names: [], span: p.spanFrom(name.span) };
}

/** A comment that begins with a plus: hints for the table or query before or after it. */
export function hints(p: Cursor): Hint[] {
  if (!p.accept('/*+')) return [];
  const list = p.list(() => hint(p));
  p.expect('*/');
  return list;
}
