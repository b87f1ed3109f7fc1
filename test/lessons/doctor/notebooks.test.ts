import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { layout, projectRoot } from '../../../src/cli/setup/paths.mjs';
import { packageRoot } from '../../../src/core/package-root.js';
import { loadSetUp, type Places, type SetUp } from '../../../src/lessons/doctor/checkout.js';
import { isOlder, kernel, nodeProbe, notebookProbes } from '../../../src/lessons/doctor/checks/notebooks.js';
import type { Finding } from '../../../src/lessons/doctor/report.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const limit = new AbortController().signal;

/** A set-up in which everything is there, but for what a test says otherwise. */
function setUpWith(parts: Partial<SetUp> = {}): SetUp {
  return {
    layout: () => placesIn(folder),
    packagesMissing: () => undefined,
    npmCommand: () => ({ command: process.execPath, args: ['-e', 'console.log("11.0.0")', '--'] }),
    isBuilt: () => true,
    findPython: async () => ({ python: { version: '3.12.1' }, tooOld: [] }),
    pythonIn: () => process.execPath,
    ownJupyterLab: () => undefined,
    jupyterLabOnPath: async () => ({ version: '4.4.0' }),
    readBrokerFile: () => undefined,
    livingBroker: async () => undefined,
    oldestNode: '20.19.0',
    oldestPython: [3, 10],
    composeClusterId: 'compose',
    ...parts,
  };
}

function placesIn(root: string): Places {
  return layout(root, {});
}

async function look(name: string, parts?: Partial<SetUp>): Promise<Finding> {
  const probe = notebookProbes(setUpWith(parts), placesIn(folder)).find((one) => one.name === name);
  return probe!.look(limit);
}

test('the set-up of this clone offers what the doctor asks of it', async () => {
  const setUp = await loadSetUp();
  expect(setUp).toBeDefined();
  for (const name of Object.keys(setUpWith()) as (keyof SetUp)[]) {
    expect([name, typeof setUp?.[name]]).toEqual([name, typeof setUpWith()[name]]);
  }
  expect(packageRoot).toBe(projectRoot);
});

test('the types of the set-up are those that the doctor believes in', async () => {
  const parts = await Promise.all([
    import('../../../src/cli/setup/paths.mjs'),
    import('../../../src/cli/setup/packages.mjs'),
    import('../../../src/cli/setup/build.mjs'),
    import('../../../src/cli/setup/python.mjs'),
    import('../../../src/cli/setup/broker.mjs'),
    import('../../../src/cli/setup/node-version.mjs'),
  ]);
  // The compiler compares; JupyterLab's functions ask for the whole layout, which the doctor hands on as it came.
  const typed: Omit<SetUp, 'jupyterLabOnPath' | 'ownJupyterLab'> = Object.assign({}, ...parts) as (typeof parts)[0] &
    (typeof parts)[1] &
    (typeof parts)[2] &
    (typeof parts)[3] &
    (typeof parts)[4] &
    (typeof parts)[5];
  expect(typed.oldestPython).toHaveLength(2);
});

test('an installed package has no set-up', async () => {
  expect(await loadSetUp(folder)).toBeUndefined();
});

describe('Node.js', () => {
  test.each([
    ['20.19.0', '20.19.0', false],
    ['20.9.0', '20.19.0', true],
    ['18.20.4', '20.19.0', true],
    ['26.0.0', '20.19.0', false],
    ['100.0.0', '20.19.0', false],
  ])('%s is older than %s: %s', (version, oldest, older) => {
    expect(isOlder(version, oldest)).toBe(older);
  });

  test('one that is too old has to be mended', async () => {
    expect(await nodeProbe('20.19.0', '18.20.4').look(limit)).toMatchObject({ verdict: 'mend', version: '18.20.4' });
    expect(await nodeProbe().look(limit)).toEqual({ verdict: 'fine', version: process.versions.node });
  });
});

