// node w3.mjs FILE: the work of w2 as SQL. Transactions of 5000 and more, summed per name and minute of event time.
import { tableEnv } from 'streambook';

const [file] = process.argv.slice(2);
const t = tableEnv();
t.executeSql(`CREATE TABLE tx (card STRING, name STRING, id BIGINT, amount INT, direction STRING, \`time\` BIGINT,
  ts AS TO_TIMESTAMP_LTZ(\`time\`, 3), WATERMARK FOR ts AS ts - INTERVAL '3' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${file}', 'format' = 'csv')`);
let n = 0;
let total = 0;
for await (const row of t
  .sqlQuery(`SELECT name, window_start, window_end, SUM(amount) AS s
    FROM TABLE(TUMBLE(TABLE tx, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    WHERE amount >= 5000 GROUP BY name, window_start, window_end`)
  .execute()) {
  if (n++ === 0) console.log(`${row.name},${row.window_start},${row.s}`);
  total += /** @type {number} */ (row.s);
}
console.log(`END results=${n} total=${total}`);
