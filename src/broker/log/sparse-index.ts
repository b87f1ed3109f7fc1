import { readInt64, writeInt64 } from '../../wire/int64.js';

/**
 * A sorted table of fixed-size entries in one buffer: a segment's index, in memory and on disk alike. An entry's key is
 * a 64-bit integer, its value a 32-bit one. Keys grow strictly, values never shrink.
 *
 * - offset index: offset of a batch -> its position in the segment
 * - time index: largest timestamp so far -> offset of the batch that brought it
 */
export class SparseIndex {
  private bytes: Buffer;
  private used: number;

  /**
   * @param base subtracted from the values, which are offsets or positions, so that they fit 32 bits
   * @param content what `content()` gave before
   */
  constructor(
    private readonly base: number = 0,
    content?: Buffer,
  ) {
    this.bytes = content ?? Buffer.alloc(0);
    this.used = this.bytes.length;
  }

  get count(): number {
    return this.used / ENTRY_BYTES;
  }

  /** Adds an entry, unless its key is not beyond the last one. */
  add(key: number, value: number): void {
    if (this.count > 0 && key <= this.keyAt(this.count - 1)) return;
    if (this.used === this.bytes.length) {
      const larger = Buffer.alloc(Math.max(16 * ENTRY_BYTES, this.used * 2));
      this.bytes.copy(larger, 0, 0, this.used);
      this.bytes = larger;
    }
    writeInt64(this.bytes, key, this.used);
    this.bytes.writeUInt32BE(value - this.base, this.used + 8);
    this.used += ENTRY_BYTES;
  }

  keyAt(index: number): number {
    return readInt64(this.bytes, index * ENTRY_BYTES);
  }

  valueAt(index: number): number {
    return this.bytes.readUInt32BE(index * ENTRY_BYTES + 8) + this.base;
  }

  /** The index of the last entry whose key is at most `key`; -1 when all are beyond it. */
  floor(key: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (this.keyAt(middle) <= key) low = middle + 1;
      else high = middle - 1;
    }
    return high;
  }

  /** A copy of the entries, for the disk. */
  content(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.used));
  }

  /** Whether the entries are in order, and every value lies in `from` (included) to `to` (excluded). */
  isSound(from: number, to: number): boolean {
    let key = Number.NEGATIVE_INFINITY;
    let value = from;
    for (let index = 0; index < this.count; index++) {
      if (this.keyAt(index) <= key || this.valueAt(index) < value || this.valueAt(index) >= to) return false;
      key = this.keyAt(index);
      value = this.valueAt(index);
    }
    return true;
  }
}

const ENTRY_BYTES = 12;
