import { RESERVED_WORDS } from '../../table/sql/index.js';
import type { Token } from '../../table/sql/lexer/token.js';
import { Tokeniser } from '../../table/sql/lexer/tokeniser.js';
import type { SqlSession } from './session.js';
import { BEGINNINGS, WORDS } from './words.js';

/** What may be typed next, and the piece of the text that it replaces. */
export type Completions = readonly [words: readonly string[], piece: string];

type Names = Pick<SqlSession, 'names' | 'columns' | 'options'>;

const BEFORE_TABLES: ReadonlySet<string> = new Set([
  'FROM',
  'JOIN',
  'INTO',
  'TABLE',
  'DESCRIBE',
  'DESC',
  'VIEW',
  'EXISTS',
]);
const NOT_AN_ALIAS = /^(?:ON|USING|WHERE|GROUP|ORDER|HAVING|LIMIT|UNION|FOR|SET|PARTITION|MATCH_RECOGNIZE|<.*>)$/;

/**
 * What may stand at the end of `before`: keywords; after FROM, JOIN, INTO and the like tables; elsewhere columns of the
 * tables in FROM, which may come after the cursor, and functions; in WITH the connectors and their options; after SET keys.
 *
 * @param after what stands behind the cursor
 */
export async function complete(before: string, after: string, session: Names): Promise<Completions> {
  const quote = openQuote(before);
  if (quote !== undefined) return inQuote(before, quote, session);
  const [piece = ''] = /(?:`[^`]*|[\p{L}_$][\p{L}\p{N}_$]*)?$/u.exec(before) ?? [];
  const tokens = tokensOf(before.slice(0, before.length - piece.length));
  const last = tokens.at(-1);
  if (last === undefined) return fitting(piece, BEGINNINGS);
  if (last.key === '.') return afterDot(tokens, piece, `${before}${after}`, session);
  const names = await session.names();
  if (BEFORE_TABLES.has(last.key) || inFromList(tokens)) {
    const words = last.key === 'TABLE' || last.key === 'VIEW' || last.key === 'INTO' ? ['IF', 'EXISTS'] : [];
    return fitting(piece, words, [...names.tables, ...names.databases]);
  }
  if (last.key === 'USE' || last.key === 'DATABASE')
    return fitting(piece, ['CATALOG', 'IF', 'EXISTS'], names.databases);
  if (last.key === 'SET' || last.key === 'RESET')
    return fitting(
      piece,
      [],
      names.settings.map((key) => `'${key}'`),
    );
  const columns = await columnsFor(`${before}${after}`, session, names.tables);
  return fitting(piece, [...WORDS, ...names.functions.map((name) => name.toUpperCase())], columns);
}

/** Names as they are, and words in the case in which the piece was begun. */
function fitting(piece: string, words: readonly string[], names: readonly string[] = []): Completions {
  const quoted = piece.startsWith('`');
  const begun = (quoted ? piece.slice(1) : piece).toLowerCase();
  const lower = begun !== '' && piece === piece.toLowerCase();
  const found = new Set<string>();
  for (const name of names) {
    if (name.toLowerCase().startsWith(begun)) found.add(quoted ? `\`${name}\`` : asWritten(name));
  }
  // With nothing begun there would be hundreds.
  if (!quoted && (begun !== '' || words.length < 100)) {
    for (const word of words) {
      if (word.toLowerCase().startsWith(begun) && !found.has(word)) found.add(lower ? word.toLowerCase() : word);
    }
  }
  return [[...found], piece];
}

function asWritten(name: string): string {
  if (name.startsWith("'")) return name;
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED_WORDS.has(name.toUpperCase());
  return plain ? name : `\`${name.replaceAll('`', '``')}\``;
}

function tokensOf(text: string): Token[] {
  const tokeniser = new Tokeniser(text);
  const tokens: Token[] = [];
  for (let token = tokeniser.next(); token.key !== '<end>' && token.key !== '<bad>'; token = tokeniser.next()) {
    tokens.push(token);
  }
  return tokens;
}

/** Where the string begins that the text ends in; comments and names between back-ticks are none. */
function openQuote(text: string): number | undefined {
  let open: number | undefined;
  for (const { 0: piece, index } of text.matchAll(/'(?:[^']|'')*'?|`[^`]*`?|--[^\n]*|\/\*.*?(?:\*\/|$)|./gs)) {
    if (!piece.startsWith("'")) continue;
    const closed = piece.length > 1 && /^'(?:[^']|'')*'$/.test(piece);
    if (!closed) open = index;
  }
  return open;
}

