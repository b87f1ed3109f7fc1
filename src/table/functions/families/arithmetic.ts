import { type AnyType, type } from '../../../core/types/index.js';
import { negateLong, Timestamp } from '../../../core/values/index.js';
import { negated } from '../../expressions/literals.js';
import type { Rex, RexCall } from '../../plan/rex.js';
import type { CallRequest, CodeWriter, ScalarFunction } from '../definition.js';
import { type ArithmeticOperator, arithmetic, arithmeticType } from '../numbers.js';
import { addMonthsToDays, addMonthsToMs, monthsBetween } from '../runtime/months.js';
import { cannotApply, resultType, shownCall } from '../signature.js';
import { isDatetime, isDecimal, isExact, isInteger, isInterval, isNumeric, isOf, isTimestampType } from '../types.js';

const FORMS: Readonly<Record<ArithmeticOperator, readonly (readonly string[])[]>> = {
  '+': [
    ['NUMERIC', 'NUMERIC'],
    ['DATETIME_INTERVAL', 'DATETIME_INTERVAL'],
  ],
  '-': [
    ['NUMERIC', 'NUMERIC'],
    ['DATETIME_INTERVAL', 'DATETIME_INTERVAL'],
  ],
  '*': [
    ['NUMERIC', 'NUMERIC'],
    ['DATETIME_INTERVAL', 'NUMERIC'],
    ['NUMERIC', 'DATETIME_INTERVAL'],
  ],
  '/': [
    ['NUMERIC', 'NUMERIC'],
    ['DATETIME_INTERVAL', 'NUMERIC'],
  ],
  '%': [['EXACT_NUMERIC', 'EXACT_NUMERIC']],
};

function refuse(name: ArithmeticOperator, shown: string, types: readonly AnyType[], request: CallRequest): never {
  // Calcite names the form of numbers only, where there are several.
  const forms = FORMS[name].slice(0, 1).map((form) => shownCall(shown, form));
  throw cannotApply(shown, types, forms, request.site);
}

function binary(name: ArithmeticOperator, shown: string = name): ScalarFunction {
  return {
    name: shown,
    resolve(request) {
      const types = request.operands.map((operand) => operand.type);
      const [a, b] = types;
      if (a === undefined || b === undefined || types.length !== 2) refuse(name, shown, types, request);
      const left = a.root === 'NULL' ? (isDatetime(b) || isInterval(b) ? b : b) : a;
      const right = b.root === 'NULL' ? a : b;
      const base = typeOf(name, left, right);
      if (base === undefined) refuse(name, shown, types, request);
      return { type: resultType(base, types, 'args') };
    },
    mayBeNull: (call) => isDecimal(call.type),
    inline: (operands, call, writer) => code(name, operands as [string, string], call, writer),
  };
}

function typeOf(name: ArithmeticOperator, a: AnyType, b: AnyType): AnyType | undefined {
  if (isNumeric(a) && isNumeric(b)) {
    if (name === '%' && !(isExact(a) && isExact(b))) return undefined;
    return arithmeticType(name, a, b);
  }
  if (a.root === 'NULL' && b.root === 'NULL') return a;
  if (name === '+' || name === '-') {
    if (isDatetime(a) && isInterval(b)) return shifted(a, b);
    if (name === '+' && isInterval(a) && isDatetime(b)) return shifted(b, a);
    if (isInterval(a) && a.root === b.root) return a;
  }
  if (name === '*' && isInterval(a) && isInteger(b)) return a;
  if (name === '*' && isInteger(a) && isInterval(b)) return b;
  return undefined;
}

/** DATE plus hours is a TIMESTAMP in Calcite only when the interval has parts of a day; Flink keeps the DATE. */
function shifted(time: AnyType, interval: AnyType): AnyType | undefined {
  if (time.root === 'TIME' && interval.root === 'INTERVAL_YEAR_MONTH') return time;
  return time;
}

function code(name: ArithmeticOperator, operands: [string, string], call: RexCall, writer: CodeWriter): string {
  const [a, b] = call.operands.map((operand) => operand.type) as [AnyType, AnyType];
  if (isNumeric(a) && isNumeric(b)) return arithmetic(name, operands, [a, b], call.type, writer);
  const [x, y] = operands;
  if (isInterval(a) && isInterval(b)) return `${x} ${name} ${y}`;
  if (isInterval(a) && isInteger(b)) return `${x} * Number(${y})`;
  if (isInteger(a) && isInterval(b)) return `Number(${x}) * ${y}`;
  return isInterval(a) ? shift(y, b, x, a, '+', writer) : shift(x, a, y, b, name as '+' | '-', writer);
}

