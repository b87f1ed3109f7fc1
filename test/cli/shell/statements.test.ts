import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOneLine, splitStatements } from '../../../src/cli/shell/statements.js';

const texts = (sql: string): string[] => splitStatements(sql).statements.map(({ text }) => text);

describe('a text is taken apart at its semicolons', () => {
  test.each([
    ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2'], ''],
    [';;  ;', [], ''],
    ['SELECT 1; -- the end\n; /* nothing */ ;', ['SELECT 1'], ''],
    ['SELECT 1', [], 'SELECT 1'],
    ["SELECT ';', 'it''s;'; x", ["SELECT ';', 'it''s;'"], ' x'],
    ['SELECT `a;``b`;', ['SELECT `a;``b`'], ''],
    ['SELECT 1 -- no; yes\n;', ['SELECT 1 -- no; yes'], ''],
    ['SELECT 1 // no;\n;', ['SELECT 1 // no;'], ''],
    ['SELECT /* ; */ 1;', ['SELECT /* ; */ 1'], ''],
    [
      'EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;',
      ['EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END'],
      '',
    ],
    ['BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;', ['BEGIN STATEMENT SET', 'INSERT INTO a SELECT 1', 'END'], ''],
    [
      'explain statement set begin insert into a select 1; end; select 1;',
      ['explain statement set begin insert into a select 1; end', 'select 1'],
      '',
    ],
  ])('%s', (sql, statements, rest) => {
    expect(texts(sql)).toEqual(statements);
    expect(splitStatements(sql).rest).toBe(rest);
  });

  test('what is open at the end is told', () => {
    expect(splitStatements("SELECT 'a;\n").open).toBe('string');
    expect(splitStatements('SELECT `a;').open).toBe('name');
    expect(splitStatements('SELECT 1 /* ;').open).toBe('comment');
    expect(splitStatements("SELECT 'a'").open).toBeUndefined();
  });

  test('a statement keeps its place in the text', () => {
    expect(splitStatements('SELECT 1;\n  SELECT 2;').statements[1]?.inPlace).toBe('         \n  SELECT 2');
  });

  test('pieces that hide semicolons can stand anywhere', () => {
    const piece = fc.constantFrom("'a;''b'", '`;`', '-- ;\n', '/* ;; */', 'x', ' ', '\n', "''");
    const statement = fc.array(piece, { maxLength: 8 }).map((pieces) => `S ${pieces.join(' ')}`);
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
        expect(texts(statements.map((text) => `${text}\n;`).join(''))).toEqual(statements.map((text) => text.trim()));
      }),
    );
  });
});

test('a statement in one line has lost its comments, and its strings are as they were', () => {
  expect(inOneLine("SELECT  1, -- one\n  '  a -- b'   /* c */ AS `x  y`\n")).toBe("SELECT 1, '  a -- b' AS `x  y`");
  expect(inOneLine('SELECT /*+ OPTIONS(...) */ 1')).toBe('SELECT /*+ OPTIONS(...) */ 1');
  expect(inOneLine('-- nothing\n')).toBe('');
});
