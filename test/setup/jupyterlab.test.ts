import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureJupyterLab, ownJupyterLab, uvEnvironment, withoutVenv } from '../../src/cli/setup/jupyterlab.mjs';
import type { Layout } from '../../src/cli/setup/paths.mjs';
import { findPython, pythonIn, pythonNames } from '../../src/cli/setup/python.mjs';
import { programs, scratchProject, write } from './scratch.js';

const posix = process.platform !== 'win32';

/** A Python of the given version that can do nothing else, or what `more` says. */
const python = (version: string, more = 'process.exit(1)') =>
  `const args = process.argv.slice(2).join(' ');
   if (args.includes('sys.version_info')) console.log('${version}');
   else { ${more} }`;

/** What a Python with everything does: `-m venv DIR` makes the folder, `-m pip install` says yes. */
const wholePython = python(
  '3.12.4',
  `const fs = require('fs'), path = require('path');
   if (args.startsWith('-m venv')) {
     const bin = path.join(process.argv[4], 'bin');
     fs.mkdirSync(bin, { recursive: true });
     fs.copyFileSync(__filename, path.join(bin, 'python'));
     fs.chmodSync(path.join(bin, 'python'), 0o755);
   } else if (!args.startsWith('-m pip')) process.exit(1);`,
);

let at: Layout;
const done: string[] = [];
const ensure = () => ensureJupyterLab(at, (text) => done.push(text));
const pathIs = (scripts: Record<string, string>) => vi.stubEnv('PATH', programs(scripts));

beforeEach(() => {
  at = scratchProject();
  done.length = 0;
});
afterEach(() => vi.unstubAllEnvs());

