// node sql-first.mjs: from the call to the first row of a SELECT over VALUES, parse and planning included, in a process that
// has just begun.
import { tableEnv } from 'streambook';

const began = performance.now();
const t = tableEnv();
let ms = 0;
let rows = 0;
for await (const row of t
  .sqlQuery("SELECT name, amount * 2 AS twice FROM (VALUES ('Ann', 1), ('Bob', 2)) AS t(name, amount) WHERE amount > 0")
  .execute()) {
  if (rows++ === 0) ms = performance.now() - began;
  console.log(row.name, row.twice);
}
console.log(`END rows=${rows} ms=${ms.toFixed(2)}`);
