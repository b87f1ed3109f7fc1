// node w2.mjs FILE split|csv: transactions of 5000 and more, summed per name and minute of event time, 3 s out of order.
import { boundedOutOfOrderness, minutes, seconds, streamEnv, TumblingEventTimeWindows, type } from 'streambook';

/** @typedef {{ card: string, name: string, id: number, amount: number, direction: string, time: number }} Transaction */

const [file, how] = process.argv.slice(2);
const path = /** @type {string} */ (file);
const env = streamEnv();
let n = 0;
let total = 0;

/** @type {import('streambook').DataStream<Transaction>} */
const transactions =
  how === 'csv'
    ? env.readCsvFile(path, {
        card: type.string(),
        name: type.string(),
        id: type.bigint(),
        amount: type.bigint(),
        direction: type.string(),
        time: type.bigint(),
      })
    : env.readTextFile(path).map((line) => {
        const [card, name, id, amount, direction, time] =
          /** @type {[string, string, string, string, string, string]} */ (line.split(','));
        return { card, name, id: +id, amount: +amount, direction, time: +time };
      });

transactions
  .filter((t) => t.amount >= 5000)
  .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(3), (t) => t.time))
  .keyBy((t) => t.name)
  .window(TumblingEventTimeWindows.of(minutes(1)))
  .aggregate(
    {
      createAccumulator: () => 0,
      add: (t, sum) => sum + t.amount,
      getResult: (sum) => sum,
      merge: (a, b) => a + b,
    },
    (name, window, [sum]) => ({ name, start: window.start, end: window.end, sum }),
  )
  .forEach((w) => {
    if (n++ === 0) console.log(`${w.name},${w.start},${w.sum}`);
    total += w.sum ?? 0;
  });
await env.execute('w2');
console.log(`END results=${n} total=${total}`);
