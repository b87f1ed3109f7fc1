import { StreambookError } from '../errors.js';

/**
 * A 64-bit integer in canonical form: a `number` if and only if it is safe (|x| <= 2^53-1), otherwise a `bigint`. So
 * equal values are `===`, and the usual case costs what a number costs.
 */
export type Long = number | bigint;

/** The largest and smallest value of BIGINT. */
export const MAX_LONG = 9223372036854775807n;
export const MIN_LONG = -9223372036854775808n;

const SAFE = 9007199254740991;
const SAFE_BIG = 9007199254740991n;

/** The canonical form of any integer, wrapped to 64 bits as Java does. */
export function longOf(value: bigint): Long {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped <= SAFE_BIG && wrapped >= -SAFE_BIG ? Number(wrapped) : wrapped;
}

/** Whether `value` is a BIGINT in canonical form (`-0` is not). */
export function isLong(value: unknown): value is Long {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  return typeof value === 'bigint' && value === longOf(value) && typeof longOf(value) === 'bigint';
}

// A rounded sum, difference or product of safe integers that is itself safe was not rounded: the true value lies
// within 2^53 as well, where every integer is a double. So one comparison decides, after the operation.

/** `a + b`, wrapping at 64 bits. */
export function addLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= SAFE && sum >= -SAFE) return sum;
  }
  return longOf(BigInt(a) + BigInt(b));
}

/** `a - b`, wrapping at 64 bits. */
export function subtractLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (difference <= SAFE && difference >= -SAFE) return difference;
  }
  return longOf(BigInt(a) - BigInt(b));
}

/** `a * b`, wrapping at 64 bits. */
export function multiplyLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (product <= SAFE && product >= -SAFE) return product + 0; // -0 becomes 0
  }
  return longOf(BigInt(a) * BigInt(b));
}

/** Raised by the division of integers by zero, with Java's words. */
export class DivisionByZeroError extends StreambookError {
  constructor() {
    super('division-by-zero', '/ by zero', { hint: 'NULLIF(divisor, 0) gives NULL instead' });
  }
}

/** `a / b`, towards zero. Throws `DivisionByZeroError`. The smallest value divided by -1 wraps to itself. */
export function divideLong(a: Long, b: Long): Long {
  if (b === 0) throw new DivisionByZeroError();
  // Math.trunc(a / b) may be one off when the quotient rounds up to an integer, so the remainder goes first: it is exact.
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0;
  return longOf(BigInt(a) / BigInt(b));
}

/** `a % b`, with the sign of `a`. Throws `DivisionByZeroError`. */
export function remainderLong(a: Long, b: Long): Long {
  if (b === 0) throw new DivisionByZeroError();
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return longOf(BigInt(a) % BigInt(b));
}

/** `-a`; the smallest value wraps to itself. */
export function negateLong(a: Long): Long {
  return typeof a === 'number' ? 0 - a : longOf(-a);
}

/** Below zero, zero or above: `a` before, equal to, after `b`. */
export function compareLong(a: Long, b: Long): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Reads an integer; `undefined` when it is none, or does not fit 64 bits. Java's syntax: an optional sign, digits. */
export function parseLong(text: string): Long | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  if (text.length <= 15) return Number(text) + 0;
  const big = BigInt(text.charCodeAt(0) === 43 ? text.slice(1) : text);
  return big > MAX_LONG || big < MIN_LONG ? undefined : longOf(big);
}

/** A double as BIGINT, as Java casts: towards zero, NaN is 0, beyond the range its end. */
export function longOfDouble(value: number): Long {
  if (Number.isNaN(value)) return 0;
  if (value >= 2 ** 63) return MAX_LONG;
  if (value <= -(2 ** 63)) return MIN_LONG;
  const whole = Math.trunc(value) + 0;
  return whole <= SAFE && whole >= -SAFE ? whole : BigInt(whole);
}
