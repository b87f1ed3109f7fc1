import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runNotebooks } from '../../src/cli/notebooks/index.js';
import { linkProject } from './server.js';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-notebooks-'));
  linkProject(folder);
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const notebook = (name: string, cells: readonly (string | { source: string; tags: string[] })[]): string => {
  const file = join(folder, name);
  const json = cells.map((each, index) => {
    const { source, tags } = typeof each === 'string' ? { source: each, tags: [] } : each;
    return { cell_type: 'code', execution_count: null, id: `c${index}`, metadata: { tags }, outputs: [], source };
  });
  writeFileSync(file, JSON.stringify({ cells: json, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
};

const run = async (
  pattern?: string,
  more: { update?: boolean; fresh?: boolean; limit?: number } = {},
): Promise<number> => {
  lines = [];
  return runNotebooks(pattern, { lang: 'en', update: false, limit: 60, folder, ...more });
};

test('outputs that were written are the same at the next run, apart from what varies', async () => {
  const file = notebook('01-good.ipynb', [
    `console.log('took', Math.random() * 100, 'ms at', new Date().toISOString());`,
    `[1, 2, 3].map((n) => n * 2)`,
    '',
    { source: `throw new RangeError('on purpose');`, tags: ['raises-exception'] },
    { source: `Math.random()`, tags: ['varies'] },
    `process.env.STREAMBOOK_BROKERS`,
    `import { seconds } from 'streambook'; seconds(2)`,
  ]);
  expect(await run(undefined, { update: true })).toBe(0);
  const written = readFileSync(file, 'utf8');
  const counts = JSON.parse(written).cells.map((cell: { execution_count: number | null }) => cell.execution_count);
  expect(counts).toEqual([1, 2, null, 3, 4, 5, 6]);
  expect(JSON.parse(written).metadata).toMatchObject({
    kernelspec: { name: 'streambook' },
    language_info: { name: 'typescript' },
  });
  expect(await run()).toBe(0);
  expect(lines.at(-1)).toBe('1 passed, 0 failed');
  expect(readFileSync(file, 'utf8')).toBe(written);
});

test('outputs that only vary stay as they were, unless all are asked for', async () => {
  const file = notebook('01-varies.ipynb', [
    { source: `Math.random()`, tags: ['varies'] },
    `console.log(Math.random() * 50, 'ms')`,
  ]);
  expect(await run(undefined, { update: true })).toBe(0);
  const first = readFileSync(file, 'utf8');
  expect(await run(undefined, { update: true })).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(first);
  expect(await run(undefined, { update: true, fresh: true })).toBe(0);
  expect(readFileSync(file, 'utf8')).not.toBe(first);
});

test('several run side by side, and each tells of its cells', async () => {
  for (const name of ['01-a', '02-b', '03-c']) notebook(`${name}.ipynb`, [`console.log('${name}')`, `1 + 1`]);
  expect(await run(undefined, { update: true })).toBe(0);
  expect(await run()).toBe(0);
  for (const name of ['01-a', '02-b', '03-c']) {
    expect(lines.filter((line) => line.includes(`${name}.ipynb`) && / [12]\/2 /.test(line))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith(`ok     ${name}`))).toHaveLength(1);
  }
  expect(lines.at(-1)).toBe('3 passed, 0 failed');
});

test('what is wrong is told by cell, and the others are run all the same', async () => {
  const file = notebook('01-differs.ipynb', [`console.log('one'); console.log('two');`]);
  notebook('02-fails.ipynb', [`const a = 1;`, `const n: any = null; n.x;`, `console.log('not run')`]);
  notebook('03-hangs.ipynb', [`const b = 1;`, `await new Promise(() => {});`]);
  notebook('04-should-fail.ipynb', [{ source: `1;`, tags: ['raises-exception', 'varies'] }]);
  expect(await run('01', { update: true })).toBe(0);
  writeFileSync(file, readFileSync(file, 'utf8').replace('two\\n', '2\\n'));
  expect(await run(undefined, { limit: 3 })).toBe(1);
  const said = lines.join('\n');
  expect(lines.at(-1)).toBe('0 passed, 4 failed');
  expect(said).toMatch(/FAILED 01-differs.*\n {2}cell 1 .*differs\n[\s\S]*-2\n *\+two/);
  expect(said).toMatch(/FAILED 02-fails.*\n {2}cell 2 \(.*n\.x;\): failed\n *TypeError/);
  expect(said).toMatch(/FAILED 03-hangs.*\n {2}cell 2 .*did not end within 3 s/);
  expect(said).toMatch(/FAILED 04-should-fail.*\n {2}cell 1 .*was to fail/);
  expect(said).not.toContain('not run');
});

test('a notebook that fails is not written, and a pattern that matches nothing is a failure', async () => {
  const file = notebook('01-fails.ipynb', [`throw new Error('x')`]);
  const before = readFileSync(file, 'utf8');
  expect(await run(undefined, { update: true })).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(await run('nothing-like-this')).toBe(1);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
});
