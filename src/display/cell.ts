import { compact, exactNumber } from './compact.js';
import { cut, type Segment, visible } from './visible.js';

/** A place in a row that has no value at all: the record has no such key. */
export const MISSING: unique symbol = Symbol('missing');

/** What one cell of a table shows. */
export interface Cell {
  readonly segments: readonly Segment[];
  /** `nothing` is `null` or `undefined`, set apart from strings that read the same. */
  readonly kind: 'text' | 'number' | 'nothing';
  /** Said after the text, in a lighter tone: `… 812 more characters`. */
  readonly more?: string;
}

// A string that reads like a value of another type stands in quotes; so does one that already looks quoted like that.
const LIKE_NOTHING = /^'*(?:null|undefined)?'*$/;
const LIKE_OTHER =
  /^'*(?:null|undefined|true|false|[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?n?|NaN|-?Infinity)?'*$/;

const OBJECT_BUDGET = 10_000;
// Made when the first count is written: it takes milliseconds, which an import would pay.
let numbers: Intl.NumberFormat | undefined;

/** 1234567 as `1,234,567`; for counts, never for data. */
export function grouped(count: number | bigint): string {
  numbers ??= new Intl.NumberFormat('en-US');
  return numbers.format(count);
}

/** `1 row`, `1,200 rows`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function textCell(text: string, max: number, whole: boolean): Cell {
  const part = cut(text, max);
  const segments = visible(part.text, part.hidden === 0);
  if (part.hidden > 0) {
    const more = `… ${whole ? '' : 'over '}${counted(part.hidden, 'more character')}`;
    return { segments, kind: 'text', more };
  }
  return whole ? { segments, kind: 'text' } : { segments, kind: 'text', more: '…' };
}

/**
 * The cell of one value.
 *
 * @param mixed the column holds other things than strings, so that `'1'` and `1` must look different
 */
export function cellOf(value: unknown, max: number, mixed: boolean): Cell {
  if (value === MISSING) return { segments: [], kind: 'nothing' };
  if (value === null || value === undefined) {
    return { segments: [{ text: String(value), mark: false }], kind: 'nothing' };
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = exactNumber(value);
    return text.length > max ? textCell(text, max, true) : { segments: [{ text, mark: false }], kind: 'number' };
  }
  if (typeof value === 'string') {
    const confusing = value.length < 40 && (mixed ? LIKE_OTHER : LIKE_NOTHING).test(value);
    return textCell(confusing ? `'${value}'` : value, max, true);
  }
  const { text, whole } = compact(value, OBJECT_BUDGET);
  return textCell(text, max, whole);
}
