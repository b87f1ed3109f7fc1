import { beforeEach, describe, expect, test } from 'vitest';
import { type LookupFunction, type LookupOptions, type TableEnvironment, tableEnv, type } from '../../../src/index.js';
import { PartialCache } from '../../../src/table/connectors/lookup/cache.js';

let t: TableEnvironment;
let asked: unknown[];
beforeEach(() => {
  t = tableEnv();
  asked = [];
  const orders = [
    { id: 1, customer: 10 },
    { id: 2, customer: 20 },
    { id: 3, customer: 10 },
    { id: 4, customer: null },
    { id: 5, customer: 99 },
  ];
  const schema = { id: type.int(), customer: type.bigint() };
  t.createTemporaryView('orders', t.fromRows(orders, { schema, computed: { pt: 'PROCTIME()' } }));
});

const CUSTOMERS = { id: type.bigint(), name: type.string(), city: type.string() };
const KNOWN: Record<number, object[]> = {
  10: [{ id: 10, name: 'Ann', city: 'Berlin' }],
  20: [
    { id: 20, name: 'Bob', city: 'Paris' },
    { id: 20, name: 'Bea', city: 'Berlin' },
  ],
};

function customers(options: LookupOptions = {}, ask?: LookupFunction): void {
  const usual: LookupFunction = async (key: { id: number }) => {
    asked.push({ ...key });
    // Later ones answer first.
    await new Promise((resolve) => setTimeout(resolve, key.id === 10 ? 5 : 0));
    return KNOWN[key.id] ?? [];
  };
  t.createLookupTable('customers', CUSTOMERS, ask ?? usual, options);
}

async function rows(sql: string): Promise<unknown[][]> {
  return (await t.sqlQuery(sql).execute().collect()).map((row) => Object.values(row as object));
}

const JOIN = 'FROM orders AS o JOIN customers FOR SYSTEM_TIME AS OF o.pt AS c ON o.customer = c.id';
const LEFT = JOIN.replace('JOIN', 'LEFT JOIN');

