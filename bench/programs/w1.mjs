// node w1.mjs FILE reduce|sum: words of a text, counted per word; every update comes out.
import { streamEnv } from 'streambook';

const [file, how] = process.argv.slice(2);
const env = streamEnv();
let n = 0;
let sumsq = 0;
const counts = env
  .readTextFile(/** @type {string} */ (file))
  .flatMap((line) => {
    const words = [];
    for (const word of line.split(' ')) if (word) words.push({ word, n: 1 });
    return words;
  })
  .keyBy((w) => w.word);
(how === 'sum' ? counts.sum('n') : counts.reduce((a, b) => ({ word: a.word, n: a.n + b.n }))).forEach((w) => {
  if (n++ === 0) console.log(`${w.word},${w.n}`);
  // The square of a count is the sum of the first so many odd numbers: no table of the final counts is needed.
  sumsq += 2 * w.n - 1;
});
await env.execute('w1');
console.log(`END words=${n} sumsq=${sumsq}`);
