import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../../src/table/errors.js';
import { Session } from '../binder/bound.js';

const rates = `CREATE TABLE rates (
  cur STRING NOT NULL COMMENT 'currency',
  rate DECIMAL(8, 4),
  ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  doubled AS rate * 2,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND,
  PRIMARY KEY (cur) NOT ENFORCED
) COMMENT 'rates of the day'
PARTITIONED BY (cur)
WITH ('connector' = 'x', 'quo''te' = 'it''s')`;

describe('CREATE TABLE', () => {
  it('is shown by DESCRIBE', () => {
    const session = new Session(rates);
    const { fields, rows } = session.run('DESCRIBE rates');
    expect(fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'name STRING',
      'type STRING',
      'null BOOLEAN',
      'key STRING',
      'extras STRING',
      'watermark STRING',
      'comment STRING',
    ]);
    expect(rows).toEqual([
      ['cur', 'STRING', false, 'PRI(cur)', null, null, 'currency'],
      ['rate', 'DECIMAL(8, 4)', true, null, null, null, null],
      [
        'ts',
        'TIMESTAMP_LTZ(3) *ROWTIME*',
        true,
        null,
        "METADATA FROM 'timestamp' VIRTUAL",
        "`ts` - INTERVAL '5' SECOND",
        null,
      ],
      ['doubled', 'DECIMAL(19, 4)', true, null, 'AS `rate` * 2', null, null],
    ]);
  });

  it('is shown by SHOW CREATE TABLE, and that statement makes the same table', () => {
    const session = new Session(rates);
    const [[text]] = session.run('SHOW CREATE TABLE rates').rows as [[string]];
    expect(text).toBe(`CREATE TABLE \`default_catalog\`.\`default_database\`.\`rates\` (
  \`cur\` VARCHAR(2147483647) NOT NULL COMMENT 'currency',
  \`rate\` DECIMAL(8, 4),
  \`ts\` TIMESTAMP(3) WITH LOCAL TIME ZONE METADATA FROM 'timestamp' VIRTUAL,
  \`doubled\` AS \`rate\` * 2,
  WATERMARK FOR \`ts\` AS \`ts\` - INTERVAL '5' SECOND,
  CONSTRAINT \`PK_cur\` PRIMARY KEY (\`cur\`) NOT ENFORCED
) COMMENT 'rates of the day'
PARTITIONED BY (\`cur\`)
WITH (
  'connector' = 'x',
  'quo''te' = 'it''s'
)
`);
    const again = new Session(text);
    expect(again.run('SHOW CREATE TABLE rates').rows).toEqual([[text]]);
  });

  it('takes over from another table what LIKE says', () => {
    const session = new Session(rates);
    session.run(
      "CREATE TABLE more (extra INT) PARTITIONED BY (extra) WITH ('connector' = 'y') LIKE rates (EXCLUDING ALL OVERWRITING OPTIONS)",
    );
    expect(session.catalog.resolve(['more'])).toMatchObject({
      options: { connector: 'y', "quo'te": "it's" },
      partitionedBy: ['extra'],
    });
    session.run('CREATE TABLE whole (extra INT) LIKE rates');
    expect(session.run('DESCRIBE whole').rows.map(([name]) => name)).toEqual(['cur', 'rate', 'ts', 'doubled', 'extra']);
    expect(() => session.run('CREATE TABLE w (cur INT) LIKE rates')).toThrow(
      /A column named 'cur' already exists in the base table/,
    );
    expect(() => session.run('CREATE TABLE w (doubled AS 1) LIKE rates')).toThrow(
      /generated column named 'doubled' already exists.*OVERWRITING/s,
    );
    session.run('CREATE TABLE w (doubled AS 1) LIKE rates (OVERWRITING GENERATED)');
  });
});

