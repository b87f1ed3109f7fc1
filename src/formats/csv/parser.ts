import { quoted } from '../bad.js';
import type { Chunks } from '../chunks.js';
import type { CsvSettings } from './options.js';

const LF = 10;
const CR = 13;
const NON_ASCII = /[\u0080-\u00ff]/;
// As Jackson, which Flink uses: these four name characters, every other one stands for itself.
const ESCAPED: Record<string, string> = { '0': '\0', n: '\n', r: '\r', t: '\t' };

/**
 * Splits one row at a time, by RFC 4180 and Flink's options: quotes with delimiters, line ends and doubled quotes in
 * them, escapes, LF and CR LF. For what the generated scanner gives back, and for the header.
 *
 * A quote that does not begin a field is an ordinary character; a CR that does not stand before LF, too.
 */
export class CsvParser {
  /** The fields of the row. */
  readonly fields: string[] = [];
  /** Where the next row begins; with a problem, the next line that may be one. */
  next = 0;
  /** Line ends inside the row, its own included. */
  lines = 0;
  /** What is wrong with the row, if anything is. */
  problem: string | undefined;

  constructor(
    private readonly chunks: Chunks,
    private readonly settings: CsvSettings,
  ) {}

  /**
   * Splits the row that begins at `chunks.at`.
   *
   * @returns false when the row goes on in bytes that are not here yet
   */
  split(): boolean {
    const { bytes } = this.chunks;
    this.fields.length = 0;
    this.problem = undefined;
    this.lines = 0;
    let at = this.chunks.at;
    for (;;) {
      at = bytes[at] === this.settings.quote ? this.quotedField(at + 1) : this.plainField(at);
      if (at < 0) return false;
      if (this.problem !== undefined) return true;
      const stop = bytes[at];
      if (stop === this.settings.delimiter) {
        at++;
        continue;
      }
      this.next = stop === CR ? at + 2 : at + 1;
      this.lines++;
      return true;
    }
  }

  /** @returns where the delimiter or line end stands */
  private plainField(from: number): number {
    const { bytes } = this.chunks;
    const { delimiter, escapeCode } = this.settings;
    let text = '';
    let start = from;
    let at = from;
    for (;;) {
      const c = bytes[at] as number;
      if (c === delimiter || c === LF) break;
      if (c === CR && bytes[at + 1] === LF) break;
      if (c === escapeCode && bytes[at + 1] !== LF) {
        const escaped = this.escaped(at, start);
        if (escaped === undefined) return at;
        text += escaped;
        at += 2;
        start = at;
      } else at++;
    }
    this.fields.push(text + this.cut(start, at));
    return at;
  }

  /** @returns where the delimiter or line end stands, or -1 when the closing quote is not here yet */
  private quotedField(from: number): number {
    const { bytes, end } = this.chunks;
    const { quote, escapeCode } = this.settings;
    let text = '';
    let start = from;
    let at = from;
    for (;;) {
      if (at >= end) return this.unclosed();
      const c = bytes[at];
      if (c === LF) this.lines++;
      if (c === escapeCode) {
        // The last byte here is a line end, which cannot be escaped away before more bytes come.
        if (at + 1 >= end) return this.unclosed();
        if (bytes[at + 1] === LF) this.lines++;
        text += this.escaped(at, start) ?? '';
        at += 2;
        start = at;
      } else if (c === quote) {
        if (bytes[at + 1] !== quote) break;
        text += this.cut(start, at + 1);
        at += 2;
        start = at;
      } else at++;
    }
    // A line end that `finish` added must not become part of a field.
    this.fields.push(text + this.cut(start, at));
    at++;
    // Spaces after a closing quote are passed over, as in Flink.
    while (bytes[at] === 32 && this.settings.delimiter !== 32) at++;
    const c = bytes[at];
    if (c === this.settings.delimiter || c === LF || (c === CR && bytes[at + 1] === LF)) return at;
    this.fail(`a quoted field is followed by ${quoted(this.cut(at, this.lineEnd(at)))}, not by a delimiter`, at);
    return at;
  }

  private unclosed(): number {
    if (!this.chunks.isLast) return -1;
    // Only the first line is given up: one stray quote should not swallow the rest of the input.
    this.lines = 0;
    this.fail('a quoted field is never closed', this.chunks.at);
    return this.chunks.at;
  }

  /** The text up to an escape, and the character it stands for. */
  private escaped(at: number, start: number): string | undefined {
    const { bytes } = this.chunks;
    const code = bytes[at + 1] as number;
    if (code < 128) {
      const letter = String.fromCharCode(code);
      return this.cut(start, at) + (ESCAPED[letter] ?? letter);
    }
    // A character of several bytes stands for itself: its first byte must not be parted from the others.
    let last = at + 2;
    while (((bytes[last] as number) & 0xc0) === 0x80) last++;
    this.fail(`an escape before ${quoted(this.cut(at + 1, last))}: only ASCII characters can be escaped`, at);
    return undefined;
  }

  private fail(problem: string, at: number): void {
    this.problem = problem;
    this.next = this.lineEnd(at) + 1;
    this.lines++;
  }

  private lineEnd(at: number): number {
    return this.chunks.bytes.indexOf(LF, at);
  }

  private cut(from: number, to: number): string {
    const text = this.chunks.text.slice(from, to);
    return NON_ASCII.test(text) ? this.chunks.utf8(from, to) : text;
  }
}
