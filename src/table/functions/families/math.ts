import { randomUUID } from 'node:crypto';
import { type AnyType, type } from '../../../core/types/index.js';
import {
  type Decimal,
  decimalOfUnits,
  negateLong,
  powerOfTen,
  roundDecimal,
  roundShape,
} from '../../../core/values/index.js';
import { castTo } from '../../expressions/casting.js';
import { literal, type Rex, type RexCall } from '../../plan/rex.js';
import type { CallRequest, ScalarFunction } from '../definition.js';
import { checkForms, type Form, resultType, scalar } from '../signature.js';
import { decimalShape, isDatetime, isInteger, T, withNull } from '../types.js';
import { roundTime } from './time-fields.js';

/** Operands of any number type as DOUBLE. */
const asDoubles = ({ operands }: CallRequest): { operands: Rex[] } => ({
  operands: operands.map((operand) => castTo(operand, T.double)),
});

/** A function of doubles that gives a double. */
function real(
  name: string,
  run: (...values: number[]) => number,
  forms: readonly Form[] = [['NUMERIC']],
): ScalarFunction {
  return scalar(name, forms, T.double, { prepare: asDoubles, implement: () => run as (...values: never[]) => unknown });
}

/** Java's `Math.round` to so many digits, away from zero at half, by the shortest digits of the number. */
function roundDouble(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  // By way of a decimal: there is no -0.
  return Number(shiftRound(value, digits, true)) + 0;
}

const BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INT: 32 };

/** The digits of a double (the shortest ones) cut or rounded after so many. */
function shiftRound(value: number, digits: number, up: boolean): string {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  let units = BigInt(whole + fraction);
  const drop = scale - digits;
  if (drop <= 0) return String(value);
  if (drop > 400) return '0';
  const power = powerOfTen(drop);
  const rest = units % power;
  units = units / power + (up && rest * 2n >= power ? 1n : 0n);
  return `${value < 0 ? '-' : ''}${units}e${-digits}`;
}

