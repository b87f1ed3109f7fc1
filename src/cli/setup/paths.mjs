// Where everything of this project lies. Nothing but package caches is written outside the project folder.
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project folder this file belongs to. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * @param {string} root the project folder, absolute
 * @param {NodeJS.ProcessEnv} [env] STREAMBOOK_STATE: another folder in place of `.streambook/`, so that tests of the
 *   set-up leave alone what the reader has running
 */
export function layout(root, env = process.env) {
  const state = env.STREAMBOOK_STATE || join(root, '.streambook');
  const jupyter = join(state, 'jupyter');
  return {
    root,
    modules: join(root, 'node_modules'),
    dist: join(root, 'dist'),
    notebooks: join(root, 'notebooks'),
    venv: join(root, '.venv'),
    /** Made at run time; `--reset` empties it. */
    state,
    setupLock: join(state, 'setup.lock'),
    logs: join(state, 'logs'),
    brokerFile: join(state, 'broker.json'),
    brokerData: join(state, 'broker'),
    /** One file per living `npm start`, named by its pid. */
    starts: join(state, 'starts'),
    jupyterConfig: join(jupyter, 'config'),
    jupyterData: join(jupyter, 'data'),
    jupyterRuntime: join(jupyter, 'runtime'),
    ipython: join(state, 'ipython'),
    nodeVersions: join(state, 'node-versions'),
  };
}

/** @typedef {ReturnType<typeof layout>} Layout */

/**
 * The environment in which Jupyter finds our kernel, and writes into the project folder alone.
 *
 * @param {Layout} at
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function jupyterEnvironment(at, env = process.env) {
  return {
    ...env,
    JUPYTER_PATH: [at.jupyterData, env.JUPYTER_PATH].filter(Boolean).join(delimiter),
    JUPYTER_CONFIG_DIR: at.jupyterConfig,
    JUPYTER_DATA_DIR: at.jupyterData,
    JUPYTER_RUNTIME_DIR: at.jupyterRuntime,
    JUPYTERLAB_SETTINGS_DIR: join(at.jupyterConfig, 'lab', 'user-settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(at.jupyterConfig, 'lab', 'workspaces'),
    IPYTHONDIR: at.ipython,
  };
}
