import { expect, test } from 'vitest';
import { printed, useKernel } from './kernel.js';

const notebook = useKernel();

test('functions of cells travel to a cluster, and are refused by cell and line', async () => {
  const { kernel } = notebook;
  await kernel.execute(`import { tableEnv, Timestamp, type, udf } from 'streambook';
const t = tableEnv();
const orders = t.fromRows([{ name: 'Ann', price: 10 }], { schema: { name: type.string(), price: type.int() } });
const sent = (table) => console.log(table.explain().split('== Flink SQL ==')[1]);
let least: number = 5;`);
  const refused = await kernel.execute(`import { seconds } from 'streambook';
const isLarge = (order: { price: number }): boolean => {

  let sum = 0;
  for (const x of [1, 2]) sum += x;
  return order.price + sum > least;
};
const later = (order: { price: number }) => order.price > seconds(1);
const stamp = (order: { name: string }) => Timestamp.parse(order.name).ms > 0;
sent(orders.filter(udf(isLarge)));
sent(orders.filter(udf(later)));
sent(orders.filter(udf(stamp)));`);
  expect(printed(refused)).toMatch(/`least` is a variable outside of it[\s\S]*at cell \[2\], line 6, column \d+\n/);
  expect(printed(refused)).toMatch(/`seconds` is imported[\s\S]*at cell \[2\], line 8, column 59\n/);
  expect(printed(refused)).toContain("js('BOOLEAN NOT NULL', <stamp>, t0.name)");
  const taken = await kernel.execute(`const limit = 3;
function over(order: { price: number }) { return order.price > limit && order.price > least; }
sent(orders.filter(udf(over)));
sent(orders.filter(udf(over, { captured: { limit, least } })));
sent(orders.filter(udf(isLarge, { captured: { least } })));
least = 100;
console.log(await orders.filter(udf(isLarge, { captured: { least: 5 } })).execute().rows());
const back = { limit, least };`);
  expect(printed(taken)).toMatch(/`limit` is a variable outside of it[\s\S]*at cell \[3\], line 2, column 64\n/);
  expect(printed(taken)).toContain('WHERE ((COALESCE(t0.price, 0) > 3) AND (COALESCE(t0.price, 0) > 5))');
  // What makes a loop stoppable stays in the kernel.
  expect(printed(taken)).toContain("js('BOOLEAN NOT NULL', <isLarge>, t0.price)");
  expect(printed(taken)).not.toContain('__streambook__');
  expect(printed(taken)).toContain("[ { name: 'Ann', price: 10 } ]");
});
