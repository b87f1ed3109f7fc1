import type { Token } from '../lexer/token.js';

/** What was read, what comes, and what could have come. */
export interface Trouble {
  readonly taken: readonly Token[];
  readonly token: Token;
  readonly next: Token | undefined;
  readonly expected: readonly string[];
}

const text = (token: Token | undefined): string => token?.text ?? '';

/** What to do about mistakes that many make: other databases' ways, and parentheses that do not match. */
export function advice({ taken, token, next, expected }: Trouble): string | undefined {
  const previous = taken.at(-1);
  const word = text(previous).toUpperCase();
  if (token.key === ':' && next?.key === ':') return `write CAST(${text(previous)} AS ...) for ::`;
  if (token.key === 'FROM' && previous?.key === 'SELECT') return 'say what is selected: SELECT * FROM ..., or columns';
  if (token.key === '$') return "a path within JSON is a text: '$.name'";
  if (token.key === '<integer>' && word === 'TOP') return `write LIMIT ${token.text} at the end of the query`;
  if (token.key === ',' && expected.includes('AS') && within(taken, 'CAST')) return 'write CAST(x AS type)';
  if (previous?.key === '<string>' && taken.at(-2)?.key === 'INTERVAL') return intervalAdvice(previous.text);
  if (word === 'INSERT') return 'write INSERT INTO';
  if (previous?.key === 'AS' && token.key === 'SELECT') return 'the query stands between parentheses: AS (SELECT ...)';
  if (token.key === ')' && opened(taken) === undefined) return 'one `)` too many: no `(` belongs to it';
  if (expected.includes(')')) return unclosed(taken, token);
  return undefined;
}

/** `'5 MINUTES'`: the unit stands outside. */
function intervalAdvice(written: string): string | undefined {
  const found = /^'\s*(\S+)\s+([A-Za-z]+)\s*'$/.exec(written);
  return `the unit stands behind the text: INTERVAL '${found?.[1] ?? '5'}' ${(found?.[2] ?? 'SECOND').toUpperCase()}`;
}

/** Where a `(` has waited in vain, at the end or before the word of a clause. */
function unclosed(taken: readonly Token[], token: Token): string | undefined {
  const open = opened(taken);
  if (open === undefined || (token.key !== '<end>' && token.key !== ';' && token.key !== 'FROM')) return undefined;
  return `the \`(\` at line ${open.line}, column ${open.column} has no \`)\``;
}

/** The innermost parenthesis that is open still. */
function opened(taken: readonly Token[]): Token | undefined {
  const open: Token[] = [];
  for (const token of taken) {
    if (token.key === '(') open.push(token);
    else if (token.key === ')') open.pop();
  }
  return open.at(-1);
}

/** Whether the innermost open parenthesis is that of a function. */
function within(taken: readonly Token[], name: string): boolean {
  const open = opened(taken);
  return open !== undefined && taken[taken.indexOf(open) - 1]?.key === name;
}
