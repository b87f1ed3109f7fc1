import type { LogFile, Storage, StorageEntry } from './storage.js';

/** The same as a folder, in memory: for tests, and for lessons that should leave nothing behind. */
export class MemoryStorage implements Storage {
  readonly folder = undefined;
  private readonly logs = new Map<string, MemoryFile>();
  private readonly small = new Map<string, Buffer>();
  private readonly folders = new Set<string>();

  file(path: string): LogFile {
    let file = this.logs.get(path);
    if (file === undefined) {
      // By itself, not by its name: it may have been renamed.
      const made: MemoryFile = new MemoryFile(() => {
        for (const [name, one] of this.logs) if (one === made) this.logs.delete(name);
      });
      file = made;
      this.logs.set(path, file);
    }
    return file;
  }

  readWhole(path: string): Buffer | undefined {
    return this.small.get(path);
  }

  replace(path: string, data: Uint8Array | string): Promise<void> {
    this.small.set(path, typeof data === 'string' ? Buffer.from(data) : Buffer.from(data));
    return Promise.resolve();
  }

  list(path: string): StorageEntry[] {
    const prefix = path === '' ? '' : `${path}/`;
    const found = new Map<string, boolean>();
    for (const name of [...this.logs.keys(), ...this.small.keys(), ...this.folders]) {
      if (!name.startsWith(prefix) || name.length === prefix.length) continue;
      const rest = name.slice(prefix.length);
      const slash = rest.indexOf('/');
      if (slash >= 0) found.set(rest.slice(0, slash), true);
      else found.set(rest, this.folders.has(name));
    }
    return [...found].map(([name, folder]) => ({ name, folder }));
  }

  makeFolder(path: string): void {
    this.folders.add(path);
  }

  rename(from: string, to: string): Promise<void> {
    for (const map of [this.logs, this.small] as Map<string, unknown>[]) {
      for (const [name, value] of [...map]) {
        if (name !== from && !name.startsWith(`${from}/`)) continue;
        map.delete(name);
        map.set(to + name.slice(from.length), value);
      }
    }
    if (this.folders.delete(from)) this.folders.add(to);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    for (const names of [this.logs, this.small, this.folders]) {
      for (const name of [...names.keys()]) if (name === path || name.startsWith(`${path}/`)) names.delete(name);
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const SMALLEST_BLOCK = 4 * 1024;
const LARGEST_BLOCK = 1024 * 1024;

/** Bytes in blocks that grow with the file, so that a thousand empty topics cost little and a large one is not copied. */
class MemoryFile implements LogFile {
  size = 0;
  private readonly blocks: { readonly start: number; readonly bytes: Buffer }[] = [];

  constructor(private readonly forget: () => void) {}

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
    this.forget();
    return Promise.resolve();
  }
}
