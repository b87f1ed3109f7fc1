import { MemoryFile } from './memory-file.js';
import type { LogFile, Storage, StorageEntry } from './storage.js';

/** A folder's entries: folders, logs, and small files. */
type Folder = Map<string, Entry>;
type Entry = Folder | MemoryFile | Buffer;

/** The same as a folder, in memory: for tests, and for lessons that should leave nothing behind. */
export class MemoryStorage implements Storage {
  readonly folder = undefined;
  private readonly root: Folder = new Map();

  file(path: string): LogFile {
    const { folder, name } = this.place(path);
    const there = folder.get(name);
    if (there instanceof MemoryFile) return there;
    const made = new MemoryFile((file) => {
      // By itself, not by its name: it may have been renamed.
      for (const [other, entry] of folder) if (entry === file) folder.delete(other);
    });
    folder.set(name, made);
    return made;
  }

  readWhole(path: string): Buffer | undefined {
    const entry = this.entry(path);
    return entry instanceof Buffer ? entry : undefined;
  }

  replace(path: string, data: Uint8Array | string): Promise<void> {
    const { folder, name } = this.place(path);
    folder.set(name, typeof data === 'string' ? Buffer.from(data) : Buffer.from(data));
    return Promise.resolve();
  }

  list(path: string): StorageEntry[] {
    const folder = path === '' ? this.root : this.entry(path);
    if (!(folder instanceof Map)) return [];
    return [...folder].map(([name, entry]) => ({ name, folder: entry instanceof Map }));
  }

  makeFolder(path: string): void {
    this.folderAt(path.split('/'));
  }

  newFolder(path: string): Promise<void> {
    const { folder, name } = this.place(path);
    folder.set(name, new Map());
    return Promise.resolve();
  }

  syncFolder(): Promise<void> {
    return Promise.resolve();
  }

  /** A log keeps to its folder: files are renamed where they are. */
  rename(from: string, to: string): Promise<void> {
    const old = this.place(from);
    const entry = old.folder.get(old.name);
    if (entry === undefined) return Promise.reject(new Error(`there is no ${from}`));
    old.folder.delete(old.name);
    const next = this.place(to);
    next.folder.set(next.name, entry);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    const { folder, name } = this.place(path);
    folder.delete(name);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private entry(path: string): Entry | undefined {
    const { folder, name } = this.place(path);
    return folder.get(name);
  }

  private place(path: string): { readonly folder: Folder; readonly name: string } {
    const names = path.split('/');
    const name = names.pop()!;
    return { folder: this.folderAt(names), name };
  }

  /** The folder, made if it is not there. */
  private folderAt(names: readonly string[]): Folder {
    let folder = this.root;
    for (const name of names) {
      let next = folder.get(name);
      if (!(next instanceof Map)) {
        next = new Map();
        folder.set(name, next);
      }
      folder = next;
    }
    return folder;
  }
}
