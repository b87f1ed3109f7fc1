// How a section runs a program, shows what it says, and counts.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endLiving, launch, run, within } from './processes.mjs';
import { Interrupted } from './say.mjs';

/** @typedef {import('./paths.mjs').Layout} Layout */
/** @typedef {import('./test-command.mjs').Count} Count */

/**
 * Runs a program whose output goes to the terminal as it comes.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
export function show(command, args, cwd, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = launch(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal === 'SIGTERM') reject(new Interrupted());
      else resolve(code ?? 1);
    });
  });
}

/**
 * @param {number} code
 * @returns {Count}
 */
export function asOne(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Runs vitest and counts its tests.
 *
 * @param {Layout} at
 * @param {{ config?: string, env?: NodeJS.ProcessEnv, node?: string, args?: readonly string[] }} options
 * @returns {Promise<Count>}
 */
export async function vitest(at, { config, env = process.env, node = process.execPath, args = [] }) {
  if (config !== undefined && !existsSync(join(at.root, config))) {
    return { passed: 0, failed: 0, skipped: `there is no ${config}` };
  }
  const folder = join(at.state, 'test-results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${Date.now()}.json`);
  const reporter = join(at.root, 'test', 'support', 'reporter.mjs');
  const code = await show(
    node,
    [
      join(at.modules, 'vitest', 'vitest.mjs'),
      'run',
      ...(config === undefined ? [] : ['--config', config]),
      '--reporter=default',
      `--reporter=${reporter}`,
      ...args,
    ],
    at.root,
    { ...env, STREAMBOOK_TEST_REPORT: file },
  );
  try {
    return countVitest(JSON.parse(readFileSync(file, 'utf8')), code);
  } catch {
    return { passed: 0, failed: 1, failures: ['vitest ended without a report: see above'] };
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {import('../../../test/support/reporter.mjs').Report} report
 * @param {number} code vitest's exit code
 * @returns {Count}
 */
export function countVitest(report, code) {
  if (report.failed > 0 || code === 0) return report;
  return { ...report, failed: 1, failures: [`vitest ended with exit code ${code}: see above`] };
}

/**
 * Runs a program that ends with the line `N passed, N failed`.
 *
 * @param {Layout} at
 * @param {readonly string[]} args
 * @param {string} [command]
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Count>}
 */
export function script(at, args, command = process.execPath, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = launch(command, args, { cwd: at.root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      process.stdout.write(text);
      said = (said + text).slice(-10_000);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGTERM') reject(new Interrupted());
      else resolve(countLastLine(said, code ?? 1));
    });
  });
}

/**
 * @param {string} said
 * @param {number} code
 * @returns {Count}
 */
export function countLastLine(said, code) {
  const counts = [...said.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
  const passed = Number(counts?.[1] ?? 0);
  const failed = Number(counts?.[2] ?? 0);
  if (failed === 0 && (code !== 0 || counts === undefined)) return { passed, failed: 1 };
  if (passed + failed === 0) return { passed, failed, skipped: 'there was nothing to run' };
  return { passed, failed };
}

/**
 * A test that spins or waits for ever must not hold up the others, nor take the report with it.
 *
 * @param {Promise<Count>} running
 * @param {number} minutes
 * @returns {Promise<Count>}
 */
export async function inTime(running, minutes) {
  if (await within(running, minutes * 60_000)) return running;
  running.catch(() => {});
  await endLiving();
  return { passed: 0, failed: 1, failures: [`not ended after ${minutes} minutes: what it had started was ended`] };
}

/** @returns {Promise<string | undefined>} a Chromium or Chrome that can be driven */
export async function findChromium() {
  const named = process.env.STREAMBOOK_CHROMIUM;
  if (named) return named;
  const programFiles = process.env.PROGRAMFILES ?? 'C:\\Program Files';
  const files = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    join(programFiles, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    join(programFiles, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
  ];
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const ended = await run(name, ['--version'], { timeoutMs: 20_000 });
    if (ended.code === 0) return name;
  }
  return undefined;
}
