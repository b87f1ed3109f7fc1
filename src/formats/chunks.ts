import { type DecoderOptions, RowTooLongError } from './format.js';

const LF = 10;
/** Room behind the last byte: for a line end that is added, and for scanners that look a few bytes ahead. */
const SLACK = 8;
const DEFAULT_MAX_ROW_BYTES = 16 * 1024 * 1024;

/** A Buffer with the fast slices that Node has, but its types do not name. */
export type FastBuffer = Buffer & {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
};

/**
 * The bytes between what was fed and what was read. Only whole lines are offered: the rest after the last line-end
 * byte waits for more, so no character is ever torn.
 *
 * `text` is the same stretch decoded as latin1, once, so that offsets into it are byte offsets.
 */
export class Chunks {
  bytes = Buffer.allocUnsafe(1 << 17) as FastBuffer;
  /** Read up to here. */
  at = 0;
  /** Whole lines up to here; the last byte before it is a line end. */
  end = 0;
  private decoded: string | undefined = '';
  /** Lines before `at`. */
  line: number;
  /** Position in the input of `bytes[0]`. */
  private base: number;
  /** Filled up to here. */
  private filled = 0;
  private ended = false;
  /** A line end that the input lacked was added. */
  private added = 0;
  private readonly maxRowBytes: number;

  constructor(
    readonly source: string,
    options: DecoderOptions,
  ) {
    this.base = options.resume?.position ?? 0;
    this.line = options.resume?.line ?? 0;
    this.maxRowBytes = options.maxRowBytes ?? DEFAULT_MAX_ROW_BYTES;
  }

  feed(chunk: Uint8Array): void {
    const { bytes, at, filled } = this;
    if (at > 0) {
      bytes.copyWithin(0, at, filled);
      this.base += at;
      this.filled -= at;
      this.end -= at;
      this.at = 0;
    }
    const needed = this.filled + chunk.length + SLACK;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2)) as FastBuffer;
      this.bytes.copy(larger, 0, 0, this.filled);
      this.bytes = larger;
    }
    this.bytes.set(chunk, this.filled);
    const searchFrom = this.filled;
    this.filled += chunk.length;
    if (this.base === 0 && searchFrom < 3) this.skipByteOrderMark();
    const last = this.bytes.subarray(searchFrom, this.filled).lastIndexOf(LF);
    if (last >= 0) this.end = searchFrom + last + 1;
    if (this.filled - this.end > this.maxRowBytes) this.tooLong(false);
    this.decoded = this.end > this.at ? undefined : '';
  }

  /** `bytes` up to `end`, as latin1; decoded when somebody asks. */
  get text(): string {
    this.decoded ??= this.bytes.latin1Slice(0, this.end);
    return this.decoded;
  }

  /** Goes on in this memory, if there is room in it for what there is. */
  moveTo(bytes: FastBuffer): void {
    if (this.filled + SLACK > bytes.length) return;
    this.bytes.copy(bytes, 0, 0, this.filled);
    this.bytes = bytes;
  }

  finish(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.end === this.filled) return;
    if (this.bytes.length === this.filled) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(1)]) as FastBuffer;
    this.bytes[this.filled++] = LF;
    this.added = 1;
    this.end = this.filled;
    this.decoded = undefined;
  }

  /** Loads one message in place of everything else. */
  load(message: Uint8Array): void {
    this.at = this.end = this.filled = this.base = this.line = this.added = 0;
    this.ended = false;
    this.feed(message);
    this.finish();
  }

  /** Whether `finish` was called: an unfinished row will never be finished. */
  get isLast(): boolean {
    return this.ended;
  }

  /** The position in the input of an offset into `bytes`. */
  positionOf(offset: number): number {
    const position = this.base + offset;
    return offset === this.filled ? position - this.added : position;
  }

  /** For a row that goes on over line ends: refuses to wait for ever. */
  waitForMore(): void {
    if (this.filled - this.at > this.maxRowBytes) this.tooLong(true);
  }

  /** The bytes of a stretch as text, UTF-8. */
  utf8(from: number, to: number): string {
    return this.bytes.utf8Slice(from, to);
  }

  private tooLong(quoted: boolean): never {
    throw new RowTooLongError(this.source, this.line + 1, this.maxRowBytes, quoted);
  }

  private skipByteOrderMark(): void {
    const { bytes } = this;
    if (this.at === 0 && this.filled >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }
}
