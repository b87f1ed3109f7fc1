import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StreambookError } from '../../core/errors.js';

/** A file, a folder (its files, by name, without those that begin with a dot), or several of these. */
export type FilePaths = string | URL | readonly (string | URL)[];

/** The files that are meant, in the order in which they are read. @throws StreambookError `file-not-found` */
export function filesOf(paths: FilePaths): string[] {
  const all = typeof paths === 'string' || paths instanceof URL ? [paths] : paths;
  return all.flatMap((path) => {
    const full = resolve(path instanceof URL ? fileURLToPath(path) : path);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (stat === undefined) {
      throw new StreambookError('file-not-found', `there is no file ${full}`, {
        hint: `relative paths begin at ${process.cwd()}`,
      });
    }
    return stat.isDirectory() ? filesIn(full) : [full];
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.startsWith('_'))
    .map((entry) => join(folder, entry.name))
    .sort();
}
