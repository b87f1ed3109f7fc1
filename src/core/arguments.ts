import { inspect } from 'node:util';
import { ArgumentError } from './errors.js';

/** What was given, as messages quote it: a text with its quotes, so that `'5'` and `5` can be told apart. */
export function quoted(value: unknown): string {
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? `the class ${value.name}` : 'a function';
  const text = inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 60 });
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

/**
 * Checks that an argument is a length of time in ms: `'5'` would be put together with other texts instead of added.
 *
 * @param what as the message begins: `allowedLateness`, `TumblingEventTimeWindows: the size`
 * @param least default: 0 is enough
 */
export function checkDuration(what: string, value: unknown, least: 'from 0' | 'above 0' = 'from 0'): void {
  if (typeof value === 'number' && (least === 'above 0' ? value > 0 : value >= 0)) return;
  throw new ArgumentError(`${what} is ${quoted(value)}, not a duration ${least} ms`, {
    hint: 'seconds(5), minutes(1), or a number of milliseconds',
  });
}

/** Checks that an argument is a whole number. @param most default: as large as numbers are exact */
export function checkInteger(what: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new ArgumentError(`${what} is ${quoted(value)}, not a whole number ${range}`);
}

/** Checks that an option is one of a few words, or left out. */
export function checkWord(what: string, value: unknown, words: readonly string[]): void {
  if (value === undefined || words.includes(value as string)) return;
  throw new ArgumentError(`${what} is ${quoted(value)}, none of ${words.map((word) => `'${word}'`).join(', ')}`);
}
