// node words-objects.mjs FILE: word count in plain JavaScript, in the way of an engine: a record with a value and a
// timestamp for everything, and a function for each stage.
import { createReadStream } from 'node:fs';

/** @typedef {{ value: { word: string, count: number }, timestamp: number | null }} Counted */

/** @param {string} path */
async function* linesOf(path) {
  let carried = '';
  for await (const block of createReadStream(path, 'latin1')) {
    const lines = (carried + block).split('\n');
    carried = lines.pop() ?? '';
    yield lines;
  }
  if (carried !== '') yield [carried];
}

/** @param {string} line */
const toRecord = (line) => ({ value: line, timestamp: null });

/** @param {{ value: string, timestamp: number | null }} record @returns {Generator<Counted>} */
function* toWords(record) {
  for (const word of record.value.split(' ')) {
    if (word !== '') yield { value: { word, count: 1 }, timestamp: record.timestamp };
  }
}

/** @type {Map<string, number>} */
const state = new Map();

/** @param {Counted} record @returns {Counted} */
function rollingCount(record) {
  const { word, count } = record.value;
  const total = (state.get(word) ?? 0) + count;
  state.set(word, total);
  return { value: { word, count: total }, timestamp: record.timestamp };
}

let results = 0;

/** @param {Counted} record */
function sink(record) {
  if (results++ === 0) console.log(`${record.value.word},${record.value.count}`);
}

for await (const lines of linesOf(/** @type {string} */ (process.argv[2]))) {
  for (const line of lines) for (const word of toWords(toRecord(line))) sink(rollingCount(word));
}

let sumsq = 0;
for (const count of state.values()) sumsq += count * count;
console.log(`END words=${results} distinct=${state.size} sumsq=${sumsq}`);
