// The input files of w1 and w2, made from a seed when they are first needed, under .streambook/bench/.

import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PythonRandom } from './random.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '.streambook', 'bench');
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** @param {number} count */
function* wordLines(count) {
  const random = new PythonRandom(42);
  const vocabulary = [];
  for (let i = 0; i < 20000; i++) {
    let word = '';
    for (let n = random.randint(2, 10); n > 0; n--) word += random.choice(LETTERS);
    vocabulary.push(word);
  }
  const cumulative = new Float64Array(vocabulary.length);
  let total = 0;
  for (let i = 0; i < vocabulary.length; i++) {
    total += 1 / (i + 10);
    cumulative[i] = total;
  }
  for (let i = 0; i < count; i++) {
    const words = [];
    for (let n = 0; n < 10; n++) words.push(vocabulary[random.weighted(cumulative)]);
    yield `${words.join(' ')}\n`;
  }
}

/** @param {number} count */
function* transactions(count) {
  const random = new PythonRandom(7);
  const begin = 1700000000000;
  const names = Array.from({ length: 50 }, (_, i) => `name${String(i).padStart(2, '0')}`);
  for (let i = 0; i < count; i++) {
    const time = begin + Math.floor((i * 50) / 3) - random.randint(0, 2000);
    const card = 4000000000000000 + random.randint(0, 9999);
    const name = random.choice(names);
    const amount = random.randint(1, 10000);
    yield `${card},${name},${i},${amount},${random.random() < 0.5 ? 'in' : 'out'},${time}\n`;
  }
}

/**
 * @param {string} name
 * @param {() => Generator<string>} make
 */
async function file(name, make) {
  const path = join(folder, name);
  if (existsSync(path) && statSync(path).size > 0) return path;
  mkdirSync(folder, { recursive: true });
  const half = `${path}.${process.pid}`;
  const out = createWriteStream(half);
  let block = '';
  for (const line of make()) {
    block += line;
    if (block.length < 65536) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'finish');
  renameSync(half, path);
  return path;
}

/**
 * 10 words a line.
 *
 * @param {number} lines
 */
export const wordsFile = (lines) => file(`words-${lines}.txt`, () => wordLines(lines));
/**
 * card,name,id,amount,direction,time.
 *
 * @param {number} rows
 */
export const transactionsFile = (rows) => file(`tx-${rows}.csv`, () => transactions(rows));
