import { DiskStorage } from '../../../src/broker/storage/disk.js';
import type { LogFile, Storage, StorageEntry } from '../../../src/broker/storage/storage.js';

/**
 * A folder whose process dies at a given moment: the operation that brings it there is done by half, where that is
 * possible, and every later one fails. What is in the folder then is what a SIGKILL would have left.
 */
export class CrashingStorage implements Storage {
  private left = Number.POSITIVE_INFINITY;
  private readonly disk: DiskStorage;

  constructor(readonly folder: string) {
    this.disk = new DiskStorage(folder);
  }

  /** Dies at the `operations`-th change from now on. */
  dieAt(operations: number): void {
    this.left = operations;
  }

  get dead(): boolean {
    return this.left <= 0;
  }

  /** Whether this operation is the one at which it dies. */
  step(): boolean {
    this.alive();
    return --this.left <= 0;
  }

  alive(): void {
    if (this.dead) throw new Error('dead');
  }

  file(path: string): LogFile {
    return new CrashingFile(this, this.disk.file(path));
  }

  readWhole(path: string): Buffer | undefined {
    return this.disk.readWhole(path);
  }

  async replace(path: string, data: Uint8Array | string, options?: { readonly sync?: boolean }): Promise<void> {
    if (!this.step()) return this.disk.replace(path, data, options);
    await this.disk.replace(`${path}.new`, data.slice(0, data.length / 2));
    throw new Error('dead');
  }

  list(path: string): StorageEntry[] {
    return this.disk.list(path);
  }

  makeFolder(path: string): void {
    this.disk.makeFolder(path);
  }

  async newFolder(path: string): Promise<void> {
    if (this.step()) throw new Error('dead');
    await this.disk.newFolder(path);
  }

  syncFolder(path: string): Promise<void> {
    this.alive();
    return this.disk.syncFolder(path);
  }

  async rename(from: string, to: string): Promise<void> {
    if (this.step()) throw new Error('dead');
    await this.disk.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    if (this.step()) throw new Error('dead');
    await this.disk.remove(path);
  }

  close(): Promise<void> {
    return this.disk.close();
  }
}

class CrashingFile implements LogFile {
  constructor(
    private readonly storage: CrashingStorage,
    private readonly file: LogFile,
  ) {}

  get size(): number {
    return this.file.size;
  }

  async append(chunks: readonly Uint8Array[]): Promise<void> {
    if (!this.storage.step()) return this.file.append(chunks);
    const all = Buffer.concat(chunks);
    await this.file.append([all.subarray(0, all.length / 2)]);
    throw new Error('dead');
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    this.storage.alive();
    return this.file.read(target, position);
  }

  async truncate(size: number): Promise<void> {
    if (this.storage.step()) throw new Error('dead');
    await this.file.truncate(size);
  }

  async sync(): Promise<void> {
    if (this.storage.step()) throw new Error('dead');
    await this.file.sync();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  async remove(): Promise<void> {
    if (this.storage.step()) throw new Error('dead');
    await this.file.remove();
  }
}
