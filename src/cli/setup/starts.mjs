// Which `npm start` of this project are alive. Several may share one broker; the last one to leave stops it.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './processes.mjs';

/**
 * The pids of the living ones. Files that the dead left behind are removed.
 *
 * @param {string} folder
 * @returns {number[]}
 */
export function livingStarts(folder) {
  /** @type {string[]} */
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const pid = Number(name);
    if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) return [pid];
    rmSync(join(folder, name), { force: true });
    return [];
  });
}

/** @param {string} folder */
export function enterStarts(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, String(process.pid)), '');
}

/**
 * @param {string} folder
 * @returns {number[]} the others that are alive
 */
export function leaveStarts(folder) {
  rmSync(join(folder, String(process.pid)), { force: true });
  return livingStarts(folder).filter((pid) => pid !== process.pid);
}
