// What JupyterLab finds of us: the kernel, and a few settings. All of it under .streambook/.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {import('./paths.mjs').Layout} Layout */

/**
 * @template T
 * @param {Layout} at
 * @param {string} path inside dist/
 * @returns {Promise<T>} the built module
 */
export function built(at, path) {
  return import(pathToFileURL(join(at.dist, path)).href);
}

/** JupyterLab would ask every reader whether it may fetch news, and look for updates in the network. */
const labSettings = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

/**
 * @param {Layout} at
 * @returns {Promise<{ detail: string, value: undefined, unchanged: boolean }>}
 */
export async function ensureKernel(at) {
  /** @type {typeof import('../../kernel/kernelspec.js')} */
  const { writeKernelspec } = await built(at, 'kernel/kernelspec.js');
  writeKernelspec({ root: at.root, dir: at.jupyterData });
  const labConfig = join(at.jupyterConfig, 'labconfig');
  for (const folder of [labConfig, at.jupyterRuntime, at.ipython, at.logs, at.notebooks]) {
    mkdirSync(folder, { recursive: true });
  }
  const file = join(labConfig, 'default_setting_overrides.json');
  const text = JSON.stringify(labSettings, undefined, 2);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  return { detail: 'TypeScript, for this project alone', value: undefined, unchanged: true };
}

/**
 * JupyterLab's client library tells the console of each connection that comes and goes.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function quietly(work) {
  const { debug, warn } = console;
  console.debug = console.warn = () => {};
  try {
    return await work();
  } finally {
    Object.assign(console, { debug, warn });
  }
}
