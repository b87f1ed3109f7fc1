import type { Span } from '../ast/index.js';
import type { SqlSyntaxError } from '../errors.js';
import type { Token } from '../lexer/token.js';
import { Tokeniser } from '../lexer/tokeniser.js';
import { unexpected, wrong } from './complain.js';
import type { Rules } from './rules.js';

/** How deep statements may nest: far beyond what people write, far before the stack ends. */
const MAX_DEPTH = 400;

/** Reads tokens for the rules of the grammar: looks ahead, takes, and complains. */
export class Cursor {
  private readonly tokens: Token[] = [];
  private readonly tokeniser: Tokeniser;
  private index = 0;
  private depth = 0;
  /** What was looked for at the token of `wantedAt`; kept only on the second pass, made for the error's sake. */
  private readonly wanted = new Set<string>();
  private wantedAt = -1;
  parameters = 0;

  constructor(
    readonly sql: string,
    readonly rules: Rules,
    private readonly explaining: boolean,
  ) {
    this.tokeniser = new Tokeniser(sql);
  }

  /** The token `ahead` places on; a bad one is reported as soon as it is looked at, as Flink does. */
  peek(ahead = 0): Token {
    const at = this.index + ahead;
    while (this.tokens.length <= at) {
      const last = this.tokens.at(-1);
      if (last?.key === '<end>') return last;
      this.tokens.push(this.tokeniser.next());
    }
    const token = this.tokens[at] as Token;
    if (token.problem !== undefined) throw this.wrongToken(token);
    return token;
  }

  /** The token taken last. */
  get last(): Token {
    return this.tokens[Math.max(0, this.index - 1)] as Token;
  }

  /** Whether one of these comes next. */
  at(...keys: readonly string[]): boolean {
    const found = keys.includes(this.peek().key);
    if (!found && this.explaining) for (const key of keys) this.want(key);
    return found;
  }

  /** Whether these come next, in this order. */
  follows(...keys: readonly string[]): boolean {
    if (!this.at(keys[0] as string)) return false;
    return keys.every((key, ahead) => ahead === 0 || this.peek(ahead).key === key);
  }

  atName(ahead = 0): boolean {
    const found = this.peek(ahead).isName;
    if (!found && ahead === 0) this.want('a name');
    return found;
  }

  /** Notes for the error message what could stand here. */
  want(what: string): void {
    if (!this.explaining) return;
    if (this.wantedAt !== this.index) {
      this.wanted.clear();
      this.wantedAt = this.index;
    }
    this.wanted.add(what);
  }

  advance(): Token {
    const token = this.peek();
    this.index++;
    return token;
  }

  /** Takes the token if it is this one. */
  accept(key: string): boolean {
    if (!this.at(key)) return false;
    this.index++;
    return true;
  }

  /** Takes the tokens if all of them follow. */
  acceptAll(...keys: readonly string[]): boolean {
    if (!this.follows(...keys)) return false;
    this.index += keys.length;
    return true;
  }

  expect(...keys: readonly string[]): Token {
    let token = this.peek();
    for (const key of keys) {
      token = this.peek();
      if (!this.at(key)) this.fail();
      this.index++;
    }
    return token;
  }

  /** Takes one of these words. */
  oneOf<K extends string>(...keys: readonly K[]): K {
    if (!this.at(...keys)) this.fail();
    return this.advance().key as K;
  }

  /** Gives up at the next token. */
  fail(what?: string): never {
    if (what !== undefined) this.want(what);
    const expected = this.wantedAt === this.index ? [...this.wanted] : [];
    const taken = this.tokens.slice(0, this.index);
    throw unexpected(this.sql, { taken, token: this.peek(), next: this.glance(), expected });
  }

  /** The token after the next, if it is a good one; for messages. */
  private glance(): Token | undefined {
    try {
      return this.peek(1);
    } catch {
      return undefined;
    }
  }

  /** Gives up because of a token or piece that is well-formed and yet not allowed. */
  refuse(place: Token | Span, message: string, hint?: string): never {
    throw wrong(this.sql, place, message, hint);
  }

  private wrongToken(token: Token): SqlSyntaxError {
    const { message, hint, open } = token.problem as NonNullable<Token['problem']>;
    return wrong(this.sql, { ...token, start: open.offset, end: open.offset + 1 }, message, hint);
  }

  /** From a token to the token taken last. */
  spanFrom(first: Token | Span): Span {
    const offset = 'start' in first ? first.start : first.offset;
    return { offset, line: first.line, column: first.column, length: Math.max(0, this.last.end - offset) };
  }

  /** Goes one level deeper, and says so when the text nests without end. */
  enter(): void {
    if (++this.depth > MAX_DEPTH) {
      this.refuse(
        this.peek(),
        `more than ${MAX_DEPTH} levels of nesting`,
        'give the inner parts a name: WITH name AS (...), or a view',
      );
    }
  }

  leave(): void {
    this.depth--;
  }

  /** A list with commas between its elements. */
  list<T>(element: () => T): T[] {
    const made = [element()];
    while (this.accept(',')) made.push(element());
    return made;
  }

  /** Takes a piece of text that is no SQL as one token. Only while the token it begins with is the furthest one seen. */
  takeText(end: number): Token {
    const { start, line, column } = this.peek();
    this.tokens.length = this.index;
    this.tokeniser.moveTo(end);
    const token = { key: '<text>', isName: false, text: this.sql.slice(start, end), start, end, line, column };
    this.tokens.push(token);
    return this.advance();
  }
}
