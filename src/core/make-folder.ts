import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it, unless it is there. Node's own `recursive` never comes back where the folder above is
 * there and refuses with ENOENT: below /proc, for one.
 *
 * @throws what the system says
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    // EEXIST, and for the root of a disk EISDIR or EPERM.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const { code } = error as NodeJS.ErrnoException;
    // A file, or a link that leads nowhere.
    if (code === 'EEXIST') throw new Error(`${path} is there and is not a folder`, { cause: error });
    const above = dirname(path);
    if (code !== 'ENOENT' || existsSync(above)) throw error;
    makeFolder(above);
    makeFolder(path);
  }
}
