import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { type OpenFile, OpenFiles } from './open-files.js';
import type { LogFile, Storage, StorageEntry } from './storage.js';

/** A folder of a disk. */
export class DiskStorage implements Storage {
  private readonly handles: OpenFiles;

  /**
   * @param folder an existing folder
   * @param maxOpenFiles handles kept open at the same time; by default half of what the process may have
   */
  constructor(
    readonly folder: string,
    maxOpenFiles?: number,
  ) {
    this.handles = new OpenFiles(maxOpenFiles);
  }

  file(path: string): LogFile {
    return new DiskFile(join(this.folder, path), this.handles);
  }

  readWhole(path: string): Buffer | undefined {
    try {
      return fs.readFileSync(join(this.folder, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  replace(path: string, data: Uint8Array | string, options: { readonly sync?: boolean } = {}): Promise<void> {
    const target = join(this.folder, path);
    return this.handles.borrow(() => replaceFile(target, data, options.sync !== false));
  }

  list(path: string): StorageEntry[] {
    try {
      return fs
        .readdirSync(join(this.folder, path), { withFileTypes: true })
        .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  makeFolder(path: string): void {
    fs.mkdirSync(join(this.folder, path), { recursive: true });
  }

  async newFolder(path: string): Promise<void> {
    try {
      await fs.promises.mkdir(join(this.folder, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await this.remove(path);
      await fs.promises.mkdir(join(this.folder, path));
    }
  }

  syncFolder(path: string): Promise<void> {
    return this.handles.borrow(() => syncFolder(join(this.folder, path)));
  }

  rename(from: string, to: string): Promise<void> {
    return patiently(() => fs.promises.rename(join(this.folder, from), join(this.folder, to)));
  }

  async remove(path: string): Promise<void> {
    const target = join(this.folder, path);
    // Most folders of deleted topics are empty, and one call is enough for those.
    const gone = await fs.promises.rmdir(target).then(
      () => true,
      () => false,
    );
    if (!gone) await fs.promises.rm(target, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  close(): Promise<void> {
    return this.handles.closeAll();
  }
}

async function replaceFile(target: string, data: Uint8Array | string, sync: boolean): Promise<void> {
  const temporary = `${target}.new`;
  const handle = await fs.promises.open(temporary, 'w');
  try {
    await handle.writeFile(data);
    if (sync) await handle.datasync();
  } finally {
    await handle.close();
  }
  await patiently(() => fs.promises.rename(temporary, target));
  if (sync) await syncFolder(dirname(target));
}

/** Windows keeps names by itself, and does not let folders be opened. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Windows refuses to rename what a virus scanner has just opened: such refusals pass within moments. */
async function patiently(action: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const passing = code === 'EPERM' || code === 'EACCES' || code === 'EBUSY';
      if (process.platform !== 'win32' || !passing || attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * 10));
    }
  }
}

class DiskFile implements LogFile {
  size: number;
  private removed = false;

  constructor(
    private readonly path: string,
    private readonly handles: OpenFiles,
  ) {
    this.size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  append(chunks: readonly Uint8Array[]): Promise<void> {
    const file = this.acquire();
    return file === undefined ? this.later().then((later) => this.write(later, chunks)) : this.write(file, chunks);
  }

  private write(file: OpenFile, chunks: readonly Uint8Array[]): Promise<void> {
    const [only] = chunks;
    return chunks.length === 1 && only !== undefined ? this.writeOne(file, only) : this.writeMany(file, chunks);
  }

  /** The common case without a layer of promises in between. */
  private writeOne(file: OpenFile, chunk: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.write(file.fd, chunk, 0, chunk.byteLength, this.size, (error, written) => {
        if (!error && written < chunk.byteLength) return resolve(this.writeMany(file, [chunk]));
        this.handles.release(file);
        if (error) return reject(error);
        this.size += written;
        resolve();
      });
    });
  }

  private async writeMany(file: OpenFile, chunks: readonly Uint8Array[]): Promise<void> {
    let left = chunks;
    let at = this.size;
    try {
      while (left.length > 0) {
        const written = await writev(file, left, at);
        at += written;
        left = without(left, written);
      }
    } finally {
      this.handles.release(file);
    }
    this.size = at;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const file = this.acquire() ?? (await this.later());
    return new Promise((resolve, reject) => {
      const step = (done: number): void => {
        fs.read(file.fd, target, done, target.byteLength - done, position + done, (error, count) => {
          const total = done + (error ? 0 : count);
          if (!error && count > 0 && total < target.byteLength) return step(total);
          this.handles.release(file);
          if (error) reject(error);
          else resolve(total);
        });
      };
      step(0);
    });
  }

  async truncate(size: number): Promise<void> {
    await this.withHandle((fd, done) => fs.ftruncate(fd, size, done));
    this.size = size;
  }

  sync(): Promise<void> {
    return this.withHandle((fd, done) => fs.fdatasync(fd, done));
  }

  close(): Promise<void> {
    return this.handles.close(this.path);
  }

  async remove(): Promise<void> {
    this.removed = true;
    await this.handles.close(this.path);
    await fs.promises.rm(this.path, { force: true, maxRetries: 5, retryDelay: 50 });
  }

  /** Opening creates the file, so what was removed must not be opened again. */
  private acquire(): OpenFile | undefined {
    if (this.removed) throw Object.assign(new Error(`${this.path} was deleted`), { code: 'ENOENT', errno: -2 });
    return this.handles.acquire(this.path);
  }

  private async later(): Promise<OpenFile> {
    const file = await this.handles.acquireLater(this.path);
    if (!this.removed) return file;
    this.handles.release(file);
    throw Object.assign(new Error(`${this.path} was deleted`), { code: 'ENOENT', errno: -2 });
  }

  private async withHandle(action: (fd: number, done: (error: Error | null) => void) => void): Promise<void> {
    const file = this.acquire() ?? (await this.later());
    try {
      await new Promise<void>((resolve, reject) => {
        action(file.fd, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    } finally {
      this.handles.release(file);
    }
  }
}

function writev(file: OpenFile, chunks: readonly Uint8Array[], at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.writev(file.fd, chunks as Uint8Array[], at, (error, written) => {
      if (error) reject(error);
      // Zero bytes of something written is how some file systems say that the disk is full.
      else if (written === 0) reject(Object.assign(new Error('no space left to write to'), { code: 'ENOSPC' }));
      else resolve(written);
    });
  });
}

/** The chunks less their first `count` bytes, and without empty ones. */
function without(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const chunk of chunks) {
    if (skip >= chunk.byteLength) {
      skip -= chunk.byteLength;
      continue;
    }
    rest.push(skip === 0 ? chunk : chunk.subarray(skip));
    skip = 0;
  }
  return rest;
}
