import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { builtSql } from './built-sql.js';
import { noTerminal, TerminalProgram } from './terminal-program.js';

const missing = process.platform === 'win32' ? 'Windows has pseudo-terminals of its own kind' : noTerminal();
if (missing !== undefined) console.warn(`shell: ${missing}`);

const PROMPT = /\nsql>$/;
const folder = mkdtempSync(join(tmpdir(), 'streambook-shell-'));
const history = join(folder, 'history');
const init = join(folder, 'init.sql');
let main = '';
let shell: TerminalProgram | undefined;

beforeAll(async () => {
  writeFileSync(
    init,
    `-- what the tests read
     CREATE TABLE ticks (id INT, name STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '200',
       'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '10000000', 'fields.name.length' = '5');
     CREATE TABLE customers (id INT, customer STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3');
     CREATE TABLE gone (id INT, name STRING) WITH ('connector' = 'blackhole');`,
  );
  if (missing === undefined) main = await builtSql();
}, 240_000);
afterEach(() => shell?.kill());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(columns = 80, rows = 24, ...args: string[]): Promise<TerminalProgram> {
  const command = [process.execPath, main, 'sql', '--history', history, '--init', init, ...args];
  shell = new TerminalProgram(command, columns, rows, { NO_COLOR: '1' });
  await shell.until(PROMPT);
  return shell;
}

/** Types a line, and waits for the prompt after what it gives. */
async function line(shell: TerminalProgram, text: string): Promise<string> {
  shell.type(`${text}\r`);
  const said = await shell.until(PROMPT, text);
  return said.slice(0, -'\nsql>'.length).trim();
}

