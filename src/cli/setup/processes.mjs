// Programs we start. Each stands in a process group of its own, so that Ctrl-C in the terminal reaches us alone and we
// end the others in good order, with whatever they have started themselves.
import { spawn } from 'node:child_process';
import { Interrupted } from './say.mjs';

const windows = process.platform === 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const living = new Set();
let ending = false;

/**
 * Starts a program and forgets nothing: `endAll` finds it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function launch(command, args, options) {
  if (ending) throw new Interrupted();
  // On Windows, "detached" is what has no console at all: right for servers, wrong for programs we wait for.
  const child = spawn(command, args, { detached: !windows, windowsHide: true, ...options });
  living.add(child);
  child.once('exit', () => living.delete(child));
  child.once('error', () => living.delete(child));
  return child;
}

/**
 * Takes a program out of what `endAll` ends: it shall outlive us.
 * @param {import('node:child_process').ChildProcess} child
 */
export function release(child) {
  living.delete(child);
  child.unref();
}

/**
 * @typedef {object} Ended
 * @property {number | null} code null when it was killed or could not be started
 * @property {string} stdout
 * @property {string} stderr
 * @property {string} output both, in the order they came
 * @property {NodeJS.ErrnoException} [error] why it could not be started: `ENOENT` when it is not there
 */

/**
 * Runs a program to its end and keeps what it says. A program that is not there is an answer, too.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<Ended>}
 * @throws {Interrupted} when `endAll` ended it
 */
export function run(command, args, { cwd, env, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '', output: '' };
    /** @type {import('node:child_process').ChildProcess} */
    let child;
    try {
      child = launch(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd && { cwd }), ...(env && { env }) });
    } catch (error) {
      reject(error);
      return;
    }
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => endTree(child, 'SIGKILL'), timeoutMs);
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      said.stdout += text;
      said.output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      said.stderr += text;
      said.output += text;
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ ...said, code: null, error });
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (ending) reject(new Interrupted());
      else resolve({ ...said, code });
    });
  });
}

/**
 * Sends a signal to a program and to all that it has started. On Windows there are no signals: the tree is ended.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function endTree(child, signal) {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) endTreeOf(child.pid, signal);
}

/**
 * @param {number} pid the leader of a process group of ours
 * @param {NodeJS.Signals} signal
 */
export function endTreeOf(pid, signal) {
  if (windows) {
    spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => {});
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // gone already
  }
}

/**
 * Asks a program to end; when it has not after `graceMs`, ends it.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [graceMs]
 * @returns {Promise<boolean>} whether it ended by itself
 */
export async function endGently(child, graceMs = 5000) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return true;
  const ended = new Promise((resolve) => child.once('exit', () => resolve(true)));
  endTree(child, 'SIGTERM');
  if (await within(ended, graceMs)) return true;
  endTree(child, 'SIGKILL');
  await within(ended, 2000);
  return false;
}

/**
 * @param {Promise<unknown>} promise
 * @param {number} ms
 * @returns {Promise<boolean>} whether it came in time
 */
export async function within(promise, ms) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return (await Promise.race([promise.then(() => true), late])) === true;
  } finally {
    clearTimeout(timer);
  }
}

/** Ends whatever is still there. What comes after may start programs again. */
export async function endLiving() {
  await Promise.all([...living].map((child) => endGently(child, 3000)));
}

/** Ends whatever is still there; nothing can be started any more. */
export async function endAll() {
  ending = true;
  await endLiving();
}

/** Ends whatever is still there at once, without waiting. */
export function killAll() {
  ending = true;
  for (const child of living) endTree(child, 'SIGKILL');
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
