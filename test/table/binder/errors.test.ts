import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../../src/table/errors.js';
import { Session } from './bound.js';

const session = new Session('CREATE TEMPORARY VIEW v AS SELECT x FROM a');

/** Statements, Flink's words for what is wrong, and where (line, column; both from 1). */
const WRONG: readonly (readonly [sql: string, message: string, at: string])[] = [
  ['SELECT * FROM nope', "Object 'nope' not found", '1:15'],
  ['SELECT * FROM nope.a', "Object 'a' not found within 'default_catalog.nope'", '1:15'],
  ['SELECT k,\n  nope FROM nums', "Column 'nope' not found in any table", '2:3'],
  ['SELECT nums.nope FROM nums', "Column 'nope' not found in table 'nums'", '1:13'],
  ['SELECT t.k FROM nums', "Table 't' not found", '1:8'],
  [
    'SELECT * FROM nums MATCH_RECOGNIZE (ORDER BY v MEASURES A.v AS x PATTERN (A) DEFINE A AS A.v > 1)',
    'You must specify either rowtime or proctime for order by.',
    '1:46',
  ],
  ['SELECT CURRENT_DATE()', 'No match found for function signature CURRENT_DATE().', '1:8'],
  ['SELECT t.* FROM nums', "Unknown identifier 't'", '1:8'],
  ['SELECT x FROM a JOIN b ON a.s = b.s', "Column 'x' is ambiguous", '1:8'],
  ['SELECT * FROM a, a', "Duplicate relation name 'a' in FROM clause", '1:18'],
  ['SELECT a.x FROM a JOIN b', 'INNER, LEFT, RIGHT or FULL join requires a condition', '1:17'],
  ['SELECT * FROM a JOIN b USING (nope)', "Column 'nope' not found in any table", '1:31'],
  ['SELECT r.nope FROM nested', "Column 'r.nope' not found in table 'nested'", '1:8'],
  ['SELECT id FROM nested WHERE id', 'WHERE clause must be a condition', '1:29'],
  ['SELECT * FROM a JOIN b ON a.x', 'ON clause must be a condition', '1:27'],
  ['SELECT g FROM nums GROUP BY g HAVING COUNT(*)', 'HAVING clause must be a condition', '1:38'],
  ['SELECT g, v FROM nums GROUP BY g', "Expression 'v' is not being grouped", '1:11'],
  ['SELECT g, nums.v + 1 FROM nums GROUP BY g', "Expression 'nums.v' is not being grouped", '1:11'],
  ['SELECT g FROM nums GROUP BY g HAVING v > 1', "Expression 'v' is not being grouped", '1:38'],
  ['SELECT *, COUNT(*) FROM a', "Expression 'a.x' is not being grouped", '1:8'],
  ['SELECT g FROM nums GROUP BY 1', "Expression 'g' is not being grouped", '1:8'],
  ['SELECT g FROM nums WHERE COUNT(*) > 1 GROUP BY g', 'Aggregate expression is illegal in WHERE clause', '1:26'],
  ['SELECT COUNT(*) FROM nums GROUP BY SUM(v)', 'Aggregate expression is illegal in GROUP BY clause', '1:36'],
  ['SELECT * FROM a JOIN b ON MAX(a.x) = 1', 'Aggregate expression is illegal in ON clause', '1:27'],
  [
    'SELECT k FROM nums ORDER BY COUNT(*)',
    'Aggregate expression is illegal in ORDER BY clause of non-aggregating SELECT',
    '1:29',
  ],
  ['SELECT SUM(COUNT(*)) FROM nums', 'Aggregate expressions cannot be nested', '1:8'],
  ['SELECT ROW_NUMBER() FROM nums', 'OVER clause is necessary for window functions', '1:8'],
  [
    'SELECT k FROM nums WHERE RANK() OVER (ORDER BY k) = 1',
    'Windowed aggregate expression is illegal in WHERE clause',
    '1:26',
  ],
  ['SELECT SUM(v) OVER w FROM nums', "Window 'w' not found", '1:20'],
  ['SELECT GROUPING(k) FROM nums GROUP BY g', 'Argument to GROUPING operator must be a grouped expression', '1:17'],
  ['SELECT UPPER(g) FILTER (WHERE TRUE) FROM nums', "FILTER must not be applied to the function 'UPPER'", '1:8'],
  ['SELECT k FROM nums ORDER BY 2', 'Ordinal out of range', '1:29'],
  ['SELECT DISTINCT k FROM nums ORDER BY v', "Expression 'v' is not in the select clause", '1:38'],
  ['SELECT x FROM a UNION ALL SELECT x, s FROM b', 'Column count mismatch in UNION ALL', '1:34'],
  ['SELECT x FROM a EXCEPT SELECT s FROM b', 'Type mismatch in column 1 of EXCEPT', '1:8'],
  ['VALUES (1, 2), (3)', 'Values passed to VALUES operator must have compatible types', '1:16'],
  ["VALUES (1), ('a')", 'Values passed to VALUES operator must have compatible types', '1:1'],
  [
    'SELECT * FROM (VALUES (1, 2)) AS t (x)',
    'List of column aliases must have same degree as table; table has 2 columns',
    '1:37',
  ],
  ['SELECT x FROM a WHERE x = (SELECT x, s FROM b)', "Cannot apply '$SCALAR_QUERY' to arguments of type", '1:28'],
  [
    'SELECT x FROM a WHERE x IN (SELECT x, s FROM b)',
    'Values passed to IN operator must have compatible types',
    '1:23',
  ],
  ['SELECT FOO(x) FROM a', 'No match found for function signature FOO(<NUMERIC>)', '1:8'],
  ['SELECT * FROM TABLE(FOO(1))', 'No match found for function signature FOO', '1:15'],
  ['SELECT id.x FROM nested', "Table 'id' not found", '1:8'],
  ['SELECT * FROM (SELECT a.x, b.x FROM a, b)', "Column 'x' is ambiguous", '1:8'],
  ['SELECT k, NULL FROM nums', "Illegal use of 'NULL'", '1:11'],
  ['VALUES (1), (NULL)', "Illegal use of 'NULL'", '1:14'],
  ['SELECT UPPER(name) OVER (ORDER BY rowtime) FROM orders', 'OVER must be applied to aggregate function', '1:8'],
  [
    'SELECT SUM(SUM(price) OVER (ORDER BY rowtime)) OVER (ORDER BY rowtime) FROM orders',
    'Aggregate expressions cannot be nested',
    '1:8',
  ],
  [
    'SELECT SUM(price) OVER (ORDER BY rowtime RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM orders',
    'Data Type mismatch between ORDER BY and RANGE clause',
    '1:56',
  ],
  [
    'SELECT name FROM orders GROUP BY name HAVING SUM(price) OVER (ORDER BY rowtime) > 1',
    "Expression 'price' is not being grouped",
    '1:50',
  ],
  ['SELECT COUNT(*) FILTER (WHERE COUNT(*) > 1) FROM orders', 'FILTER must not contain aggregate expression', '1:31'],
  ['SELECT * FROM a NATURAL JOIN b ON a.x = b.x', 'Cannot specify NATURAL keyword with ON or USING clause', '1:35'],
  ['SELECT *', 'SELECT * requires a FROM clause', '1:8'],
  [
    "SELECT TUMBLE(rowtime, INTERVAL '5' SECOND) FROM orders",
    "Group function '$TUMBLE' can only appear in GROUP BY clause",
    '1:8',
  ],
  [
    "SELECT COUNT(*) FROM orders GROUP BY TUMBLE(price, INTERVAL '5' SECOND)",
    "Cannot apply '$TUMBLE' to arguments of type '$TUMBLE(<DOUBLE>, <INTERVAL SECOND>)'",
    '1:38',
  ],
  [
    "SELECT TUMBLE_START(rowtime, INTERVAL '6' SECOND) FROM orders GROUP BY TUMBLE(rowtime, INTERVAL '5' SECOND)",
    "Call to auxiliary group function 'TUMBLE_START' must have matching call to group function '$TUMBLE' in GROUP BY clause",
    '1:8',
  ],
  [
    "SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(nope), INTERVAL '5' SECOND))",
    "Unknown identifier 'nope'",
    '1:53',
  ],
  [
    "SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(price), INTERVAL '5' SECOND))",
    'requires the timecol to be TIMESTAMP or TIMESTAMP_LTZ, but is DOUBLE.\nBesides',
    '1:53',
  ],
  [
    'SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(rowtime)))',
    "Invalid number of arguments to function 'TUMBLE'",
    '1:15',
  ],
  [
    'SELECT * FROM a JOIN b FOR SYSTEM_TIME AS OF a.x ON a.x = b.x',
    "The system time period specification expects Timestamp type but is 'INTEGER'",
    '1:46',
  ],
  [
    'SELECT * FROM nested CROSS JOIN UNNEST(id) AS t (x)',
    "Cannot apply 'UNNEST' to arguments of type 'UNNEST(<INTEGER>)'",
    '1:33',
  ],
];

