// node sql-groups.mjs KEYS: a GROUP BY with so many keys, each of two rows; resident memory before and after, per key.
import { tableEnv } from 'streambook';

const keys = Number(process.argv[2]);
const t = tableEnv();
t.executeSql(`CREATE TABLE orders (id BIGINT, amount INT) WITH ('connector' = 'datagen', 'number-of-rows' = '${2 * keys}',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '${2 * keys - 1}',
  'fields.amount.min' = '3', 'fields.amount.max' = '3', 'rows-per-second' = '1000000000')`);
globalThis.gc?.();
const before = process.memoryUsage.rss();
let changes = 0;
let total = 0;
let peak = 0;
for await (const row of t
  .sqlQuery(
    `SELECT k, COUNT(*) AS n, SUM(amount) AS s FROM (SELECT MOD(id, ${keys}) AS k, amount FROM orders) GROUP BY k`,
  )
  .execute()) {
  if (changes++ === 0) console.log(`${row.k},${row.n},${row.s}`);
  total += /** @type {number} */ (row.n);
  // The last changes are the second row of each key: all keys are there.
  if (changes % 262_144 === 0) peak = Math.max(peak, process.memoryUsage.rss());
}
const bytes = Math.round((Math.max(peak, process.memoryUsage.rss()) - before) / keys);
console.log(`END changes=${changes} total=${total} bytesPerKey=${bytes}`);
