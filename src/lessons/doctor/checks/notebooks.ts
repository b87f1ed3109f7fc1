import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelHook } from '../../../core/kernel.js';
import { runProgram } from '../ask.js';
import type { Places, SetUp } from '../checkout.js';
import type { Finding, Probe } from '../report.js';

const group = 'The notebooks';
const INSTALL_NODE = 'Install the current version from https://nodejs.org and open a new terminal.';

/** What the library itself stands on. */
export function nodeProbe(oldest = '20.19.0', version: string = process.versions.node, heading = group): Probe {
  return {
    name: 'Node.js',
    group: heading,
    needed: true,
    look: async () =>
      isOlder(version, oldest)
        ? { verdict: 'mend', version, detail: `streambook needs ${oldest} or later`, mend: INSTALL_NODE }
        : { verdict: 'fine', version },
  };
}

/** @returns whether version `a` comes before version `b` */
export function isOlder(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}

/** What a clone of the project needs to open its notebooks. */
export function notebookProbes(setUp: SetUp, at: Places): Probe[] {
  return [
    nodeProbe(setUp.oldestNode),
    { name: 'npm', group, needed: true, look: (limit) => npm(setUp, limit) },
    { name: 'npm packages', group, needed: true, look: () => packages(setUp, at) },
    { name: 'Python', group, needed: true, look: (limit) => python(setUp, at, limit) },
    { name: 'JupyterLab', group, needed: true, look: (limit) => jupyterLab(setUp, at, limit) },
    { name: 'TypeScript kernel', group, needed: true, look: async () => kernel(at) },
    { name: 'streambook', group, needed: true, look: () => library(setUp, at) },
  ];
}

async function npm(setUp: SetUp, limit: AbortSignal): Promise<Finding> {
  const { command, args } = setUp.npmCommand();
  const said = await runProgram(command, [...args, '--version'], limit);
  const version = said.stdout.trim();
  if (said.code === 0 && /^\d+\./.test(version)) return { verdict: 'fine', version };
  return {
    verdict: 'mend',
    detail: said.missing ? 'not found' : `does not run: ${firstLine(said.stderr)}`,
    mend: 'It comes with Node.js from https://nodejs.org. On Debian and Ubuntu: `sudo apt install npm`.',
  };
}

async function packages(setUp: SetUp, at: Places): Promise<Finding> {
  await othersFirst();
  const reason = setUp.packagesMissing(at.root);
  if (reason === undefined) return { verdict: 'fine', detail: 'as package-lock.json says' };
  return { verdict: 'mend', detail: reason, mend: 'Run `npm ci`.' };
}

/** Which Python runs, and that it runs: a virtual environment breaks when the system's Python goes. */
async function python(setUp: SetUp, at: Places, limit: AbortSignal): Promise<Finding> {
  const wanted = setUp.oldestPython.join('.');
  if (setUp.ownJupyterLab(at.venv) !== undefined) {
    const said = await runProgram(setUp.pythonIn(at.venv), ['--version'], limit);
    const version = /^Python (\S+)/.exec(said.stdout + said.stderr)?.[1];
    if (said.code === 0 && version !== undefined) return { verdict: 'fine', version, detail: 'in .venv' };
    return { verdict: 'mend', detail: 'the one in .venv does not run', mend: renewVenv };
  }
  const { python: found, tooOld } = await setUp.findPython(process.env, 1900);
  if (found !== undefined) return { verdict: 'fine', version: found.version, detail: 'on the PATH' };
  return {
    verdict: 'mend',
    detail: tooOld.length === 0 ? 'none on the PATH' : `too old: ${tooOld.join(', ')}`,
    mend: `Install ${wanted} or later: https://www.python.org/downloads, \`sudo apt install python3 python3-venv\`, or \`brew install python\`.`,
  };
}

const renewVenv = 'Remove the folder .venv, then `npm start` makes it anew.';
const VERSION = 'import importlib.metadata as m; print(m.version("jupyterlab"))';

async function jupyterLab(setUp: SetUp, at: Places, limit: AbortSignal): Promise<Finding> {
  if (setUp.ownJupyterLab(at.venv) !== undefined) {
    const said = await runProgram(setUp.pythonIn(at.venv), ['-c', VERSION], limit);
    const version = said.stdout.trim();
    if (said.code === 0 && version !== '') return { verdict: 'fine', version, detail: 'in .venv' };
    return { verdict: 'mend', detail: 'the one in .venv is incomplete', mend: renewVenv };
  }
  const found = await setUp.jupyterLabOnPath(at, 1900);
  if (found !== undefined) return { verdict: 'fine', version: found.version, detail: 'on the PATH' };
  return { verdict: 'mend', detail: 'not set up yet', mend: 'Run `npm start`: it installs JupyterLab into .venv.' };
}

/** What JupyterLab starts for a notebook, as `npm start` has written it down. */
export function kernel(at: Pick<Places, 'jupyterData' | 'modules'>): Finding {
  const version = packageVersion(join(at.modules, 'tslab'));
  const known = version === undefined ? {} : { version };
  const mend = 'Run `npm start`: it sets the kernel up.';
  const argv = kernelCommand(join(at.jupyterData, 'kernels', 'streambook', 'kernel.json'));
  if (version === undefined) return { verdict: 'mend', detail: 'tslab is not installed', mend: 'Run `npm ci`.' };
  if (argv === undefined) return { verdict: 'mend', ...known, detail: 'JupyterLab does not know it yet', mend };
  const [node = '', launcher = ''] = argv;
  for (const file of [node, launcher]) {
    if (!existsSync(file)) return { verdict: 'mend', ...known, detail: `${file} is gone`, mend };
  }
  const here = kernelHook() === undefined ? {} : { detail: 'this cell runs in it' };
  return { verdict: 'fine', ...known, ...here };
}

function kernelCommand(file: string): string[] | undefined {
  try {
    const { argv } = JSON.parse(readFileSync(file, 'utf8')) as { argv?: unknown };
    return Array.isArray(argv) ? argv.map(String) : undefined;
  } catch {
    return undefined;
  }
}

async function library(setUp: SetUp, at: Places): Promise<Finding> {
  await othersFirst();
  const version = packageVersion(at.root);
  const known = version === undefined ? {} : { version };
  if (setUp.isBuilt(at.root)) return { verdict: 'fine', ...known, detail: 'dist/ is what src/ says' };
  const detail = existsSync(join(at.root, 'dist', 'index.js')) ? 'dist/ is older than src/' : 'not built';
  return { verdict: 'mend', ...known, detail, mend: 'Run `npm run build`, then restart the kernels.' };
}

/** The version of the package in this folder; undefined when there is none. */
export function packageVersion(folder: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}

/** Reading many files keeps everybody waiting; programs and connections shall be under way by then. */
function othersFirst(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0] ?? '';
}
