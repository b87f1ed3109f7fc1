/** About what an entry of a Map takes besides its key. */
const ENTRY_BYTES = 64;

/**
 * The offset of the last record of each key, in the part of a log that is about to be compacted. It holds as much as fits
 * its memory: what lies beyond is for the next run.
 */
export class OffsetMap {
  private readonly offsets = new Map<string, number>();
  private bytes = 0;

  /** @param maxBytes about how much memory to take. Kafka: `log.cleaner.dedupe.buffer.size` */
  constructor(private readonly maxBytes: number) {}

  get isFull(): boolean {
    return this.bytes >= this.maxBytes;
  }

  put(key: Buffer, offset: number): void {
    const text = key.toString('latin1');
    if (!this.offsets.has(text)) this.bytes += ENTRY_BYTES + text.length;
    this.offsets.set(text, offset);
  }

  /** -1 for a key that it has not seen. */
  get(key: Buffer): number {
    return this.offsets.get(key.toString('latin1')) ?? -1;
  }
}
