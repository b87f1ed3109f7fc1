// `npm ci`, when it is needed and only then.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { linkPackage } from './link.mjs';
import { npmCi } from './npm-ci.mjs';
import { SetupError } from './say.mjs';
import { troubleWith } from './trouble.mjs';

/**
 * Why the packages have to be installed; undefined when what lies in node_modules is what package-lock.json says.
 *
 * npm writes node_modules/.package-lock.json as the last thing of an installation, so a half-finished one has none.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function packagesMissing(root) {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return 'not installed yet';
  const installed = packagesIn(join(modules, '.package-lock.json'));
  if (installed === undefined) return 'an earlier installation was not finished';
  const wanted = packagesIn(join(root, 'package-lock.json'));
  if (wanted === undefined) {
    throw new SetupError(
      'package-lock.json is missing or damaged.',
      'Get it back with `git checkout package-lock.json`, then run the same command again.',
    );
  }
  if (platformStamp(modules) !== undefined && platformStamp(modules) !== platform()) {
    return `installed for ${platformStamp(modules)}, this is ${platform()}`;
  }
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link === true) continue;
    const have = installed[path];
    // Packages for another system are optional, and rightly absent.
    if (have === undefined) {
      if (entry.optional === true || entry.devOptional === true || entry.peer === true) continue;
      return `${shortName(path)} is missing`;
    }
    if (have.version !== entry.version || have.integrity !== entry.integrity) return `${shortName(path)} has changed`;
    if (!existsSync(join(root, path, 'package.json'))) return `${shortName(path)} is incomplete`;
  }
  for (const [path, entry] of Object.entries(installed)) {
    if (wanted[path] === undefined && entry.link !== true) return `${shortName(path)} is no longer wanted`;
  }
  return undefined;
}

/** @param {string} path */
function shortName(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} LockEntry
 */

/**
 * @param {string} path
 * @returns {Record<string, LockEntry> | undefined}
 */
function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** A folder shared between two systems (a virtual machine, WSL) holds the native parts of one of them. */
function platform() {
  return `${process.platform} ${process.arch}`;
}

/** @param {string} modules */
function stampFile(modules) {
  return join(modules, '.streambook-platform');
}

/**
 * @param {string} modules
 * @returns {string | undefined}
 */
function platformStamp(modules) {
  try {
    return readFileSync(stampFile(modules), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * How to call npm without a shell: the npm that runs us, the one beside this Node, or the one on the PATH.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(env = process.env) {
  const runner = env.npm_execpath;
  if (runner !== undefined && /^np[mx]/.test(basename(runner)) && /\.c?js$/.test(runner) && existsSync(runner)) {
    return { command: process.execPath, args: [runner.replace(/npx-cli(\.c?js)$/, 'npm-cli$1')] };
  }
  const beside = dirname(process.execPath);
  for (const folder of [join(beside, 'node_modules'), join(beside, '..', 'lib', 'node_modules')]) {
    const cli = join(folder, 'npm', 'bin', 'npm-cli.js');
    if (existsSync(cli)) return { command: process.execPath, args: [cli] };
  }
  return { command: 'npm', args: [] };
}

/**
 * Makes node_modules what package-lock.json says. The reader's registry, mirror and proxy settings are npm's own.
 *
 * @param {string} root
 * @param {(text: string) => void} doing
 * @returns {Promise<{ detail: string, value: undefined, unchanged: boolean }>}
 */
export async function ensurePackages(root, doing) {
  const reason = packagesMissing(root);
  if (reason === undefined) {
    linkPackage(root);
    return { detail: 'as package-lock.json says', value: undefined, unchanged: true };
  }
  doing(`npm ci (${reason})`);
  // A cut-off run must be seen as such, even one that is cut off before npm removes the old folder.
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });
  const ended = await npmCi(npmCommand(), root);
  if (ended.error?.code === 'ENOENT') {
    throw new SetupError(
      'npm was not found.',
      'It comes with Node.js from https://nodejs.org. On Debian and Ubuntu it is a package of its own: `apt install npm`.',
    );
  }
  if (ended.code !== 0) {
    throw troubleWith('npm', ended.output, {
      sentence: '`npm ci` failed.',
      hint: 'Its last lines are above. Run the same command again: it starts the installation anew.',
    });
  }
  linkPackage(root);
  writeFileSync(stampFile(join(root, 'node_modules')), platform());
  const left = packagesMissing(root);
  if (left !== undefined) {
    throw new SetupError(
      `npm finished, yet ${left}.`,
      'Remove the folder node_modules and run the same command again. An npm setting such as `omit` may be the reason: `npm config list` shows them.',
    );
  }
  return { detail: 'installed (npm ci)', value: undefined, unchanged: false };
}
