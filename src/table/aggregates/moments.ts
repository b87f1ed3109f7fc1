import type { AnyType } from '../../core/types/index.js';
import {
  addLong,
  decimalOfDouble,
  divideLong,
  type Long,
  longOfDouble,
  multiplyLong,
  subtractLong,
} from '../../core/values/index.js';
import { decimalShape, isInteger } from '../functions/types.js';
import type { AggregateFunction, AggregateWriter } from './code.js';

type Name = 'VAR_POP' | 'VAR_SAMP' | 'STDDEV_POP' | 'STDDEV_SAMP';

/** Arithmetic of one type, for the sums that a variance is made of. */
interface Arithmetic {
  /** Adds an operand to their sum, and takes it away; absent: as any two. */
  addTo?(sum: never, x: never): unknown;
  takeFrom?(sum: never, x: never): unknown;
  /** The operand as it is summed. */
  of(operand: never): unknown;
  add(a: never, b: never): unknown;
  subtract(a: never, b: never): unknown;
  multiply(a: never, b: never): unknown;
  /** By a count of rows. */
  divide(a: never, count: never): unknown;
  root(a: never): unknown;
}

const wrapped = (shift: number): Arithmetic => ({
  of: (x: number) => x,
  add: (a: number, b: number) => ((a + b) << shift) >> shift,
  subtract: (a: number, b: number) => ((a - b) << shift) >> shift,
  multiply: (a: number, b: number) => (Math.imul(a, b) << shift) >> shift,
  divide: divideLong as Arithmetic['divide'],
  root: rootOfLong as Arithmetic['root'],
});

function rootOfLong(value: Long): Long {
  return longOfDouble(Math.sqrt(Number(value)));
}

const LONG: Arithmetic = {
  of: (x: Long) => x,
  add: addLong as Arithmetic['add'],
  subtract: subtractLong as Arithmetic['subtract'],
  multiply: multiplyLong as Arithmetic['multiply'],
  divide: divideLong as Arithmetic['divide'],
  root: rootOfLong as Arithmetic['root'],
};

function real(rounded: (x: number) => number, of: (x: never) => number): Arithmetic {
  return {
    of,
    add: (a: number, b: number) => rounded(a + b),
    subtract: (a: number, b: number) => rounded(a - b),
    multiply: (a: number, b: number) => rounded(a * b),
    divide: (a: number, count: number) => rounded(a / count),
    root: (a: number) => rounded(Math.sqrt(a)),
  };
}

/** Divides, the last digit rounded half up. */
function divided(value: bigint, by: bigint): bigint {
  const twice = 2n * (value < 0n ? -value : value) + by;
  const rounded = twice / (2n * by);
  return value < 0n ? -rounded : rounded;
}

/**
 * In DECIMAL(38, scale) of the result, every product and quotient rounded to the digits that its type has.
 *
 * @see Flink: `LogicalTypeMerging.adjustPrecisionScale`
 */
function exact(from: number, scale: number): Arithmetic {
  const [raise, lower] = [10n ** BigInt(scale - from), 10n ** BigInt(2 * scale - productScale(scale))];
  const unit = 10 ** productScale(scale);
  return {
    of: (x: number | bigint) => BigInt(x) * raise,
    // The sum of the operands has their own scale, and so fewer of the digits behind the point.
    addTo: (a: bigint | null, b: bigint) => (a === null ? b : fitting(a + b, raise)),
    takeFrom: (a: bigint | null, b: bigint) => (a === null ? -b : fitting(a - b, raise)),
    // As SUM: what is NULL is left out, and a sum that became NULL begins again.
    add: (a: bigint | null, b: bigint | null) => (b === null ? a : a === null ? b : fitting(a + b)),
    subtract: (a: bigint | null, b: bigint | null) => (b === null ? a : a === null ? -b : fitting(a - b)),
    multiply: (a: bigint | null, b: bigint | null) =>
      a === null || b === null ? null : fitting(divided(a * b, lower)),
    divide: (a: bigint | null, count: number) => (a === null ? null : divided(a, BigInt(count))),
    root: (a: bigint | null) => (a === null ? null : Math.sqrt(Number(a) / unit)),
  };
}

const TOO_MANY_DIGITS = 10n ** 38n;

