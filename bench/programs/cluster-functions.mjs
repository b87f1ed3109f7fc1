// node cluster-functions.mjs numeric|filter|text sql|function GATEWAY ROWS: the same over rows that Flink makes itself, as
// an expression of SQL and as a function of TypeScript.
import { cluster } from 'streambook';
import { readBare } from '../cluster/gateway.mjs';

const [, , task = '', who = '', gateway = '', rows = ''] = process.argv;
const wanted = Number(rows);

const MAIL = '^(\\w+)-(\\d+)@(\\w+)\\..*$';

/**
 * What is computed of each row, twice, and what the sum of it is.
 *
 * @type {Record<string, { sql: string, function: string, of: (id: number) => number }>}
 */
const TASKS = {
  numeric: {
    sql: 'SELECT id * 2 + 1 AS x FROM many',
    function: "SELECT js('BIGINT', 'n => n * 2 + 1', id) AS x FROM many",
    of: (id) => id * 2 + 1,
  },
  filter: {
    sql: 'SELECT id AS x FROM many WHERE MOD(id, 10) < 3',
    function: "SELECT id AS x FROM many WHERE js('BOOLEAN', 'n => n % 10 < 3', id)",
    of: (id) => (id % 10 < 3 ? id : 0),
  },
  text: {
    sql: `SELECT CHAR_LENGTH(REGEXP_EXTRACT(mail, '${MAIL}', 3) || '/' || REGEXP_EXTRACT(mail, '${MAIL}', 2)) AS x FROM mails`,
    function: `SELECT CHAR_LENGTH(js('STRING', 's => s.replace(/${MAIL}/, "$3/$2")', mail)) AS x FROM mails`,
    of: (id) => `host${id % 7}/${id}`.length,
  },
};
const { of, ...texts } = /** @type {(typeof TASKS)[string]} */ (TASKS[task]);
const query = texts[/** @type {'sql' | 'function'} */ (who)];

console.log(`${task} by ${who}`);
const answers = /** @type {unknown[]} */ ([]);
await readBare(
  gateway,
  [
    "SET 'execution.runtime-mode' = 'batch'",
    "CREATE TEMPORARY SYSTEM FUNCTION js AS 'dev.streambook.js.JsScalar'",
    `CREATE TABLE many (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '100000000', 'number-of-rows' = '${wanted}',
      'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '${wanted}')`,
    `CREATE TEMPORARY VIEW mails AS SELECT 'user-' || CAST(id AS STRING) || '@host' || CAST(MOD(id, 7) AS STRING)
      || '.example' AS mail FROM many`,
    `SELECT SUM(x) FROM (${query})`,
  ],
  (page) => answers.push(...page.map(({ fields }) => fields[0])) < 1,
);
let sum = 0;
for (let id = 1; id <= wanted; id++) sum += of(id);
if (answers.length !== 1 || Number(answers[0]) !== sum) throw new Error(`got ${answers}, and not ${sum}`);

const flink = await cluster(gateway);
const [job] = await flink.jobs();
const answer = await fetch(`${await flink.webUi()}/jobs/${job?.id}`);
const { duration } = /** @type {{ duration: number }} */ (await answer.json());
await flink.close();
console.log(`END rows=${wanted} rowsPerSecond=${Math.round((wanted * 1000) / duration)}`);
