import { MalformedFrameError } from './errors.js';
import { readInt64 } from './int64.js';
import type { UnknownTag } from './schema.js';

/** What a reader says about itself when the bytes are wrong. */
export interface ReadContext {
  readonly api: string | undefined;
  readonly version: number;
  readonly direction: 'request' | 'response' | 'header';
  /** Field paths; the numbers that compiled decoders pass as `site` are indices into it. */
  readonly sites: readonly string[];
}

/** Elements of arrays that one frame may hold, all arrays together. Each costs some 100 bytes of memory, whatever it took on the wire. */
export const DEFAULT_MAX_ELEMENTS = 1_000_000;

/** An unknown tagged field takes two bytes on the wire and a Buffer in memory: it counts as so many elements. */
const UNKNOWN_TAG_COST = 10;

/**
 * Reads Kafka's primitive types from a frame. Every length is checked against what is left before anything is allocated.
 * Byte fields are views into the frame. Compiled decoders call it; `site` names the field when something is wrong.
 */
export class Reader {
  pos: number;
  end: number;
  private elementsLeft: number;

  constructor(
    readonly buffer: Buffer,
    start: number,
    readonly context: ReadContext,
    maxElements: number = DEFAULT_MAX_ELEMENTS,
  ) {
    this.pos = start;
    this.end = buffer.length;
    this.elementsLeft = maxElements;
  }

  fail(problem: string, site: number, at: number = this.pos): never {
    const { api, version, direction, sites } = this.context;
    throw new MalformedFrameError(problem, { api, version, direction, field: sites[site], offset: at });
  }

  /** Takes `size` bytes: returns where they begin. */
  private take(size: number, site: number): number {
    const at = this.pos;
    const next = at + size;
    if (next > this.end) this.fail(`${size} bytes wanted, ${this.end - at} left`, site);
    this.pos = next;
    return at;
  }

  bool(site: number): boolean {
    return this.buffer[this.take(1, site)] !== 0;
  }
  int8(site: number): number {
    return (this.buffer[this.take(1, site)]! << 24) >> 24;
  }
  int16(site: number): number {
    return (this.uint16(site) << 16) >> 16;
  }
  uint16(site: number): number {
    const at = this.take(2, site);
    return (this.buffer[at]! << 8) | this.buffer[at + 1]!;
  }
  int32(site: number): number {
    const at = this.take(4, site);
    const b = this.buffer;
    return (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;
  }
  uint32(site: number): number {
    return this.int32(site) >>> 0;
  }
  int64(site: number): number {
    return readInt64(this.buffer, this.take(8, site));
  }
  float64(site: number): number {
    return this.buffer.readDoubleBE(this.take(8, site));
  }
  uuid(site: number): string {
    const at = this.take(16, site);
    return this.buffer.toString('base64url', at, at + 16);
  }

  /** Unsigned, at most five bytes and at most 2^32-1. */
  unsignedVarint(site: number): number {
    const b = this.buffer;
    const from = this.pos;
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = b[this.take(1, site)]!;
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    return this.fail('a varint of more than 32 bits', site, from);
  }

  string(site: number): string {
    return this.text(this.int16(site), site) ?? this.failNull(site);
  }
  nullableString(site: number): string | null {
    return this.text(this.int16(site), site);
  }
  compactString(site: number): string {
    return this.text(this.unsignedVarint(site) - 1, site) ?? this.failNull(site);
  }
  compactNullableString(site: number): string | null {
    return this.text(this.unsignedVarint(site) - 1, site);
  }
  private text(length: number, site: number): string | null {
    if (length < 0) return this.nullLength(length, site);
    if (length > 0x7fff) this.fail(`a string of ${length} bytes: 32767 is the most`, site);
    const at = this.take(length, site);
    return length === 0 ? '' : this.buffer.toString('utf8', at, at + length);
  }

  bytes(site: number): Buffer {
    return this.view(this.int32(site), site) ?? this.failNull(site);
  }
  nullableBytes(site: number): Buffer | null {
    return this.view(this.int32(site), site);
  }
  compactBytes(site: number): Buffer {
    return this.view(this.unsignedVarint(site) - 1, site) ?? this.failNull(site);
  }
  compactNullableBytes(site: number): Buffer | null {
    return this.view(this.unsignedVarint(site) - 1, site);
  }
  private view(length: number, site: number): Buffer | null {
    if (length < 0) return this.nullLength(length, site);
    const at = this.take(length, site);
    return this.buffer.subarray(at, at + length);
  }

  /** The number of elements, -1 for null. `leastSize` is what one element takes at least. */
  arrayLength(leastSize: number, site: number): number {
    return this.checkCount(this.int32(site), leastSize, site);
  }
  compactArrayLength(leastSize: number, site: number): number {
    return this.checkCount(this.unsignedVarint(site) - 1, leastSize, site);
  }
  private checkCount(count: number, leastSize: number, site: number): number {
    if (count < 0) {
      this.nullLength(count, site);
      return -1;
    }
    if (count * leastSize > this.end - this.pos) {
      this.fail(`${count} elements of ${leastSize} bytes or more, ${this.end - this.pos} bytes left`, site);
    }
    this.elementsLeft -= count;
    if (this.elementsLeft < 0) this.fail(`more array elements than the limit allows (${count} here)`, site);
    return count;
  }

  private nullLength(length: number, site: number): null {
    return length === -1 ? null : this.fail(`negative length ${length}`, site);
  }
  failNull(site: number): never {
    return this.fail('null where a value must be', site);
  }

  /** Whether a nullable struct is there. */
  present(site: number): boolean {
    const marker = this.int8(site);
    if (marker !== 1 && marker !== -1)
      this.fail(`marker ${marker} before a struct: it must be 1 or -1`, site, this.pos - 1);
    return marker === 1;
  }

  /** Narrows the frame to one tagged field; returns what to hand to `leaveTag`. */
  enterTag(size: number, site: number): number {
    if (size > this.end - this.pos) this.fail(`a tagged field of ${size} bytes, ${this.end - this.pos} left`, site);
    const outer = this.end;
    this.end = this.pos + size;
    return outer;
  }
  leaveTag(outer: number, site: number): void {
    if (this.pos !== this.end) this.fail(`${this.end - this.pos} bytes too many in a tagged field`, site);
    this.end = outer;
  }
  /** Steps over a tagged field that the schema does not know, and keeps it. */
  unknownTag(known: UnknownTag[] | undefined, tag: number, size: number, site: number): UnknownTag[] {
    const at = this.take(size, site);
    this.elementsLeft -= UNKNOWN_TAG_COST;
    if (this.elementsLeft < 0) this.fail('more tagged fields than the limit allows', site);
    const list = known ?? [];
    list.push({ tag, data: this.buffer.subarray(at, at + size) });
    return list;
  }
}
