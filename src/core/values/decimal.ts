import { ArgumentError } from '../errors.js';
import { DivisionByZeroError } from './long.js';

/**
 * A DECIMAL(p, s) as the whole number of its last digit's units: 12.50 as DECIMAL(10, 2) is 1250. A safe `number` up
 * to precision 15, a `bigint` beyond: which of the two, the type decides and not the value.
 */
export type Decimal = number | bigint;

/** Precision and scale. */
export interface DecimalShape {
  readonly precision: number;
  readonly scale: number;
}

/** Up to this precision a DECIMAL is a `number`. */
export const COMPACT_PRECISION = 15;
/** The largest precision there is. */
export const MAX_PRECISION = 38;

const POWERS: bigint[] = [1n];
for (let i = 1; i <= 80; i++) POWERS.push((POWERS[i - 1] as bigint) * 10n);

/** 10^n as a bigint. */
export function powerOfTen(n: number): bigint {
  return POWERS[n] ?? 10n ** BigInt(n);
}

/** `numerator / denominator`, rounded half away from zero (Java's HALF_UP). */
function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice < (denominator < 0n ? -denominator : denominator)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

/** Units of 10^-scale as units of 10^-to, rounded HALF_UP. */
function rescale(units: bigint, scale: number, to: number): bigint {
  return to >= scale ? units * powerOfTen(to - scale) : divideHalfUp(units, powerOfTen(scale - to));
}

/** Units at `scale` as a value of `shape`: rounded HALF_UP; `null` when it does not fit, as in Flink. */
export function decimalOfUnits(units: bigint, scale: number, shape: DecimalShape): Decimal | null {
  const scaled = rescale(units, scale, shape.scale);
  const limit = powerOfTen(shape.precision);
  if (scaled >= limit || scaled <= -limit) return null;
  return shape.precision <= COMPACT_PRECISION ? Number(scaled) : scaled;
}

const TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * Reads a decimal: digits, an optional point, an optional exponent.
 *
 * @returns `undefined` when it is not a number, `null` when it does not fit `shape` after rounding HALF_UP
 */
export function parseDecimal(text: string, shape: DecimalShape): Decimal | null | undefined {
  const found = TEXT.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const digits = `${whole}${fraction}`;
  if (digits === '') return undefined;
  const scale = fraction.length - Number(exponent);
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return shape.precision <= COMPACT_PRECISION ? 0 : 0n;
  // So far out that it cannot fit, or vanishes: no need for (perhaps enormous) powers of ten.
  if (significant.length - scale > MAX_PRECISION) return null;
  if (significant.length - scale < -MAX_PRECISION - 1) return shape.precision <= COMPACT_PRECISION ? 0 : 0n;
  const units = BigInt(significant);
  return decimalOfUnits(sign === '-' ? -units : units, scale, shape);
}

/** A DOUBLE as a DECIMAL by its shortest digits, as `BigDecimal.valueOf`; `null` when it does not fit. */
export function decimalOfDouble(value: number, shape: DecimalShape): Decimal | null {
  return parseDecimal(String(value), shape) ?? null;
}

/** An integer as a DECIMAL; `null` when it does not fit. */
export function decimalOfLong(value: number | bigint, shape: DecimalShape): Decimal | null {
  return decimalOfUnits(BigInt(value), 0, shape);
}

/** One DECIMAL type to another, HALF_UP; `null` when it does not fit. */
export function castDecimal(value: Decimal, from: DecimalShape, to: DecimalShape): Decimal | null {
  return decimalOfUnits(BigInt(value), from.scale, to);
}