describe.runIf(posix)('JupyterLab', () => {
  test('no Python at all: one sentence, and where to get it', async () => {
    pathIs({});
    await expect(ensure()).rejects.toMatchObject({
      message: 'JupyterLab needs Python 3.10 or later; none was found on the PATH.',
      hint: expect.stringContaining('https://www.python.org/downloads'),
    });
  });

  test('Pythons that are too old are named', async () => {
    pathIs({ python3: python('3.9.18'), python: python('2.7.18'), 'python3.10': 'process.exit(127)' });
    await expect(ensure()).rejects.toThrow('JupyterLab needs Python 3.10 or later; found: 3.9.18, 2.7.18.');
  });

  test('an old python3 does not hide a newer one beside it', async () => {
    pathIs({ python3: python('3.8.0'), 'python3.13': python('3.13.1') });
    expect(await findPython()).toEqual({
      python: { command: 'python3.13', args: [], version: '3.13.1' },
      tooOld: ['3.8.0'],
    });
  });

  test('a Python without venv, as Debian has it', async () => {
    const debian = `console.log('The virtual environment was not created successfully because ensurepip is not available.'); process.exit(1)`;
    pathIs({ python3: python('3.11.2', debian) });
    await expect(ensure()).rejects.toMatchObject({
      message: 'Python 3.11.2 is here, but without its part `venv`.',
      hint: expect.stringContaining('apt install python3.11-venv'),
    });
    expect(existsSync(at.venv)).toBe(false);
  });

  test('by venv and pip, once; then it is known', async () => {
    pathIs({ python3: wholePython });
    expect(await ensure()).toMatchObject({ unchanged: false, value: { command: pythonIn(at.venv) } });
    expect(done).toEqual(['installing by pip into .venv (Python 3.12.4)']);
    pathIs({});
    expect(await ensure()).toMatchObject({ unchanged: true, value: { args: ['-m', 'jupyterlab'] } });
  });

  test('what was cut off, comes from other requirements or lost its Python is made anew', async () => {
    pathIs({ python3: wholePython });
    await ensure();
    expect(ownJupyterLab(at.venv)).toBeDefined();
    const stamp = join(at.venv, '.streambook.json');
    write(at.venv, { '.streambook.json': '{"requirements":"others"}' });
    expect(ownJupyterLab(at.venv)).toBeUndefined();
    await ensure();
    rmSync(stamp);
    write(at.venv, { 'left-behind': '' });
    await ensure();
    expect(existsSync(join(at.venv, 'left-behind'))).toBe(false);
    rmSync(pythonIn(at.venv));
    expect(ownJupyterLab(at.venv)).toBeUndefined();
  });

  test('pip without a network', async () => {
    const offline = wholePython.replace(
      `if (!args.startsWith('-m pip')) process.exit(1);`,
      `{ console.error('Failed to establish a new connection'); process.exit(1); }`,
    );
    pathIs({ python3: offline });
    await expect(ensure()).rejects.toThrow('pip could not reach its package registry.');
    expect(ownJupyterLab(at.venv)).toBeUndefined();
  });

  test('uv does it where it is there, with what the reader has set for pip', async () => {
    const note = join(at.root, 'uv-saw.json');
    mkdirSync(at.root, { recursive: true });
    const uv = `const fs = require('fs'), path = require('path'), args = process.argv.slice(2);
      if (args[0] === '--version') { console.log('uv 0.9'); process.exit(); }
      if (args[0] === 'venv') {
        const bin = path.join(args.at(-1), 'bin');
        fs.mkdirSync(bin, { recursive: true });
        fs.writeFileSync(path.join(bin, 'python'), '');
      }
      fs.appendFileSync(${JSON.stringify(note)}, JSON.stringify({ args, index: process.env.UV_DEFAULT_INDEX }) + '\\n');`;
    pathIs({ uv, python3: wholePython });
    vi.stubEnv('PIP_INDEX_URL', 'https://mirror.example/simple');
    expect(await ensure()).toMatchObject({ detail: expect.stringContaining('by uv') });
    const saw = readFileSync(note, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(saw.map(({ args }) => args.slice(0, 2).join(' '))).toEqual(['venv --no-python-downloads', 'pip install']);
    expect(saw[1].index).toBe('https://mirror.example/simple');
  });

  test('when uv fails, pip does it', async () => {
    pathIs({ uv: `if (process.argv[2] !== '--version') process.exit(2)`, python3: wholePython });
    expect(await ensure()).toMatchObject({ detail: expect.stringContaining('by pip') });
  });

  test('one on the PATH is taken if it is a 4', async () => {
    pathIs({ jupyter: `console.log('4.2.5')` });
    expect(await ensure()).toMatchObject({
      unchanged: true,
      value: { command: 'jupyter', args: ['lab'], version: '4.2.5' },
    });
    pathIs({ jupyter: `console.log('3.6.1')`, python3: wholePython });
    expect(await ensure()).toMatchObject({ detail: expect.stringContaining('by pip') });
  });
});

test('on Windows the launcher py comes first, because python3 may open a shop', () => {
  expect(pythonNames('win32')[0]).toEqual({ command: 'py', args: ['-3'] });
});

test('what is set for pip is handed to uv; what is set for uv wins', () => {
  expect(uvEnvironment({ PIP_CERT: '/ca.pem', PIP_FIND_LINKS: '/a /b' })).toMatchObject({
    SSL_CERT_FILE: '/ca.pem',
    UV_FIND_LINKS: '/a,/b',
  });
  const config = "global.index-url='https://mirror.example/simple'\nglobal.proxy='http://proxy.example:3128'\n";
  expect(uvEnvironment({}, config)).toEqual({
    UV_DEFAULT_INDEX: 'https://mirror.example/simple',
    HTTPS_PROXY: 'http://proxy.example:3128',
  });
  expect(uvEnvironment({ UV_DEFAULT_INDEX: 'mine' }, config).UV_DEFAULT_INDEX).toBe('mine');
  expect(uvEnvironment({ UV_INDEX_URL: 'mine' }, config).UV_DEFAULT_INDEX).toBeUndefined();
});

test('other failures of venv are not blamed on a missing part', () => {
  expect(withoutVenv('Error: [Errno 13] Permission denied', '3.11.2')).toBeUndefined();
});
