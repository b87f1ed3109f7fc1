import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArgumentError, messageOf, StreambookError } from '../../core/errors.js';
import { makeFolder } from '../../core/make-folder.js';
import { temporaryNameOf } from './directory.js';
import type { CompletedCheckpoint } from './stats.js';

/** Directories that savepoints are being written into, by this process. */
const underWay = new Set<string>();

/**
 * Has a savepoint written into `directory`, after a look at whether that can be: a job goes on where it cannot, also one
 * that is to be stopped.
 *
 * @throws ArgumentError, `savepoint-exists`, `snapshot-not-written`
 */
export async function intoDirectory(
  directory: string | URL,
  write: (directory: string) => Promise<CompletedCheckpoint>,
): Promise<CompletedCheckpoint> {
  const given = nameOf(directory);
  const path = resolve(given);
  if (underWay.has(path)) {
    throw new StreambookError('savepoint-exists', `a savepoint is being written into ${given} already`, {
      hint: 'give each savepoint a directory of its own',
    });
  }
  underWay.add(path);
  try {
    checkTarget(given, path);
    return { ...(await write(path)), path: given };
  } finally {
    underWay.delete(path);
  }
}

function nameOf(directory: string | URL): string {
  if (directory instanceof URL && directory.protocol === 'file:') return fileURLToPath(directory);
  if (typeof directory === 'string' && directory !== '') return directory;
  throw new ArgumentError(`savepoint: ${JSON.stringify(directory)} is not a directory to write into`, {
    hint: "job.savepoint('savepoints/before-the-change')",
  });
}

// At once: a busy job would go on for long between one promise and the next.
function checkTarget(given: string, path: string): void {
  if (isOccupied(given, path)) {
    throw new StreambookError('savepoint-exists', `${given} is there already`, {
      hint: 'a savepoint is never overwritten: give it a directory of its own',
    });
  }
  try {
    makeFolder(dirname(path));
    const probe = temporaryNameOf(path);
    makeFolder(probe);
    rmSync(probe, { recursive: true });
  } catch (error) {
    throw notWritable(given, error);
  }
}

function isOccupied(given: string, path: string): boolean {
  try {
    // Windows renames nothing onto a directory, not even onto an empty one.
    return readdirSync(path).length > 0 || process.platform === 'win32';
  } catch (error) {
    // A link that leads nowhere is there all the same.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    throw notWritable(given, error);
  }
}

function notWritable(given: string, cause: unknown): StreambookError {
  return new StreambookError(
    'snapshot-not-written',
    `the savepoint cannot be written into ${given}: ${messageOf(cause)}`,
    { hint: 'the job runs on: ask again with another directory', cause },
  );
}
