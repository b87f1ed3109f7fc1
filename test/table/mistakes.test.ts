import { beforeAll, expect, test } from 'vitest';
import { tableEnv } from '../../src/table/index.js';

const t = tableEnv();
beforeAll(() => {
  t.executeSql(
    "CREATE TABLE orders (id INT, product STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')",
  );
  t.executeSql(
    "CREATE TABLE plain (id INT, name STRING, ms BIGINT, ts TIMESTAMP(3), WATERMARK FOR later AS later, later TIMESTAMP(3)) WITH ('connector' = 'datagen')",
  );
  t.executeSql("CREATE TABLE sink (id INT, name STRING) WITH ('connector' = 'print')");
  t.executeSql("CREATE TABLE strict (id INT NOT NULL, name STRING) WITH ('connector' = 'print')");
});

/** A mistake, the piece of it that is pointed at, and what is said to do. */
const MISTAKES: readonly (readonly [sql: string, piece: string, hint: string | RegExp])[] = [
  ['SELECT id FORM orders', 'orders', 'did you mean `FROM` instead of `FORM`?'],
  ['SELECT FROM orders', 'FROM', /^say what is selected/],
  ['SELECT COUNT(* FROM orders', 'FROM', 'the `(` at line 1, column 13 has no `)`'],
  ['SELECT COUNT(*)) FROM orders', ')', /one `\)` too many/],
  ['SELECT * FROM (SELECT id FROM orders', '', 'the `(` at line 1, column 15 has no `)`'],
  ['SELECT TOP 5 id FROM orders', '5', 'write LIMIT 5 at the end of the query'],
  ["SELECT id FROM orders WHERE product IS 'tea'", "IS 'tea'", '`=` compares values: a = b'],
  ['SELECT product::INT FROM orders', ':', 'write CAST(product AS ...) for ::'],
  ['SELECT CAST(product, INT) FROM orders', ',', 'write CAST(x AS type)'],
  ["SELECT ts + INTERVAL '5 minutes' FROM orders", 'FROM', /INTERVAL '5' MINUTES/],
  ["INSERT sink VALUES (1, 'a')", 'sink', 'write INSERT INTO'],
  ['WITH q AS SELECT 1 SELECT * FROM q', 'SELECT', /between parentheses/],
  ['SELECT id FROM shop.orders', 'shop.orders', 'databases: default_database'],
  ['SELECT LEN(product) FROM orders', 'LEN(product)', /CHAR_LENGTH/],
  ['SELECT DATEDIFF(ts, ts) FROM orders', 'DATEDIFF(ts, ts)', /TIMESTAMPDIFF/],
  ['SELECT SUM(product) FROM orders', 'SUM(product)', /CAST\(x AS INT\)/],
  ['SELECT product + product FROM orders', 'product + product', '|| joins texts'],
  ['SELECT amount || product FROM orders', 'amount || product', /CAST\(x AS STRING\)/],
  ['SELECT ts + 5 FROM orders', 'ts + 5', /INTERVAL '5' SECOND/],
  ['SELECT id FROM orders WHERE ts > 5', 'ts > 5', /TIMESTAMP '/],
  ['SELECT TO_TIMESTAMP(ms) FROM plain', 'TO_TIMESTAMP(ms)', /TO_TIMESTAMP_LTZ/],
  ['SELECT CAST(id AS TEXT) FROM orders', 'TEXT', 'did you mean STRING?'],
  ["CREATE TABLE t (id INTT) WITH ('connector' = 'datagen')", 'INTT', 'did you mean INT?'],
  ["CREATE TABLE t (x REAL) WITH ('connector' = 'datagen')", 'REAL', /FLOAT/],
  ['SELECT product, COUNT(*) AS n FROM orders GROUP BY product HAVING n > 1', 'n', /name that SELECT gives/],
  ['SELECT product AS p, COUNT(*) FROM orders GROUP BY p', 'p', /name that SELECT gives/],
  ['SELECT SUM(amount) FROM orders GROUP BY window_start', 'window_start', /TABLE\(TUMBLE\(/],
  [
    "SELECT TUMBLE_START(ts, INTERVAL '1' DAY) FROM orders GROUP BY id",
    "TUMBLE_START(ts, INTERVAL '1' DAY)",
    /GROUP BY/,
  ],
  ['SELECT SUM(amount) OVER (ORDER BY id) FROM orders', 'SUM(amount) OVER (ORDER BY id)', /WATERMARK/],
  ['SELECT SUM(amount) OVER (PARTITION BY id) FROM orders', 'SUM(amount) OVER (PARTITION BY id)', /ORDER BY ts/],
  ['SELECT id FROM plain ORDER BY ts', 'ts', /time attribute/],
  ['INSERT INTO sink SELECT id FROM orders', 'SELECT id FROM orders', /INSERT INTO t \(a, b\)/],
  ['INSERT INTO sink SELECT product, id FROM orders', 'SELECT product, id FROM orders', /by their order/],
  ["INSERT INTO strict (name) VALUES ('a')", "VALUES ('a')", /name `id` among the columns/],
  ['DESCRIBE oders', 'oders', /did you mean `orders`/],
  ['SHOW CREATE TABLE oders', 'oders', /did you mean `orders`/],
];

test.each(MISTAKES)('%s', (sql, piece, hint) => {
  const error = failure(sql);
  const lines = error.message.split('\n');
  const below = lines.findIndex((line) => /^ +\^+$/.test(line));
  const [shown, carets] = [lines[below - 1] as string, lines[below] as string];
  const at = carets.indexOf('^');
  expect(shown.slice(at, carets.length)).toBe(piece);
  if (typeof hint === 'string') expect(error.hint).toBe(hint);
  else expect(error.hint).toMatch(hint);
});

function failure(sql: string): Error & { readonly hint?: string } {
  try {
    t.executeSql(sql);
  } catch (error) {
    return error as Error;
  }
  throw new Error(`accepted: ${sql}`);
}

test('the place of an error in a view is not looked for in the text of the query', () => {
  t.executeSql('CREATE VIEW sums AS SELECT id, SUM(amount) OVER (ORDER BY id) AS s FROM orders');
  const { message } = failure('SELECT s FROM sums WHERE s > 1 AND s < 100 AND id > 3');
  expect(message).toContain('must be defined on a time attribute');
  expect(message).not.toContain('^');
});
