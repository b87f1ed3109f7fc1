import { readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StreambookError } from '../../core/errors.js';
import { syncDirectory } from '../../engine/checkpoint/directory.js';

/** A file that was written and is not published yet; a part of the sink's state, so paths are relative to its folder. */
export interface HiddenFile {
  readonly hidden: string;
  readonly final: string;
  /** How much of it belongs to the snapshot. */
  readonly length: number;
}

/** What a subtask of the sink knows about itself; all subtasks' lie in the state. */
export interface SinkState {
  /** A word of chance that tells the files of this sink's subtask from those of others. */
  readonly sinkId: string;
  readonly subtask: number;
  /** The number of its next file. */
  readonly counter: number;
  readonly files: readonly HiddenFile[];
  /** Buckets that are not complete yet, and when they were begun. */
  readonly buckets?: readonly (readonly [bucket: string, begunAt: number])[];
}

/** Lets a file be seen. Done twice, it does no harm. */
export async function publish(directory: string, { hidden, final }: HiddenFile): Promise<void> {
  const from = join(directory, hidden);
  const to = join(directory, final);
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if ((await stat(to).catch(() => undefined)) === undefined) {
      throw new StreambookError('lost-file', `${from} belongs to a checkpoint and is not there any more`, {
        hint: 'was the folder cleared while the checkpoint was kept? Start without restoreFrom',
        cause: error,
      });
    }
  }
  await syncDirectory(dirname(to));
}

/** Publishes what a snapshot names, cut to the length it had, and removes what was written after it. */
export async function recoverFiles(
  directory: string,
  states: readonly SinkState[],
  mine: readonly SinkState[],
): Promise<void> {
  for (const { files } of mine) {
    for (const file of files) {
      const path = join(directory, file.hidden);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && found.size > file.length) await truncate(path, file.length);
      if (found !== undefined && found.size < file.length) {
        throw new StreambookError(
          'lost-file',
          `${path} has ${found.size} bytes, the checkpoint knows of ${file.length}`,
          {
            hint: 'was the file changed, or did the disk lose it?',
          },
        );
      }
      if (file.length > 0 || found !== undefined) await publish(directory, file);
    }
  }
  const kept = new Set(states.flatMap(({ files }) => files.map(({ hidden }) => basename(hidden))));
  const ids = mine.map(({ sinkId }) => `-${sinkId}-`);
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries) {
    const { name } = entry;
    if (!entry.isFile() || !name.startsWith('.') || !name.endsWith(IN_PROGRESS) || kept.has(name)) continue;
    if (ids.some((id) => name.includes(id))) await rm(join(entry.parentPath ?? entry.path, name), { force: true });
  }
}

/** What hidden names end in. */
export const IN_PROGRESS = '.inprogress';
