import { DivisionByZeroError } from './long.js';

/** The ranges of the small integers. They wrap, as Java's do. */
export const INTEGER_RANGES = {
  TINYINT: [-128, 127],
  SMALLINT: [-32768, 32767],
  INT: [-2147483648, 2147483647],
} as const;

/** Wraps to 8, 16 or 32 bits with a sign. The arguments are integers, at most 2^53 in magnitude. */
export const wrapTinyint = (value: number): number => (value << 24) >> 24;
export const wrapSmallint = (value: number): number => (value << 16) >> 16;
export const wrapInt = (value: number): number => value | 0;

/** 32-bit arithmetic. Products need `Math.imul`: a double loses their low bits. */
export const addInt = (a: number, b: number): number => (a + b) | 0;
export const subtractInt = (a: number, b: number): number => (a - b) | 0;
export const multiplyInt = (a: number, b: number): number => Math.imul(a, b);
/** Towards zero; -2147483648 / -1 wraps. Throws `DivisionByZeroError`. */
export function divideInt(a: number, b: number): number {
  if (b === 0) throw new DivisionByZeroError();
  return (a / b) | 0;
}
/** With the sign of `a`. Throws `DivisionByZeroError`. */
export function remainderInt(a: number, b: number): number {
  if (b === 0) throw new DivisionByZeroError();
  return (a % b) | 0;
}

/** A double as INT, as Java casts: towards zero, NaN is 0, beyond the range its end. */
export function intOfDouble(value: number): number {
  if (value >= 2147483647) return 2147483647;
  if (value <= -2147483648) return -2147483648;
  return value | 0;
}
