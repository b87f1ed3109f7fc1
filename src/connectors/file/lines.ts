import { isAscii } from 'node:buffer';
import { StreambookError } from '../../core/errors.js';
import type { FileDecoder } from './source.js';

const LF = 10;
const CR = 13;
const BYTE_ORDER_MARK = 0xfeff;
/** V8's strings end at 512 MiB; what is not a text of lines is named long before. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;

/** Slices that Node's buffers have, but their types do not name. */
type FastBuffer = Buffer & {
  latin1Slice(from: number, to: number): string;
  utf8Slice(from: number, to: number): string;
};

/**
 * Lines of UTF-8 text, without their ends (LF or CRLF). Cut at line-end bytes, so that no character is ever torn; a stretch
 * of pure ASCII is decoded the fast way.
 */
export class LineDecoder implements FileDecoder<string> {
  /** The pieces of a line that has not ended yet. */
  private begun: Buffer[] = [];
  private begunBytes = 0;
  private lines: readonly string[] = [];
  /** Bytes of the lines decoded so far, and of those that were given out. */
  private taken: number;
  private given: number;

  constructor(resume: { readonly position: number } | undefined) {
    this.taken = resume?.position ?? 0;
    this.given = this.taken;
  }

  feed(chunk: Buffer): void {
    const last = chunk.lastIndexOf(LF);
    if (last < 0) {
      this.keep(chunk);
      return;
    }
    const before = this.begunBytes;
    const lines = split(chunk.subarray(0, last));
    if (before > 0) {
      // Only the line that was torn is put together; the others are not copied.
      this.keep(chunk.subarray(0, chunk.indexOf(LF)));
      lines[0] = split(this.takeBegun())[0] as string;
    }
    this.give(lines, before + last + 1);
    if (last + 1 < chunk.length) this.keep(chunk.subarray(last + 1));
  }

  end(): void {
    const bytes = this.begunBytes;
    if (bytes === 0) return;
    const lines = split(this.takeBegun());
    // A byte order mark and nothing else is no line.
    const nothing = this.taken === 0 && bytes === 3 && lines[0]?.charCodeAt(0) === BYTE_ORDER_MARK;
    this.give(nothing ? [] : lines, bytes);
  }

  read(): readonly string[] {
    const { lines } = this;
    this.lines = [];
    this.given = this.taken;
    return lines;
  }

  position(): { readonly position: number } {
    return { position: this.given };
  }

  private give(lines: string[], bytes: number): void {
    const [first] = lines;
    if (this.taken === 0 && first?.charCodeAt(0) === BYTE_ORDER_MARK) lines[0] = first.slice(1);
    this.lines = lines;
    this.taken += bytes;
  }

  private keep(bytes: Buffer): void {
    this.begun.push(Buffer.from(bytes));
    this.begunBytes += bytes.length;
    if (this.begunBytes <= LONGEST_LINE_BYTES) return;
    throw new StreambookError('line-too-long', `a line does not end within ${LONGEST_LINE_BYTES} bytes`, {
      where: `byte ${this.taken} on`,
      hint: 'is this a text file with lines?',
    });
  }

  private takeBegun(): Buffer {
    const { begun } = this;
    this.begun = [];
    this.begunBytes = 0;
    return begun.length === 1 ? (begun[0] as Buffer) : Buffer.concat(begun);
  }
}

function split(buffer: Buffer): string[] {
  const fast = buffer as FastBuffer;
  const text = isAscii(buffer) ? fast.latin1Slice(0, fast.length) : fast.utf8Slice(0, fast.length);
  const lines = text.split('\n');
  if (buffer.includes(CR)) {
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] as string;
      if (line.endsWith('\r')) lines[i] = line.slice(0, -1);
    }
  }
  return lines;
}
