// The units and a notebook on the Node versions that newcomers have. The npm package `node` brings them.
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ensureKernel } from './kernel.mjs';
import { npmCommand } from './packages.mjs';
import { run } from './processes.mjs';
import { script, vitest } from './section-kinds.mjs';

/** @typedef {import('./paths.mjs').Layout} Layout */
/** @typedef {import('./test-command.mjs').Count} Count */
/** @typedef {{ passed: number, failed: number, failures: string[], secondTry: string[] }} Total */

/** The notebook that is run on each: the first that reads and writes Kafka. */
const notebook = '^04-';

/**
 * @param {Layout} at
 * @param {readonly number[]} majors
 * @param {readonly string[]} [without] folders of tests that are left out
 * @returns {Promise<Count>}
 */
export async function otherNodes(at, majors, without = []) {
  /** @type {Total} */
  const total = { passed: 0, failed: 0, failures: [], secondTry: [] };
  /** @type {string[]} */
  const missing = [];
  for (const major of majors) {
    const node = await nodeVersion(at, major);
    if (node === undefined) {
      missing.push(String(major));
      continue;
    }
    console.log(`-- Node ${major}: units`);
    add(total, major, await vitest(at, { node, args: without.map((folder) => `--exclude=test/${folder}/**`) }));
    console.log(`-- Node ${major}: notebook`);
    // The Node that runs the command is also the one it writes into the kernelspec.
    const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
    add(total, major, await script(at, [join(at.dist, 'cli', 'main.js'), 'notebooks', notebook], node, env));
    // Later notebooks are run by the reader's own Node again.
    await ensureKernel(at);
  }
  if (missing.length > 0) console.log(`-- Node ${missing.join(' and ')} could not be fetched from npm: skipped`);
  return missing.length === majors.length ? { ...total, skipped: 'no other Node could be fetched from npm' } : total;
}

/**
 * @param {Layout} at
 * @param {number} major
 * @returns {Promise<string | undefined>} the program
 */
async function nodeVersion(at, major) {
  const folder = join(at.nodeVersions, String(major));
  const program = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const npm = npmCommand();
    await run(
      npm.command,
      [...npm.args, 'install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node@${major}`],
      {
        cwd: folder,
      },
    );
  }
  const ended = await run(program, ['--version']);
  return ended.code === 0 && ended.stdout.startsWith(`v${major}.`) ? program : undefined;
}

/**
 * @param {Total} total
 * @param {number} major
 * @param {Count} more
 */
function add(total, major, more) {
  total.passed += more.passed;
  total.failed += more.failed;
  total.failures.push(...(more.failures ?? []).map((text) => `Node ${major}: ${text}`));
  total.secondTry.push(...(more.secondTry ?? []).map((text) => `Node ${major}: ${text}`));
}
