// node words-fast.mjs FILE: word count as one would write it by hand for speed alone. No object per record, no stages: the
// bytes are searched for separators, and a table of counters is all there is.
import { closeSync, openSync, readSync } from 'node:fs';

const SPACE = 32;
const LINE_END = 10;

/** @type {Map<string, { count: number }>} */
const counters = new Map();
let words = 0;

/** @param {string} word */
function count(word) {
  const counter = counters.get(word);
  if (counter === undefined) counters.set(word, { count: 1 });
  else counter.count++;
  if (words++ === 0) console.log(`${word},1`);
}

const file = openSync(/** @type {string} */ (process.argv[2]), 'r');
const block = Buffer.allocUnsafe(1024 * 1024);
let carried = '';
for (let length = readSync(file, block); length > 0; length = readSync(file, block)) {
  const text = carried + block.toString('latin1', 0, length);
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== LINE_END) continue;
    if (at > begin) count(text.slice(begin, at));
    begin = at + 1;
  }
  carried = text.slice(begin);
}
if (carried !== '') count(carried);
closeSync(file);

let sumsq = 0;
for (const counter of counters.values()) sumsq += counter.count ** 2;
console.log(`END words=${words} distinct=${counters.size} sumsq=${sumsq}`);
