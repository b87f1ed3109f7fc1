import { expect, test } from 'vitest';
import { tableEnv } from '../../../src/table/index.js';

const SINKS = {
  kafka: "'connector' = 'kafka', 'topic' = 't', 'format' = 'json'",
  filesystem: "'connector' = 'filesystem', 'path' = 'out', 'format' = 'csv'",
};
const TAKERS = {
  print: "'connector' = 'print'",
  blackhole: "'connector' = 'blackhole'",
  'upsert-kafka': "'connector' = 'upsert-kafka', 'topic' = 't', 'key.format' = 'json', 'value.format' = 'json'",
};

const QUERIES: readonly (readonly [query: string, why: RegExp])[] = [
  ['SELECT id, COUNT(*) FROM g GROUP BY id', /GROUP BY without a window[\s\S]*upsert-kafka/],
  [
    'SELECT id, rn FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY n ORDER BY id DESC) AS rn FROM g) WHERE rn <= 2',
    /a Top-N takes a row back[\s\S]*window Top-N/,
  ],
  [
    'SELECT id, rn FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY n ORDER BY pt DESC) AS rn FROM g) WHERE rn = 1',
    /the last row of a key takes the place[\s\S]*Keep the first/,
  ],
  ['SELECT g.id, CAST(h.n AS BIGINT) FROM g LEFT JOIN g AS h ON g.id = h.n', /filled with NULLs[\s\S]*interval join/],
  ['SELECT id, n FROM changing', /changes its own rows[\s\S]*'connector' = 'print'/],
];

function env() {
  const t = tableEnv();
  t.executeSql("CREATE TABLE g (id INT, n BIGINT, pt AS PROCTIME()) WITH ('connector' = 'datagen')");
  t.executeSql(
    `CREATE TABLE changing (id INT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH (${TAKERS['upsert-kafka']})`,
  );
  return t;
}

test.each(Object.entries(SINKS))(
  '%s says before the job that it takes no changes, why there are any, and what would help',
  (_, options) => {
    const t = env();
    t.executeSql(`CREATE TABLE s (id INT, c BIGINT) WITH (${options})`);
    for (const [query, why] of QUERIES) {
      expect(() => t.explainSql(`INSERT INTO s ${query}`)).toThrow(
        /`default_catalog.default_database.s` only takes new rows/,
      );
      expect(() => t.explainSql(`INSERT INTO s ${query}`)).toThrow(why);
    }
    expect(() => t.explainSql('INSERT INTO s SELECT id, n FROM g')).not.toThrow();
  },
);

test.each(Object.entries(TAKERS))('%s takes them', (_, options) => {
  const t = env();
  t.executeSql(`CREATE TABLE s (id INT, c BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH (${options})`);
  for (const [query] of QUERIES) expect(() => t.explainSql(`INSERT INTO s ${query}`)).not.toThrow();
});
