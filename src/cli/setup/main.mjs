import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Whether this module is the file that `node` was called with, links followed.
 * @param {string} url its `import.meta.url`
 */
export function isMain(url) {
  const called = process.argv[1];
  if (called === undefined) return false;
  try {
    return realpathSync(called) === realpathSync(fileURLToPath(url));
  } catch {
    return false;
  }
}
