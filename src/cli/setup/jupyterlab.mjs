// JupyterLab 4: the project's own virtual environment, or one that is on the PATH already.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jupyterEnvironment } from './paths.mjs';
import { run } from './processes.mjs';
import { findPython, oldestPython, pythonIn } from './python.mjs';
import { SetupError, tail } from './say.mjs';
import { troubleWith } from './trouble.mjs';

const requirements = join(dirname(fileURLToPath(import.meta.url)), 'requirements.txt');
const STAMP = '.streambook.json';

/**
 * @typedef {object} JupyterLab how to start it: `command ...args lab --port ...` in short
 * @property {string} command
 * @property {string[]} args
 * @property {string} version
 */

/** @typedef {import('./paths.mjs').Layout} Layout */

/** Changes with every pinned version. */
function requirementsHash() {
  return createHash('sha256').update(readFileSync(requirements)).digest('hex');
}

/** The pinned version of JupyterLab itself. */
function pinnedVersion() {
  return /^jupyterlab==(\S+)/m.exec(readFileSync(requirements, 'utf8'))?.[1] ?? '';
}

/**
 * The project's own JupyterLab, if it was set up to its end from the requirements as they are now.
 *
 * @param {string} venv
 * @returns {JupyterLab | undefined}
 */
export function ownJupyterLab(venv) {
  const python = pythonIn(venv);
  try {
    const stamp = JSON.parse(readFileSync(join(venv, STAMP), 'utf8'));
    // existsSync follows the link: a Python that was removed from the system is seen here.
    if (stamp.requirements !== requirementsHash() || !existsSync(python)) return undefined;
  } catch {
    return undefined;
  }
  // By module, not by the script `jupyter-lab`: scripts hold the folder's old name when the project was moved.
  return { command: python, args: ['-m', 'jupyterlab'], version: pinnedVersion() };
}

/**
 * A JupyterLab 4 that the reader has anyway.
 *
 * @param {Layout} at
 * @param {number} [timeoutMs]
 * @returns {Promise<JupyterLab | undefined>}
 */
export async function jupyterLabOnPath(at, timeoutMs = 30_000) {
  const ended = await run('jupyter', ['lab', '--version'], { env: jupyterEnvironment(at), timeoutMs });
  const version = ended.stdout.trim();
  return ended.code === 0 && /^4\.\d+/.test(version) ? { command: 'jupyter', args: ['lab'], version } : undefined;
}

/**
 * @param {Layout} at
 * @param {(text: string) => void} doing
 * @returns {Promise<{ detail: string, value: JupyterLab, unchanged: boolean }>}
 */
export async function ensureJupyterLab(at, doing) {
  const own = ownJupyterLab(at.venv);
  if (own !== undefined) return { detail: `${own.version} in .venv`, value: own, unchanged: true };
  const present = await jupyterLabOnPath(at);
  if (present !== undefined)
    return { detail: `${present.version}, found on the PATH`, value: present, unchanged: true };

  const uv = await run('uv', ['--version']);
  /** @type {SetupError | undefined} */
  let uvTrouble;
  if (uv.code === 0) {
    doing('installing by uv into .venv');
    uvTrouble = await installByUv(at);
    if (uvTrouble === undefined) return finished(at, 'uv');
  }
  const { python, tooOld } = await findPython();
  if (python === undefined) throw uvTrouble ?? noPython(tooOld);
  doing(`installing by pip into .venv (Python ${python.version})`);
  await installByPip(at, python);
  return finished(at, 'pip');
}

/**
 * @param {Layout} at
 * @param {string} by
 */
function finished(at, by) {
  writeFileSync(join(at.venv, STAMP), JSON.stringify({ requirements: requirementsHash() }));
  const own = ownJupyterLab(at.venv);
  if (own === undefined) {
    throw new SetupError(
      'The virtual environment in .venv has no Python.',
      'Remove the folder .venv and run the same command again.',
    );
  }
  return { detail: `${own.version} installed in .venv by ${by}`, value: own, unchanged: false };
}

/** @param {string[]} tooOld versions that were found */
function noPython(tooOld) {
  const wanted = oldestPython.join('.');
  const found = tooOld.length === 0 ? 'none was found on the PATH' : `found: ${tooOld.join(', ')}`;
  return new SetupError(
    `JupyterLab needs Python ${wanted} or later; ${found}.`,
    'Install it from https://www.python.org/downloads (on Windows tick "Add python.exe to PATH"; on Debian and Ubuntu: `apt install python3 python3-venv`; on macOS: `brew install python`), open a new terminal, and run the same command again.',
  );
}

