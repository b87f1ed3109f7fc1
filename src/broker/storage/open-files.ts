import { close, closeSync, constants, openSync, readFileSync } from 'node:fs';

/** A handle in use or kept for the next use. */
export interface OpenFile {
  readonly path: string;
  readonly fd: number;
  users: number;
  /** Set when somebody waits for the last user to leave; the handle is closed then. */
  leaving: (() => void) | undefined;
}

/**
 * Keeps the handles that were used last, and closes the others, so that a thousand partitions work where a process may
 * have 256 files open.
 */
export class OpenFiles {
  // A Map keeps insertion order, and each use inserts again: the first entry is the one used longest ago.
  private readonly open = new Map<string, OpenFile>();
  private borrowed = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param limit how many handles may be open at the same time */
  constructor(private limit = defaultLimit()) {}

  /**
   * A handle on `path`, created when there is no such file; undefined when as many files as may be open are in use. Give
   * it back with `release`.
   */
  acquire(path: string): OpenFile | undefined {
    let file = this.open.get(path);
    if (file === undefined) {
      if (this.open.size + this.borrowed >= this.limit) this.evict(this.open.size + this.borrowed - this.limit + 1);
      if (this.open.size + this.borrowed >= this.limit) return undefined;
      file = { path, fd: this.openWithRoom(path), users: 0, leaving: undefined };
    } else {
      this.open.delete(path);
    }
    this.open.set(path, file);
    file.users++;
    return file;
  }

  /** The same, when there is room for it. */
  async acquireLater(path: string): Promise<OpenFile> {
    for (;;) {
      await this.room();
      const file = this.acquire(path);
      if (file === undefined) continue;
      // It may have been open already and left room for the next.
      this.waiting.shift()?.();
      return file;
    }
  }

  private room(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Does something that opens one file by itself, when there is room for it. */
  async borrow<T>(action: () => Promise<T>): Promise<T> {
    while (this.open.size + this.borrowed >= this.limit) {
      this.evict(1);
      if (this.open.size + this.borrowed < this.limit) break;
      await this.room();
    }
    this.borrowed++;
    try {
      return await action();
    } finally {
      this.borrowed--;
      this.waiting.shift()?.();
    }
  }

  release(file: OpenFile): void {
    file.users--;
    if (file.users > 0) return;
    if (file.leaving !== undefined) this.drop(file, file.leaving);
    this.waiting.shift()?.();
  }

  /** Closes the handle on `path`, once its users have left. */
  close(path: string): Promise<void> {
    const file = this.open.get(path);
    if (file === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const before = file.leaving;
      file.leaving = () => {
        before?.();
        resolve();
      };
      if (file.users === 0) this.drop(file, file.leaving);
    });
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.open.keys()].map((path) => this.close(path)));
  }

  private drop(file: OpenFile, then: () => void): void {
    if (this.open.get(file.path) === file) this.open.delete(file.path);
    close(file.fd, () => {
      then();
      this.waiting.shift()?.();
    });
  }

  private evict(count: number): void {
    let left = count;
    for (const file of this.open.values()) {
      if (left <= 0) return;
      if (file.users > 0) continue;
      this.open.delete(file.path);
      // Synchronously: the handle must be free before the next one is opened.
      closeSync(file.fd);
      left--;
    }
  }

  private openWithRoom(path: string): number {
    const flags = constants.O_RDWR | constants.O_CREAT;
    try {
      return openSync(path, flags, 0o644);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
      // Connections and the user's own files took the room: manage with fewer from now on.
      this.limit = Math.max(8, Math.floor(this.open.size / 2));
      this.evict(Math.max(1, this.open.size - this.limit));
      return openSync(path, flags, 0o644);
    }
  }
}

/** Half of what the process may open, the rest being for connections. */
function defaultLimit(): number {
  if (process.platform !== 'linux') return 100;
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return Math.max(16, Math.min(1000, Math.floor(Number(soft ?? 256) / 2) - 28));
  } catch {
    return 100;
  }
}