describe.skipIf(missing !== undefined)('the shell', { timeout: 120_000 }, () => {
  test('statements of several lines, several statements in a line, pasted text', async () => {
    const shell = await start();
    expect(await line(shell, "SELECT 1 AS a, '中文' AS b;")).toBe('a  b\n─  ────\n1  中文\n1 row, finished');
    shell.type("SELECT ';' AS s, -- not yet;\r");
    await shell.until(/\n {3}>$/);
    expect(await line(shell, '  CAST(NULL AS INT) AS n;')).toBe('s       n\n─  ──────\n;  <NULL>\n1 row, finished');
    shell.type('SELECT 1 AS x; SELECT 2 AS y;\nSELECT 3\n\tAS z;\nSHOW VIEWS;\n');
    const text = await shell.until(/Empty set\nsql>$/);
    expect(text.match(/^[xyz]\n─\n\d$/gm)).toEqual(['x\n─\n1', 'y\n─\n2', 'z\n─\n3']);
    shell.type('quit\r');
    expect(await shell.ended).toBe(0);
  });

  test('errors with their place, and a shell that goes on', async () => {
    const shell = await start();
    shell.type('SELECT id,\r');
    await shell.until(/\n {3}>$/);
    expect(await line(shell, '  nope FROM customers;')).toBe(
      "[ERROR] Column 'nope' not found in any table\n    nope FROM customers\n    ^^^^\n  at line 2, column 3\n  hint: columns: id, customer",
    );
    expect(await line(shell, "SELECT CAST('x' AS INT) AS n FROM customers;")).toContain("cannot cast 'x' to INT");
    expect(await line(shell, 'SELEC 1;')).toContain('[ERROR]');
    expect(await line(shell, "SET 'sql-client.execution.result-mode' = 'tabel';")).toContain(
      'table, changelog or tableau',
    );
  });

  test('a query that goes on: in place, and Ctrl-C or q stops it and not the shell', async () => {
    const shell = await start(60, 12);
    shell.type('SELECT id % 2 AS half, COUNT(*) AS n FROM ticks GROUP BY id % 2;\r');
    await shell.until(/half +n\n─+ +─+\n +[01] +\d+\n +[01] +\d+\n2 rows, .* changes, running/);
    shell.type('\u0003');
    const grouped = await shell.until(/2 rows, [\d,]+ changes, stopped\nsql>$/, 'SELECT id');
    // Drawn many times, and there once.
    expect(grouped.match(/half/g)).toHaveLength(2);
    shell.type('SELECT id, name FROM ticks;\r');
    await shell.until(/rows [\d,]+ to [\d,]+ of/, 'SELECT id, name');
    shell.resize(40, 10);
    await shell.until(/rows [\d,]+ to [\d,]+ of [\d,]+, running…?/);
    shell.type('\u001b[H');
    await shell.until(/rows 1 to 6 of/);
    shell.type('q');
    await shell.until(/, stopped\nsql>$/);
    await line(shell, "SET 'sql-client.execution.result-mode' = 'tableau';");
    shell.type('SELECT id FROM ticks;\r');
    await shell.until(/\| \+I \| +3 \|/);
    shell.type('\u0003');
    await shell.until(/Query terminated, received a total of \d+ rows\nsql>$/);
    await line(shell, "SET 'sql-client.execution.result-mode' = 'changelog';");
    expect(await line(shell, 'SELECT 1 AS a;')).toBe('op  a\n──  ─\n+I  1\n1 change, finished');
  });

  test('Tab completes, arrows fetch back what was typed before, in an earlier shell too', async () => {
    const shell = await start();
    shell.type('sel\t');
    await shell.until(/sql> select$/);
    shell.type(' cus\t');
    await shell.until(/select customer$/);
    shell.type(' from cu\t');
    await shell.until(/from customers$/);
    shell.type(' \u0003');
    await shell.until(/\^C\nsql>$/);
    shell.type('SELECT t. FROM ticks AS t');
    shell.type('\u001b[D'.repeat(16));
    shell.type('\t\t');
    await shell.until(/\nid +name\n/);
    shell.type('\u0003');
    shell.type("CREATE TABLE k (a INT) WITH ('con\t");
    await shell.until(/WITH \('connector'$/);
    shell.type(" = 'kaf\t");
    await shell.until(/= 'kafka'$/);
    shell.type(", 'topic'");
    await shell.until(/WITH \('connector' = 'kafka', 'topic'$/);
    shell.type('\u0003');
    await shell.until(/\^C\nsql>$/, 'CREATE TABLE k');
    shell.type('SELECT 41 +\r');
    await shell.until(/\n {3}>$/);
    await line(shell, '  1 AS answer;');
    await line(shell, " SET 'x.password' = 'geheim';");
    shell.type('\u0004');
    expect(await shell.ended).toBe(0);
    expect(readFileSync(history, 'utf8')).toContain('SELECT 41 + 1 AS answer;\n');
    expect(readFileSync(history, 'utf8')).not.toContain('geheim');
    expect(statSync(history).mode & 0o777).toBe(0o600);

    const later = await start();
    later.type('\u001b[A');
    await later.until(/sql> SELECT 41 \+ 1 AS answer;$/);
    later.type('\r');
    await later.until(/answer\n─+\n +42\n1 row, finished\nsql>$/);
  });

  test('an INSERT goes on while one types; leaving stops it, after a word', async () => {
    const shell = await start();
    const [, id] = /Job ID: ([0-9a-f]{32})$/.exec(await line(shell, 'INSERT INTO gone SELECT * FROM ticks;')) ?? [];
    expect(await line(shell, 'SHOW JOBS;')).toMatch(new RegExp(`job id +${id}\n[\\s\\S]*RUNNING`));
    shell.type('\u0003');
    await shell.until(/\(Ctrl-D or QUIT leaves\)\nsql>$/);
    shell.type('EXIT;\r');
    await shell.until(/A job runs in this process[\s\S]*sql>$/);
    shell.type(`STOP JOB '${id}';\r`);
    await shell.until(new RegExp(`Job ${id?.slice(0, 8)} .*: CANCELED[\\s\\S]*sql>$`));
    await line(shell, "SET 'table.dml-sync' = 'true';");
    expect(await line(shell, 'INSERT INTO gone SELECT * FROM customers;')).toContain('Complete execution');
    shell.type('INSERT INTO gone SELECT * FROM ticks;\r');
    shell.type('\u0003');
    await shell.until(PROMPT, 'INSERT INTO gone SELECT * FROM ticks');
    shell.type('\u0004');
    expect(await shell.ended).toBe(0);
  });

  test('SOURCE carries out a file, HELP helps', async () => {
    const file = join(folder, 'script.sql');
    writeFileSync(file, 'SELECT 1 AS a;\nSELECT nope;\n');
    const shell = await start();
    const said = await line(shell, `SOURCE ${file}`);
    expect(said).toContain('1 row, finished');
    expect(said).toMatch(/at line 2, column 8[\s\S]*in .*script\.sql/);
    expect(await line(shell, '.help')).toContain('Statements are those of Flink SQL');
    expect(await line(shell, 'SOURCE /nowhere.sql')).toContain('ENOENT');
  });
});
