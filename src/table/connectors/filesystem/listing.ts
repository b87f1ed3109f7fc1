import { readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

/** Names that begin so are not for readers: what is being written, marks of completeness. */
const HIDDEN = /^[._]/;

/**
 * All files to read, by name: the file, or everything in the folder and below; names that begin with `.` or `_` are passed
 * over.
 *
 * @param pattern what a file's whole path has to fit, with `/` between folders
 * @see Flink: `NonSplittingRecursiveEnumerator`, `DefaultFileFilter`
 */
export function filesBelow(path: string, pattern?: RegExp): string[] {
  const full = resolve(path);
  return below(full, pattern);
}

function below(path: string, pattern: RegExp | undefined): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  // A folder that changes while it is looked through.
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return pattern === undefined || pattern.test(path.split(sep).join('/')) ? [path] : [];
  return readdirSync(path)
    .sort()
    .filter((name) => !HIDDEN.test(name))
    .flatMap((name) => below(join(path, name), pattern));
}
