import { isAscii } from 'node:buffer';
import type { FileDecoder } from './source.js';

const LF = 10;
const CR = 13;

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
  private rest = Buffer.allocUnsafe(0) as Buffer;
  private lines: readonly string[] = [];
  private taken: number;

  private given: number;

  constructor(resume: { readonly position: number } | undefined) {
    this.taken = resume?.position ?? 0;
    this.given = this.taken;
  }

  feed(bytes: Buffer): void {
    let chunk = bytes;
    if (this.taken === 0 && this.rest.length === 0) {
      chunk = withoutByteOrderMark(chunk);
      this.taken += bytes.length - chunk.length;
    }
    const end = chunk.lastIndexOf(LF);
    if (end < 0) {
      this.rest = Buffer.concat([this.rest, chunk]);
      return;
    }
    const whole = this.rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([this.rest, chunk.subarray(0, end)]);
    this.lines = split(whole);
    this.taken += whole.length + 1;
    this.rest = Buffer.from(chunk.subarray(end + 1));
  }

  end(): void {
    if (this.rest.length === 0) return;
    this.lines = split(this.rest);
    this.taken += this.rest.length;
    this.rest = this.rest.subarray(0, 0);
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
}

function withoutByteOrderMark(chunk: Buffer): Buffer {
  return chunk.length >= 3 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
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
