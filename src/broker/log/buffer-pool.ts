import type { Lent } from './read.js';

const SMALLEST = 4 * 1024;
/** Sizes are powers of two up to here, and multiples of it beyond. */
const STEP = 128 * 1024;
/** Larger buffers are rare, and too much memory to keep. */
const LARGEST = 4 * 1024 * 1024;

/**
 * Buffers that are used again: a fresh megabyte costs more in page faults than its content costs to read.
 */
export class BufferPool {
  private readonly free = new Map<number, Buffer[]>();
  private kept = 0;
  /** Bytes that are lent at the moment. */
  lentBytes = 0;

  /** @param keepBytes how much memory to keep for later */
  constructor(private readonly keepBytes: number = 32 * 1024 * 1024) {}

  /** A buffer whose view has the length `bytes` and any content. Give it back once, when nothing reads it any more. */
  lend(bytes: number): Lent {
    const size = sizeFor(bytes);
    const buffer = (size > LARGEST ? undefined : this.take(size)) ?? Buffer.allocUnsafeSlow(size);
    this.lentBytes += size;
    return new LentBuffer(this, buffer, bytes);
  }

  private take(size: number): Buffer | undefined {
    const buffer = this.free.get(size)?.pop();
    if (buffer !== undefined) this.kept -= size;
    return buffer;
  }

  giveBack(buffer: Buffer): void {
    const size = buffer.length;
    this.lentBytes -= size;
    if (size > LARGEST || this.kept + size > this.keepBytes) return;
    let free = this.free.get(size);
    if (free === undefined) {
      free = [];
      this.free.set(size, free);
    }
    free.push(buffer);
    this.kept += size;
  }
}

class LentBuffer implements Lent {
  view: Buffer;
  private given = false;

  constructor(
    private readonly pool: BufferPool,
    private readonly buffer: Buffer,
    bytes: number,
  ) {
    this.view = buffer.length === bytes ? buffer : buffer.subarray(0, bytes);
  }

  giveBack(): void {
    if (this.given) return;
    this.given = true;
    this.pool.giveBack(this.buffer);
  }
}

function sizeFor(bytes: number): number {
  if (bytes > LARGEST) return bytes;
  if (bytes > STEP) return Math.ceil(bytes / STEP) * STEP;
  let size = SMALLEST;
  while (size < bytes) size *= 2;
  return size;
}
