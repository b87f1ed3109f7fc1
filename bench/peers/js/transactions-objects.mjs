// node transactions-objects.mjs FILE: sums per name and minute in plain JavaScript, in the way of an engine: a record with a
// value and a timestamp for everything, a function for each stage, an object of state for each name and window.
import { createReadStream } from 'node:fs';

const MINUTE = 60_000;
const OUT_OF_ORDER = 3000;

/** @typedef {{ card: string, name: string, id: number, amount: number, direction: string, time: number }} Transaction */
/** @typedef {{ name: string, start: number, end: number, sum: number }} Sum */
/**
 * @template T
 * @typedef {{ value: T, timestamp: number }} Stamped
 */

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

/** @param {string} line @returns {Stamped<Transaction>} */
function parse(line) {
  const [card, name, id, amount, direction, time] = /** @type {[string, string, string, string, string, string]} */ (
    line.split(',')
  );
  return { value: { card, name, id: +id, amount: +amount, direction, time: +time }, timestamp: +time };
}

/** @type {Map<string, Sum>} by name and window */
const state = new Map();
let latest = Number.NEGATIVE_INFINITY;
let firstEnd = Number.POSITIVE_INFINITY;
let rows = 0;
let results = 0;
let total = 0;
let late = 0;

/** @param {Stamped<Sum>} record */
function sink(record) {
  if (results++ === 0) console.log(JSON.stringify(record.value));
  total += record.value.sum;
}

/** @param {Stamped<Transaction>} record */
function addToWindow({ value, timestamp }) {
  const start = timestamp - (timestamp % MINUTE);
  const end = start + MINUTE;
  if (end - 1 <= latest - OUT_OF_ORDER - 1) {
    late++;
    return;
  }
  const key = `${value.name}|${start}`;
  const sum = state.get(key);
  if (sum !== undefined) {
    sum.sum += value.amount;
    return;
  }
  state.set(key, { name: value.name, start, end, sum: value.amount });
  if (end - 1 < firstEnd) firstEnd = end - 1;
}

/** @param {number} watermark */
function advance(watermark) {
  if (watermark < firstEnd) return;
  firstEnd = Number.POSITIVE_INFINITY;
  for (const [key, sum] of state) {
    if (sum.end - 1 <= watermark) {
      state.delete(key);
      sink({ value: { ...sum }, timestamp: sum.end - 1 });
    } else if (sum.end - 1 < firstEnd) firstEnd = sum.end - 1;
  }
}

for await (const lines of linesOf(/** @type {string} */ (process.argv[2]))) {
  for (const line of lines) {
    const record = parse(line);
    rows++;
    if (record.value.amount >= 5000) addToWindow(record);
    if (record.timestamp > latest) {
      latest = record.timestamp;
      advance(latest - OUT_OF_ORDER - 1);
    }
  }
}
advance(Number.POSITIVE_INFINITY);
console.log(`END rows=${rows} results=${results} total=${total} late=${late}`);
