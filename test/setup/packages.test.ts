import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensurePackages, npmCommand, packagesMissing } from '../../src/cli/setup/packages.mjs';
import { scratchFolder, write } from './scratch.js';

const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
const one = { version: '1.0.0', integrity: 'sha512-one' };
const nested = { version: '2.0.0', integrity: 'sha512-two' };

describe('whether npm ci is needed', () => {
  let root = '';
  const wanted = (packages: object) => write(root, { 'package-lock.json': lock({ '': {}, ...packages }) });
  const installed = (packages: object) => {
    write(root, { 'node_modules/.package-lock.json': lock(packages) });
    for (const path of Object.keys(packages)) write(root, { [`${path}/package.json`]: '{}' });
  };

  beforeEach(() => {
    root = scratchFolder();
    wanted({ 'node_modules/one': one, 'node_modules/one/node_modules/two': nested });
  });

  test('nothing there', () => {
    expect(packagesMissing(root)).toBe('not installed yet');
  });

  test('an installation that was cut off', () => {
    mkdirSync(join(root, 'node_modules/one'), { recursive: true });
    expect(packagesMissing(root)).toBe('an earlier installation was not finished');
    write(root, { 'node_modules/.package-lock.json': '{"packages":' });
    expect(packagesMissing(root)).toBe('an earlier installation was not finished');
  });

  test('all there: not needed', () => {
    installed({ 'node_modules/one': one, 'node_modules/one/node_modules/two': nested });
    expect(packagesMissing(root)).toBeUndefined();
  });

  test('another version, another content, one too few, one too many', () => {
    installed({ 'node_modules/one': { ...one, version: '1.0.1' }, 'node_modules/one/node_modules/two': nested });
    expect(packagesMissing(root)).toBe('one has changed');
    installed({
      'node_modules/one': { ...one, integrity: 'sha512-other' },
      'node_modules/one/node_modules/two': nested,
    });
    expect(packagesMissing(root)).toBe('one has changed');
    installed({ 'node_modules/one': one });
    expect(packagesMissing(root)).toBe('two is missing');
    installed({ 'node_modules/one': one, 'node_modules/one/node_modules/two': nested, 'node_modules/@a/b': one });
    expect(packagesMissing(root)).toBe('@a/b is no longer wanted');
  });

  test('a folder that somebody removed by hand', () => {
    installed({ 'node_modules/one': one, 'node_modules/one/node_modules/two': nested });
    rmSync(join(root, 'node_modules/one/node_modules'), { recursive: true });
    expect(packagesMissing(root)).toBe('two is incomplete');
  });

  test('packages for other systems are optional, and may be absent', () => {
    wanted({ 'node_modules/one': one, 'node_modules/other-system': { ...one, optional: true } });
    installed({ 'node_modules/one': one });
    expect(packagesMissing(root)).toBeUndefined();
  });

  test('a folder that was installed on another system', () => {
    installed({ 'node_modules/one': one, 'node_modules/one/node_modules/two': nested });
    write(root, { 'node_modules/.streambook-platform': 'sunos sparc' });
    expect(packagesMissing(root)).toBe(`installed for sunos sparc, this is ${process.platform} ${process.arch}`);
  });

  test('a damaged package-lock.json is named', () => {
    mkdirSync(join(root, 'node_modules'));
    installed({});
    write(root, { 'package-lock.json': '<<<<<<< HEAD' });
    expect(() => packagesMissing(root)).toThrow('package-lock.json is missing or damaged');
  });
});

test('npm is called without a shell, and never as another package manager', () => {
  const root = scratchFolder();
  write(root, { 'npm/bin/npm-cli.js': '', 'yarn/bin/yarn.js': '' });
  const npm = join(root, 'npm/bin/npm-cli.js');
  expect(npmCommand({ npm_execpath: npm })).toEqual({ command: process.execPath, args: [npm] });
  const other = npmCommand({ npm_execpath: join(root, 'yarn/bin/yarn.js') });
  expect([other.command, ...other.args].join(' ')).not.toContain('yarn');
});

describe('npm ci', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** An npm that fails so often, with these words, before it installs nothing; `tries` has a letter for each call: c with a cache of its own. */
  function stub(failures: number, words: string): string {
    const root = scratchFolder();
    write(root, {
      'package-lock.json': lock({ '': {} }),
      'npm-cli.js': `const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
        appendFileSync('tries', process.env.npm_config_cache === undefined ? 'x' : 'c');
        if (readFileSync('tries', 'utf8').length <= ${failures}) {
          console.error(${JSON.stringify(words)});
          process.exit(1);
        }
        mkdirSync('node_modules', { recursive: true });
        writeFileSync('node_modules/.package-lock.json', '{"packages":{}}');`,
    });
    vi.stubEnv('npm_execpath', join(root, 'npm-cli.js'));
    vi.stubEnv('npm_config_cache', undefined);
    return root;
  }

  test('what is in its way for a moment is waited for', async () => {
    const root = stub(1, 'npm error ENOTEMPTY: directory not empty, rmdir node_modules/one');
    expect(await ensurePackages(root, () => {})).toMatchObject({ detail: 'installed (npm ci)' });
    expect(readFileSync(join(root, 'tries'), 'utf8')).toBe('xx');
  });

  test('where the home may not be written to, it has a cache of its own', async () => {
    const root = stub(1, 'npm error code EACCES\nnpm error syscall mkdir\nnpm error path /home/ann/.npm');
    expect(await ensurePackages(root, () => {})).toMatchObject({ detail: 'installed (npm ci)' });
    expect(readFileSync(join(root, 'tries'), 'utf8')).toBe('xc');
  });

  test('any other failure is told at once', async () => {
    const root = stub(9, 'npm error code EUSAGE');
    await expect(ensurePackages(root, () => {})).rejects.toThrow('`npm ci` failed.');
    expect(readFileSync(join(root, 'tries'), 'utf8')).toBe('x');
  });
});
