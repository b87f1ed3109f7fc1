import { describe, expect, test } from 'vitest';
import {
  type Expression,
  parseDataType,
  parseExpression,
  parseQuery,
  parseStatement,
  parseStatements,
  SqlSyntaxError,
  unparseExpression,
} from '../../../src/table/sql/index.js';
import { judged } from './fixtures.js';

test('the verdicts and places are those of the real Flink', () => {
  const different = judged.flatMap(({ sql, valid, line, column }) => {
    try {
      parseStatements(sql);
      return valid ? [] : [`accepted: ${sql}`];
    } catch (error) {
      if (!(error instanceof SqlSyntaxError)) return [`${error}: ${sql}`];
      if (valid) return [`refused: ${sql}\n${error.message}`];
      const same = line === undefined || (error.line === line && error.column === column);
      return same ? [] : [`${error.line}:${error.column} and not ${line}:${column}: ${sql}`];
    }
  });
  expect(different).toEqual([]);
  expect(judged.length).toBeGreaterThan(5000);
});

describe('operators bind as in Flink', () => {
  test.each([
    ['a + b * c', 'a + (b * c)'],
    ['a - b - c', 'a - b - c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['NOT a = b AND c OR d', '((NOT (a = b)) AND c) OR d'],
    ['a OR b AND c', 'a OR (b AND c)'],
    ['a = b IS NULL', '(a = b) IS NULL'],
    ['a = b IN (1)', 'a = (b IN (1))'],
    ['- a.b + c', '(- a.b) + c'],
    ['a BETWEEN 1 AND 2 AND b', '(a BETWEEN 1 AND 2) AND b'],
    ['a BETWEEN b OR c AND d', 'a BETWEEN (b OR c) AND d'],
    ["a LIKE 'x' || b ESCAPE '!' AND c", "(a LIKE ('x' || b) ESCAPE '!') AND c"],
    ['a || b + c', '(a || b) + c'],
    ['a[1] + b', 'a[1] + b'],
    ['a.b[1].c.d', 'a.b[1].c.d'],
  ])('%s', (sql, written) => {
    expect(unparseExpression(parseExpression(sql))).toBe(written);
  });

  test.each([
    ['SELECT 1 UNION SELECT 2 INTERSECT SELECT 3', 'UNION', 'INTERSECT'],
    ['SELECT 1 INTERSECT SELECT 2 UNION SELECT 3', 'UNION', undefined],
    ['SELECT 1 EXCEPT SELECT 2 UNION ALL SELECT 3', 'UNION', undefined],
  ])('%s', (sql, outer, right) => {
    const query = parseQuery(sql);
    if (query.kind !== 'setOperation') throw new Error(query.kind);
    expect(query.operator).toBe(outer);
    expect(query.right.kind === 'setOperation' ? query.right.operator : undefined).toBe(right);
  });
});

describe('literals', () => {
  const value = (sql: string): unknown => {
    const node = parseExpression(sql) as Expression & { value?: unknown; hex?: string };
    return node.value ?? node.hex;
  };
  test.each([
    ["'it''s'", "it's"],
    ["'a' \n 'b'", 'ab'],
    ["U&'\\0041\\\\'", 'A\\'],
    ["U&'x!0042' UESCAPE '!'", 'xB'],
    ["X'1f' 'a0'", '1FA0'],
    ["N'x'", 'x'],
  ])('%s', (sql, expected) => {
    expect(value(sql)).toBe(expected);
  });
});

describe('names', () => {
  test.each([
    ['U&"x\\0041"', 'xA'],
    [`U&"x!0041" UESCAPE '!'`, 'xA'],
    ['U&"a""b"', 'a"b'],
  ])('%s', (sql, name) => {
    expect(parseExpression(sql)).toMatchObject({ parts: [{ name, quoted: true }] });
  });
});

describe('places', () => {
  test('each part knows where it stands', () => {
    const sql = 'SELECT a,\n  price * 2 AS double_price\nFROM shop';
    const query = parseQuery(sql);
    if (query.kind !== 'select') throw new Error(query.kind);
    const texts = query.items.map(({ expression }) => sql.substr(expression.span.offset, expression.span.length));
    expect(texts).toEqual(['a', 'price * 2']);
    expect(query.items[1]?.expression.span).toMatchObject({ line: 2, column: 3 });
    expect(query.from?.span).toMatchObject({ line: 3, column: 6, length: 4 });
  });

  test('CR, LF and CR LF end lines, tabs are one column', () => {
    const place = parseQuery('SELECT\r\n\ta\rFROM\n\n t').span;
    expect(place).toMatchObject({ offset: 0, length: 19 });
    const at = (sql: string): [number, number] => {
      const query = parseQuery(sql);
      return query.kind === 'select' && query.from ? [query.from.span.line, query.from.span.column] : [0, 0];
    };
    expect(at('SELECT\r\n\ta\rFROM\n\n\t t')).toEqual([5, 3]);
  });

  test('parentheses belong to what stands in them', () => {
    expect(parseExpression('(a + b) * c')).toMatchObject({ left: { span: { offset: 0, length: 7 } } });
  });
});

describe('scripts', () => {
  test('semicolons part statements, in texts and comments they do not', () => {
    const kinds = parseStatements("SET a.b = 'x;y'; SELECT ';' /* ; */ FROM t; -- ;\nSHOW TABLES;;").map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['set', 'select', 'show']);
  });

  test('SET takes keys and values with quotes and without', () => {
    expect(parseStatements("SET table.x = 5; SET 'y'='z'; SET k='a b'; SET; RESET k; RESET")).toMatchObject([
      { key: 'table.x', value: '5' },
      { key: 'y', value: 'z' },
      { key: 'k', value: 'a b' },
      { kind: 'set' },
      { kind: 'reset', key: 'k' },
      { kind: 'reset' },
    ]);
  });

  test('a value of SET may hold what is no SQL', () => {
    expect(parseStatements('SET pipeline.jars = file:///tmp/a#b@c.jar; SELECT 1')).toMatchObject([
      { value: 'file:///tmp/a#b@c.jar' },
      { kind: 'select' },
    ]);
  });

  test('one statement is one', () => {
    expect(parseStatement('SELECT 1;').kind).toBe('select');
    expect(() => parseStatement('SELECT 1; SELECT 2')).toThrow('here begins a second');
  });
});

describe('long and deep texts', () => {
  test('long chains are read, deep nesting is refused by name', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => `a = ${i}`).join(' OR ');
    expect(parseExpression(chain).kind).toBe('binary-operation');
    expect(unparseExpression(parseExpression(chain)).length).toBeGreaterThan(chain.length);
    for (const [open, close] of [
      ['(', ')'],
      ['f(', ')'],
      ['NOT ', ''],
      ['CASE WHEN a THEN ', ' END'],
      ['(SELECT ', ')'],
    ] as const) {
      expect(() => parseExpression(`${open.repeat(50_000)}1${close.repeat(50_000)}`)).toThrow('levels of nesting');
    }
    expect(() => parseDataType(`${'ARRAY<'.repeat(50_000)}INT${'>'.repeat(50_000)}`)).toThrow('levels of nesting');
    expect(parseExpression(`${'('.repeat(100)}1${')'.repeat(100)}`).kind).toBe('number');
  });
});
