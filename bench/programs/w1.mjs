// node w1.mjs FILE reduce|sum: words of a text, counted per word; every update comes out.
import { streamEnv } from 'streambook';

const [file, how] = process.argv.slice(2);
const env = streamEnv();
// The square of a count is the sum of the first so many odd numbers: no table of the final counts is needed.
const seen = { words: 0, sumsq: 0 };
/** @param {string} line @param {import('streambook').Collector<{ word: string, n: number }>} out */
const toWords = (line, out) => {
  for (const word of line.split(' ')) if (word !== '') out.collect({ word, n: 1 });
};
const counts = env
  .readTextFile(/** @type {string} */ (file))
  .flatMap(toWords)
  .keyBy((w) => w.word);
(how === 'sum' ? counts.sum('n') : counts.reduce((a, b) => ({ word: a.word, n: a.n + b.n }))).forEach((w) => {
  if (seen.words++ === 0) console.log(`${w.word},${w.n}`);
  seen.sumsq += 2 * w.n - 1;
});
await env.execute('w1');
console.log(`END words=${seen.words} sumsq=${seen.sumsq}`);
