// node sql-join.mjs ROWS: an inner join of two inputs of so many rows, one match each; resident memory per row kept.
import { tableEnv } from 'streambook';

const rows = Number(process.argv[2]);
const t = tableEnv();
for (const name of ['l', 'r']) {
  t.executeSql(`CREATE TABLE ${name} (id BIGINT, amount INT) WITH ('connector' = 'datagen', 'number-of-rows' = '${rows}',
    'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '${rows - 1}',
    'fields.amount.min' = '3', 'fields.amount.max' = '3', 'rows-per-second' = '1000000000')`);
}
const before = process.memoryUsage.rss();
let joined = 0;
let total = 0;
let peak = 0;
for await (const row of t.sqlQuery('SELECT l.id, l.amount + r.amount AS s FROM l JOIN r ON l.id = r.id').execute()) {
  if (joined++ === 0) console.log(`${row.id},${row.s}`);
  total += /** @type {number} */ (row.s);
  if (joined % 262_144 === 0) peak = Math.max(peak, process.memoryUsage.rss());
}
const bytes = Math.round((Math.max(peak, process.memoryUsage.rss()) - before) / (2 * rows));
console.log(`END joined=${joined} total=${total} bytesPerRow=${bytes}`);
