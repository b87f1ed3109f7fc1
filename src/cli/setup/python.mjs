// Finding a Python that can carry JupyterLab.
import { join } from 'node:path';
import { run } from './processes.mjs';

/** The oldest Python that the pinned JupyterLab runs on, as [major, minor]. */
export const oldestPython = [3, 10];

/**
 * @typedef {object} Python
 * @property {string} command
 * @property {string[]} args before any other: `py -3`
 * @property {string} version `3.12.4`
 */

/**
 * The names under which a Python may be found, best first. `py` is the launcher that Python's own installer puts on
 * Windows, where `python3` may be a stub that opens a shop.
 *
 * @param {NodeJS.Platform} platform
 * @returns {{ command: string, args: string[] }[]}
 */
export function pythonNames(platform) {
  const newer = ['3.14', '3.13', '3.12', '3.11', '3.10'];
  return platform === 'win32'
    ? [
        { command: 'py', args: ['-3'] },
        { command: 'python', args: [] },
        { command: 'python3', args: [] },
      ]
    : ['python3', 'python', ...newer.map((version) => `python${version}`)].map((command) => ({ command, args: [] }));
}

/**
 * The first Python on the PATH that is new enough, and the versions of those that are not.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {number} [timeoutMs] for each that is tried
 * @returns {Promise<{ python: Python | undefined, tooOld: string[] }>}
 */
export async function findPython(env = process.env, timeoutMs = 20_000) {
  /** @type {string[]} */
  const tooOld = [];
  for (const { command, args } of pythonNames(process.platform)) {
    const ended = await run(command, [...args, '-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], {
      env,
      timeoutMs,
    });
    const version = /^(\d+)\.(\d+)\.\d+$/.exec(ended.stdout.trim());
    if (ended.code !== 0 || version === null) continue;
    if (newEnough(Number(version[1]), Number(version[2]))) {
      return { python: { command, args, version: version[0] }, tooOld };
    }
    if (!tooOld.includes(version[0])) tooOld.push(version[0]);
  }
  return { python: undefined, tooOld };
}

/**
 * @param {number} major
 * @param {number} minor
 */
function newEnough(major, minor) {
  const [wantMajor = 0, wantMinor = 0] = oldestPython;
  return major > wantMajor || (major === wantMajor && minor >= wantMinor);
}

/**
 * The interpreter inside a virtual environment.
 * @param {string} venv
 */
export function pythonIn(venv) {
  return process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
}