const WRONG: readonly (readonly [string, string | RegExp])[] = [
  [
    "CREATE TABLE a (x INT) WITH ('connector' = 'x')",
    'Table (or view) default_database.a already exists in Catalog default_catalog.',
  ],
  ['CREATE TABLE t (x INT, x INT)', "A regular Column named 'x' already exists in the table."],
  ['CREATE TABLE t (x INT, y AS z + 1)', "Unknown identifier 'z'"],
  ['CREATE TABLE t (x INT, y AS x + 1, z AS y + 1)', "Unknown identifier 'y'"],
  ['CREATE TABLE t (x INT PRIMARY KEY)', "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint"],
  [
    'CREATE TABLE t (x INT, PRIMARY KEY (y) NOT ENFORCED)',
    "Primary key column 'y' is not defined in the schema at line 1, column 37",
  ],
  [
    'CREATE TABLE t (x INT, y AS x, PRIMARY KEY (y) NOT ENFORCED)',
    "Could not create a PRIMARY KEY with column 'y' at line 1, column 45.\nA PRIMARY KEY constraint must be declared on physical columns.",
  ],
  ['CREATE TABLE t (x INT PRIMARY KEY NOT ENFORCED, PRIMARY KEY (x) NOT ENFORCED)', 'Duplicate primary key definition'],
  ['CREATE TABLE t (x INT, UNIQUE (x))', 'UNIQUE constraint is not supported yet'],
  [
    'CREATE TABLE t (x INT, WATERMARK FOR y AS y)',
    "The rowtime attribute field 'y' is not defined in the table schema",
  ],
  ['CREATE TABLE t (x STRING, WATERMARK FOR x AS x)', 'but the time field type is STRING'],
  ['CREATE TABLE t (x TIMESTAMP(6), WATERMARK FOR x AS x)', 'but the time field type is TIMESTAMP(6)'],
  ['CREATE TABLE t (x TIMESTAMP(3), WATERMARK FOR x AS 1)', 'but the watermark expression type is INT NOT NULL'],
  ['CREATE TABLE t (x INT) PARTITIONED BY (y)', "Partition column 'y' not defined in the table schema"],
  ['CREATE TABLE t (x INT)', "Table options do not contain an option key 'connector'"],
  ["CREATE TABLE t (x INT) WITH ('k' = 'a', 'k' = 'b')", "the option 'k' is given twice"],
  [
    'CREATE TABLE t LIKE nope',
    "Source table '`default_catalog`.`default_database`.`nope`' of the LIKE clause not found in the catalog, at line 1, column 21",
  ],
  ['CREATE TABLE t LIKE v', 'can not be a VIEW'],
  ['CREATE VIEW w (p, q) AS SELECT x FROM a', 'VIEW definition and input fields not match'],
  ['CREATE VIEW w AS SELECT x, x FROM a', 'A column with the same name `x` has been defined at line 1, column 25.'],
  [
    'CREATE VIEW w (p, p) AS SELECT x, s FROM a',
    'A column with the same name `p` has been defined at line 1, column 35.',
  ],
  ['CREATE VIEW w AS SELECT nope FROM a', "Column 'nope' not found in any table"],
  ['CREATE TEMPORARY VIEW v AS SELECT 1', "Temporary table '`default_catalog`.`default_database`.`v`' already exists"],
  ['DROP TABLE nope', "Table with identifier 'default_catalog.default_database.nope' does not exist."],
  ['DROP TABLE v', "Table with identifier 'default_catalog.default_database.v' does not exist."],
  ['DROP VIEW a', "View with identifier 'default_catalog.default_database.a' does not exist."],
  [
    'DROP TEMPORARY TABLE a',
    "Temporary table or view with identifier 'default_catalog.default_database.a' does not exist.",
  ],
  ['DROP VIEW v', "Temporary view with identifier '`default_catalog`.`default_database`.`v`' exists. Drop it first"],
  ['DROP FUNCTION nope', 'Function default_database.nope does not exist in Catalog default_catalog.'],
  ['DROP DATABASE nope', 'Database nope does not exist in Catalog default_catalog.'],
  ['DROP DATABASE default_database', 'Cannot drop a database which is currently in use.'],
  ['DROP CATALOG default_catalog', 'Cannot drop a catalog which is currently in use.'],
  ['USE nope', 'A database with name [nope] does not exist in the catalog: [default_catalog].'],
  ['USE CATALOG nope', 'A catalog with name [nope] does not exist.'],
  ['DESCRIBE nope', "Tables or views with the identifier 'default_catalog.default_database.nope' doesn't exist"],
  ['SHOW CREATE TABLE nope', 'Table with identifier `default_catalog`.`default_database`.`nope` does not exist'],
  ['SHOW CREATE TABLE v', 'SHOW CREATE TABLE is only supported for tables'],
  ['ALTER TABLE nope RENAME TO t', "Table `default_catalog`.`default_database`.`nope` doesn't exist"],
  ['ALTER TABLE a ADD x INT', 'Try to add a column `x` which already exists'],
  ['ALTER TABLE a ADD y INT AFTER z', "Referenced column `z` by 'AFTER' does not exist"],
  ['ALTER TABLE a DROP y', 'The column `y` does not exist in the base table.'],
  ['ALTER TABLE orders DROP rowtime', 'The column `rowtime` is referenced by watermark expression'],
  ['ALTER TABLE orders RENAME name TO price', 'The column `price` already existed'],
  ['ALTER TABLE a DROP PRIMARY KEY', 'The base table does not define any primary key'],
  ['ALTER TABLE a DROP WATERMARK', 'The base table does not define any watermark strategy'],
];

