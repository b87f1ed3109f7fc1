import { ArgumentError } from '../core/errors.js';
import { UnsupportedVersionError } from './errors.js';
import { writeInt64 } from './int64.js';
import type { RecordsInput, Region } from './schema.js';
import { writeUnsignedVarint } from './varint.js';

/** What a writer says about itself when a value cannot be written. */
export interface WriteContext {
  readonly api: string;
  readonly apiKey: number;
  readonly version: number;
  /** Field paths; the numbers that compiled encoders pass as `site` are indices into it. */
  readonly sites: readonly string[];
}

/** A piece of an encoded frame. */
export type Part = Buffer | Region;

const FIRST_CHUNK_BYTES = 512;
const LARGEST_CHUNK_BYTES = 65536;
/** Byte fields from this size on are passed through instead of copied. */
const BY_REFERENCE_BYTES = 4096;

/**
 * Writes Kafka's primitive types into a list of buffers, ready for `writev`. Nothing is written twice: when a chunk is full
 * the next one begins, and large byte fields and records go into the list by reference.
 */
export class Writer {
  private chunk: Buffer;
  private chunkStart = 0;
  private pos = 0;
  private readonly parts: Part[] = [];
  private finished = 0;

  constructor(
    readonly context: WriteContext,
    firstChunkBytes: number = FIRST_CHUNK_BYTES,
  ) {
    this.chunk = Buffer.allocUnsafe(firstChunkBytes);
  }

  /** Bytes written so far. */
  get byteLength(): number {
    return this.finished + this.pos - this.chunkStart;
  }

  /** The pieces in order. The writer must not be used afterwards. */
  finish(): Part[] {
    this.closePiece();
    return this.parts;
  }

  private closePiece(): void {
    if (this.pos === this.chunkStart) return;
    this.parts.push(this.chunk.subarray(this.chunkStart, this.pos));
    this.finished += this.pos - this.chunkStart;
    this.chunkStart = this.pos;
  }

  /** Makes room for `size` bytes: returns where to put them. */
  private take(size: number): number {
    if (this.pos + size > this.chunk.length) {
      this.closePiece();
      this.chunk = Buffer.allocUnsafe(Math.max(size, Math.min(this.chunk.length * 2, LARGEST_CHUNK_BYTES)));
      this.chunkStart = 0;
      this.pos = 0;
    }
    const at = this.pos;
    this.pos = at + size;
    return at;
  }

  private byReference(part: Part): void {
    if (part.byteLength === 0) return;
    this.closePiece();
    this.parts.push(part);
    this.finished += part.byteLength;
  }

  fail(problem: string, site: number): never {
    const { api, version, sites } = this.context;
    throw new ArgumentError(`${api} v${version}: ${sites[site]} ${problem}`);
  }
  failNull(site: number): never {
    return this.fail('cannot be null in this version', site);
  }
  /** For a value in a field that this version does not have and that must not be lost silently. */
  failVersion(site: number): never {
    const { api, apiKey, version, sites } = this.context;
    throw new UnsupportedVersionError(apiKey, version, `${api} v${version} has no field ${sites[site]}`);
  }
  private integer(value: number, low: number, high: number, site: number): number {
    if (!(value >= low && value <= high) || !Number.isInteger(value)) {
      this.fail(`must be an integer from ${low} to ${high}, not ${String(value)}`, site);
    }
    return value;
  }

