import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { language, lesson } from '../../src/lessons/language.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  lesson({});
});

test('the folder of the notebook decides', () => {
  vi.stubEnv('STREAMBOOK_LANG', '');
  const folder = mkdtempSync(join(tmpdir(), 'streambook-language-'));
  mkdirSync(join(folder, 'zh'));
  const where = vi.spyOn(process, 'cwd');
  where.mockReturnValue(folder);
  expect(language()).toBe('en');
  where.mockReturnValue(join(folder, 'zh'));
  expect(language()).toBe('zh');
  rmSync(folder, { recursive: true });
});

test('the environment before the folder, the cell before both', () => {
  vi.stubEnv('STREAMBOOK_LANG', 'zh');
  expect(language()).toBe('zh');
  lesson({ lang: 'en' });
  expect(language()).toBe('en');
  expect(() => lesson({ lang: 'fr' as 'en' })).toThrow(/lang is "fr"/);
});
