import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { History, historyFile } from '../../../src/cli/shell/history.js';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'streambook-history-'));
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
});

test('statements come back, the newest first and each once', () => {
  const file = join(folder(), 'inner', 'history');
  const first = new History(file);
  for (const statement of ['SELECT 1;', 'SELECT 2;', 'SELECT 1;']) first.add(statement);
  expect(first.newestFirst()).toEqual(['SELECT 1;', 'SELECT 2;']);
  expect(new History(file).newestFirst()).toEqual(['SELECT 1;', 'SELECT 2;']);
});

test('secrets, and what somebody keeps out, are not written', () => {
  const file = join(folder(), 'history');
  const made = new History(file);
  made.add("CREATE TABLE k (a INT) WITH ('properties.sasl.jaas.config' = 'x');");
  made.add('SELECT 1;', false);
  made.add('SELECT 2;');
  made.add("SELECT 'a\nb';");
  expect(readFileSync(file, 'utf8')).toBe('SELECT 2;\n');
  expect(made.newestFirst()).toHaveLength(3);
});

test('a long file is cut, one that cannot be written is no error', () => {
  const file = join(folder(), 'history');
  writeFileSync(file, Array.from({ length: 2500 }, (_, i) => `SELECT ${i};\n`).join(''));
  expect(new History(file).newestFirst()).toHaveLength(1000);
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(1001);
  const made = new History(folder());
  made.add('SELECT 1;');
  expect(made.newestFirst()).toEqual(['SELECT 1;']);
});

test('it is in the project one is in', () => {
  const project = folder();
  mkdirSync(join(project, '.streambook'));
  mkdirSync(join(project, 'a', 'b'), { recursive: true });
  expect(historyFile(join(project, 'a', 'b'))).toBe(join(project, '.streambook', 'sql-history'));
});
