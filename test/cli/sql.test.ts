import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtSql } from './shell/built-sql.js';

const folder = mkdtempSync(join(tmpdir(), 'streambook-sql-'));
let main = '';
beforeAll(async () => {
  main = await builtSql();
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** @param when called with what was printed so far */
function sql(
  args: readonly string[],
  input = '',
  when?: (out: string, stop: (signal: NodeJS.Signals) => void) => void,
) {
  return new Promise<Ended>((resolve) => {
    const child = spawn(process.execPath, [main, 'sql', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => {
      out += String(data);
      when?.(out, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (data: Buffer) => {
      errors += String(data);
    });
    child.on('close', (code) => resolve({ code, out, errors }));
    child.stdin.end(input);
  });
}

const ENDLESS =
  "CREATE TABLE ticks (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '50'); SELECT id FROM ticks;";

describe('streambook sql without a terminal', { timeout: 120_000 }, () => {
  test.each([
    [
      "CREATE TABLE b (a INT) WITH ('connector' = 'blackhole');\nBEGIN STATEMENT SET;\nSELECT 1;\nEND;",
      'at line 3, column 1',
    ],
    [
      "CREATE TABLE b (a INT) WITH ('connector' = 'blackhole');\nBEGIN STATEMENT SET;\nINSERT INTO b SELECT 1;",
      'never ended',
    ],
    ['SHOW VIEWS;\n/* ; */ END; -- and on', 'at line 2, column 9'],
  ])('a statement set that is none fails: %s', async (text, said) => {
    const { code, errors } = await sql(['-f', file('set.sql', text)]);
    expect(code).toBe(1);
    expect(errors).toContain(said);
  });

  test('-e prints what each statement gives', async () => {
    const { code, out, errors } = await sql([
      '-e',
      "SELECT 1 AS a; CREATE TABLE t (a INT) WITH ('connector' = 'blackhole'); INSERT INTO t SELECT 1; SHOW TABLES",
    ]);
    expect([code, errors]).toEqual([0, '']);
    expect(out).toMatch(
      /\| \+I \| +1 \|\n\+-+\+-+\+\n1 row in set\n\[INFO\] Execute statement succeeded\.\n\[INFO\] Complete execution of the SQL update statement\.\n[\s\S]*\| +t \|/,
    );
  });

  test('a file on -f, statements before it on --init, and standard input', async () => {
    const init = file('init.sql', "CREATE VIEW v AS SELECT 'seen' AS a;");
    const script = file('script.sql', '-- one\nSELECT * FROM v; -- the end');
    expect(await sql(['-i', init, '-f', script])).toMatchObject({ code: 0, out: expect.stringContaining('seen') });
    expect(await sql([], "SELECT 'there' AS a")).toMatchObject({ code: 0, out: expect.stringContaining('there') });
  });

  test('the first error ends it, with its place in the whole text', async () => {
    const script = file('wrong.sql', "SELECT 'before' AS a;\n\nSELECT 1,\n  nope;\nSELECT 'after' AS a;\n");
    const { code, out, errors } = await sql(['-f', script]);
    expect(code).toBe(1);
    expect(out).toContain('before');
    expect(out).not.toContain('after');
    expect(errors).toMatch(/^\[ERROR\] Column 'nope' not found[\s\S]*at line 4, column 3[\s\S]*in .*wrong\.sql\n$/);
    expect(await sql(['-e', "SELECT 'a"])).toMatchObject({ code: 1 });
    expect(await sql(['-e', 'SELECT 1', '-f', script])).toMatchObject({
      code: 1,
      errors: '[ERROR] give -e or -f, not both\n',
    });
  });

  test('QUIT ends it', async () => {
    expect(await sql(['-e', "quit; SELECT 'after' AS a;"])).toEqual({ code: 0, out: '', errors: '' });
  });

  // Windows has no signal that a process could catch.
  test.skipIf(process.platform === 'win32')('Ctrl-C ends a query that goes on', async () => {
    let sent = false;
    const { code, out } = await sql(['-e', ENDLESS], '', (text, stop) => {
      if (sent || !text.includes('+I')) return;
      sent = true;
      stop('SIGINT');
    });
    expect(code).toBe(130);
    expect(out).toMatch(/rows? in set\n$/);
  });

  test('a reader that has read enough is no error', async () => {
    const ended = await new Promise<Ended>((resolve) => {
      const child = spawn(process.execPath, [main, 'sql', '-e', ENDLESS], { stdio: ['ignore', 'pipe', 'pipe'] });
      let errors = '';
      child.stdout.once('data', () => child.stdout.destroy());
      child.stderr.on('data', (data: Buffer) => {
        errors += String(data);
      });
      child.on('close', (code) => resolve({ code, out: '', errors }));
    });
    expect(ended).toEqual({ code: 0, out: '', errors: '' });
  });
});