/** In a string: a key or a value of WITH, or a key of SET. */
async function inQuote(before: string, quote: number, session: Names): Promise<Completions> {
  const piece = before.slice(quote);
  const tokens = tokensOf(before.slice(0, quote));
  const at = (i: number): Token | undefined => tokens.at(i);
  const begun = piece.slice(1).toLowerCase();
  const strings = (list: readonly string[], closed = "'"): Completions => [
    list.filter((one) => one.toLowerCase().startsWith(begun)).map((one) => `'${one}${closed}`),
    piece,
  ];
  if (at(-1)?.key === 'SET' || at(-1)?.key === 'RESET') return strings((await session.names()).settings);
  if (at(-1)?.key === '=') {
    const key = at(-2)?.text;
    if (key === "'connector'") return strings((await session.names()).connectors);
    if (key === "'sql-client.execution.result-mode'") return strings(['table', 'changelog', 'tableau']);
    return [[], piece];
  }
  const opened = withClause(tokens);
  if (opened === undefined || (at(-1)?.key !== '(' && at(-1)?.key !== ',')) return [[], piece];
  const given = tokens.slice(opened).filter((token, i, all) => token.key === '<string>' && all[i + 1]?.key === '=');
  const keys = given.map((token) => token.text.slice(1, -1));
  const connector = keys.includes('connector') ? valueGiven(tokens, "'connector'") : undefined;
  const options = connector === undefined ? ['connector'] : session.options(connector);
  return strings(options.filter((key) => !keys.includes(key)).map((key) => key.replace(/#.*$/, '')));
}

/** The position of the last `WITH (` that is still open, or of OPTIONS in a hint. */
function withClause(tokens: readonly Token[]): number | undefined {
  let depth = 0;
  for (let i = tokens.length - 1; i > 0; i--) {
    const { key } = tokens[i] as Token;
    if (key === ')') depth++;
    else if (key === '(' && depth-- === 0) {
      return ['WITH', 'OPTIONS', 'SET'].includes((tokens[i - 1] as Token).text.toUpperCase()) ? i : undefined;
    }
  }
  return undefined;
}

function valueGiven(tokens: readonly Token[], key: string): string | undefined {
  const at = tokens.findLastIndex((token) => token.text === key);
  const value = tokens[at + 2];
  return value?.key === '<string>' ? value.text.slice(1, -1) : undefined;
}

/** Whether a comma at the end parts the tables of FROM. */
function inFromList(tokens: readonly Token[]): boolean {
  if (tokens.at(-1)?.key !== ',') return false;
  let depth = 0;
  for (let i = tokens.length - 2; i >= 0; i--) {
    const { key } = tokens[i] as Token;
    if (key === ')') depth++;
    else if (key === '(' && depth-- === 0) return false;
    else if (depth === 0 && key === 'FROM') return true;
    else if (depth === 0 && ['SELECT', 'WHERE', 'BY', 'HAVING', 'ON', 'SET', 'VALUES', 'WITH'].includes(key))
      return false;
  }
  return false;
}

/** A table that a statement reads, and what it is called there. */
interface Named {
  readonly path: readonly string[];
  readonly alias: string;
}

const nameOf = ({ key, text }: Token): string => (key === '<quoted>' ? text.slice(1, -1).replaceAll('``', '`') : text);

function tablesIn(text: string): Named[] {
  const tokens = tokensOf(text);
  const found: Named[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { key } = tokens[i] as Token;
    const begins =
      ['FROM', 'JOIN', 'INTO', 'TABLE', 'DESCRIBE'].includes(key) ||
      (key === ',' && inFromList(tokens.slice(0, i + 1)));
    if (!begins || tokens[i + 1]?.isName !== true) continue;
    const path = [nameOf(tokens[++i] as Token)];
    while (tokens[i + 1]?.key === '.' && tokens[i + 2]?.isName === true) {
      path.push(nameOf(tokens[i + 2] as Token));
      i += 2;
    }
    const next = tokens[i + 1]?.key === 'AS' ? tokens[i + 2] : tokens[i + 1];
    const called = next?.isName === true && !NOT_AN_ALIAS.test(next.text.toUpperCase()) ? nameOf(next) : undefined;
    found.push({ path, alias: called ?? (path.at(-1) as string) });
  }
  return found;
}

async function columnsFor(text: string, session: Names, tables: readonly string[]): Promise<string[]> {
  const named = tablesIn(text);
  // Before FROM is written every table may be meant; of very many that helps nobody.
  const paths = named.length > 0 ? named.map(({ path }) => path) : tables.slice(0, 20).map((name) => [name]);
  const lists = await Promise.all(paths.map((path) => session.columns(path)));
  const aliases = named.filter(({ alias, path }) => alias !== path.at(-1)).map(({ alias }) => alias);
  return [...new Set([...lists.flat(), ...aliases])];
}

/** After `t.`: the columns of what is called t; after `db.` its tables cannot be told from columns, so columns it is. */
async function afterDot(tokens: readonly Token[], piece: string, text: string, session: Names): Promise<Completions> {
  const path: string[] = [];
  for (let i = tokens.length - 1; i > 0 && tokens[i]?.key === '.' && tokens[i - 1]?.isName === true; i -= 2) {
    path.unshift(nameOf(tokens[i - 1] as Token));
  }
  const [alias] = path;
  const meant = path.length === 1 ? tablesIn(text).find((one) => one.alias === alias) : undefined;
  return fitting(piece, [], await session.columns(meant?.path ?? path));
}