/** A DECIMAL with more digits than there can be is NULL. */
const fitting = (value: bigint, raised = 1n): bigint | null =>
  value < TOO_MANY_DIGITS * raised && value > -TOO_MANY_DIGITS * raised ? value : null;

const exactMinus = (a: bigint | null, b: bigint | null): bigint | null =>
  a === null || b === null ? null : fitting(a - b);

/** The scale of DECIMAL(38, scale) times itself. */
function productScale(scale: number): number {
  return Math.max(2 * scale - 39, Math.min(2 * scale, 6));
}

function arithmeticOf(type: AnyType, result: AnyType): Arithmetic {
  switch (type.root) {
    case 'TINYINT':
      return wrapped(24);
    case 'SMALLINT':
      return wrapped(16);
    case 'INT':
      return wrapped(0);
    case 'BIGINT':
      return LONG;
    case 'FLOAT':
      return real(Math.fround, (x: number) => x);
    case 'DECIMAL':
      return exact(type.scale, (result as typeof type).scale);
    default:
      return real(
        (x) => x,
        (x: number) => x,
      );
  }
}

/**
 * Variance and standard deviation as `(SUM(x * x) - SUM(x) * SUM(x) / COUNT(x)) / COUNT(x)`, in the arithmetic of the
 * operand: over integers every step is one of integers, as in Flink's plans.
 */
const moment =
  (name: Name): AggregateFunction =>
  ({ types, slot, constant, call }: AggregateWriter) => {
    const type = types[0] as AnyType;
    const arithmetic = arithmeticOf(type, call.type);
    const zero = type.root === 'DECIMAL' ? 'null' : '0';
    const [q, s, n] = [slot('squares'), slot('sum'), slot('count')];
    const { add, subtract, multiply, divide, root, of } = arithmetic as unknown as Record<
      keyof Arithmetic,
      (...operands: unknown[]) => unknown
    >;
    const { addTo = add, takeFrom = subtract } = arithmetic as unknown as { addTo?: typeof add; takeFrom?: typeof add };
    const step = (change: unknown, ofSum: unknown, sign: '+' | '-', x: string): string =>
      `{ const x = ${constant(of)}(${x}); acc.${q} = ${constant(change)}(acc.${q}, ${constant(multiply)}(x, x)); acc.${s} = ${constant(ofSum)}(acc.${s}, x); acc.${n} ${sign}= 1; }`;
    const sample = name.endsWith('SAMP');
    const minus = isInteger(type) ? subtractLong : type.root === 'DECIMAL' ? exactMinus : subtract;
    const result = (squares: unknown, sum: unknown, count: number): unknown => {
      if (count <= (sample ? 1 : 0)) return null;
      const centred = (minus as typeof subtract)(squares, divide(multiply(sum, sum), count));
      const variance = divide(centred, sample ? count - 1 : count);
      return finished(name.startsWith('STDDEV') ? root(variance) : variance, call.type);
    };
    return {
      slots: { [q]: zero, [s]: zero, [n]: '0' },
      add: ([x]) => step(add, addTo, '+', x as string),
      remove: ([x]) => step(subtract, takeFrom, '-', x as string),
      merge: `acc.${q} = ${constant(add)}(acc.${q}, other.${q}); acc.${s} = other.${s} === null ? acc.${s} : ${constant(addTo)}(acc.${s}, other.${s}); acc.${n} += other.${n};`,
      value: `${constant(result)}(acc.${q}, acc.${s}, acc.${n})`,
      results: [q, s, n],
    };
  };

/** A DECIMAL result is brought to its scale. */
function finished(value: unknown, type: AnyType): unknown {
  if (type.root !== 'DECIMAL' || value === null) return value;
  if (typeof value !== 'bigint') return decimalOfDouble(value as number, decimalShape(type));
  const digits = type.scale - productScale(type.scale);
  return fitting(digits < 0 ? divided(value, 10n ** BigInt(-digits)) : value * 10n ** BigInt(digits));
}

export const MOMENTS: Readonly<Record<string, AggregateFunction>> = {
  VAR_POP: moment('VAR_POP'),
  VAR_SAMP: moment('VAR_SAMP'),
  STDDEV_POP: moment('STDDEV_POP'),
  STDDEV_SAMP: moment('STDDEV_SAMP'),
};
