import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { streamEnv, virtualClock } from '../../../src/index.js';
import { escapePathName, unescapePathName } from '../../../src/table/connectors/filesystem/partitions.js';
import { type TableEnvironment, tableEnv } from '../../../src/table/index.js';

let folder: string;
let t: TableEnvironment;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-files-'));
  t = tableEnv();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const slashes = (path: string): string => path.replaceAll('\\', '/');

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** All files below the folder: their names, and what is in them. */
function files(below = folder): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(below, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[slashes(path.slice(below.length + 1))] = readFileSync(path, 'utf8');
  }
  return found;
}

/** The folders that have files, and the lines of all files in each; names of parts are chance. */
function byFolder(below = folder): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [name, text] of Object.entries(files(below))) {
    const own = slashes(dirname(name));
    const mark = name.includes('part-')
      ? text.split('\n').filter((line) => line !== '')
      : [`<${name.split('/').at(-1)}>`];
    found[own] = [...(found[own] ?? []), ...mark].sort();
  }
  return found;
}

function table(name: string, columns: string, more: string, options: Record<string, string> = {}): void {
  const given = { connector: 'filesystem', path: folder, format: 'csv', ...options };
  const text = Object.entries(given).map(([key, value]) => `'${key}' = '${value.replaceAll("'", "''")}'`);
  t.executeSql(`CREATE TABLE ${name} (${columns}) ${more} WITH (${text.join(', ')})`);
}

async function rows(sql: string): Promise<unknown[][]> {
  const found = await t.sqlQuery(sql).execute().collect();
  return found.map((row) => Object.values(row as object)).sort();
}

async function insert(sql: string): Promise<void> {
  await t.executeSql(sql).wait();
}