describe('a lookup join', () => {
  test('asks for the key of each row, and keeps the order of the rows', async () => {
    customers();
    expect(await rows(`SELECT o.id, c.name ${JOIN}`)).toEqual([
      [1, 'Ann'],
      [2, 'Bob'],
      [2, 'Bea'],
      [3, 'Ann'],
    ]);
    expect(asked).toContainEqual({ id: 10 });
    expect(asked).toContainEqual({ id: 99 });
    // Two rows with one key that come together ask once.
    expect(asked.filter((key) => (key as { id: number }).id === 10)).toHaveLength(1);
  });

  test('left: a row without an answer stays', async () => {
    customers();
    expect(await rows(`SELECT o.id, c.name, c.id ${LEFT}`)).toEqual([
      [1, 'Ann', 10],
      [2, 'Bob', 20],
      [2, 'Bea', 20],
      [3, 'Ann', 10],
      [4, null, null],
      [5, null, null],
    ]);
  });

  test('further conditions are checked on the answer', async () => {
    customers();
    expect(await rows(`SELECT o.id, c.name ${LEFT} AND c.city = 'Berlin' AND o.id > 1`)).toEqual([
      [1, null],
      [2, 'Bea'],
      [3, 'Ann'],
      [4, null],
      [5, null],
    ]);
    expect(await rows(`SELECT o.id, c.name ${JOIN} WHERE c.city = 'Berlin'`)).toEqual([
      [1, 'Ann'],
      [2, 'Bea'],
      [3, 'Ann'],
    ]);
  });

  test('computed columns, and more than one column to ask for', async () => {
    const keys: unknown[] = [];
    t.createLookupTable('prices', { item: type.string(), day: type.int(), price: type.decimal(10, 2) }, (key) => {
      keys.push({ ...key });
      return [{ ...key, price: '1.50' }];
    });
    const sales = t.fromValues(['tea', 1]);
    t.createTemporaryView('sales', t.sql`SELECT f0 AS item, CAST(f1 AS INT) AS day_, PROCTIME() AS pt FROM ${sales}`);
    expect(
      await rows(
        'SELECT s.item, CAST(p.price * 2 AS STRING) FROM sales AS s JOIN prices FOR SYSTEM_TIME AS OF s.pt AS p ON s.item = p.item AND s.day_ = p.`day`',
      ),
    ).toEqual([['tea', '3.00']]);
    expect(keys).toEqual([{ item: 'tea', day: 1 }]);
  });

  test('says in the plan what it asks for', () => {
    customers();
    expect(t.explainSql(`SELECT o.id, c.name ${LEFT}`)).toMatch(
      /LookupJoin\(table=\[default_catalog\.default_database\.customers\], joinType=\[LeftOuterJoin\], lookup=\[id=customer\]/,
    );
  });

  test('the changes of an updating query stay changes', async () => {
    customers();
    t.createTemporaryView(
      'counts',
      t.sqlQuery('SELECT customer, COUNT(*) AS n, PROCTIME() AS pt FROM orders GROUP BY customer'),
    );
    const result = await t
      .sqlQuery(
        'SELECT c.name, o.n FROM counts AS o JOIN customers FOR SYSTEM_TIME AS OF o.pt AS c ON o.customer = c.id',
      )
      .execute()
      .collect();
    expect(result.map((row) => Object.values(row as object))).toEqual(
      expect.arrayContaining([
        ['Ann', 1],
        ['Ann', 2],
      ]),
    );
  });
});

describe('answers', () => {
  test('are kept, those that there is nothing, too', async () => {
    customers({ cache: { maxRows: 10, expireAfterWriteMs: 60_000 }, capacity: 1 });
    expect(await rows(`SELECT o.id ${JOIN}`)).toHaveLength(4);
    expect(asked).toEqual([{ id: 10 }, { id: 20 }, { id: 99 }]);
  });

  test.each([
    [
      "'lookup.cache' = 'FULL'",
      /'lookup.cache' = 'FULL' is not carried out here: the function is asked for the rows of a key/,
    ],
    ["'lookup.cache' = 'SOME'", /'lookup.cache' = 'SOME': one of NONE, PARTIAL/],
    [
      "'lookup.full-cache.timed-reload.iso-time' = '10:00'",
      /'lookup.full-cache.timed-reload.iso-time' is not carried out/,
    ],
  ])('a cache of the whole table is refused by name: %s', (option, message) => {
    t.connectors.lookups.register('people', () => []);
    t.executeSql(
      `CREATE TABLE customers (id INT, name STRING) WITH ('connector' = 'lookup', 'function' = 'people', ${option})`,
    );
    expect(() => t.explainSql(`SELECT o.id ${JOIN}`)).toThrow(message);
  });

  test('a cache lets the oldest go, and what is too old', () => {
    let now = 0;
    const clock = { now: () => now } as never;
    const cache = new PartialCache<string>({ maxRows: 2, expireAfterWriteMs: 100, expireAfterAccessMs: 40 }, clock);
    cache.set('a', 'A');
    cache.set('b', 'B');
    expect(cache.get('a')).toBe('A');
    cache.set('c', 'C');
    expect([cache.get('b'), cache.get('a'), cache.get('c')]).toEqual([undefined, 'A', 'C']);
    now = 39;
    expect(cache.get('a')).toBe('A');
    now = 78;
    expect([cache.get('a'), cache.get('c')]).toEqual(['A', undefined]);
    now = 110;
    expect(cache.get('a')).toBeUndefined();
  });

  test('a call that fails is tried again', async () => {
    let tries = 0;
    customers({ maxRetries: 2, retryDelayMs: 1, capacity: 1 }, async ({ id }) => {
      if (++tries % 3 !== 0) throw new Error('not now');
      return KNOWN[id] ?? [];
    });
    expect(await rows(`SELECT o.id ${JOIN}`)).toHaveLength(4);
    expect(tries).toBe(12);
  });

  test('a call that fails for good fails the job, and names the row', async () => {
    customers({ maxRetries: 1, retryDelayMs: 1 }, async () => {
      throw new Error('the service is down');
    });
    await expect(rows(`SELECT o.id ${JOIN}`)).rejects.toThrow(/LookupJoin failed at[\s\S]*the service is down/);
  });

  test('a call that never answers ends after its time', async () => {
    customers({ timeoutMs: 20 }, () => new Promise(() => undefined));
    await expect(rows(`SELECT o.id ${JOIN}`)).rejects.toThrow('no answer within 20 ms');
  });

  test('what is no row says so', async () => {
    customers({ maxRetries: 0 }, async () => ['Ann'] as never);
    await expect(rows(`SELECT o.id ${JOIN}`)).rejects.toThrow(/was given 'Ann'[\s\S]*id BIGINT, name STRING/);
  });
});

describe('is refused', () => {
  test('a table that is only read as a whole, as in Flink', () => {
    t.executeSql(
      "CREATE TABLE dim (id BIGINT, name STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'datagen')",
    );
    expect(() =>
      t.explainSql('SELECT 1 FROM orders AS o JOIN dim FOR SYSTEM_TIME AS OF o.pt AS c ON o.customer = c.id'),
    ).toThrow(/Processing-time temporal join is not supported yet[\s\S]*createLookupTable/);
  });

  test('a lookup table that is read as a whole', () => {
    customers();
    expect(() => t.explainSql('SELECT * FROM customers')).toThrow(/cannot be read as a whole[\s\S]*FOR SYSTEM_TIME/);
    expect(() => t.explainSql("INSERT INTO customers SELECT 1, 'a', 'b'")).toThrow('only reads');
  });

  test('without a column to ask for', () => {
    customers();
    const on = (condition: string): string => `SELECT 1 ${JOIN.replace('o.customer = c.id', condition)}`;
    expect(() => t.explainSql(on('o.customer > c.id'))).toThrow('requires an equality condition on fields of table');
    expect(() => t.explainSql(on('CAST(o.customer AS STRING) = UPPER(c.name)'))).toThrow('cannot be asked for');
    expect(() => t.explainSql(`SELECT 1 ${JOIN.replace('JOIN', 'RIGHT JOIN')}`)).toThrow(
      'only supports INNER JOIN and LEFT JOIN',
    );
  });

  test('options that there are not', () => {
    t.executeSql(
      "CREATE TABLE x (id BIGINT) WITH ('connector' = 'lookup', 'function' = 'none', 'lookup.cache' = 'PARTIAL')",
    );
    expect(() =>
      t.explainSql('SELECT 1 FROM orders AS o JOIN x FOR SYSTEM_TIME AS OF o.pt AS c ON o.customer = c.id'),
    ).toThrow("no function 'none' was given for it");
  });
});
