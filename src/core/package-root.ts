import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of this package: a clone of the project, or node_modules/streambook.
 *
 * What lies beside the code (data sets, Java sources, the thread of the kernel) is found from here: the build bundles
 * modules, so that none knows how deep it lies.
 */
export const packageRoot: string = above(dirname(fileURLToPath(import.meta.url)));

function above(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
  return above(dirname(folder));
}
