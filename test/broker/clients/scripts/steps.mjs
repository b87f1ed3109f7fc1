// What the scripts in JavaScript share: each step prints a line of JSON, its name and what came of it.

import { createHash } from 'node:crypto';

/** @type {[broker: string, prefix: string]} */
const [broker = '', prefix = ''] = /** @type {[string, string]} */ (process.argv.slice(2));

export { broker };

/**
 * A topic's, group's or transactional id's name of this run.
 *
 * @param {string} name
 */
export const own = (name) => `${prefix}-${name}`;

/** @param {string} text @returns {string} the same in every run */
export const anonymous = (text) => text.replaceAll(prefix, 'P').replaceAll(broker, 'BROKER');

/**
 * Does something and prints what came of it, an error too.
 *
 * @param {string} name
 * @param {() => unknown} action
 */
export async function step(name, action) {
  let answer;
  try {
    answer = (await within(Promise.resolve(action()), 30_000)) ?? null;
  } catch (error) {
    answer = { error: describe(error) };
  }
  const line = JSON.stringify({ step: name, answer }, (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  process.stdout.write(`${anonymous(line)}\n`);
}

/**
 * @param {any} error
 * @returns {string} the first name in the chain of causes that Kafka's protocol has, or the error's own words
 */
function describe(error) {
  for (let cause = error; cause; cause = cause.cause ?? cause.errors?.[0] ?? cause.originalError) {
    if (typeof cause.type === 'string') return cause.type;
    if (typeof cause.apiId === 'string') return cause.apiId;
  }
  return String(error?.message ?? error).split('\n', 1)[0] ?? '';
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @returns {Promise<T>}
 */
export async function within(promise, ms) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, ms, new Error(`no answer within ${ms / 1000} s`));
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until something holds.
 *
 * @param {() => unknown} condition
 * @param {() => unknown} [state] what to say when it does not come to hold
 */
export async function until(condition, state = () => '') {
  const end = Date.now() + 25_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${JSON.stringify(state())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** @param {number} count @param {string} text @returns {string[]} `text-0`, `text-1`, ... */
export const numbered = (count, text) => Array.from({ length: count }, (_, i) => `${text}-${i}`);

/**
 * A long answer in short: how many, the first and the last, and a checksum.
 *
 * @param {readonly unknown[]} list
 */
export const digest = (list) =>
  `${list.length}: ${list[0]} .. ${list.at(-1)}, ${createHash('sha1')
    .update(anonymous(list.join('\n')))
    .digest('hex')
    .slice(0, 8)}`;
