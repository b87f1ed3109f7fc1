import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from '../../src/core/make-folder.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-make-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes a folder and those above it, and leaves one alone that is there', () => {
  const path = join(folder, 'a b', '中文', 'c');
  makeFolder(path);
  makeFolder(path);
  makeFolder(parse(folder).root);
  expect(statSync(path).isDirectory()).toBe(true);
});

it('says why it cannot', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow(/file is there and is not a folder/);
  expect(() => makeFolder(join(folder, 'file', 'x', 'y'))).toThrow(/ENOTDIR|ENOENT/);
  expect(() => makeFolder(join(folder, 'n'.repeat(300)))).toThrow(/ENAMETOOLONG|ENOENT|EINVAL/);
});

it.skipIf(process.platform === 'win32')('knows links, and links that lead nowhere', () => {
  mkdirSync(join(folder, 'there'));
  symlinkSync(join(folder, 'there'), join(folder, 'link'));
  makeFolder(join(folder, 'link', 'below'));
  expect(statSync(join(folder, 'there', 'below')).isDirectory()).toBe(true);
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  expect(() => makeFolder(join(folder, 'dangling', 'below'))).toThrow(/dangling is there and is not a folder/);
});

it.runIf(process.platform === 'linux')('comes back from where nothing can be made', () => {
  expect(() => makeFolder('/proc/streambook/x')).toThrow(/ENOENT/);
});