describe('npm and packages', () => {
  test('npm tells its version', async () => {
    expect(await look('npm')).toEqual({ verdict: 'fine', version: '11.0.0' });
  });

  test('an npm that is not there, or does not run', async () => {
    const absent = { command: join(folder, 'npm'), args: [] };
    expect(await look('npm', { npmCommand: () => absent })).toMatchObject({ verdict: 'mend', detail: 'not found' });
    const broken = { command: process.execPath, args: ['-e', 'throw "no"'] };
    expect(await look('npm', { npmCommand: () => broken })).toMatchObject({ verdict: 'mend' });
  });

  test('packages that are missing', async () => {
    expect(await look('npm packages')).toMatchObject({ verdict: 'fine' });
    expect(await look('npm packages', { packagesMissing: () => 'vega is missing' })).toEqual({
      verdict: 'mend',
      detail: 'vega is missing',
      mend: 'Run `npm ci`.',
    });
  });
});

describe('Python and JupyterLab', () => {
  test('found on the PATH', async () => {
    expect(await look('Python')).toEqual({ verdict: 'fine', version: '3.12.1', detail: 'on the PATH' });
    expect(await look('JupyterLab')).toEqual({ verdict: 'fine', version: '4.4.0', detail: 'on the PATH' });
  });

  test('missing, or too old', async () => {
    const findPython = async () => ({ python: undefined, tooOld: ['3.8.10'] });
    expect(await look('Python', { findPython })).toMatchObject({ verdict: 'mend', detail: 'too old: 3.8.10' });
    const none = async () => ({ python: undefined, tooOld: [] });
    expect(await look('Python', { findPython: none })).toMatchObject({ verdict: 'mend', detail: 'none on the PATH' });
    expect(await look('JupyterLab', { jupyterLabOnPath: async () => undefined })).toMatchObject({
      verdict: 'mend',
      detail: 'not set up yet',
    });
  });

  test('a virtual environment whose Python has gone', async () => {
    const gone = { ownJupyterLab: () => ({ version: '4.6.6' }), pythonIn: () => join(folder, 'python') };
    for (const name of ['Python', 'JupyterLab']) {
      const { verdict, mend } = await look(name, gone);
      expect([name, verdict]).toEqual([name, 'mend']);
      expect(mend).toContain('.venv');
    }
  });
});

describe('the kernel', () => {
  function write(argv: unknown): void {
    const at = placesIn(folder);
    mkdirSync(join(at.modules, 'tslab'), { recursive: true });
    writeFileSync(join(at.modules, 'tslab', 'package.json'), '{"version":"1.0.22"}');
    mkdirSync(join(at.jupyterData, 'kernels', 'streambook'), { recursive: true });
    writeFileSync(join(at.jupyterData, 'kernels', 'streambook', 'kernel.json'), JSON.stringify({ argv }));
  }

  test('is there', () => {
    const launcher = join(folder, 'launcher.js');
    writeFileSync(launcher, '');
    write([process.execPath, launcher, '--config-path', '{connection_file}']);
    expect(kernel(placesIn(folder))).toEqual({ verdict: 'fine', version: '1.0.22' });
  });

  test('names a file that has gone', () => {
    write([process.execPath, join(folder, 'moved', 'launcher.js')]);
    expect(kernel(placesIn(folder))).toMatchObject({ verdict: 'mend', version: '1.0.22' });
  });

  test.each([[undefined], [null], ['text'], [[]]])('a description that says nothing: %j', (argv) => {
    write(argv);
    expect(kernel(placesIn(folder))).toMatchObject({ verdict: 'mend' });
  });

  test('was never set up', () => {
    expect(kernel(placesIn(folder))).toMatchObject({ verdict: 'mend', detail: 'tslab is not installed' });
  });
});

test('the build is whole, old, or not there', async () => {
  writeFileSync(join(folder, 'package.json'), '{"version":"0.1.0"}');
  expect(await look('streambook')).toMatchObject({ verdict: 'fine', version: '0.1.0' });
  const isBuilt = (): boolean => false;
  expect(await look('streambook', { isBuilt })).toMatchObject({ verdict: 'mend', detail: 'not built' });
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'index.js'), '');
  expect(await look('streambook', { isBuilt })).toMatchObject({ verdict: 'mend', detail: 'dist/ is older than src/' });
});
