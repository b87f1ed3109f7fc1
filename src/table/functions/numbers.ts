import type { AnyType } from '../../core/types/index.js';
import {
  addDecimals,
  addLong,
  type DecimalOperation,
  type DecimalShape,
  decimalToDouble,
  divideDecimals,
  divideInt,
  divideLong,
  multiplyDecimals,
  multiplyLong,
  productShape,
  quotientShape,
  remainderDecimals,
  remainderInt,
  remainderLong,
  remainderShape,
  subtractDecimals,
  subtractLong,
  sumShape,
} from '../../core/values/index.js';
import { leastRestrictive } from '../expressions/least-restrictive.js';
import type { CodeWriter } from './definition.js';
import { decimalShape, isApproximate, isDecimal, T } from './types.js';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** A number of any type as a JavaScript double, in generated code. */
export function asDouble(value: string, type: AnyType, writer: CodeWriter): string {
  if (type.root === 'BIGINT') return `Number(${value})`;
  if (isDecimal(type)) return `${writer.constant(decimalToDouble)}(${value}, ${type.scale})`;
  return value;
}

/** The type of `a op b` for numbers. */
export function arithmeticType(operator: ArithmeticOperator, a: AnyType, b: AnyType): AnyType {
  if (isApproximate(a) || isApproximate(b)) {
    return (leastRestrictive([a, b]) ?? T.double) as AnyType;
  }
  if (!isDecimal(a) && !isDecimal(b)) return operator === '%' ? b : (leastRestrictive([a, b]) as AnyType);
  const [x, y] = [decimalShape(a), decimalShape(b)];
  if (operator === '%' && x.scale === 0 && y.scale === 0) return b;
  return T.decimal(SHAPES[operator](x, y));
}

const SHAPES: Readonly<Record<ArithmeticOperator, (a: DecimalShape, b: DecimalShape) => DecimalShape>> = {
  '+': sumShape,
  '-': sumShape,
  '*': productShape,
  '/': quotientShape,
  '%': remainderShape,
};
const OPERATIONS: Readonly<
  Record<ArithmeticOperator, (a: DecimalShape, b: DecimalShape, to: DecimalShape) => DecimalOperation>
> = {
  '+': addDecimals,
  '-': subtractDecimals,
  '*': multiplyDecimals,
  '/': divideDecimals,
  '%': remainderDecimals,
};
const LONG = { '+': addLong, '-': subtractLong, '*': multiplyLong, '/': divideLong, '%': remainderLong } as const;

/** A DECIMAL without a fraction as an integer. */
const wholeNumber = (value: number | bigint | null): number | bigint | null =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** `a op b` in generated code, for numbers that are not NULL. */
export function arithmetic(
  operator: ArithmeticOperator,
  [a, b]: readonly [string, string],
  [typeA, typeB]: readonly [AnyType, AnyType],
  result: AnyType,
  writer: CodeWriter,
): string {
  if (operator === '%' && !isDecimal(result) && isDecimal(typeA)) {
    const { apply } = remainderDecimals(decimalShape(typeA), decimalShape(typeB), decimalShape(result));
    return `${writer.constant(wholeNumber)}(${writer.constant(apply)}(${a}, ${b}))`;
  }
  switch (result.root) {
    case 'TINYINT':
    case 'SMALLINT': {
      const shift = result.root === 'TINYINT' ? 24 : 16;
      return `(${smallArithmetic(operator, a, b, typeA, typeB, writer)}) << ${shift} >> ${shift}`;
    }
    case 'INT':
      return smallArithmetic(operator, a, b, typeA, typeB, writer);
    case 'BIGINT':
      return `${writer.constant(LONG[operator])}(${a}, ${b})`;
    case 'FLOAT':
      return `Math.fround(Math.fround(${asDouble(a, typeA, writer)}) ${operator} Math.fround(${asDouble(b, typeB, writer)}))`;
    case 'DOUBLE':
      return `${asDouble(a, typeA, writer)} ${operator} ${asDouble(b, typeB, writer)}`;
    case 'DECIMAL': {
      const { apply } = OPERATIONS[operator](decimalShape(typeA), decimalShape(typeB), decimalShape(result));
      return `${writer.constant(apply)}(${a}, ${b})`;
    }
    default:
      throw new Error(`${result} is no number`);
  }
}

function smallArithmetic(
  operator: ArithmeticOperator,
  a: string,
  b: string,
  typeA: AnyType,
  typeB: AnyType,
  writer: CodeWriter,
): string {
  switch (operator) {
    case '+':
    case '-':
      return `(${a} ${operator} ${b}) | 0`;
    case '*':
      return `Math.imul(${a}, ${b})`;
    case '/':
      return `${writer.constant(divideInt)}(${a}, ${b})`;
    case '%':
      // BIGINT % INT is an INT: the operation is that of the wider one.
      return typeA.root === 'BIGINT' || typeB.root === 'BIGINT'
        ? `Number(${writer.constant(remainderLong)}(${a}, ${b}))`
        : `${writer.constant(remainderInt)}(${a}, ${b})`;
  }
}
