// node later.mjs steps|words second|later: the same job again in one process, at once or after others have run: the cells of a
// notebook. Prints the rate of the last one.
import { boundedOutOfOrderness, seconds, streamEnv, TumblingEventTimeWindows } from 'streambook';
import { ownTime } from './own-time.mjs';

const [program, when] = process.argv.slice(2);
const EVENTS = program === 'steps' ? 20_000_000 : 4_000_000;
let sum = 0;

async function steps() {
  const env = streamEnv();
  env
    .fromSequence(1, EVENTS)
    .map((n) => n + 1)
    .filter((n) => n % 3 !== 0)
    .map((n) => ({ n }))
    .filter((one) => one.n > 5)
    .map((one) => one.n * 2)
    .forEach((n) => {
      sum += n;
    });
  await env.execute('steps');
}

async function words() {
  const env = streamEnv();
  env
    .fromSequence(1, EVENTS)
    .map((i) => ({ word: `word ${(i * 7919) % 1000}`, n: 1 }))
    .keyBy((w) => w.word)
    .reduce((a, b) => ({ word: a.word, n: a.n + b.n }))
    .forEach((w) => {
      sum += w.n;
    });
  await env.execute('words');
}

/**
 * Some jobs of each kind, with functions and records of their own.
 *
 * @param {number} i
 */
async function other(i) {
  const env = streamEnv();
  const name = `name${i}`;
  const records = env.fromSequence(1, 20_000).map((n) => ({ n, [name]: `key ${n % (i + 2)}`, time: n * 10 }));
  records
    .filter((r) => r.n % (i + 2) !== 0)
    .map((r) => [r[name], r.n])
    .keyBy(([key]) => String(key))
    .reduce((a, b) => [a[0], Number(a[1]) + Number(b[1])])
    .forEach(() => {});
  records
    .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(1), (r) => r.time))
    .keyBy((r) => String(r[name]))
    .window(TumblingEventTimeWindows.of(seconds(i + 1)))
    .reduce((a, b) => ({ ...b, n: a.n + b.n }))
    .forEach(() => {});
  await env.execute(`other ${i}`);
}

const job = program === 'steps' ? steps : words;
await job();
if (when === 'later') for (let i = 0; i < 8; i++) await other(i);
console.log('warm');
sum = 0;
const began = ownTime();
await job();
console.log(`END sum=${sum} rate=${Math.round((1000 * EVENTS) / (ownTime() - began))}`);
