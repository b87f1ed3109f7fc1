import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { npmCommand } from '../../src/cli/setup/packages.mjs';
import { projectRoot } from '../../src/cli/setup/paths.mjs';

const LIMIT_MB = 40;

/** Files of ours that one import may read. Some 30 chunks; unbundled it was 775 modules, and three times as slow. */
const LIMIT_FILES = 50;

/** The public subpaths, as package.json's `exports` has them. */
const subpaths = ['streambook', 'streambook/broker'];

let folder = '';
let tarball = '';
let project = '';

function node(args: readonly string[], cwd: string) {
  const ended = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { code: ended.status, output: `${ended.stdout}${ended.stderr}`, stdout: ended.stdout };
}

/** Every file that a program loads from node_modules/: V8's coverage names them all. */
function loadedBy(program: string): string[] {
  const reports = mkdtempSync(join(folder, 'loaded-'));
  const env = { ...process.env, NODE_V8_COVERAGE: reports };
  const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: project, env });
  if (ended.status !== 0) throw new Error(String(ended.stderr));
  const scripts = readdirSync(reports).flatMap(
    (name) => (JSON.parse(readFileSync(join(reports, name), 'utf8')) as { result: { url: string }[] }).result,
  );
  return scripts.flatMap(({ url }) => url.split('/node_modules/')[1] ?? []);
}

function npm(args: readonly string[], cwd: string) {
  const { command, args: before } = npmCommand();
  const ended = spawnSync(command, [...before, ...args], { cwd, encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`npm ${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

function bytesUnder(path: string): number {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesUnder(join(path, name)), 0);
}

const inModules = (program: string) => join(projectRoot, 'node_modules', program);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'streambook-package-')));
  const packed = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], projectRoot));
  // npm up to 11 gives an array, later ones an object by name.
  const [info] = Array.isArray(packed) ? packed : Object.values<{ filename: string }>(packed);
  tarball = join(folder, info.filename.replace('/', '-').replace('@', ''));
  project = join(folder, 'empty project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "version": "1.0.0", "private": true }');
  npm(['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], project);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed library in an empty project', () => {
  test(`takes less than ${LIMIT_MB} MB with everything it depends on`, () => {
    const megabytes = bytesUnder(join(project, 'node_modules')) / 1e6;
    console.log(`installed: ${megabytes.toFixed(1)} MB; tarball: ${(bytesUnder(tarball) / 1e6).toFixed(2)} MB`);
    expect(megabytes).toBeLessThan(LIMIT_MB);
  });

  test('holds the library, and nothing of this project’s workshop', () => {
    const installed = readdirSync(join(project, 'node_modules/streambook'));
    expect(installed).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'package.json']));
    for (const name of ['src', 'test', 'notebooks', 'bench', '.streambook', '.venv'])
      expect(installed).not.toContain(name);
    expect(readdirSync(join(project, 'node_modules/streambook/dist/cli'))).not.toContain('setup');
  });

  test.each(subpaths)('import %s', (name) => {
    const ended = node(
      ['--input-type=module', '--eval', `const all = await import('${name}'); console.log(Object.keys(all).length)`],
      project,
    );
    expect(ended.output).toMatch(/^[1-9]\d*\n$/);
  });

  test('an import reads few files, and packages only when they are needed', () => {
    const loaded = loadedBy("await import('streambook')");
    const ours = loaded.filter((file) => file.startsWith('streambook/dist/'));
    expect(ours).toContain('streambook/dist/index.js');
    expect(ours.length).toBeLessThan(LIMIT_FILES);
    expect([...new Set(loaded.map((file) => file.split('/')[0]))].sort()).toEqual([
      'get-east-asian-width',
      'streambook',
    ]);
  });

  test('its parts are one library, and what is loaded late is there', () => {
    const program = `
      import { receive, send, StreambookError, tableEnv } from 'streambook';
      import { startBroker } from 'streambook/broker';
      const broker = await startBroker({ port: 0, data: 'memory' });
      const brokers = broker.address;
      await send('t', ['one', 'two'], { brokers });
      const got = await receive('t', { brokers, from: 'earliest', until: 'end' }).toArray();
      await broker.stop();
      const failed = await startBroker({ port: -1 }).catch((error) => error);
      const wrong = await (async () => tableEnv().executeSql('SELECT a FROM nowhere'))().catch((error) => error);
      const texts = got.map((message) => message.text);
      console.log(JSON.stringify([texts, failed instanceof StreambookError, wrong.name, wrong.constructor.name]));`;
    const ended = node(['--input-type=module', '--eval', program], project);
    expect(ended.output).toContain('\n[["one","two"],true,"ValidationError","ValidationError"]\n');
  });

  test.each(subpaths)('require %s', (name) => {
    const ended = node(['--no-warnings', '--eval', `console.log(Object.keys(require('${name}')).length)`], project);
    expect(ended.output).toMatch(/^[1-9]\d*\n$/);
  });

  test('the executable answers', () => {
    const { bin } = JSON.parse(readFileSync(join(project, 'node_modules/streambook/package.json'), 'utf8'));
    const ended = node([join(project, 'node_modules/streambook', bin.streambook), '--help'], project);
    expect(ended.output).toContain('broker');
    expect(ended.code).toBe(0);
    const notebooks = node([join(project, 'node_modules/streambook', bin.streambook), 'notebooks'], project);
    expect(notebooks.output).toContain('for a clone of the project');
    expect(notebooks.code).toBe(2);
  });
});

describe('its types', () => {
  const good = subpaths
    .map((name, i) => `import * as m${i} from '${name}';\nexport const k${i}: keyof typeof m${i} = null!;\n`)
    .join('');
  const program = `${good}import { seconds, StreambookError } from 'streambook';
const ms: number = seconds(5);
const failure: Error = new StreambookError('code', 'message');
console.log(ms, failure);
// @ts-expect-error a duration is made of a number
seconds('5');
`;
  const compile = (name: string, options: object, file = 'program.ts') => {
    const cwd = join(project, name);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, file), program);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      target: 'ES2022',
      lib: ['ES2023'],
      types: ['node'],
      typeRoots: [inModules('@types')],
      ...options,
    };
    writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: [file] }));
    return node([inModules('typescript/bin/tsc'), '-p', cwd, '--pretty', 'false'], cwd).output;
  };

  test('node10 resolution', () => {
    expect(compile('node10', { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '5.0' })).toBe('');
  });
  test('nodenext resolution, from an ES module', () => {
    expect(compile('nodenext', { module: 'NodeNext', moduleResolution: 'NodeNext' }, 'program.mts')).toBe('');
  });
  test('nodenext resolution, from CommonJS', () => {
    expect(compile('nodenext-cjs', { module: 'NodeNext', moduleResolution: 'NodeNext' }, 'program.cts')).toBe('');
  });
  test('bundler resolution', () => {
    expect(compile('bundler', { module: 'ESNext', moduleResolution: 'Bundler' })).toBe('');
  });

  test('are the wrong ones nowhere (attw)', () => {
    // Node 20.19 and later can require an ES module, which is what this rule warns of.
    const ended = node(
      [
        inModules('@arethetypeswrong/cli/dist/index.js'),
        tarball,
        '--ignore-rules',
        'cjs-resolves-to-esm',
        '--no-emoji',
        '--no-color',
        '--format',
        'table',
      ],
      projectRoot,
    );
    expect(ended.code, ended.output).toBe(0);
  });
});

test('package.json fits what is packed (publint)', () => {
  const ended = node([inModules('publint/src/cli.js'), 'run', tarball, '--strict'], projectRoot);
  expect(ended.code, ended.output).toBe(0);
});
