import { RecordBatchError } from './errors.js';

/** Reads the varint-coded records of a batch; every step is checked against the end. */
export class RecordCursor {
  private at = 0;

  constructor(private readonly data: Buffer) {}

  private fail(problem: string): never {
    throw new RecordBatchError(
      'record',
      'CORRUPT_MESSAGE',
      `damaged record at byte ${this.at} of its batch: ${problem}`,
    );
  }

  /** Where something of `length` bytes that begins here ends. */
  end(length: number): number {
    if (length < 0 || length > this.data.length - this.at) {
      this.fail(`${length} bytes announced, ${this.data.length - this.at} left`);
    }
    return this.at + length;
  }
  skip(length: number): void {
    this.at = this.end(length);
  }
  mustBeAt(position: number): void {
    if (this.at !== position) this.fail(`it should end at byte ${position}`);
  }
  mustHold(count: number, leastBytes: number): void {
    if (count < 0 || count * leastBytes > this.data.length - this.at) this.fail(`${count} headers announced`);
  }

  private next(): number {
    const byte = this.data[this.at];
    if (byte === undefined) this.fail('it breaks off');
    this.at++;
    return byte;
  }

  /** A zigzag integer of at most 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.next();
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    return this.fail('a varint of more than 32 bits');
  }

  /** A zigzag integer of at most 64 bits; rounded to the nearest double beyond 2^53. */
  varlong(): number {
    // Nearly every delta fits 28 bits; beyond, bit operations no longer do.
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.next();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    let wide = BigInt(value);
    for (let shift = 28n; shift <= 63n; shift += 7n) {
      const byte = this.next();
      if (shift === 63n && byte > 1) break;
      wide |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number((wide >> 1n) ^ -(wide & 1n));
    }
    return this.fail('a varint of more than 64 bits');
  }

  /** Bytes with their length in front; -1 is null. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length === -1) return null;
    const end = this.end(length);
    const view = this.data.subarray(this.at, end);
    this.at = end;
    return view;
  }

  text(): string {
    const bytes = this.bytes();
    return bytes === null ? this.fail('null where a header key must be') : bytes.toString('utf8');
  }
}
