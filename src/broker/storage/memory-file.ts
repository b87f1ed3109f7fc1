import type { LogFile } from './storage.js';

const SMALLEST_BLOCK = 4 * 1024;
const LARGEST_BLOCK = 1024 * 1024;

/** Bytes in blocks that grow with the file, so that a thousand empty topics cost little and a large one is not copied. */
export class MemoryFile implements LogFile {
  size = 0;
  private readonly blocks: { readonly start: number; readonly bytes: Buffer }[] = [];

  /** @param forget takes it out of its folder */
  constructor(private readonly forget: (file: MemoryFile) => void) {}

  append(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) this.put(chunk);
    return Promise.resolve();
  }

  private put(chunk: Uint8Array): void {
    let done = 0;
    while (done < chunk.byteLength) {
      let last = this.blocks.at(-1);
      if (last === undefined || this.size - last.start === last.bytes.byteLength) {
        const bytes = Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, this.size));
        last = { start: this.size, bytes: Buffer.allocUnsafeSlow(bytes) };
        this.blocks.push(last);
      }
      const at = this.size - last.start;
      const count = Math.min(chunk.byteLength - done, last.bytes.byteLength - at);
      last.bytes.set(chunk.subarray(done, done + count), at);
      done += count;
      this.size += count;
    }
  }

  read(target: Uint8Array, position: number): Promise<number> {
    const wanted = Math.max(0, Math.min(target.byteLength, this.size - position));
    let done = 0;
    let index = this.blockAt(position);
    while (done < wanted) {
      const block = this.blocks[index++]!;
      const from = position + done - block.start;
      const count = Math.min(wanted - done, block.bytes.byteLength - from);
      target.set(block.bytes.subarray(from, from + count), done);
      done += count;
    }
    return Promise.resolve(done);
  }

  private blockAt(position: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle]!.start <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  truncate(size: number): Promise<void> {
    this.size = Math.min(this.size, size);
    while ((this.blocks.at(-1)?.start ?? -1) >= this.size) this.blocks.pop();
    return Promise.resolve();
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<void> {
    this.forget(this);
    return Promise.resolve();
  }
}
