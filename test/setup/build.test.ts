import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { build, ensureBuild, isBuilt } from '../../src/cli/setup/build.mjs';
import { innerEntries } from '../../src/cli/setup/bundle.mjs';
import { projectRoot } from '../../src/cli/setup/paths.mjs';
import { scratchFolder, write } from './scratch.js';

let root = '';
const said: string[] = [];

beforeEach(() => {
  said.length = 0;
  root = scratchFolder();
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(projectRoot, 'node_modules/typescript'), join(root, 'node_modules/typescript'), 'junction');
  write(root, {
    'package.json': '{"type":"module","exports":{".":"./dist/one.js","./two":"./dist/room/two.js"}}',
    ...Object.fromEntries(innerEntries.map((name) => [`src/${name}.ts`, 'export {};'])),
    'tsconfig.json': '{"compilerOptions":{"strict":true,"module":"NodeNext","target":"ES2022","types":[]}}',
    'tsconfig.build.json':
      '{"extends":"./tsconfig.json","compilerOptions":{"rootDir":"src","outDir":"dist","declaration":true,"emitDeclarationOnly":true},"include":["src"]}',
    'src/one.ts': "import { shared } from './shared.js';\nexport const one: string = 'eins ' + shared;",
    'src/room/two.ts': "import { shared } from '../shared.js';\nexport const two: string = 'zwei ' + shared;",
    'src/shared.ts': "export const shared: string = 'both';",
  });
});

const ensure = () => ensureBuild(root, (text) => said.push(text));

test('builds once, and again only when the sources change', async () => {
  expect(isBuilt(root)).toBe(false);
  expect(await ensure()).toMatchObject({ unchanged: false });
  expect(readFileSync(join(root, 'dist/room/two.js'), 'utf8')).toContain('zwei');
  expect(existsSync(join(root, 'dist/one.d.ts'))).toBe(true);
  // What two parts need is there once.
  expect(readFileSync(join(root, 'dist/one.js'), 'utf8')).not.toContain('both');
  expect(await ensure()).toMatchObject({ unchanged: true });
  write(root, { 'src/one.ts': 'export const one: string = "elf";' });
  expect(isBuilt(root)).toBe(false);
  await ensure();
  expect(readFileSync(join(root, 'dist/one.js'), 'utf8')).toContain('elf');
});

test('what no source stands for any more goes', async () => {
  await build(root);
  rmSync(join(root, 'src/room'), { recursive: true });
  write(root, { 'package.json': '{"type":"module","exports":{".":"./dist/one.js"}}' });
  await ensure();
  expect(existsSync(join(root, 'dist/room/two.js'))).toBe(false);
  expect(existsSync(join(root, 'dist/one.js'))).toBe(true);
});

test('a build that was cut off, or lost a file, is done again', async () => {
  await build(root);
  rmSync(join(root, 'dist/.build.json'));
  expect(isBuilt(root)).toBe(false);
  await ensure();
  expect(isBuilt(root)).toBe(true);
  rmSync(join(root, 'dist/room/two.js'));
  expect(isBuilt(root)).toBe(false);
  await ensure();
  expect(existsSync(join(root, 'dist/room/two.js'))).toBe(true);
});

test('sources that do not compile: the place is shown, and the build does not pass for a whole one', async () => {
  write(root, { 'src/one.ts': "export const one: number = 'eins';" });
  const failure = await ensure().catch((error) => error);
  expect(failure.message).toBe('The sources do not compile.');
  expect(failure.detail).toMatch(/src\/one\.ts\(1,14\).*TS2322/);
  expect(isBuilt(root)).toBe(false);
});