/**
 * uv knows nothing of pip's settings, so what the reader has set for pip is handed over; uv's own settings win.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [pipConfig] what `pip config list` prints: `global.index-url='https://...'`
 * @returns {NodeJS.ProcessEnv}
 */
export function uvEnvironment(env, pipConfig = '') {
  /** @param {string} name as in pip's configuration: `index-url` */
  const pip = (name) =>
    env[`PIP_${name.toUpperCase().replaceAll('-', '_')}`] ??
    new RegExp(`^(?:global|install|site|user)\\.${name}='(.*)'$`, 'm').exec(pipConfig)?.[1];
  const handed = {
    UV_DEFAULT_INDEX: env.UV_INDEX_URL === undefined ? pip('index-url') : undefined,
    UV_INDEX: env.UV_EXTRA_INDEX_URL === undefined ? pip('extra-index-url') : undefined,
    UV_FIND_LINKS: pip('find-links')?.split(/\s+/).join(','),
    SSL_CERT_FILE: pip('cert'),
    HTTPS_PROXY: env.https_proxy === undefined ? pip('proxy') : undefined,
  };
  const result = { ...env };
  for (const [name, value] of Object.entries(handed)) {
    if (value !== undefined && result[name] === undefined) result[name] = value;
  }
  return result;
}

/**
 * @param {Layout} at
 * @returns {Promise<SetupError | undefined>} why it did not work
 */
async function installByUv(at) {
  const { python } = await findPython();
  const pipConfig =
    python === undefined ? undefined : await run(python.command, [...python.args, '-m', 'pip', 'config', 'list']);
  const env = uvEnvironment(process.env, pipConfig?.stdout);
  rmSync(at.venv, { recursive: true, force: true, maxRetries: 5 });
  // Only a Python that is there: uv would put one of its own outside the project folder.
  const steps = [
    ['venv', '--no-python-downloads', '--python', `>=${oldestPython.join('.')}`, at.venv],
    ['pip', 'install', '--python', pythonIn(at.venv), '--requirement', requirements],
  ];
  for (const args of steps) {
    const ended = await run('uv', args, { cwd: at.root, env });
    if (ended.code === 0) continue;
    if (/No interpreter found|No download found|Python downloads are disabled/i.test(ended.output)) return noPython([]);
    return troubleWith('uv', ended.output, {
      sentence: 'uv could not install JupyterLab.',
      hint: 'Its last lines are above. Run the same command again; without uv on the PATH, pip does the work.',
    });
  }
  return undefined;
}

/**
 * @param {Layout} at
 * @param {import('./python.mjs').Python} python
 */
async function installByPip(at, python) {
  rmSync(at.venv, { recursive: true, force: true, maxRetries: 5 });
  const made = await run(python.command, [...python.args, '-m', 'venv', at.venv], { cwd: at.root });
  if (made.code !== 0) {
    // A folder that was begun must not be taken for a whole one.
    rmSync(at.venv, { recursive: true, force: true, maxRetries: 5 });
    throw (
      withoutVenv(made.output, python.version) ??
      troubleWith('Python', made.output, {
        sentence: 'Python could not make the virtual environment .venv.',
        hint: 'Its last lines are above. Remove the folder .venv and run the same command again.',
      })
    );
  }
  const installed = await run(
    pythonIn(at.venv),
    ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--requirement', requirements],
    { cwd: at.root },
  );
  if (installed.code !== 0) {
    throw troubleWith('pip', installed.output, {
      sentence: 'pip could not install JupyterLab.',
      hint: 'Its last lines are above. Run the same command again: it starts with a new .venv.',
    });
  }
}

/**
 * Debian and Ubuntu ship Python without `venv`.
 *
 * @param {string} output what `python3 -m venv` said
 * @param {string} version of that Python
 * @returns {SetupError | undefined}
 */
export function withoutVenv(output, version) {
  if (!/ensurepip is not available|No module named (?:venv|ensurepip)/i.test(output)) return undefined;
  const [major, minor] = version.split('.');
  return new SetupError(
    `Python ${version} is here, but without its part \`venv\`.`,
    `On Debian and Ubuntu: \`sudo apt install python${major}.${minor}-venv\` (or python3-venv). Then run the same command again.`,
    tail(output, 4),
  );
}
