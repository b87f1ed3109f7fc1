import { keyIdOf } from '../../core/keys.js';
import { classOfRow } from '../../core/rows/index.js';
import { rowToCell } from '../../core/values/index.js';
import { compact } from '../compact.js';
import { cut, joined, visible } from '../visible.js';

/** What a label need not repeat: the key and the times stand on the axes already. */
export interface Known {
  readonly key: unknown;
  readonly times: readonly number[];
  /** Moments (epoch ms) between these belong to the window. */
  readonly within?: { readonly start: number; readonly end: number };
}

const CHARACTERS = 18;
/** Numbers beyond this (1973) are moments, as far as anybody would read them. */
const SURELY_MS = 100_000_000_000;

function same(a: unknown, b: unknown): boolean {
  try {
    return keyIdOf(a) === keyIdOf(b);
  } catch {
    return false;
  }
}

function isKnown(value: unknown, { key, times, within }: Known): boolean {
  if (key !== undefined && same(value, key)) return true;
  const time =
    typeof value === 'number'
      ? value
      : value instanceof Date
        ? value.getTime()
        : (value as { ms?: unknown } | null)?.ms;
  if (typeof time !== 'number') return false;
  if (times.includes(time)) return true;
  return within !== undefined && time > SURELY_MS && time >= within.start && time <= within.end;
}

/** A value in a few characters, without what the figure says anyway: of `['a', 3]` under the key `a`, `3` is left. */
export function labelOf(value: unknown, known: Known, characters = CHARACTERS): string {
  const part = cut(text(rest(value, known)), characters);
  return joined(visible(part.text, part.hidden === 0)) + (part.hidden > 0 ? '…' : '');
}

function rest(value: unknown, known: Known): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const left = value.filter((one) => !isKnown(one, known));
    return left.length === 1 ? left[0] : left.length === 0 ? '' : left;
  }
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  const rowClass = classOfRow(value);
  if (!isPlain && rowClass === undefined) return value;
  // A FLOAT of a table is shown as 0.1, not as the double it is kept in.
  const shown = rowClass === undefined ? value : rowToCell(rowClass.schema, { bigint: 'bigint' })(value);
  const left = Object.entries(shown).filter(([, one]) => !isKnown(one, known));
  if (left.length === 0) return '';
  return left.length === 1 ? left[0]?.[1] : Object.fromEntries(left);
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return compact(value, 200).text;
}

/** What a firing put out, in a few characters. */
export function resultLabel(results: readonly unknown[], known: Known): string {
  if (results.length === 0) return 'nothing';
  if (results.length > 1) return `${results.length} results`;
  return labelOf(results[0], known);
}

/** Event time as a reader knows it; small numbers (of lessons) as they are. */
export function timeLabel(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'the end';
  if (ms === Number.NEGATIVE_INFINITY) return 'none yet';
  if (Math.abs(ms) < SURELY_MS || Math.abs(ms) > 8.64e15) return String(ms);
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '');
}

/** Moments of a figure: where all of them are on one day, without the day. */
export function clockOf(range: readonly [number, number]): (ms: number) => string {
  const [low, high] = range.map(timeLabel);
  const oneDay = /^\d{4}-\d{2}-\d{2} /.test(low ?? '') && low?.slice(0, 11) === high?.slice(0, 11);
  return (ms) => (oneDay && Number.isFinite(ms) ? timeLabel(ms).replace(/^\d{4}-\d{2}-\d{2} /, '') : timeLabel(ms));
}

/** A key as the figure writes it. */
export function keyLabel(key: unknown): string {
  return key === undefined ? '' : labelOf(key, { key: undefined, times: [] }, 40);
}
