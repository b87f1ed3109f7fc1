import type { AnyType } from '../../core/types/index.js';
import {
  addDecimals,
  addLong,
  averageShape,
  divideDecimals,
  divideLong,
  subtractDecimals,
  subtractLong,
} from '../../core/values/index.js';
import { decimalShape, isInteger, T } from '../functions/types.js';
import type { AggregateCode, AggregateFunction, AggregateWriter } from './code.js';

/** `a + b` or `a - b` where both have the type of a sum. */
function added(sign: '+' | '-', a: string, b: string, type: AnyType, { constant }: AggregateWriter): string {
  switch (type.root) {
    case 'TINYINT':
      return `(${a} ${sign} ${b}) << 24 >> 24`;
    case 'SMALLINT':
      return `(${a} ${sign} ${b}) << 16 >> 16`;
    case 'INT':
      return `(${a} ${sign} ${b}) | 0`;
    case 'BIGINT':
      return `${constant(sign === '+' ? addLong : subtractLong)}(${a}, ${b})`;
    case 'FLOAT':
      return `Math.fround(${a} ${sign} ${b})`;
    case 'DOUBLE':
      return `${a} ${sign} ${b}`;
    case 'DECIMAL': {
      const shape = decimalShape(type);
      const operation = (sign === '+' ? addDecimals : subtractDecimals)(shape, shape, shape);
      return `${constant(operation.apply)}(${a}, ${b})`;
    }
    default:
      throw new Error(`${type} cannot be summed`);
  }
}

/** An operand as a value of the sum's type: a DECIMAL of 38 digits is a bigint. */
const asTerm = (operand: string, type: AnyType): string => (type.root === 'DECIMAL' ? `BigInt(${operand})` : operand);

const zero = (type: AnyType): string => (type.root === 'DECIMAL' ? '0n' : '0');

/** SUM and $SUM0. The order of additions is that of the rows, as in Flink. */
const sum =
  (empty: 'null' | 'zero'): AggregateFunction =>
  (writer) => {
    const type = sumType(writer.types[0] as AnyType);
    const [s, n] = [writer.slot('sum'), writer.slot('count')];
    const { retract } = writer;
    const start = empty === 'zero' ? zero(type) : 'null';
    const plus = (sign: '+' | '-', operand: string): string => {
      const term = asTerm(operand, type);
      const next = added(sign, `acc.${s}`, term, type, writer);
      const first = sign === '+' ? term : added('-', zero(type), term, type, writer);
      return `acc.${s} = acc.${s} === null ? ${first} : ${next};`;
    };
    const counts = retract && empty === 'null';
    return {
      slots: counts ? { [s]: start, [n]: '0' } : { [s]: start },
      add: ([x]) => plus('+', x as string) + (counts ? ` acc.${n} += 1;` : ''),
      remove: ([x]) => plus('-', x as string) + (counts ? ` acc.${n} -= 1;` : ''),
      merge: `if (other.${s} !== null) acc.${s} = acc.${s} === null ? other.${s} : ${added('+', `acc.${s}`, `other.${s}`, type, writer)};${
        counts ? ` acc.${n} += other.${n};` : ''
      }`,
      value: counts ? `(acc.${n} === 0 ? null : acc.${s})` : `acc.${s}`,
    };
  };

const sumType = (t: AnyType): AnyType => (t.root === 'DECIMAL' ? T.decimal({ precision: 38, scale: t.scale }) : t);

/** AVG: integers are summed as BIGINT and divided towards zero, FLOAT and DOUBLE as DOUBLE. */
const average: AggregateFunction = (writer) => {
  const operand = writer.types[0] as AnyType;
  const type = isInteger(operand) ? T.bigint : operand.root === 'DECIMAL' ? sumType(operand) : T.double;
  const [s, n] = [writer.slot('sum'), writer.slot('count')];
  // A sum with more digits than a DECIMAL can have is NULL, and stays it.
  const lost = operand.root === 'DECIMAL';
  const step = (sign: '+' | '-', x: string): string =>
    `${lost ? `if (acc.${s} !== null) ` : ''}acc.${s} = ${added(sign, `acc.${s}`, asTerm(x, type), type, writer)}; acc.${n} ${sign}= 1;`;
  const both = added('+', `acc.${s}`, `other.${s}`, type, writer);
  return {
    slots: { [s]: zero(type), [n]: '0' },
    add: ([x]) => step('+', x as string),
    remove: ([x]) => step('-', x as string),
    merge: `acc.${s} = ${lost ? `acc.${s} === null || other.${s} === null ? null : ` : ''}${both}; acc.${n} += other.${n};`,
    value: `(acc.${n} === 0${lost ? ` || acc.${s} === null` : ''} ? null : ${quotient(`acc.${s}`, `acc.${n}`, operand, type, writer)})`,
  };
};

function quotient(sum: string, count: string, operand: AnyType, type: AnyType, { constant }: AggregateWriter): string {
  switch (operand.root) {
    case 'BIGINT':
      return `${constant(divideLong)}(${sum}, ${count})`;
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return `Number(${constant(divideLong)}(${sum}, ${count}))`;
    case 'FLOAT':
      return `Math.fround(${sum} / ${count})`;
    case 'DECIMAL': {
      const division = divideDecimals(decimalShape(type), { precision: 19, scale: 0 }, averageShape(operand));
      return `${constant(division.apply)}(${sum}, ${count})`;
    }
    default:
      return `${sum} / ${count}`;
  }
}

/** COUNT: rows in which no operand is NULL. */
const count: AggregateFunction = ({ slot }): AggregateCode => {
  const n = slot('count');
  return {
    slots: { [n]: '0' },
    add: () => `acc.${n} += 1;`,
    remove: () => `acc.${n} -= 1;`,
    merge: `acc.${n} += other.${n};`,
    value: `acc.${n}`,
  };
};

export const SUMS: Readonly<Record<string, AggregateFunction>> = {
  SUM: sum('null'),
  $SUM0: sum('zero'),
  AVG: average,
  COUNT: count,
};
