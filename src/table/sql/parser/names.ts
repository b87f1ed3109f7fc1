import type { Identifier, Name, Span } from '../ast/index.js';
import { spanTo } from '../ast/span.js';
import type { Token } from '../lexer/token.js';
import type { Cursor } from './cursor.js';
import { decoded, escapeCharacter } from './texts.js';

const MAX_LENGTH = 256;

/** The name that a token stands for; what follows it may say how it is escaped. */
function spelt(p: Cursor, token: Token): string {
  const { key, text } = token;
  if (key === '<quoted>') return text.slice(1, -1).replaceAll('``', '`');
  if (key !== '<unicodeName>') return text;
  const sign = p.accept('UESCAPE') ? escapeCharacter(p) : '\\';
  return decoded(p, token, text.slice(3, -1).replaceAll('""', '"'), sign);
}

export function identifierOf(p: Cursor, token: Token): Identifier {
  const quoted = token.key === '<quoted>' || token.key === '<unicodeName>';
  const name = spelt(p, token);
  if (name.length > MAX_LENGTH)
    p.refuse(token, `a name has at most ${MAX_LENGTH} letters, and this has ${name.length}`);
  return { kind: 'identifier', name, quoted, span: p.spanFrom(token) };
}

/** One name without dots. */
export function identifier(p: Cursor): Identifier {
  if (!p.atName()) p.fail();
  return identifierOf(p, p.advance());
}

/** `a.b.c`; a dot that no name follows is left alone. */
export function identifiers(p: Cursor): Identifier[] {
  const parts = [identifier(p)];
  while (p.at('.') && p.peek(1).isName) {
    p.advance();
    parts.push(identifier(p));
  }
  return parts;
}

export function nameOf(parts: readonly Identifier[]): Name {
  const first = parts[0] as Identifier;
  return { kind: 'name', parts, span: spanTo(first.span, (parts.at(-1) as Identifier).span) };
}

/** The name of a table, a function, a type, a database. */
export function name(p: Cursor): Name {
  const made = nameOf(identifiers(p));
  // Flink's grammar takes `t.*` for a name wherever it wants one, and stumbles over it later.
  if (p.at('.') && p.peek(1).key === '*') p.refuse(p.peek(1), 'a name ends here: `*` stands only in a SELECT list');
  return made;
}

/** `(a, b, c)`. */
export function identifierList(p: Cursor): Identifier[] {
  p.expect('(');
  const names = p.list(() => identifier(p));
  p.expect(')');
  return names;
}

/** `a` or `(a, b)`. */
export function identifierOrList(p: Cursor): Identifier[] {
  return p.at('(') ? identifierList(p) : [identifier(p)];
}

/** A reserved word that is the name of a function, in upper case. */
export function keywordName(token: Token, span: Span): Name {
  return { kind: 'name', parts: [{ kind: 'identifier', name: token.key, quoted: false, span }], span };
}

export function ifExists(p: Cursor): boolean {
  return p.acceptAll('IF', 'EXISTS');
}

export function ifNotExists(p: Cursor): boolean {
  return p.acceptAll('IF', 'NOT', 'EXISTS');
}
