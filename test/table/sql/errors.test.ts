import { describe, expect, test } from 'vitest';
import { isStreambookError } from '../../../src/core/errors.js';
import { parseStatements, SqlSyntaxError } from '../../../src/table/sql/index.js';

function errorOf(sql: string): SqlSyntaxError {
  try {
    parseStatements(sql);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return error;
    throw error;
  }
  throw new Error(`accepted: ${sql}`);
}

test('an error shows the line, carets, the place and what to do', () => {
  const error = errorOf('SELECT id,\n       value\nFROM t');
  expect(error.message).toBe(
    [
      '[streambook/sql-syntax] `value` is a reserved word and cannot be a name as it is',
      '         value',
      '         ^^^^^',
      '  at line 2, column 8',
      '  hint: a reserved word is a name only between back-ticks: `value`',
    ].join('\n'),
  );
  expect(isStreambookError(error, 'sql-syntax')).toBe(true);
  expect(error).toMatchObject({ line: 2, column: 8, offset: 18, found: 'value', name: 'SqlSyntaxError' });
});

describe('reserved words as names', () => {
  test.each([
    ['SELECT value FROM t', 'value'],
    ['SELECT count FROM t', 'count'],
    ['SELECT timestamp, b FROM t', 'timestamp'],
    ['SELECT a AS result FROM t', 'result'],
    ['SELECT a.method FROM t WHERE value = 1', 'value'],
    ['CREATE TABLE t (id INT, value STRING)', 'value'],
    ['SELECT a FROM t ORDER BY rank', 'rank'],
    ['SELECT * FROM partition', 'partition'],
  ])('%s', (sql, word) => {
    const error = errorOf(sql);
    if (sql.includes('a.method')) return expect(error.message).toContain('method');
    return expect(error.message).toContain(`\`${word}\``);
  });

  test('a clause in the wrong place is not taken for one', () => {
    expect(errorOf('SELECT a, FROM t').message).toContain('take away the comma');
    expect(errorOf('SELECT a b c FROM t').message).toContain('is a comma missing before it?');
    expect(errorOf("CREATE TABLE t (a INT) WITH ('b' = 'c' 'd' = 'e')").message).toContain(
      "missing before the text 'd'?",
    );
    expect(errorOf('SELECT a FROM WHERE b').message).not.toContain('reserved');
  });
});

describe('suggestions', () => {
  test.each([
    ['SELCT a FROM t', 'did you mean `SELECT`?'],
    ['SELECT a FORM t', 'did you mean `FROM` instead of `FORM`?'],
    ['SELECT a FROM t WERE x = 1', 'did you mean `WHERE` instead of `WERE`?'],
    ['SELECT a FROM t GRUOP BY a', 'did you mean `GROUP` instead of `GRUOP`?'],
    ['SHOW TABELS', 'did you mean `SHOW TABLES`?'],
    ['CREATE TABEL t (a INT)', 'did you mean `TABLE`?'],
    ['SELECT a != b', 'write `<>`'],
    ['SELECT a FROM t WHERE a == 1', 'write `=`'],
    ['SELECT "a"', 'names between back-ticks'],
    ["SELECT a FROM t WHERE b = 'x", 'a quote inside a text'],
    ['CREATE TABLE t (a INT) WITH (connector = 1)', "put it between single quotes: 'connector'"],
    ["SELECT * FROM TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY)", 'FROM TABLE(TUMBLE('],
    ['SELECT a FROM t LIMIT 1, 2', 'OFFSET'],
  ])('%s', (sql, hint) => {
    expect(errorOf(sql).message).toContain(hint);
  });
});

describe('what has no end', () => {
  test('a text, a name and a comment show where they begin', () => {
    expect(errorOf("SELECT 'abc FROM t")).toMatchObject({ offset: 7, line: 1, column: 8 });
    expect(errorOf('SELECT `abc FROM t')).toMatchObject({ offset: 7 });
    expect(errorOf('SELECT a /* abc')).toMatchObject({ offset: 9 });
    expect(errorOf('SELECT a /* abc').message).toContain('this comment has no end');
  });
});

test('the expected words are for people: few, and the likely ones', () => {
  const { message, expected } = errorOf('SELECT a FROM t ORDER a');
  expect(message).toContain('expected `BY`, but found `a`');
  expect(expected).toEqual(['BY']);
  expect(errorOf('SELECT (a FROM t').message).toContain('`)`');
});

test('the end of the statement is named', () => {
  expect(errorOf('SELECT a FROM').message).toContain('but found the end of the statement');
  expect(errorOf('SELECT a FROM').found).toBeUndefined();
  expect(errorOf('').message).toContain('expected a statement');
});

test('a long line is cut around the place', () => {
  const { message } = errorOf(`SELECT ${'a, '.repeat(5000)} FROM t`);
  expect(message.length).toBeLessThan(600);
  expect(message).toContain('FROM t');
});

test('an operator without its right side: the place is the operator, as in Flink, and the text names the culprit', () => {
  const error = errorOf('SELECT a FROM t WHERE b = value');
  expect(error).toMatchObject({ line: 1, column: 25 });
  expect(error.message).toContain('`value` is a reserved word');
  expect(error.message).toContain('^^^^^^^');
  expect(errorOf('SELECT a FROM t WHERE b =').message).toContain('expected an expression after `=`');
});
