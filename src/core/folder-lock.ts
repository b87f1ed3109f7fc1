import * as fs from 'node:fs';
import { join } from 'node:path';
import type { StreambookError } from './errors.js';

/** What the lock file says about who holds it. */
interface Holder {
  readonly pid: number;
  /** When that process started, as the system tells it: a number may be given to another process later. */
  readonly started: string;
  /** Tells two holders of one process apart. */
  readonly token: string;
}

/** A folder that nobody else may use until `release`. */
export interface FolderLock {
  release(): void;
}

/** What is said of a folder that cannot be had. */
export interface LockRefusals {
  /** @param pid of the process that has it, where that is known */
  inUse(pid: number | undefined): StreambookError;
  unwritable(cause: unknown): StreambookError;
}

const LOCK_FILE = '.lock';
const mine = new Set<string>();
let tokens = 0;

/**
 * Takes a folder for this process: a broker's data, a job's checkpoints. The lock is a file with the process's number, made in
 * one step, so it works where there is no flock. A lock whose process is gone is taken over.
 *
 * @throws what `refusals` makes
 */
export function lockFolder(folder: string, refusals: LockRefusals): FolderLock {
  const path = join(folder, LOCK_FILE);
  const token = `${process.pid}-${++tokens}-${Date.now()}`;
  const content = JSON.stringify({ pid: process.pid, started: startOf(process.pid), token } satisfies Holder);
  for (let attempt = 1; ; attempt++) {
    if (create(path, content, refusals)) break;
    const holder = read(path);
    if (holder !== undefined && isAlive(holder)) throw refusals.inUse(holder.pid);
    // Somebody may be writing it this moment; nobody takes that long.
    if (holder === undefined && attempt <= 20 && fs.existsSync(path)) {
      pause(10);
      continue;
    }
    if (attempt > 40) throw refusals.inUse(holder?.pid);
    takeAway(path, holder);
  }
  mine.add(token);
  removeLeftOvers(folder);
  return {
    release() {
      if (!mine.delete(token)) return;
      if (read(path)?.token === token) fs.rmSync(path, { force: true });
    },
  };
}

function create(path: string, content: string, refusals: LockRefusals): boolean {
  // Written aside and linked into place: another process sees the whole content or no file.
  const aside = `${path}.${process.pid}-${tokens}`;
  try {
    fs.writeFileSync(aside, content);
    try {
      fs.linkSync(aside, path);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      // No hard links here (FAT, some network drives).
      return createDirectly(path, content);
    } finally {
      fs.rmSync(aside, { force: true });
    }
  } catch (error) {
    throw refusals.unwritable(error);
  }
}

function createDirectly(path: string, content: string): boolean {
  try {
    fs.writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(fs.readFileSync(path, 'utf8')) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Of processes that were killed while they took the lock. One that is at it now finds the lock taken. */
function removeLeftOvers(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (name.startsWith(`${LOCK_FILE}.`)) fs.rmSync(join(folder, name), { force: true });
  }
}

/** Renames the dead process's lock away first: of two processes that both want it, one succeeds. */
function takeAway(path: string, holder: Holder | undefined): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    fs.renameSync(path, aside);
  } catch {
    return;
  }
  const taken = read(aside);
  if (taken !== undefined && taken.token !== holder?.token && isAlive(taken)) {
    // The other process was faster and this is its new lock: give it back.
    try {
      fs.linkSync(aside, path);
    } catch {}
  }
  fs.rmSync(aside, { force: true });
}

function isAlive(holder: Holder): boolean {
  if (holder.pid === process.pid) {
    // Ours, or that of another copy of this library in this process; else the number was given out again.
    return mine.has(holder.token) || (holder.started !== '' && holder.started === startOf(process.pid));
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = startOf(holder.pid);
  if (started === ENDED) return false;
  return started === '' || holder.started === '' || started === holder.started;
}

/** A process that has ended, and whose parent has not taken note of it yet: in containers that may never happen. */
const ENDED = 'ended';

/** When a process started, on systems that tell by a file; elsewhere the empty string. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces. The state is the 3rd field, the start time the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? ENDED : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
