import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeKernelspec } from '../../src/kernel/kernelspec.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'streambook-kernelspec-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test('names node and launcher by absolute paths', () => {
  const file = writeKernelspec({ root: join(dir, 'project'), dir });
  expect(file).toBe(join(dir, 'kernels', 'streambook', 'kernel.json'));
  const spec = JSON.parse(readFileSync(file, 'utf8'));
  expect(spec.argv[0]).toBe(process.execPath);
  expect(isAbsolute(spec.argv[1])).toBe(true);
  expect(spec.argv.slice(2)).toEqual(['--config-path', '{connection_file}']);
  expect(spec).toMatchObject({ language: 'typescript', interrupt_mode: 'message' });
});

test('a second call writes only what has changed', () => {
  const file = writeKernelspec({ root: dir, dir });
  const before = statSync(file).mtimeMs;
  writeKernelspec({ root: dir, dir });
  expect(statSync(file).mtimeMs).toBe(before);
  writeKernelspec({ root: dir, dir, node: '/other/node' });
  expect(JSON.parse(readFileSync(file, 'utf8')).argv[0]).toBe('/other/node');
});
