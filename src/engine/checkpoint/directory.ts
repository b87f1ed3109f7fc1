import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isStreambookError, messageOf, StreambookError } from '../../core/errors.js';
import { type FolderLock, lockFolder } from '../../core/folder-lock.js';
import { makeFolder } from '../../core/make-folder.js';
import { atFault } from './fault-points.js';
import { DamagedSnapshotError, decodeSnapshot, encodeMeta, encodeState } from './format.js';
import type { Snapshot } from './snapshot.js';
import type { CheckpointStorage, StoredCheckpoint } from './storage.js';

const CHECKPOINT = /^chk-(\d{1,15})(\.pending)?$/;
/** Pieces of a snapshot are gathered into writes of at least this size. */
const WRITE_BYTES = 1 << 20;

/**
 * Checkpoints as directories `chk-1`, `chk-2`, ... of one directory. Each is written under another name, synced, and
 * renamed, so that what has the name `chk-N` is whole; `chk-N.pending` is whole too, but waits for a decision.
 */
export class DirectoryStorage implements CheckpointStorage {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = resolve(directory);
  }

  claim(job: string): () => void {
    const { directory } = this;
    const other = claimed.get(directory);
    if (other !== undefined) throw twoJobs(directory, `the job \`${other}\`, which still runs`);
    const lock = lockOf(directory);
    claimed.set(directory, job);
    return () => {
      claimed.delete(directory);
      lock?.release();
    };
  }

  async list(): Promise<StoredCheckpoint[]> {
    const names = await readdir(this.directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new StreambookError(
        'checkpoint-storage',
        `the directory of the checkpoints, ${this.directory}, cannot be read: ${messageOf(error)}`,
        { hint: 'checkpointing: { storage } names a directory; one that is not there is made', cause: error },
      );
    });
    const found: StoredCheckpoint[] = [];
    for (const name of names) {
      const match = CHECKPOINT.exec(name);
      if (match === null) continue;
      found.push({ id: Number(match[1]), path: join(this.directory, name), pending: match[2] !== undefined });
    }
    return found.sort((a, b) => b.id - a.id);
  }

  async write(snapshot: Snapshot, pending: boolean): Promise<StoredCheckpoint> {
    const { id } = snapshot.meta;
    const path = this.path(id, pending);
    if ((await stat(path).catch(() => undefined)) !== undefined) throw twoJobs(this.directory, 'another process');
    await writeSnapshot(snapshot, path);
    return { id, path, pending };
  }

  async confirm(id: number): Promise<void> {
    await rename(this.path(id, true), this.path(id, false)).catch(async (error: NodeJS.ErrnoException) => {
      // After a crash between the rename and whatever came next it is done already.
      const known = (await this.list()).some((stored) => stored.id === id && !stored.pending);
      if (!known) throw error;
    });
    await syncDirectory(this.directory);
  }

  async read(id: number): Promise<Snapshot> {
    const stored = (await this.list()).find((one) => one.id === id);
    if (stored === undefined) {
      throw new StreambookError('no-checkpoint', `there is no checkpoint ${id} in ${this.directory}`);
    }
    return readSnapshot(stored.path);
  }

  async discard(id: number): Promise<void> {
    for (const pending of [true, false]) await rm(this.path(id, pending), { recursive: true, force: true });
  }

  private path(id: number, pending: boolean): string {
    return join(this.directory, `chk-${id}${pending ? '.pending' : ''}`);
  }
}

/** Keeps other processes out. Where nothing can be written, the first checkpoint says so. */
function lockOf(directory: string): FolderLock | undefined {
  let unwritable = false;
  try {
    makeFolder(directory);
    return lockFolder(directory, {
      inUse: (pid) => twoJobs(directory, pid === undefined ? 'another process' : `process ${pid}, which still runs`),
      unwritable: (cause) => {
        unwritable = true;
        return notWritten(directory, cause);
      },
    });
  } catch (error) {
    if (unwritable || !isStreambookError(error)) return undefined;
    throw error;
  }
}

/** Directories that jobs of this process keep their checkpoints in, with the jobs' names. */
const claimed = new Map<string, string>();

function twoJobs(directory: string, other: string): StreambookError {
  return new StreambookError('checkpoint-storage', `${directory} holds the checkpoints of ${other}`, {
    hint: 'cancel that job first, or give each its own directory: checkpointing: { storage }',
  });
}

/** What a snapshot's directory is called until it is whole. */
export function temporaryNameOf(path: string): string {
  return `${path}.tmp`;
}

/** Writes a snapshot into a directory that appears only when everything is on disk. @throws `snapshot-not-written` */
export async function writeSnapshot(snapshot: Snapshot, path: string): Promise<void> {
  const parent = dirname(path);
  const temporary = temporaryNameOf(path);
  const state = encodeState(snapshot);
  // What cannot be written down has a name of its own.
  const meta = encodeMeta(snapshot);
  try {
    makeFolder(parent);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    await writeFile(join(temporary, 'state'), state);
    await writeFile(join(temporary, '_metadata'), [meta]);
    await syncDirectory(temporary);
    await rename(temporary, path);
    await syncDirectory(parent);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw notWritten(path, error);
  }
}

function notWritten(path: string, cause: unknown): StreambookError {
  return new StreambookError('snapshot-not-written', `the snapshot ${path} cannot be written: ${messageOf(cause)}`, {
    hint: 'is there room on the disk, and may this process write there?',
    cause,
  });
}

/** Reads a snapshot from its directory. @throws DamagedSnapshotError, SnapshotVersionError */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const file = async (name: string): Promise<Buffer> => {
    try {
      return await readFile(join(path, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new DamagedSnapshotError(path, `it has no ${name}`);
      throw new DamagedSnapshotError(path, `${name} cannot be read: ${messageOf(error)}`, error);
    }
  };
  const snapshot = decodeSnapshot(await file('_metadata'), await file('state'), path);
  const id = CHECKPOINT.exec(basename(path))?.[1];
  if (id !== undefined && snapshot.meta.kind === 'checkpoint' && snapshot.meta.id !== Number(id)) {
    throw new DamagedSnapshotError(path, `it holds checkpoint ${snapshot.meta.id}: was a directory renamed?`);
  }
  return snapshot;
}

async function writeFile(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    let waiting: Uint8Array[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (bytes === 0) return;
      // What is left over of a short write is written by Node itself here, unlike with writev.
      await handle.writeFile(waiting.length === 1 ? (waiting[0] as Uint8Array) : Buffer.concat(waiting));
      waiting = [];
      bytes = 0;
    };
    for (const piece of pieces) {
      waiting.push(piece);
      bytes += piece.length;
      if (bytes >= WRITE_BYTES) await flush();
    }
    await flush();
    atFault('before-fsync');
    await handle.sync();
    atFault('after-fsync');
  } finally {
    await handle.close();
  }
}

/** Makes renames in a directory last. Windows cannot open directories, and needs no such thing. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