describe('PARTITIONED BY', () => {
  test('rows go into the folder of their partition, without its columns, and come back', async () => {
    table('p', 'id INT, s STRING, n INT', 'PARTITIONED BY (s, n)');
    await insert(
      "INSERT INTO p VALUES (1, 'a', 7), (2, 'b/c=d%', 8), (3, '', 8), (4, CAST(NULL AS STRING), 8), (5, 'x y:z', 8)",
    );
    expect(byFolder()).toEqual({
      's=a/n=7': ['1'],
      's=b%2Fc%3Dd%25/n=8': ['2'],
      's=__DEFAULT_PARTITION__/n=8': ['3', '4'],
      's=x y%3Az/n=8': ['5'],
    });
    expect(await rows('SELECT * FROM p')).toEqual([
      [1, 'a', 7],
      [2, 'b/c=d%', 8],
      [3, null, 8],
      [4, null, 8],
      [5, 'x y:z', 8],
    ]);
    expect(await rows('SELECT n, id FROM p WHERE n = 7')).toEqual([[7, 1]]);
    expect(await rows('SELECT COUNT(*) AS c FROM p')).toContainEqual([5]);
    expect(await rows('SELECT DISTINCT n FROM p')).toEqual([[7], [8]]);
  });

  test('columns of other types, with the names that Flink gives them', async () => {
    table('p', 'id INT, ts TIMESTAMP(3), b BOOLEAN, de DECIMAL(5, 2), d DATE', 'PARTITIONED BY (ts, b, de, d)');
    await insert(
      "INSERT INTO p VALUES (1, TIMESTAMP '2024-05-01 12:00:00', TRUE, CAST(1.5 AS DECIMAL(5, 2)), DATE '2024-05-01'), (2, TIMESTAMP '2024-05-01 12:00:00.5', FALSE, CAST(2 AS DECIMAL(5, 2)), DATE '2024-05-02')",
    );
    expect(Object.keys(byFolder()).sort()).toEqual([
      'ts=2024-05-01T12%3A00%3A00.500/b=false/de=2.00/d=2024-05-02',
      'ts=2024-05-01T12%3A00/b=true/de=1.50/d=2024-05-01',
    ]);
    expect((await rows('SELECT CAST(ts AS STRING), b, de, CAST(d AS STRING), id FROM p')).map(String)).toEqual([
      '2024-05-01 12:00:00.000,true,1.50,2024-05-01,1',
      '2024-05-01 12:00:00.500,false,2.00,2024-05-02,2',
    ]);
  });

  test('what Hive or Flink wrote is read; what lies beside, or is hidden, is not', async () => {
    write('p=a%20b/q=3/f', '1\n2\n');
    write('p=a%20b/q=3/below/g', '5\n');
    write('p=c/_temporary/q=4/f', '9\n');
    write('p=c/q=4/.hidden', '9\n');
    write('p=c/q=4/f', '7\n');
    write('beside', '8\n');
    table('part', 'p STRING, id INT, q INT', 'PARTITIONED BY (p, q)');
    expect(await rows('SELECT * FROM part')).toEqual([
      ['a b', 1, 3],
      ['a b', 2, 3],
      ['a b', 5, 3],
      ['c', 7, 4],
    ]);
    table('everything', 'id INT', '');
    expect((await rows('SELECT * FROM everything')).flat()).toEqual([1, 2, 5, 7, 8]);
    table('fitting', 'id INT', '', { 'source.path.regex-pattern': '.*/q=3/f' });
    expect((await rows('SELECT * FROM fitting')).flat()).toEqual([1, 2]);
    table('nothing', 'id INT', '', { 'source.path.regex-pattern': 'q=3/f' });
    expect(await rows('SELECT * FROM nothing')).toEqual([]);
  });

  test('a partition that is no value of its column names the file', async () => {
    write('n=x/f', '1\n');
    table('p', 'id INT, n INT', 'PARTITIONED BY (n)');
    await expect(rows('SELECT * FROM p')).rejects.toThrow(/the partition `n` = 'x' is no INT.*f/);
  });

  test('a name of one’s own for NULL; partitions that are said in the statement', async () => {
    table('p', 'id INT, s STRING', 'PARTITIONED BY (s)', { 'partition.default-name': 'none', format: 'json' });
    await insert("INSERT INTO p PARTITION (s = 'st') SELECT 10");
    await insert('INSERT INTO p VALUES (11, CAST(NULL AS STRING))');
    expect(byFolder()).toEqual({ 's=st': ['{"id":10}'], 's=none': ['{"id":11}'] });
    expect(await rows('SELECT * FROM p')).toEqual([
      [10, 'st'],
      [11, null],
    ]);
  });

  test('escaped names', () => {
    for (const text of ['a/b', '50%', 'x=y:z', '[{}]^', 'tab\t', '"q"', "it's", '中文 é', '%41']) {
      expect(unescapePathName(escapePathName(text))).toBe(text);
      expect(escapePathName(text)).not.toMatch(/[/=:"]/);
    }
    expect(escapePathName('a<b. ', 'win32')).toBe('a%3Cb.%20');
    expect(escapePathName('a<b. ', 'linux')).toBe('a<b. ');
  });
});

describe('partition commit', () => {
  test('a file tells that a partition is complete', async () => {
    table('p', 'id INT, s STRING', 'PARTITIONED BY (s)', {
      'sink.partition-commit.policy.kind': 'success-file',
      'sink.partition-commit.success-file.name': 'OK',
    });
    await insert("INSERT INTO p VALUES (1, 'a'), (2, 'b')");
    expect(byFolder()).toEqual({ 's=a': ['1', '<OK>'], 's=b': ['2', '<OK>'] });
  });

  test('by the time in its name, when the watermark is past it', async () => {
    const env = streamEnv({ clock: virtualClock(), checkpointing: { intervalMs: 1000 } });
    t = tableEnv({ streamEnv: env });
    t.executeSql(`CREATE TABLE hours (id BIGINT, ts AS TO_TIMESTAMP_LTZ(1714559400000 + id * 3600000, 3), WATERMARK FOR ts AS ts)
      WITH ('connector' = 'datagen', 'rows-per-second' = '1', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '99')`);
    table('p', 'id BIGINT, d STRING, h STRING', 'PARTITIONED BY (d, h)', {
      'sink.partition-commit.policy.kind': 'success-file',
      'sink.partition-commit.trigger': 'partition-time',
      'sink.partition-commit.delay': '1 h',
      'partition.time-extractor.timestamp-pattern': '$d $h:00:00',
    });
    const result = t.executeSql(
      "INSERT INTO p SELECT id, DATE_FORMAT(ts, 'yyyy-MM-dd'), DATE_FORMAT(ts, 'HH') FROM hours",
    );
    const complete = (): string[] =>
      Object.entries(byFolder()).flatMap(([name, lines]) => (lines.includes('<_SUCCESS>') ? [name.slice(-2)] : []));
    // Half past ten, half past eleven, ...: ten is over when eleven has been reached.
    for (let i = 0; i < 600 && !complete().includes('11'); i++) {
      if (i < 3) await env.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(complete()).toEqual(expect.arrayContaining(['10', '11']));
    expect(complete()).not.toContain('13');
    await result.cancel();
  });

  test.each([
    [{ 'sink.partition-commit.policy.kind': 'metastore' }, "Can not configure a 'metastore'"],
    [{ 'sink.partition-commit.policy.kind': 'custom' }, "'custom' is not carried out here"],
    [{ 'partition.time-extractor.kind': 'custom' }, 'is not carried out here'],
    [{ 'auto-compaction': 'true' }, "the option 'auto-compaction' is not carried out here"],
    [{ 'sink.rolling-policy.file-size': 'large' }, "a size such as '128 MB'"],
    [{ 'source.monitor-interval': '0 s' }, 'a duration such as'],
    [{ 'csv.quote-character': '!', 'csv.disable-quote-character': 'true' }, 'cannot define a quote character'],
  ])('%s is refused', (options, message) => {
    table('p', 'id INT, s STRING', 'PARTITIONED BY (s)', options as Record<string, string>);
    expect(() => t.explainSql("INSERT INTO p VALUES (1, 'a')")).toThrow(message);
  });

  test('what is the default may be said', () => {
    table('p', 'id INT', '', { 'auto-compaction': 'false' });
    expect(() => t.explainSql('INSERT INTO p VALUES (1)')).not.toThrow();
  });
});

test('what is known of a file is a column', async () => {
  write('a.csv', '1\n2\n');
  table(
    'f',
    "id INT, n STRING METADATA FROM 'file.name', sz INT METADATA FROM 'file.size', `file.path` STRING METADATA, m TIMESTAMP_LTZ(3) METADATA FROM 'file.modification-time'",
    '',
  );
  const [first] = await rows(
    "SELECT id, n, sz, `file.path`, CAST(m AS TIMESTAMP(3)) >= TIMESTAMP '2020-01-01 00:00:00' FROM f",
  );
  expect(first).toEqual([1, 'a.csv', 4, join(folder, 'a.csv'), true]);
  expect(statSync(join(folder, 'a.csv')).size).toBe(4);
  table('g', "id INT, n STRING METADATA FROM 'file.nam'", '');
  expect(() => t.explainSql('SELECT * FROM g')).toThrow(
    /Invalid metadata key 'file.nam' in column 'n'[\s\S]*file.path, file.name/,
  );
  expect(() => t.explainSql("INSERT INTO f SELECT 1, 'x', 2, 'y', CURRENT_TIMESTAMP")).toThrow('Invalid metadata key');
});

test('nothing is overwritten: a stream only adds', () => {
  table('f', 'id INT', '');
  expect(() => t.explainSql('INSERT OVERWRITE f SELECT 1')).toThrow('Streaming mode not support overwrite');
});

test('a pattern that cannot be read is refused', () => {
  table('f', 'id INT', '', { 'source.path.regex-pattern': '(' });
  expect(() => t.explainSql('SELECT * FROM f')).toThrow('cannot be read');
});

test('text, a line a row', async () => {
  table('lines', 's STRING', '', { format: 'raw', path: join(folder, 'out') });
  await insert("INSERT INTO lines VALUES ('a b'), ('c,d')");
  expect(Object.values(files(join(folder, 'out')))).toEqual(['a b\nc,d\n']);
  expect((await rows('SELECT * FROM lines')).flat()).toEqual(['a b', 'c,d']);
  table('numbers', 'n INT', '', { format: 'raw' });
  expect(() => t.explainSql('INSERT INTO numbers VALUES (1)')).toThrow('lines of a file are text');
});

test('files are closed at their size', async () => {
  table('f', 's STRING', '', { 'sink.rolling-policy.file-size': '64kb', path: join(folder, 'out') });
  t.executeSql(
    "CREATE TABLE g (s STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '3000', 'rows-per-second' = '1000000', 'fields.s.length' = '99')",
  );
  await insert('INSERT INTO f SELECT * FROM g');
  const sizes = Object.values(files(join(folder, 'out'))).map(({ length }) => length);
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(3000 * 102);
});

test('a folder that is watched is read for ever, each file once', async () => {
  write('a.csv', '1\n2\n');
  table('w', 'id INT', '', { 'source.monitor-interval': '20 ms' });
  const seen: number[] = [];
  let step = 0;
  for await (const row of t.sqlQuery('SELECT id FROM w').execute()) {
    seen.push(Number((row as { id: number }).id));
    if (seen.length === 2 && step++ === 0) write('sub/b.csv', '3\n');
    if (seen.length === 3 && step++ === 1) {
      write('.c.csv', '99\n');
      write('d.csv', '4\n5\n');
    }
    if (seen.length === 5) break;
  }
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

describe('rows that cannot be read', () => {
  const bad = 'Ann,1\nBob,x\nCarl\nDora,4\n';

  test('fail, with file, line and column, and with what can be done', async () => {
    write('in/a.csv', bad);
    table('f', 'name STRING, n INT', '', { path: join(folder, 'in') });
    await expect(rows('SELECT * FROM f')).rejects.toThrow(
      /'x' is no INT[\s\S]*a\.csv, line 2, column `n`[\s\S]*'csv\.ignore-parse-errors' = 'true'[\s\S]*'bad-rows'/,
    );
  });

  test('are counted where they are left out', async () => {
    write('in/a.csv', `${bad}Emil,5,6\n`);
    table('f', 'name STRING, n INT', '', { path: join(folder, 'in'), 'csv.ignore-parse-errors': 'true' });
    table('kept', 'name STRING, n INT', '', { path: join(folder, 'out') });
    const result = t.executeSql('INSERT INTO kept SELECT * FROM f');
    await result.wait();
    expect(Object.values(files(join(folder, 'out'))).join('')).toBe('Ann,1\nBob,\nCarl,\nDora,4\n');
    expect(JSON.stringify(result.job?.metrics())).toContain('"numRecordsSkipped":1');
  });

  test('go into a table, with what is wrong', async () => {
    write('in/a.csv', bad);
    write('in/day=1/b.csv', 'Fred,y\n');
    table('f', 'name STRING, n INT', '', { path: join(folder, 'in'), 'bad-rows': 'bad' });
    table('bad', 'line BIGINT, field STRING, reason STRING, content STRING, source STRING', '', {
      path: join(folder, 'bad'),
      format: 'json',
    });
    table('kept', 'name STRING, n INT', '', { path: join(folder, 'out') });
    await insert('INSERT INTO kept SELECT * FROM f WHERE n > 1');
    expect(Object.values(files(join(folder, 'out'))).join('')).toBe('Dora,4\n');
    const found = Object.values(files(join(folder, 'bad')))
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(found.map(({ line, field, content }) => [line, field, content]).sort()).toEqual([
      [1, 'n', 'Fred,y'],
      [2, 'n', 'Bob,x'],
      [3, null, 'Carl'],
    ]);
    expect(found.every(({ source }) => existsSync(String(source)))).toBe(true);
  });

  test('a query that is collected puts them there, too', async () => {
    write('in/a.jsonl', '{"n":1}\n{"n":"x"}\n');
    table('f', 'n INT', '', { path: join(folder, 'in'), format: 'json', 'bad-rows': 'bad' });
    table('bad', 'content STRING', '', { path: join(folder, 'bad'), format: 'raw' });
    expect(await rows('SELECT n FROM f')).toEqual([[1]]);
    expect(Object.values(files(join(folder, 'bad')))).toEqual(['{"n":"x"}\n']);
  });

  test('the table has to be there, and to have columns for them', () => {
    table('f', 'n INT', '', { 'bad-rows': 'nowhere' });
    expect(() => t.explainSql('SELECT * FROM f')).toThrow(/there is no such table[\s\S]*CREATE TABLE nowhere/);
    table('wrong', 'reasn STRING', '');
    table('g', 'n INT', '', { 'bad-rows': 'wrong' });
    expect(() => t.explainSql('SELECT * FROM g')).toThrow(/its column `reasn`[\s\S]*did you mean `reason`/);
  });
});
