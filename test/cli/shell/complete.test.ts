import { expect, test } from 'vitest';
import { complete } from '../../../src/cli/shell/complete.js';
import { LocalSession } from '../../../src/cli/shell/local-session.js';

const session = new LocalSession();
const { signal } = new AbortController();
for (const sql of [
  "CREATE TABLE orders (id INT, price DOUBLE, `the day` DATE) WITH ('connector' = 'blackhole')",
  "CREATE TABLE people (name STRING, age INT) WITH ('connector' = 'blackhole')",
  'CREATE VIEW olds AS SELECT name FROM people WHERE age > 70',
]) {
  await session.execute(sql, signal);
}

const words = async (before: string, after = ''): Promise<readonly string[]> =>
  (await complete(before, after, session))[0];

test('a statement begins with a verb, in the case that was begun', async () => {
  expect(await words('SEL')).toEqual(['SELECT']);
  expect(await words('sel')).toEqual(['select']);
  expect(await words('se')).toEqual(['select', 'set']);
  expect(await words('')).toContain('INSERT');
});

test('after FROM, JOIN and INTO come tables and views', async () => {
  for (const before of ['SELECT * FROM ', 'SELECT * FROM people JOIN ', 'SELECT * FROM people, ', 'DESCRIBE ']) {
    expect((await words(before)).slice(0, 3)).toEqual(['olds', 'orders', 'people']);
  }
  expect(await words('INSERT INTO or')).toEqual(['orders']);
  expect(await words('DROP TABLE peo')).toEqual(['people']);
  expect(await words('SELECT id FROM O')).toEqual(['olds', 'orders']);
});

test('elsewhere columns of the tables in FROM, though FROM comes later, and functions', async () => {
  expect(await words('SELECT pri', ' FROM orders')).toEqual(['price', 'primary']);
  expect(await words('SELECT na', ' FROM people')).toEqual(['name']);
  expect(await words('SELECT * FROM people WHERE a')).toContain('age');
  expect(await words('SELECT * FROM people WHERE a')).not.toContain('id');
  expect(await words('SELECT UPP')).toEqual(['UPPER']);
  expect(await words('select upp')).toEqual(['upper']);
  expect(await words('SELECT id, pr')).toContain('price');
});

test('after a dot the columns of what stands before it', async () => {
  expect(await words('SELECT o.', ' FROM orders AS o')).toEqual(['id', 'price', '`the day`']);
  expect(await words('SELECT o.`th', '` FROM orders o')).toEqual(['`the day`']);
  expect(await words('SELECT p.a', ' FROM orders o JOIN people p ON o.id = p.age')).toEqual(['age']);
  expect(await words('SELECT people.', '')).toEqual(['name', 'age']);
  expect(await words('SELECT nobody.', ' FROM orders')).toEqual([]);
});

test('in WITH connectors, and what this connector takes', async () => {
  expect(await words('CREATE TABLE k (a INT) WITH (')).not.toContain('nothing');
  expect(await words("CREATE TABLE k (a INT) WITH ('")).toEqual(["'connector'"]);
  expect(await words("CREATE TABLE k (a INT) WITH ('connector' = 'da")).toEqual(["'datagen'"]);
  expect(await words("CREATE TABLE k (a INT) WITH ('connector' = 'datagen', 'rows")).toEqual(["'rows-per-second'"]);
  expect(await words("CREATE TABLE k (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '5', 'rows")).toEqual(
    [],
  );
  expect(await words("SELECT * FROM orders WHERE name = '")).toEqual([]);
});

test('after SET the settings, and their values where they are few', async () => {
  expect(await words("SET 'sql-client.execution.res")).toEqual(["'sql-client.execution.result-mode'"]);
  expect(await words("SET 'sql-client.execution.result-mode' = '")).toEqual(["'table'", "'changelog'", "'tableau'"]);
});

test('in comments and behind what is no SQL there is nothing to say, and no error', async () => {
  for (const before of ['SELECT "', 'SELECT # ', '`', "'", 'SELECT * FROM (((', '.', ')', ', ,']) {
    await expect(complete(before, '', session)).resolves.toHaveLength(2);
  }
});
