import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowClassOf } from '../../../src/core/rows/index.js';
import { type AnyType, type } from '../../../src/core/types/index.js';
import { bindExpression } from '../../../src/table/binder/index.js';
import { Catalog } from '../../../src/table/catalog/index.js';
import { compileExpression, evaluationContext } from '../../../src/table/codegen/index.js';
import { foldConstants } from '../../../src/table/expressions/index.js';
import { parseExpression } from '../../../src/table/sql/index.js';
import { javaText } from './java-text.js';

// What Flink 1.20.3 answered to `SELECT <expression>`: expression, type, value (or ERROR, when, message), between tabs.
// columns.tsv is about the row below; the name of a file may end in a time zone of the session.
const folder = new URL('./fixtures/', import.meta.url);
const catalog = new Catalog();

const schema = {
  i: type.int(),
  d: type.decimal(6, 3),
  s: type.string(),
  n: type.string(),
  ts: type.timestamp(3),
  f: type.float(),
};
const fields = Object.entries(schema).map(([name, of]) => ({ name, type: of as AnyType }));
const row = rowClassOf(schema).of([4, 9250, 'abc', 'x', Date.UTC(2024, 0, 2, 3, 4, 5), Math.fround(0.3)]);

/** Where we differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "TRY_CAST('0x1p3' AS DOUBLE)": "Java's hexadecimal numbers are not read",
  "TRY_CAST('25:00:00' AS TIME)": 'a defect: TRY_CAST should give NULL, and does',
  'CAST(CAST(0.1 AS FLOAT) AS DOUBLE)': 'FLOAT constants are folded as decimals; with columns the values are ours',
  'CAST(1 AS FLOAT) / 3': 'as above',
  "CAST('NaN' AS DOUBLE) = CAST('NaN' AS DOUBLE)": 'a folded comparison of equal constants; at the run it is false',
  "CAST(INTERVAL '5' SECOND AS BIGINT)": 'a folded interval is counted in its unit, any other in ms',
  'TYPEOF(PROCTIME())': 'an internal error of Flink',
  'ARRAY[1, 2][3]': 'folded to -1, which is a defect; with columns it is NULL',
  "MAP['a', 1]['x']": 'as above',
  'ARRAY_MAX(CAST(ARRAY[NULL] AS ARRAY<INT>))': 'an array of bare NULLs may be cast here',
  'JSON_STRING(CAST(ROW(i,2) AS ROW<b INT, a INT>))': 'an internal error of Flink',
  "ENCODE(s, 'UTF-8')": 'its type is BINARY(1) whatever it holds, and constants are cut to it',
  "ENCODE('hé', 'UTF-8')": 'as above',
  "ENCODE('h', 'UTF-16')": 'as above',
  'ROUND(d, i - 3)': 'a defect: the digits are laid out at the wrong scale',
  '5.5 % 2': 'an internal error of Flink',
  'COSH(1)': 'differs in the last digit',
  "X'01' || X'0203'": 'an internal error of Flink',
  "TIMESTAMP '2024-02-29 13:14:15' + INTERVAL '1.5' SECOND": 'folded to whole seconds; with columns it is ours',
};

function evaluate(sql: string, columns: boolean, timeZone: string): { type: string; value: string } {
  const context = evaluationContext({ timeZone });
  const rex = foldConstants(bindExpression(parseExpression(sql), columns ? fields : [], { catalog, sql }), context);
  const value = compileExpression(rex, fields, context)(row);
  // A sink refuses it; nothing else looks.
  if (value === null && rex.type.nullability === 'not null') throw new Error('NULL in a column that is NOT NULL');
  return { type: String(rex.type), value: javaText(value, rex.type) };
}

describe.each(readdirSync(folder).filter((name) => name.endsWith('.tsv')))('%s', (name) => {
  const timeZone = name.includes('@') ? 'America/Los_Angeles' : 'UTC';
  const cases = readFileSync(new URL(name, folder), 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t') as [string, string, string])
    .filter(([sql]) => !Object.hasOwn(DIFFERENT, sql));

  test.each(cases)('%s', (sql, expected, value) => {
    const columns = name.startsWith('columns');
    if (expected.startsWith('ERROR')) expect(() => evaluate(sql, columns, timeZone)).toThrow();
    else expect(evaluate(sql, columns, timeZone)).toEqual({ type: expected, value });
  });
});
