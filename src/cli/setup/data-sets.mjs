// The data sets of the notebooks: each file in datasets/ that is named *.data.mjs says how its own is made.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMain } from './main.mjs';
import { layout, projectRoot } from './paths.mjs';
import { inSeconds, SetupError } from './say.mjs';

/**
 * @typedef {object} DataSet
 * @property {string} file its name in datasets/
 * @property {string} about one sentence: what it is, where it comes from, its licence
 * @property {(root: string, target: string) => boolean | Promise<boolean>} make writes `target` where it is missing
 *   or stale; returns whether it had to
 */

/** @typedef {import('./paths.mjs').Layout} Layout */

/** @param {string} root @returns {Promise<DataSet[]>} */
export async function dataSets(root) {
  const folder = join(root, 'datasets');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.data.mjs'));
  return Promise.all(names.sort().map(async (name) => (await import(pathToFileURL(join(folder, name)).href)).default));
}

/**
 * @param {Layout} at
 * @returns {Promise<{ detail: string, value: undefined, unchanged: boolean }>}
 */
export async function ensureDatasets(at) {
  const sets = await dataSets(at.root);
  let made = 0;
  for (const set of sets) {
    try {
      if (await set.make(at.root, join(at.root, 'datasets', set.file))) made += 1;
    } catch (error) {
      throw new SetupError(
        `The data set ${set.file} could not be made.`,
        'Run the same command again; `npm run datasets` makes the data sets alone.',
        error instanceof Error ? error.message : String(error),
      );
    }
  }
  const detail = made === 0 ? `${sets.length} in datasets/` : `${made} of ${sets.length} made in datasets/`;
  return { detail, value: undefined, unchanged: made === 0 };
}

// `npm run datasets`; with arguments, the built command line makes what they ask for.
if (isMain(import.meta.url) && process.argv.length > 2) {
  const main = join(projectRoot, 'dist', 'cli', 'main.js');
  if (!existsSync(main)) {
    console.error('npm run datasets: the library is not built yet');
    console.error('  hint: npm run build');
    process.exit(1);
  }
  const { status } = spawnSync(process.execPath, [main, 'datasets', ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(status ?? 1);
} else if (isMain(import.meta.url)) {
  const at = layout(projectRoot);
  for (const set of await dataSets(at.root)) {
    const since = performance.now();
    const made = await set.make(at.root, join(at.root, 'datasets', set.file));
    console.log(
      `${set.file}: ${made ? 'made' : 'up to date'} (${inSeconds(performance.now() - since)})\n  ${set.about}`,
    );
  }
}
