// Two commands at once on one folder must not install over each other: the second waits for the first.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './processes.mjs';

/** The locks that this process itself holds. */
const held = new Set();

const HEARTBEAT_MS = 5000;
/** A pid may belong to another program by now, so a lock that nobody has touched for this long is nobody's. */
const DEAD_AFTER_MS = 60_000;

/**
 * Holds the lock while `work` runs. A lock whose owner is dead is taken over.
 *
 * @template T
 * @param {string} path the lock file
 * @param {(pid: number) => void} onWait called once when another living process holds it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(path);
    if (owner !== undefined && isDead(path, owner)) {
      takeAway(path, owner);
      continue;
    }
    if (owner !== undefined && !told) {
      told = true;
      onWait(owner);
    }
    if (owner === undefined && untouchedFor(path) > HEARTBEAT_MS) rmSync(path, { force: true });
    await delay(150);
  }
  held.add(path);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  const letGo = () => {
    clearInterval(heartbeat);
    held.delete(path);
    rmSync(path, { force: true });
  };
  // Ctrl-C may end us in the middle of the work.
  process.once('exit', letGo);
  try {
    return await work();
  } finally {
    process.removeListener('exit', letGo);
    letGo();
  }
}

/**
 * @param {string} path
 * @param {number} owner
 */
function isDead(path, owner) {
  if (owner === process.pid ? !held.has(path) : !isAlive(owner)) return true;
  return untouchedFor(path) > DEAD_AFTER_MS;
}

/**
 * @param {string} path
 * @returns {number} ms; 0 when it is gone
 */
function untouchedFor(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {string} path */
function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // `--reset` may have removed it
  }
}

/**
 * @param {string} path
 * @returns {number | undefined} undefined: gone, or not written yet
 */
function ownerOf(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * By renaming, so that of two who see the same dead owner one alone wins.
 * @param {string} path
 * @param {number} owner
 */
function takeAway(path, owner) {
  const aside = `${path}.${owner}.${process.pid}`;
  try {
    renameSync(path, aside);
    // Somebody quicker may have taken the lock between our look and the renaming: then this is theirs, give it back.
    if (ownerOf(aside) !== owner) renameSync(aside, path);
    else rmSync(aside, { force: true });
  } catch {
    // another was quicker
  }
}
