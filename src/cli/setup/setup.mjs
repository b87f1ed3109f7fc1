// Everything that has to be there before anything can be started, in the order in which it can be had.
import { relative } from 'node:path';
import { ensureBuild } from './build.mjs';
import { ensureDatasets } from './data-sets.mjs';
import { ensureJupyterLab } from './jupyterlab.mjs';
import { ensureKernel } from './kernel.mjs';
import { withLock } from './lock.mjs';
import { ensurePackages } from './packages.mjs';

/** @typedef {import('./paths.mjs').Layout} Layout */

/**
 * Sets up what is missing, and repairs what an interrupted set-up left behind. Two at once: one waits for the other.
 *
 * @param {Layout} at
 * @param {import('./say.mjs').Steps} steps
 * @returns {Promise<import('./jupyterlab.mjs').JupyterLab>}
 */
export function setUp(at, steps) {
  return withLock(
    at.setupLock,
    (pid) => steps.line(`  ..  Another set-up is at work here (process ${pid}); waiting for it.`),
    async () => {
      const library = async () => {
        await steps.run('npm packages', (doing) => ensurePackages(at.root, doing));
        await steps.run('library', (doing) => ensureBuild(at.root, doing));
      };
      const [jupyter] = await settled(
        steps.run('JupyterLab', (doing) => ensureJupyterLab(at, doing)),
        library(),
      );
      await steps.run('kernel', () => ensureKernel(at));
      await steps.run('data sets', () => ensureDatasets(at));
      return jupyter;
    },
  );
}

/**
 * Waits for both even when one fails, so that nothing is left at work; then the first failure counts.
 *
 * @template A, B
 * @param {Promise<A>} first
 * @param {Promise<B>} second
 * @returns {Promise<[A, B]>}
 */
export async function settled(first, second) {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/**
 * A path as the reader sees it from the project folder.
 *
 * @param {Layout} at
 * @param {string} path
 */
export function shown(at, path) {
  return relative(at.root, path);
}
