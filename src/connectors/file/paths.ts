import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quoted } from '../../core/arguments.js';
import { ArgumentError, StreambookError } from '../../core/errors.js';

/** A file, a folder (its files, by name, without those that begin with a dot), or several of these. */
export type FilePaths = string | URL | readonly (string | URL)[];

/** A path in full, from a path or a `file:` address, as Flink writes them. @throws ArgumentError for anything else */
export function fullPath(what: string, path: string | URL): string {
  if (path instanceof URL || (typeof path === 'string' && path.startsWith('file:'))) return fileURLToPath(path);
  if (typeof path === 'string' && path !== '') return resolve(path);
  throw new ArgumentError(`${what} is ${quoted(path)}, not a path or a file: address`);
}

/** The files that are meant, in the order in which they are read. @throws StreambookError `file-not-found` */
export function filesOf(paths: FilePaths): string[] {
  const all = Array.isArray(paths) ? (paths as readonly (string | URL)[]) : [paths as string | URL];
  return all.flatMap((path) => {
    const full = fullPath('a path', path);
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
