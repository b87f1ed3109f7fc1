import { relative, sep } from 'node:path';
import { StreambookError } from '../../core/errors.js';
import { javaStringHash } from '../../core/key-groups.js';
import { positionsFor } from '../positions.js';

/** A file that is still to be read, or the rest of it. */
export interface FilePart {
  /** From the working directory on, so that a project's snapshots go with it. */
  readonly file: string;
  /** Where in it to go on; absent: from its beginning. */
  readonly at?: { readonly position: number };
}

/** Where a subtask stands: the files it has read, and what is left to it. Plain data. */
export interface FilePosition {
  readonly done: readonly string[];
  readonly left: readonly FilePart[];
}

/** What a subtask reads when nothing was read before. */
export function firstShare(names: readonly string[], parallelism: number, subtask: number): FilePosition {
  const left = names.filter((_, i) => i % parallelism === subtask).map((file) => ({ file }));
  return { done: [], left };
}

/**
 * Shares out what is left among subtasks: the rest of files that were being read, files that nobody had begun, and those that
 * were not there then.
 *
 * @throws StreambookError `snapshot-mismatch` where a file that was being read is not among them any more
 */
export function shareFiles(
  names: readonly string[],
  positions: readonly unknown[],
  parallelism: number,
): FilePosition[] {
  const before = positionsFor<FilePosition>('file source', positions, ({ left }) => Array.isArray(left));
  const done = new Set(before.flatMap((position) => position.done));
  const begun = new Map<string, FilePart>();
  for (const part of before.flatMap((position) => position.left)) if (part.at !== undefined) begun.set(part.file, part);
  const missing = [...begun.keys()].find((file) => !names.includes(file));
  if (missing !== undefined) {
    throw new StreambookError(
      'snapshot-mismatch',
      `the snapshot was taken in the middle of ${missing}, which is not read now`,
      {
        hint: 'bring the file back, and start in the same working directory',
      },
    );
  }
  const left = names.filter((name) => !done.has(name)).map((file): FilePart => begun.get(file) ?? { file });
  return Array.from({ length: parallelism }, (_, subtask) => ({
    done: subtask === 0 ? [...done] : [],
    left: left.filter((_, i) => i % parallelism === subtask),
  }));
}

/** Which subtask reads a file of a watched folder: the others have to know without asking. */
export function ownerOfFile(name: string, parallelism: number): number {
  return (javaStringHash(name) & 0x7fffffff) % parallelism;
}

/** What a subtask reads of a watched folder when nothing was read before. */
export function firstWatched(names: readonly string[], parallelism: number, subtask: number): FilePosition {
  const left = names.filter((file) => ownerOfFile(file, parallelism) === subtask).map((file) => ({ file }));
  return { done: [], left };
}

/** {@link shareFiles} for a watched folder: everybody knows all that was read, and what was begun may be gone. */
export function shareWatched(
  names: readonly string[],
  positions: readonly unknown[],
  parallelism: number,
): FilePosition[] {
  const before = positionsFor<FilePosition>('file source', positions, ({ left }) => Array.isArray(left));
  const begun = before.flatMap(({ left }) => left.filter(({ at }) => at !== undefined).map(({ file }) => file));
  const all = shareFiles([...new Set([...names, ...begun])], positions, 1)[0] as FilePosition;
  return Array.from({ length: parallelism }, (_, subtask) => ({
    done: all.done,
    left: all.left.filter(({ file }) => ownerOfFile(file, parallelism) === subtask),
  }));
}

/** What a file is called in positions. */
export function nameOf(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/');
}
