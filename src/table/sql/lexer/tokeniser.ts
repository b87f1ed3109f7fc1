import { KEYWORDS_THAT_MAY_BE_NAMES, RESERVED_WORDS } from './keywords.js';
import type { Token } from './token.js';

// What Flink takes for a letter, whatever Unicode says.
const LETTER =
  '$A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u1fff\\u3040-\\u318f\\u3300-\\u337f\\u3400-\\u3d2d\\u4e00-\\u9fff\\uf900-\\ufaff';
// Calcite's digits are those of all scripts it lists; only the Latin ones can begin a number.
const DIGIT =
  '0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\u09e6-\\u09ef\\u0a66-\\u0a6f\\u0ae6-\\u0aef\\u0b66-\\u0b6f\\u0be7-\\u0bef\\u0c66-\\u0c6f\\u0ce6-\\u0cef\\u0d66-\\u0d6f\\u0e50-\\u0e59\\u0ed0-\\u0ed9\\u1040-\\u1049';
const WORD = new RegExp(`[${LETTER}][${LETTER}${DIGIT}]*`, 'y');
// A collation's name, such as ISO-8859-1$en_US: whatever looks like one is one, even `t.a$b`.
const COLLATION = new RegExp(
  `[${LETTER}${DIGIT}]+[${LETTER}${DIGIT}:.\\-_]*\\$[${LETTER}_]+(?:\\$[${LETTER}${DIGIT}_]+)?`,
  'y',
);
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /'(?:[^']|'')*'/y;
const PREFIXED = /(?:[nN]|_[A-Za-z0-9][A-Za-z0-9:.\-_]*)'(?:[^']|'')*'/y;
const BINARY = /[xX]'(?:[^']|'')*'/y;
const UNICODE = /[uU]&'(?:[^']|'')*'/y;
const QUOTED = /`(?:[^`\n\r]|``)+`/y;
const UNICODE_NAME = /[uU]&"(?:[^"\n\r]|"")+"/y;
const ODBC = /\{ *(?:[fF][nN]|[tT][sS]|[dD]|[tT])/y;
const SIGNS = ['=>', '<=', '>=', '<>', '!=', '||', '..', '*/'];
const SIGN_CHARACTERS = '(){}[];.,=><?:+-*/%|^$\'"';

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Hands out the tokens of a text one by one, so that what stands after the last statement needed is never looked at. */
export class Tokeniser {
  private at = 0;
  private line = 1;
  private lineStart = 0;

  constructor(
    readonly text: string,
    offset = 0,
  ) {
    this.moveTo(offset);
  }

  /** Goes on from another place, further on in the text. */
  moveTo(offset: number): void {
    while (this.at < offset) this.step();
  }

  next(): Token {
    const { text } = this;
    const bad = this.skipBlanks();
    if (bad !== undefined) return bad;
    const start = this.at;
    if (start >= text.length) return this.endToken();
    const code = text.charCodeAt(start);
    const character = text[start] as string;
    if (character === "'") {
      const string = matchAt(STRING, text, start);
      return string === undefined ? this.token("'", 1) : this.token('<string>', string.length);
    }
    if (character === '`') return this.quoted();
    const digit = code >= 48 && code <= 57;
    if (digit || (character === '.' && /\d/.test(text[start + 1] ?? ''))) return this.number();
    const word = matchAt(WORD, text, start);
    if (word !== undefined && word !== '$') return this.word(word);
    return this.sign(character);
  }

  private step(): void {
    const code = this.text.charCodeAt(this.at++);
    if (code === 10 || (code === 13 && this.text.charCodeAt(this.at) !== 10)) {
      this.line++;
      this.lineStart = this.at;
    }
  }

  /** Skips blanks and comments; a comment without an end is a bad token. */
  private skipBlanks(): Token | undefined {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 32 || (code >= 9 && code <= 13 && code !== 11)) {
        this.step();
        continue;
      }
      const second = text.charCodeAt(this.at + 1);
      if ((code === 45 && second === 45) || (code === 47 && second === 47)) {
        while (this.at < text.length && text[this.at] !== '\n' && text[this.at] !== '\r') this.at++;
        continue;
      }
      if (code === 47 && second === 42 && text[this.at + 2] !== '+') {
        // The fourth character of a comment that begins with /** never helps to end it, unless it is `/`.
        const formal = text[this.at + 2] === '*' && text[this.at + 3] !== '/';
        const end = text.indexOf('*/', this.at + (formal ? 4 : 2));
        if (end < 0) return this.unclosed('comment', '*/', text.length);
        this.moveTo(end + 2);
        continue;
      }
      return undefined;
    }
  }

  private number(): Token {
    const collation = this.collation();
    const found = matchAt(NUMBER, this.text, this.at) as string;
    if (collation !== undefined && collation.length > found.length) return this.token('<collation>', collation.length);
    const key = /[eE]/.test(found) ? '<double>' : found.includes('.') ? '<decimal>' : '<integer>';
    return this.token(key, found.length);
  }

  private word(word: string): Token {
    const { text, at } = this;
    const after = text[at + word.length];
    if (after === "'" || after === '&' || (word.startsWith('_') && after !== undefined && ':.-'.includes(after))) {
      for (const [key, pattern] of [
        ['<binary>', BINARY],
        ['<unicode>', UNICODE],
        ['<prefixed>', PREFIXED],
      ] as const) {
        const found = matchAt(pattern, text, at);
        if (found !== undefined) return this.token(key, found.length);
      }
      const name = matchAt(UNICODE_NAME, text, at);
      if (name !== undefined) return this.token('<unicodeName>', name.length, true);
    }
    const collation = this.collation();
    if (collation !== undefined && collation.length > word.length) return this.token('<collation>', collation.length);
    const upper = word.toUpperCase();
    if (RESERVED_WORDS.has(upper)) return this.token(upper, word.length);
    return this.token(KEYWORDS_THAT_MAY_BE_NAMES.has(upper) ? upper : '<name>', word.length, true);
  }

  /** Only where a `$` is near: the pattern is not for every word of a long text. */
  private collation(): string | undefined {
    const near = this.text.slice(this.at, this.at + 128);
    const cut = near.search(/[\s,()'`;=<>+*/]/);
    if (!(cut < 0 ? near : near.slice(0, cut)).includes('$')) return undefined;
    return matchAt(COLLATION, this.text, this.at);
  }

  private quoted(): Token {
    const found = matchAt(QUOTED, this.text, this.at);
    if (found !== undefined) return this.token('<quoted>', found.length, true);
    const { text, at } = this;
    let end = at + 2;
    // An empty name: two back-ticks, which Flink takes for the beginning of a name with a back-tick in it.
    const empty = text[at + 1] === '`' && text[at + 2] !== '`';
    if (!empty) for (end = at + 1; end < text.length && !/[\n\r]/.test(text[end] as string); ) end++;
    return this.unclosed('name', '`', end);
  }

  private sign(character: string): Token {
    const { text, at } = this;
    if (text.startsWith('/*+', at)) return this.token('/*+', 3);
    if (character === '{') {
      const odbc = matchAt(ODBC, text, at);
      if (odbc !== undefined) return this.token(`{${odbc.slice(1).trim().toLowerCase()}`, odbc.length);
    }
    const two = text.slice(at, at + 2);
    if (SIGNS.includes(two)) return this.token(two, 2);
    if (SIGN_CHARACTERS.includes(character)) return this.token(character, 1);
    // Flink reads one more character after `!`, in the hope of `!=`, and complains there.
    return this.bad(character === '!' ? Math.min(at + 1, text.length - 1) : at, {
      message: `\`${character}\` means nothing in SQL`,
      hint:
        character === '!'
          ? 'write NOT for "not" and <> for "not equal"'
          : `put text between single quotes and unusual names between back-ticks`,
      open: { offset: at, line: this.line, column: at - this.lineStart + 1 },
    });
  }

  private unclosed(what: 'comment' | 'name', close: string, end: number): Token {
    const open = { offset: this.at, line: this.line, column: this.at - this.lineStart + 1 };
    const hint =
      what === 'comment' ? 'a comment begins with /* and ends with */' : 'a name between back-ticks ends on its line';
    return this.bad(Math.max(this.at, Math.min(end, this.text.length - 1)), {
      message: `this ${what} has no end: \`${close}\` is missing`,
      hint,
      open,
    });
  }

  /** The place Flink names: where its tokeniser gave up, one further at the very end. */
  private bad(offset: number, problem: NonNullable<Token['problem']>): Token {
    this.moveTo(offset);
    const column = offset - this.lineStart + 1 + (offset === this.text.length - 1 ? 1 : 0);
    const end = this.text.length;
    return { key: '<bad>', isName: false, text: '', start: offset, end, line: this.line, column, problem };
  }

  /** The end has the place of the last character, as in Flink. */
  private endToken(): Token {
    const end = this.text.length;
    const made = { key: '<end>', isName: false, text: '', start: end, end };
    if (end === 0) return { ...made, line: 0, column: 0 };
    if (this.lineStart < end) return { ...made, line: this.line, column: end - this.lineStart };
    const last = new Tokeniser(this.text, end - 1);
    return { ...made, line: last.line, column: end - last.lineStart };
  }

  private token(key: string, length: number, isName = false): Token {
    const start = this.at;
    const { line } = this;
    const column = start - this.lineStart + 1;
    const end = start + length;
    if (key === '<string>' || key === '<prefixed>' || key === '<unicode>' || key === '<binary>') this.moveTo(end);
    else this.at = end;
    return { key, isName, text: this.text.slice(start, end), start, end, line, column };
  }
}
