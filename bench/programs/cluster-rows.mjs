// node cluster-rows.mjs streambook|gateway GATEWAY ROWS: reads rows of a real Flink, by cluster() or by a bare loop.
import { cluster } from 'streambook';
import { readBare } from '../cluster/gateway.mjs';

const [, , who = '', gateway = '', rows = ''] = process.argv;
const wanted = Number(rows);

const table = `CREATE TABLE many (id INT, name STRING, amount DOUBLE, n INT, flag BOOLEAN, ts TIMESTAMP(3)) WITH (
  'connector' = 'datagen', 'number-of-rows' = '${rows}', 'rows-per-second' = '100000000', 'fields.name.length' = '10')`;
const query = 'SELECT id, name, amount, n, flag, ts FROM many';

let count = 0;
let began = 0;
let peak = 0;
/** Memory in use when a quarter was read, and at the end: the least of what was seen around there. */
const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

function seen() {
  const { rss, heapUsed } = process.memoryUsage();
  peak = Math.max(peak, rss);
  const quarter = Math.floor((4 * count) / (wanted + 1));
  if (quarter === 1) least[0] = Math.min(least[0] ?? 0, heapUsed);
  if (quarter === 3) least[1] = Math.min(least[1] ?? 0, heapUsed);
}

if (who === 'gateway') {
  await readBare(gateway, [table, query], (page) => {
    if (count === 0) {
      began = performance.now();
      console.log(page[0]?.fields[1]);
    }
    count += page.length;
    seen();
    return true;
  });
} else {
  const flink = await cluster(gateway);
  const result = await flink.execute((t) => {
    t.executeSql(table);
    return t.sqlQuery(query);
  });
  for await (const row of result) {
    if (count++ === 0) {
      began = performance.now();
      console.log(row.name);
    }
    if (count % 1000 === 0) seen();
  }
  await flink.close();
}
const ms = performance.now() - began;
const grown = ((least[1] ?? 0) - (least[0] ?? 0)) / 1e6;
console.log(
  `END rows=${count} rowsPerSecond=${Math.round((count * 1000) / ms)} heapGrowthMb=${grown.toFixed(1)} rssMb=${Math.round(peak / 1e6)}`,
);