  bool(value: boolean, _site: number): void {
    this.one(value ? 1 : 0);
  }
  int8(value: number, site: number): void {
    this.integer(value, -0x80, 0x7f, site);
    this.one(value);
  }
  int16(value: number, site: number): void {
    this.integer(value, -0x8000, 0x7fff, site);
    this.two(value);
  }
  uint16(value: number, site: number): void {
    this.integer(value, 0, 0xffff, site);
    this.two(value);
  }
  int32(value: number, site: number): void {
    this.integer(value, -0x80000000, 0x7fffffff, site);
    this.four(value);
  }
  uint32(value: number, site: number): void {
    this.integer(value, 0, 0xffffffff, site);
    this.four(value);
  }
  int64(value: number, site: number): void {
    if (typeof value !== 'number') this.fail(`must be a number, not ${String(value)}`, site);
    const at = this.take(8);
    writeInt64(this.chunk, value, at);
  }
  float64(value: number, _site: number): void {
    const at = this.take(8);
    this.chunk.writeDoubleBE(value, at);
  }
  uuid(value: string, site: number): void {
    const at = this.take(16);
    if (value.length !== 22 || this.chunk.write(value, at, 16, 'base64url') !== 16)
      this.fail(`is no UUID: ${value}`, site);
  }
  // In all of these `take` comes first, in a statement of its own: it may begin a new chunk.
  private one(value: number): void {
    const at = this.take(1);
    this.chunk[at] = value;
  }
  private two(value: number): void {
    const at = this.take(2);
    this.chunk[at] = value >> 8;
    this.chunk[at + 1] = value;
  }
  private four(value: number): void {
    const at = this.take(4);
    const chunk = this.chunk;
    chunk[at] = value >> 24;
    chunk[at + 1] = value >> 16;
    chunk[at + 2] = value >> 8;
    chunk[at + 3] = value;
  }
  unsignedVarint(value: number): void {
    const at = this.take(5);
    this.pos = writeUnsignedVarint(this.chunk, value, at);
  }

  string(value: string | null, site: number): void {
    this.nullableString(value ?? this.failNull(site), site);
  }
  nullableString(value: string | null, site: number): void {
    if (value === null) {
      this.two(-1);
      return;
    }
    const size = this.sizeOf(value, site);
    this.two(size);
    this.text(value, size);
  }
  compactString(value: string | null, site: number): void {
    this.compactNullableString(value ?? this.failNull(site), site);
  }
  compactNullableString(value: string | null, site: number): void {
    if (value === null) {
      this.unsignedVarint(0);
      return;
    }
    const size = this.sizeOf(value, site);
    this.unsignedVarint(size + 1);
    this.text(value, size);
  }
  private sizeOf(value: string, site: number): number {
    if (typeof value !== 'string') this.fail(`must be a string, not ${String(value)}`, site);
    const size = Buffer.byteLength(value);
    return size > 0x7fff ? this.fail(`takes ${size} bytes: 32767 is the most`, site) : size;
  }
  private text(value: string, size: number): void {
    const at = this.take(size);
    this.chunk.write(value, at, size, 'utf8');
  }

  bytes(value: RecordsInput | null, site: number): void {
    this.nullableBytes(value ?? this.failNull(site), site);
  }
  nullableBytes(value: RecordsInput | null, site: number): void {
    if (value === null) {
      this.four(-1);
      return;
    }
    this.int32(totalBytes(value), site);
    this.raw(value);
  }
  compactBytes(value: RecordsInput | null, site: number): void {
    this.compactNullableBytes(value ?? this.failNull(site), site);
  }
  compactNullableBytes(value: RecordsInput | null, site: number): void {
    if (value === null) {
      this.unsignedVarint(0);
      return;
    }
    this.unsignedVarint(this.integer(totalBytes(value), 0, 0x7fffffff, site) + 1);
    this.raw(value);
  }
  /** Bytes without a length: copied when small, by reference when large or not in memory. */
  raw(value: RecordsInput): void {
    if (isList(value)) {
      for (const part of value) this.raw(part);
    } else if (!(value instanceof Uint8Array)) {
      this.byReference(value);
    } else if (value.length < BY_REFERENCE_BYTES) {
      const at = this.take(value.length);
      this.chunk.set(value, at);
    } else {
      this.byReference(asBuffer(value));
    }
  }

  arrayLength(value: readonly unknown[] | null): void {
    this.four(value === null ? -1 : value.length);
  }
  compactArrayLength(value: readonly unknown[] | null): void {
    this.unsignedVarint(value === null ? 0 : value.length + 1);
  }

  /** A tagged field, already encoded on its own. */
  tagged(tag: number, data: RecordsInput): void {
    this.unsignedVarint(tag);
    this.unsignedVarint(totalBytes(data));
    this.raw(data);
  }
}

function isList(value: RecordsInput): value is readonly (Uint8Array | Region)[] {
  return Array.isArray(value);
}

function totalBytes(value: RecordsInput): number {
  if (!isList(value)) return value.byteLength;
  let sum = 0;
  for (const part of value) sum += part.byteLength;
  return sum;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