function roundLong(value: number | bigint, digits: number, up: boolean, bits: number): number | bigint {
  if (digits >= 0) return value;
  const power = powerOfTen(-digits);
  const big = BigInt(value);
  const size = big < 0n ? -big : big;
  const rest = size % power;
  const rounded = size - rest + (up && rest * 2n >= power ? power : 0n);
  const signed = BigInt.asIntN(bits, big < 0n ? -rounded : rounded);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

const digitsOf = (call: RexCall): number | undefined => {
  const [, places] = call.operands;
  if (places === undefined) return 0;
  return places.kind === 'literal' ? Number(places.value) : undefined;
};

/** ROUND and TRUNCATE: integers stay, a DECIMAL's scale follows constant digits. */
function rounding(name: 'ROUND' | 'TRUNCATE'): ScalarFunction {
  const up = name === 'ROUND';
  const typeOf = (types: readonly AnyType[], request: CallRequest): AnyType => {
    const t = types[0] as AnyType;
    if (t.root !== 'DECIMAL') return t;
    const places = request.operands[1];
    if (places !== undefined && places.kind !== 'literal') return t;
    const made = roundShape(t, places === undefined ? 0 : Number((places as { value: unknown }).value));
    return T.decimal(made);
  };
  return scalar(name, [['NUMERIC', 'INTEGER?']], typeOf, {
    mayBeNull: ({ type: t }) => t.root === 'DECIMAL',
    implement(call) {
      const t = call.operands[0]?.type as AnyType;
      const fixed = digitsOf(call);
      if (t.root === 'DECIMAL') {
        const to = decimalShape(call.type);
        return (value: Decimal, places?: number) => decimalRounded(value, t, places ?? fixed ?? 0, to, up);
      }
      if (isInteger(t))
        return (value: number | bigint, places?: number) => roundLong(value, places ?? 0, up, BITS[t.root] ?? 64);
      const float = t.root === 'FLOAT';
      return (value: number, places?: number) => {
        const made = up
          ? roundDouble(value, places ?? 0)
          : Number.isFinite(value)
            ? Number(shiftRound(value, places ?? 0, false))
            : value;
        return float ? Math.fround(made) : made;
      };
    },
  });
}

function decimalRounded(
  value: Decimal,
  from: { precision: number; scale: number },
  places: number,
  to: { precision: number; scale: number },
  up: boolean,
): Decimal | null {
  if (up) {
    const rounded = roundDecimal(value, from, places);
    if (rounded === null) return null;
    const scale = places >= from.scale ? from.scale : Math.max(0, places);
    return decimalOfUnits(BigInt(rounded), scale, to);
  }
  if (places >= from.scale) return value;
  const power = powerOfTen(from.scale - places);
  return decimalOfUnits((BigInt(value) / power) * power, from.scale, to);
}

/** FLOOR and CEIL: of numbers, or of a time TO a unit. */
function floorCeil(name: 'FLOOR' | 'CEIL'): ScalarFunction {
  const run = name === 'FLOOR' ? Math.floor : Math.ceil;
  return {
    name,
    resolve(request) {
      const types = request.operands.map((operand) => operand.type);
      checkForms(name, types, request.options.unit === undefined ? [['NUMERIC']] : [['DATETIME']], request.site);
      const t = types[0] as AnyType;
      const base = t.root === 'DECIMAL' ? T.decimal({ precision: t.precision, scale: 0 }) : t;
      return { type: resultType(base, types, 'args') };
    },
    implement(call, { timeZone }) {
      const t = call.operands[0]?.type as AnyType;
      if (isDatetime(t)) return roundTime(name, call, timeZone);
      if (isInteger(t)) return (value: unknown) => value;
      if (t.root === 'DECIMAL') {
        const unit = powerOfTen(t.scale);
        const to = decimalShape(call.type);
        return (value: Decimal) => {
          const big = BigInt(value);
          const cut = big / unit;
          const exact = cut * unit === big;
          const whole = exact ? cut : name === 'FLOOR' ? (big < 0n ? cut - 1n : cut) : big > 0n ? cut + 1n : cut;
          return decimalOfUnits(whole, 0, to);
        };
      }
      return run as (value: never) => unknown;
    },
    mayBeNull: ({ type }) => type.root === 'DECIMAL',
  };
}

const ABS = scalar('ABS', [['NUMERIC']], ([t]) => t as AnyType, {
  inline([x], { type }, writer) {
    switch (type.root) {
      case 'BIGINT':
        return `${x} < 0 ? ${writer.constant(negateLong)}(${x}) : ${x}`;
      case 'DECIMAL':
        return type.precision > 15 ? `${x} < 0n ? -${x} : ${x}` : `Math.abs(${x})`;
      case 'TINYINT':
        return `Math.abs(${x}) << 24 >> 24`;
      case 'SMALLINT':
        return `Math.abs(${x}) << 16 >> 16`;
      case 'INT':
        return `Math.abs(${x}) | 0`;
      default:
        return `Math.abs(${x})`;
    }
  },
});

const SIGN = scalar('SIGN', [['NUMERIC']], ([t]) => t as AnyType, {
  implement({ type }) {
    if (type.root === 'DECIMAL') {
      const one = powerOfTen(type.scale);
      const unit = type.precision > 15 ? one : Number(one);
      const zero = type.precision > 15 ? 0n : 0;
      return (value: Decimal) => (value > 0 ? unit : value < 0 ? (-unit as Decimal) : zero);
    }
    if (isInteger(type)) return (value: number | bigint) => (value > 0 ? 1 : value < 0 ? -1 : 0);
    return Math.sign as (value: never) => unknown;
  },
});

/** Java's `java.util.Random` with a seed: the same numbers as Flink's RAND(seed). */
class JavaRandom {
  #seed: bigint;
  constructor(seed: number | bigint) {
    this.#seed = (BigInt(seed) ^ 0x5deece66dn) & ((1n << 48n) - 1n);
  }
  #next(bits: number): number {
    this.#seed = (this.#seed * 0x5deece66dn + 0xbn) & ((1n << 48n) - 1n);
    return Number(BigInt.asIntN(32, this.#seed >> BigInt(48 - bits)));
  }
  nextDouble(): number {
    return (this.#next(26) * 2 ** 27 + this.#next(27)) * 2 ** -53;
  }
  nextInt(bound: number): number {
    if ((bound & (bound - 1)) === 0) return Number((BigInt(bound) * BigInt(this.#next(31))) >> 31n);
    for (;;) {
      const drawn = this.#next(31);
      const rest = drawn % bound;
      // Numbers of the last, incomplete round are drawn again.
      if (drawn - rest + (bound - 1) <= 2147483647) return rest;
    }
  }
}

const RAND = scalar('RAND', [['INTEGER?']], T.double, {
  deterministic: false,
  implement({ operands }) {
    const seed = operands[0]?.kind === 'literal' ? Number(operands[0].value) : undefined;
    if (seed !== undefined) {
      const random = new JavaRandom(seed);
      return () => random.nextDouble();
    }
    return operands.length === 0 ? Math.random : (given: number) => new JavaRandom(given).nextDouble();
  },
});

const RAND_INTEGER = scalar('RAND_INTEGER', [['INTEGER'], ['INTEGER', 'INTEGER']], T.int, {
  deterministic: false,
  implement({ operands }) {
    if (operands.length === 1) return (bound: number) => Math.floor(Math.random() * bound);
    const seed = operands[0]?.kind === 'literal' ? Number(operands[0].value) : undefined;
    const random = seed === undefined ? undefined : new JavaRandom(seed);
    return (given: number, bound: number) => (random ?? new JavaRandom(given)).nextInt(bound);
  },
});

/** LOG(x) is the natural one, LOG(base, x). */
const LOG = scalar('LOG', [['NUMERIC'], ['NUMERIC', 'NUMERIC']], T.double, {
  prepare: asDoubles,
  implement: ({ operands }) =>
    operands.length === 1
      ? (Math.log as (value: never) => unknown)
      : (base: number, x: number) => Math.log(x) / Math.log(base),
});

function constant(name: string, value: number): ScalarFunction {
  return {
    name,
    resolve: ({ operands, site }) => {
      checkForms(
        name,
        operands.map(({ type }) => type),
        [[]],
        site,
      );
      const made = literal(value, withNull(T.double, false));
      return { type: made.type, instead: made };
    },
  };
}

export const MATH: readonly ScalarFunction[] = [
  ABS,
  SIGN,
  floorCeil('FLOOR'),
  floorCeil('CEIL'),
  rounding('ROUND'),
  rounding('TRUNCATE'),
  real('POWER', (x, y) => (Math.abs(x) === 1 && !Number.isFinite(y) ? Number.NaN : x ** y), [['NUMERIC', 'NUMERIC']]),
  // Carried out as POWER(x, 0.5), which gives no -0.
  real('SQRT', (x) => (x === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.sqrt(x) + 0)),
  real('EXP', Math.exp),
  real('LN', Math.log),
  real('LOG2', (x) => Math.log(x) / Math.log(2)),
  real('LOG10', Math.log10),
  LOG,
  real('SIN', Math.sin),
  real('COS', Math.cos),
  real('TAN', Math.tan),
  real('COT', (x) => 1 / Math.tan(x)),
  real('ASIN', Math.asin),
  real('ACOS', Math.acos),
  real('ATAN', Math.atan),
  real('ATAN2', Math.atan2, [['NUMERIC', 'NUMERIC']]),
  real('SINH', Math.sinh),
  real('COSH', Math.cosh),
  real('TANH', Math.tanh),
  real('DEGREES', (x) => x * 57.29577951308232),
  real('RADIANS', (x) => x * 0.017453292519943295),
  constant('PI', Math.PI),
  constant('E', Math.E),
  RAND,
  RAND_INTEGER,
  scalar('UUID', [[]], type.char(36) as AnyType, {
    nullable: 'never',
    deterministic: false,
    implement: () => () => randomUUID(),
  }),
];