describe('what a query may not say', () => {
  for (const [sql, message, at] of WRONG) {
    it(sql, () => {
      let caught: unknown;
      try {
        session.bind(sql);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(ValidationError);
      const error = caught as ValidationError;
      expect(error.message).toContain(message);
      expect(`${error.line}:${error.column}`).toBe(at);
    });
  }
});

describe('what an INSERT may not say', () => {
  const refused = (sql: string) => expect(() => session.insert(sql));
  it('names columns and types that do not match', () => {
    refused('INSERT INTO a SELECT x FROM b').toThrow(
      /do not match.\nCause: Different number of columns.*Sink schema: {2}\[x: INT, s: STRING\]/s,
    );
    refused('INSERT INTO a SELECT s, x FROM b').toThrow(/Incompatible types for sink column 'x' at position 0/);
    refused('INSERT INTO a (x, nope) SELECT x, s FROM b').toThrow(/Unknown target column 'nope'/);
    refused('INSERT INTO a (x, x) SELECT x, x FROM b').toThrow(/'x' is assigned more than once/);
    refused('INSERT INTO strict (s) SELECT s FROM b').toThrow(
      /Column 'x' has no default value and does not allow NULLs/,
    );
    refused('INSERT INTO nope SELECT * FROM b').toThrow(
      /Cannot find table '`default_catalog`.`default_database`.`nope`'/,
    );
    refused('INSERT INTO v SELECT x FROM b').toThrow(/view cannot be written/);
  });
  it('converts what may be converted, and fills up with NULL', () => {
    const { input, columns } = session.insert('INSERT INTO strict (s, x) SELECT s, x FROM b');
    expect(columns).toEqual(['s', 'x']);
    expect(input.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(['x BIGINT', 's STRING']);
    expect(session.insert('INSERT INTO a (s) SELECT s FROM b').input).toMatchObject({
      expressions: [{ value: null }, { index: 0 }],
    });
  });
});