describe('what Flink refuses', () => {
  for (const [sql, message] of WRONG) {
    it(sql, () => {
      const session = new Session('CREATE TEMPORARY VIEW v AS SELECT x FROM a');
      let caught: unknown;
      try {
        session.run(sql);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(ValidationError);
      expect((caught as Error).message).toContain(message);
    });
  }
});

describe('ALTER TABLE', () => {
  const names = (session: Session) => session.run('DESCRIBE a').rows.map(([name]) => name);
  it('changes columns, keys, watermarks and options', () => {
    const session = new Session();
    session.run(
      'ALTER TABLE a ADD (ts TIMESTAMP(3) FIRST, y AS x + 1, PRIMARY KEY (s) NOT ENFORCED, WATERMARK FOR ts AS ts)',
    );
    expect(names(session)).toEqual(['ts', 'x', 's', 'y']);
    expect(session.columns('SELECT * FROM a')).toEqual([
      'ts TIMESTAMP(3) *rowtime*',
      'x INT',
      's STRING NOT NULL',
      'y INT',
    ]);
    session.run('ALTER TABLE a MODIFY (s STRING AFTER ts, y AS x * 2)');
    expect(names(session)).toEqual(['ts', 's', 'x', 'y']);
    session.run('ALTER TABLE a DROP WATERMARK');
    session.run('ALTER TABLE a DROP (ts, y)');
    session.run('ALTER TABLE a RENAME s TO name');
    session.run("ALTER TABLE a SET ('k' = 'v')");
    session.run("ALTER TABLE a RESET ('connector2')");
    expect(session.catalog.resolve(['a'])).toMatchObject({
      options: { connector: 'x', k: 'v' },
      primaryKey: { columns: ['name'] },
    });
    session.run('ALTER TABLE a RENAME TO c');
    expect(() => session.run('DESCRIBE a')).toThrow();
  });
});

describe('names', () => {
  it('are looked up where the view was made', () => {
    const session = new Session('CREATE VIEW v AS SELECT x FROM a', 'CREATE DATABASE other', 'USE other');
    expect(session.columns('SELECT * FROM default_database.v')).toEqual(['x INT']);
    expect(() => session.bind('SELECT * FROM a')).toThrow(/Object 'a' not found/);
  });

  it('of a view fail when its table is gone, and a view cannot read itself', () => {
    const session = new Session('CREATE VIEW v AS SELECT x FROM a', 'CREATE VIEW w AS SELECT x FROM v');
    session.run('ALTER VIEW v AS SELECT x FROM w');
    expect(() => session.bind('SELECT * FROM v')).toThrow(/reads itself/);
    session.run('ALTER VIEW v AS SELECT x FROM a');
    session.run('DROP TABLE a');
    expect(() => session.bind('SELECT * FROM w')).toThrow(/Object 'a' not found/);
  });

  it('of temporary tables hide others', () => {
    const session = new Session("CREATE TEMPORARY TABLE a (hidden INT) WITH ('connector' = 'x')");
    expect(session.columns('SELECT * FROM a')).toEqual(['hidden INT']);
    session.run('DROP TEMPORARY TABLE a');
    expect(session.columns('SELECT * FROM a')).toEqual(['x INT', 's STRING']);
  });

  it('are listed by SHOW', () => {
    const session = new Session('CREATE VIEW v AS SELECT x FROM a', 'CREATE DATABASE other');
    const list = (sql: string) => session.run(sql).rows.map(([name]) => name);
    expect(list('SHOW TABLES')).toEqual(['a', 'b', 'nested', 'nums', 'orders', 'strict', 'v']);
    expect(list("SHOW TABLES LIKE 'n%'")).toEqual(['nested', 'nums']);
    expect(list("SHOW TABLES NOT LIKE '%s%'")).toEqual(['a', 'b', 'v']);
    expect(list('SHOW VIEWS')).toEqual(['v']);
    expect(list('SHOW TABLES FROM other')).toEqual([]);
    expect(list('SHOW DATABASES')).toEqual(['default_database', 'other']);
    expect(list("SHOW COLUMNS FROM orders LIKE 'p%'")).toEqual(['price', 'pt']);
    expect(list('SHOW FUNCTIONS')).toContain('upper');
    expect(session.run('SHOW CURRENT DATABASE')).toMatchObject({
      fields: [{ name: 'current database name' }],
      rows: [['default_database']],
    });
  });
});

describe('SET', () => {
  it('changes settings, and RESET changes them back', () => {
    const session = new Session();
    expect(session.run("SET 'a.b' = 'c'").ok).toBe(true);
    expect(session.run('SET').rows).toEqual([['a.b', 'c']]);
    session.run('RESET');
    expect(session.run('SET').rows).toEqual([]);
  });
});