const plusMs = (time: Timestamp, ms: number): Timestamp => time.plusMs(ms);
const plusMonths = (time: Timestamp, months: number): Timestamp =>
  Timestamp.ofMs(addMonthsToMs(time.ms, months), time.nanosOfMs);
const DAY = 86_400_000;

/** A point in time plus or minus an interval, in generated code. */
function shift(
  time: string,
  type: AnyType,
  interval: string,
  intervalType: AnyType,
  sign: '+' | '-',
  writer: CodeWriter,
): string {
  const signed = sign === '-' ? `-${interval}` : interval;
  const months = intervalType.root === 'INTERVAL_YEAR_MONTH';
  if (type.root === 'DATE') {
    if (months) return `${writer.constant(addMonthsToDays)}(${time}, ${signed})`;
    return `${time} ${sign} Math.trunc(${interval} / ${DAY})`;
  }
  if (type.root === 'TIME') {
    if (months) return time;
    return `((${time} ${sign} ${interval}) % ${DAY} + ${DAY}) % ${DAY}`;
  }
  if (isTimestampType(type) && type.precision > 3) {
    return `${writer.constant(months ? plusMonths : plusMs)}(${time}, ${signed})`;
  }
  return months ? `${writer.constant(addMonthsToMs)}(${time}, ${signed})` : `${time} ${sign} ${interval}`;
}

function unary(name: string, sign: '-' | '+'): ScalarFunction {
  return {
    name,
    resolve({ operands, site }) {
      const types = operands.map((operand) => operand.type);
      const t = types[0] as AnyType;
      if (!isOf('NUMERIC', t) && !isInterval(t)) {
        throw cannotApply(sign, types, [`${sign}<NUMERIC>`, `${sign}<DATETIME_INTERVAL>`], site);
      }
      const [operand] = operands as [Rex];
      if (sign === '+') return { type: t, instead: operand };
      if (operand.kind === 'literal' && isNumeric(t)) {
        const made = negated(operand);
        return { type: made.type, instead: made };
      }
      return { type: t };
    },
    inline([value], call, writer) {
      switch (call.type.root) {
        case 'TINYINT':
          return `(0 - ${value}) << 24 >> 24`;
        case 'SMALLINT':
          return `(0 - ${value}) << 16 >> 16`;
        case 'INT':
          return `(0 - ${value}) | 0`;
        case 'BIGINT':
          return `${writer.constant(negateLong)}(${value})`;
        case 'DECIMAL':
          return call.type.precision <= 15 ? `0 - ${value}` : `-${value}`;
        case 'FLOAT':
        case 'DOUBLE':
          return `-${value}`;
        default:
          return `0 - ${value}`;
      }
    },
  };
}

/** `(a - b) DAY`: the time between two points, as an interval. */
const difference: ScalarFunction = {
  name: 'MINUS_DATE',
  resolve({ operands, options, site }) {
    const types = operands.map((operand) => operand.type);
    if (!types.every(isDatetime)) throw cannotApply('-', types, ['<DATETIME_INTERVAL> - <DATETIME_INTERVAL>'], site);
    const months = options.months === true;
    const base = (months ? type.intervalYearMonth('MONTH') : type.intervalDayTime('SECOND(3)')) as AnyType;
    return { type: resultType(base, types, 'args') };
  },
  inline([a, b], call, writer) {
    const ms = (value: string, t: AnyType): string =>
      t.root === 'DATE' ? `${value} * ${DAY}` : isTimestampType(t) && t.precision > 3 ? `${value}.ms` : value;
    const [x, y] = call.operands.map((operand) => operand.type) as [AnyType, AnyType];
    const [from, to] = [ms(a as string, x), ms(b as string, y)];
    return call.type.root === 'INTERVAL_YEAR_MONTH'
      ? `${writer.constant(monthsBetween)}(${from}, ${to})`
      : `${from} - ${to}`;
  },
};

export const ARITHMETIC: readonly ScalarFunction[] = [
  ...(['+', '-', '*', '/', '%'] as const).map((name) => binary(name)),
  binary('%', 'MOD'),
  unary('-/1', '-'),
  unary('+/1', '+'),
  difference,
];