/** All its digits, the scale's included: `12.50`. */
export function decimalText(value: Decimal, scale: number): string {
  if (scale === 0) return String(value);
  const negative = value < 0;
  const digits = String(negative ? -value : value).padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The closest double. */
export function decimalToDouble(value: Decimal, scale: number): number {
  // Both exact as doubles, so the division rounds once.
  if (typeof value === 'number' && scale <= 22) return value / Number(powerOfTen(scale));
  return Number(decimalText(value, scale));
}

/** As BIGINT's bits: towards zero. */
export function decimalToInteger(value: Decimal, scale: number): bigint {
  return BigInt(value) / powerOfTen(scale);
}

/** A binary operation, made for two types: what it results in, and how. `null` is an overflow, as in Flink. */
export interface DecimalOperation {
  readonly shape: DecimalShape;
  apply(a: Decimal, b: Decimal): Decimal | null;
}

function additive(a: DecimalShape, b: DecimalShape, shape: DecimalShape, sign: 1 | -1): DecimalOperation {
  const scale = Math.max(a.scale, b.scale);
  if (shape.precision <= COMPACT_PRECISION && shape.scale === scale) {
    // Both sides fit the result's digits, so every step stays below 10^15.
    const raiseA = 10 ** (scale - a.scale);
    const raiseB = 10 ** (scale - b.scale) * sign;
    return { shape, apply: (x, y) => (x as number) * raiseA + (y as number) * raiseB + 0 };
  }
  const raiseA = powerOfTen(scale - a.scale);
  const raiseB = powerOfTen(scale - b.scale) * BigInt(sign);
  return { shape, apply: (x, y) => decimalOfUnits(BigInt(x) * raiseA + BigInt(y) * raiseB, scale, shape) };
}

/** `a + b` for values of these two types. */
export function addDecimals(a: DecimalShape, b: DecimalShape, shape = sumShape(a, b)): DecimalOperation {
  return additive(a, b, shape, 1);
}

/** `a - b`. */
export function subtractDecimals(a: DecimalShape, b: DecimalShape, shape = sumShape(a, b)): DecimalOperation {
  return additive(a, b, shape, -1);
}

/** `a * b`. */
export function multiplyDecimals(a: DecimalShape, b: DecimalShape, shape = productShape(a, b)): DecimalOperation {
  const scale = a.scale + b.scale;
  if (shape.precision <= COMPACT_PRECISION && shape.scale === scale) {
    return { shape, apply: (x, y) => (x as number) * (y as number) + 0 };
  }
  return { shape, apply: (x, y) => decimalOfUnits(BigInt(x) * BigInt(y), scale, shape) };
}

/** `a / b`, HALF_UP at the result's scale. Throws `DivisionByZeroError`. */
export function divideDecimals(a: DecimalShape, b: DecimalShape, shape = quotientShape(a, b)): DecimalOperation {
  // (x / 10^sa) / (y / 10^sb), in units of 10^-scale
  const raise = shape.scale - a.scale + b.scale;
  const up = powerOfTen(Math.max(0, raise));
  const down = powerOfTen(Math.max(0, -raise));
  return {
    shape,
    apply(x, y) {
      const divisor = BigInt(y) * down;
      if (divisor === 0n) throw new DivisionByZeroError();
      return decimalOfUnits(divideHalfUp(BigInt(x) * up, divisor), shape.scale, shape);
    },
  };
}

/** `a % b`, with the sign of `a`. Throws `DivisionByZeroError`. */
export function remainderDecimals(a: DecimalShape, b: DecimalShape, shape = remainderShape(a, b)): DecimalOperation {
  const scale = Math.max(a.scale, b.scale);
  const raiseA = powerOfTen(scale - a.scale);
  const raiseB = powerOfTen(scale - b.scale);
  return {
    shape,
    apply(x, y) {
      const divisor = BigInt(y) * raiseB;
      if (divisor === 0n) throw new DivisionByZeroError();
      return decimalOfUnits((BigInt(x) * raiseA) % divisor, scale, shape);
    },
  };
}

/** Below zero, zero or above, for values of two scales. */
export function compareDecimals(a: Decimal, scaleA: number, b: Decimal, scaleB: number): number {
  if (scaleA === scaleB) return a < b ? -1 : a > b ? 1 : 0;
  const scale = Math.max(scaleA, scaleB);
  const left = BigInt(a) * powerOfTen(scale - scaleA);
  const right = BigInt(b) * powerOfTen(scale - scaleB);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** ROUND(value, digits), HALF_UP; negative digits round before the point. `null` when it does not fit. */
export function roundDecimal(value: Decimal, from: DecimalShape, digits: number): Decimal | null {
  const shape = roundShape(from, digits);
  if (digits >= from.scale) return value;
  const rounded = divideHalfUp(BigInt(value), powerOfTen(from.scale - digits));
  return digits >= 0 ? decimalOfUnits(rounded, digits, shape) : decimalOfUnits(rounded * powerOfTen(-digits), 0, shape);
}

// Flink's LogicalTypeMerging: what type a result has.

/** Cuts a precision above 38 back, keeping at least 6 digits of the scale, as Flink does. */
function adjusted(precision: number, scale: number): DecimalShape {
  if (precision <= MAX_PRECISION) return { precision, scale };
  const whole = precision - scale;
  return { precision: MAX_PRECISION, scale: Math.max(MAX_PRECISION - whole, Math.min(scale, 6)) };
}

/** The type of `a + b` and `a - b`. */
export function sumShape(a: DecimalShape, b: DecimalShape): DecimalShape {
  const scale = Math.max(a.scale, b.scale);
  return adjusted(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
}

/** The type of `a * b`. */
export function productShape(a: DecimalShape, b: DecimalShape): DecimalShape {
  return adjusted(a.precision + b.precision + 1, a.scale + b.scale);
}

/** The type of `a / b`. */
export function quotientShape(a: DecimalShape, b: DecimalShape): DecimalShape {
  const scale = Math.max(6, a.scale + b.precision + 1);
  return adjusted(a.precision - a.scale + b.scale + scale, scale);
}

/** The type of `a % b`. */
export function remainderShape(a: DecimalShape, b: DecimalShape): DecimalShape {
  const scale = Math.max(a.scale, b.scale);
  return adjusted(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
}

/** The type of SUM. */
export const totalShape = (a: DecimalShape): DecimalShape => ({ precision: MAX_PRECISION, scale: a.scale });
/** The type of AVG. */
export const averageShape = (a: DecimalShape): DecimalShape => ({
  precision: MAX_PRECISION,
  scale: Math.max(6, a.scale),
});

/** The type of ROUND(a, digits). */
export function roundShape(a: DecimalShape, digits: number): DecimalShape {
  if (!Number.isInteger(digits)) throw new ArgumentError(`ROUND(..., ${digits}): the digits are a whole number`);
  if (digits >= a.scale) return { precision: a.precision, scale: a.scale };
  const whole = 1 + a.precision - a.scale;
  return digits < 0
    ? { precision: Math.min(MAX_PRECISION, whole), scale: 0 }
    : { precision: whole + digits, scale: digits };
}
