// node --expose-gc tracing.mjs words|windows FIRST SECOND LINES: two jobs in one process, each traced (`on`) or not (`off`).
// Prints the rate of the second one in its second half.
import { monotonousTimestamps, streamEnv, TumblingEventTimeWindows } from 'streambook';
import { ownTime } from './own-time.mjs';

const [program, first, second, count] = process.argv.slice(2);
const lines = Number(count);
const TEXT = Array.from({ length: 997 }, (_, i) =>
  Array.from({ length: 8 }, (_, j) => `word${(i * 31 + j * j * 17) % 5000}`).join(' '),
);
const seen = { results: 0, sum: 0 };
let began = 0;

/**
 * @param {string | undefined} trace
 * @param {number} lines
 */
async function run(trace, lines) {
  seen.results = seen.sum = 0;
  const env = streamEnv({ trace: trace === 'on' });
  const words = env
    .fromSequence(0, lines - 1)
    .map((i) => {
      if (i === lines >> 1) began = ownTime();
      return { text: /** @type {string} */ (TEXT[i % 997]), ts: i };
    })
    .flatMap(({ text, ts }) => text.split(' ').map((word) => ({ word, n: 1, ts })));
  const results =
    program === 'words'
      ? words.keyBy((w) => w.word).reduce((a, b) => ({ word: a.word, n: a.n + b.n, ts: b.ts }))
      : words
          .assignTimestampsAndWatermarks(monotonousTimestamps((w) => w.ts))
          .keyBy((w) => w.word)
          .window(TumblingEventTimeWindows.of(5000))
          .reduce((a, b) => ({ word: a.word, n: a.n + b.n, ts: b.ts }));
  results.forEach((w) => {
    seen.results++;
    seen.sum += program === 'words' ? 1 : w.n;
  });
  await env.execute('tracing');
}

await run(first, 20_000);
// A trace that nobody looks at any more is garbage, and a collector at work on it takes from whatever runs then.
/** @type {() => void} */ (globalThis.gc)();
console.log('warm');
await run(second, lines);
console.log(`END sum=${seen.sum} rate=${Math.round((4000 * lines) / (ownTime() - began))}`);
