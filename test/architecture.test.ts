import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../src/cli/setup/paths.mjs';

const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

/** The violations in `baseDir`/src, as `rule: from -> to`. */
async function violations(baseDir: string): Promise<string[]> {
  const options: ICruiseOptions = {
    ...config.options,
    tsConfig: undefined,
    baseDir,
    ruleSet: { forbidden: config.forbidden },
    validate: true,
  };
  const { output } = await cruise(['src'], options);
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A little project with these files, each of which imports what is listed. */
function project(files: Record<string, readonly string[]>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'streambook-architecture-')));
  folders.push(folder);
  for (const [name, imports] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, imports.map((target) => `import '${target}';\n`).join(''));
  }
  writeFileSync(join(folder, 'package.json'), '{ "dependencies": { "kafkajs": "2", "vega": "5", "commander": "14" } }');
  return folder;
}

test('the sources keep to the direction of imports', async () => {
  expect(await violations(projectRoot)).toEqual([]);
});

describe('the rules bite', () => {
  const core = { 'src/core/a.ts': [] };

  test('downwards is allowed', async () => {
    const files = { ...core, 'src/kafka/a.ts': ['../core/a.js'], 'src/table/a.ts': ['../kafka/a.js', '../core/a.js'] };
    expect(await violations(project(files))).toEqual([]);
  });

  test.each([
    ['core', 'wire'],
    ['engine', 'kafka'],
    ['connectors', 'datastream'],
    ['datastream', 'display'],
    ['table', 'frames'],
    ['display', 'kernel'],
    ['lessons', 'cli'],
  ])('upwards is not: %s imports %s', async (low, high) => {
    const files = { [`src/${high}/a.ts`]: [], [`src/${low}/b.ts`]: [`../${high}/a.js`] };
    expect(await violations(project(files))).toEqual([`imports-of-${low}: src/${low}/b.ts -> src/${high}/a.ts`]);
  });

  test.each([
    ['wire', 'engine'],
    ['broker', 'kafka'],
    ['display', 'frames'],
  ])('nor is sideways: %s imports %s', async (room, beside) => {
    const files = { [`src/${beside}/a.ts`]: [], [`src/${room}/b.ts`]: [`../${beside}/a.js`] };
    expect(await violations(project(files))).toEqual([`imports-of-${room}: src/${room}/b.ts -> src/${beside}/a.ts`]);
  });

  test('a circle', async () => {
    const files = { 'src/engine/a.ts': ['./b.js'], 'src/engine/b.ts': ['./a.js'] };
    expect((await violations(project(files))).map((line) => line.split(':')[0])).toContain('no-cycles');
  });

  test('a package outside its room', async () => {
    const files = {
      'src/broker/a.ts': ['kafkajs'],
      'src/kafka/a.ts': ['kafkajs'],
      'src/display/a.ts': ['vega'],
      'src/table/a.ts': ['vega'],
      'node_modules/kafkajs/index.js': [],
      'node_modules/vega/index.js': [],
    };
    const found = await violations(project(files));
    expect(found.map((line) => line.split(' -> ')[0])).toEqual([
      'kafkajs-only-in-kafka: src/broker/a.ts',
      'vega-only-in-display: src/table/a.ts',
    ]);
  });

  test('a package in what runs before packages are there', async () => {
    const files = { 'src/cli/setup/start.mjs': ['commander', 'node:fs'], 'node_modules/commander/index.js': [] };
    const found = await violations(project(files));
    expect(found).toEqual(['setup-stands-alone: src/cli/setup/start.mjs -> node_modules/commander/index.js']);
  });

  test('an unknown room, and the front door opened from within', async () => {
    const files = {
      ...core,
      'src/attic/a.ts': ['../core/a.js'],
      'src/index.ts': [],
      'src/table/a.ts': ['../index.js'],
    };
    expect(await violations(project(files))).toEqual([
      'imports-of-table: src/table/a.ts -> src/index.ts',
      'known-rooms: src/attic/a.ts -> src/core/a.ts',
    ]);
  });
});
