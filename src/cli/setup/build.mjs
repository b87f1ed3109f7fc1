// dist/ from src/, when it is needed. `npm run build` is this file.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explain } from './failures.mjs';
import { withLock } from './lock.mjs';
import { isMain } from './main.mjs';
import { layout, projectRoot } from './paths.mjs';
import { run } from './processes.mjs';
import { inSeconds, SetupError, tail } from './say.mjs';

const STAMP = '.build.json';
const bundler = fileURLToPath(new URL('./bundle.mjs', import.meta.url));

/** How `tsc --listEmittedFiles` says that it has written a file. */
const EMITTED = 'TSFILE: ';

/** @typedef {{ sources: string, files: string[] }} Stamp `files` relative to dist/ */
/** @typedef {import('./processes.mjs').Ended} Ended */

/**
 * One hash over everything that a build reads.
 * @param {string} root
 */
export function hashOfSources(root) {
  const hash = createHash('sha256');
  // These run as they are; tsconfig.build.json leaves them out, too.
  const notBuilt = join(root, 'src', 'cli', 'setup') + sep;
  const files = [
    ...filesUnder(join(root, 'src')).filter((file) => !file.startsWith(notBuilt)),
    join(root, 'tsconfig.json'),
    join(root, 'tsconfig.build.json'),
    join(root, 'package.json'),
    join(root, 'node_modules', 'typescript', 'package.json'),
    join(root, 'node_modules', 'rolldown', 'package.json'),
    bundler,
  ];
  for (const file of files) {
    hash.update(relative(root, file).split(sep).join('/')).update('\0');
    hash.update(existsSync(file) ? readFileSync(file) : '').update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]} sorted
 */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * Whether dist/ is whole and comes from the sources as they are now.
 * @param {string} root
 */
export function isBuilt(root) {
  const dist = join(root, 'dist');
  /** @type {Stamp} */
  let stamp;
  try {
    stamp = JSON.parse(readFileSync(join(dist, STAMP), 'utf8'));
  } catch {
    return false;
  }
  return stamp.sources === hashOfSources(root) && stamp.files.every((file) => existsSync(join(dist, file)));
}

/**
 * Makes dist/ from src/: TypeScript checks, and writes the types; the bundler writes the JavaScript beside it. Removes from
 * dist/ what no source stands for any more. The stamp is written last, so a build that was cut off is done again.
 *
 * @param {string} root
 * @returns {Promise<number>} how many files were written
 */
export async function build(root) {
  const dist = join(root, 'dist');
  const sources = hashOfSources(root);
  mkdirSync(dist, { recursive: true });
  rmSync(join(dist, STAMP), { force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const programs = [
    [tsc, '-p', 'tsconfig.build.json', '--listEmittedFiles', '--pretty', 'false'],
    [bundler, root],
  ].map((args) => run(process.execPath, args, { cwd: root }));
  await Promise.allSettled(programs);
  const [types, code] = /** @type {[Ended, Ended]} */ (await Promise.all(programs));
  const lines = types.stdout.split(/\r?\n/);
  if (types.code !== 0)
    throw doesNotCompile(lines.filter((line) => !line.startsWith(EMITTED)).join('\n') + types.stderr);
  if (code.code !== 0) throw doesNotCompile(code.output);
  const files = lines
    .filter((line) => line.startsWith(EMITTED))
    .map((line) =>
      relative(dist, resolve(root, line.slice(EMITTED.length)))
        .split(sep)
        .join('/'),
    )
    .concat(JSON.parse(code.stdout));
  const wanted = new Set([...files, STAMP]);
  for (const file of filesUnder(dist)) {
    if (!wanted.has(relative(dist, file).split(sep).join('/'))) rmSync(file, { force: true });
  }
  writeFileSync(join(dist, STAMP), JSON.stringify(/** @type {Stamp} */ ({ sources, files }), undefined, 1));
  return files.length;
}

/** @param {string} errors what a program of the build said */
function doesNotCompile(errors) {
  return /ENOSPC/.test(errors)
    ? new SetupError('The disk is full.', 'Make room, then run the same command again.')
    : new SetupError(
        'The sources do not compile.',
        'If you changed something in src/, mend it there (`npm run types` shows all errors); otherwise bring src/ back with git. Then run the same command again.',
        tail(errors),
      );
}

/**
 * @param {string} root
 * @param {(text: string) => void} doing
 * @returns {Promise<{ detail: string, value: undefined, unchanged: boolean }>}
 */
export async function ensureBuild(root, doing) {
  if (isBuilt(root)) return { detail: 'dist/ is up to date', value: undefined, unchanged: true };
  doing('compiling');
  const files = await build(root);
  return { detail: `compiled, ${files} files in dist/`, value: undefined, unchanged: false };
}

if (isMain(import.meta.url)) {
  const since = performance.now();
  try {
    const files = await withLock(
      layout(projectRoot).setupLock,
      (pid) => console.log(`waiting for another set-up (process ${pid})`),
      () => build(projectRoot),
    );
    console.log(`${files} files in dist/, ${inSeconds(performance.now() - since)}`);
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}
