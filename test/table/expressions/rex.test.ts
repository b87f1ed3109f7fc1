import { describe, expect, test } from 'vitest';
import { type AnyType, type } from '../../../src/core/types/index.js';
import { evaluationContext } from '../../../src/table/codegen/index.js';
import {
  buildCall,
  buildCast,
  castTo,
  conjunction,
  conjuncts,
  foldConstants,
  inputsOf,
  isDeterministic,
  leastRestrictive,
  mapInputs,
  rexToString,
  sameRex,
} from '../../../src/table/expressions/index.js';
import { inputRef, literal } from '../../../src/table/plan/rex.js';

const int = (value: number) => literal(value, type.int().notNull() as AnyType);
const a = inputRef(0, type.int() as AnyType);
const b = inputRef(1, type.string() as AnyType);
const context = evaluationContext();

describe('printing', () => {
  test('with positions, as Calcite; with names, as Flink', () => {
    const rex = buildCall('AND', [buildCall('>', [a, int(5)]), buildCall('IS NOT NULL', [b])]);
    expect(rexToString(rex)).toBe('AND(>($0, 5), IS NOT NULL($1))');
    expect(rexToString(rex, [{ name: 'x' }, { name: 'y' }])).toBe('((x > 5) AND y IS NOT NULL)');
  });
});

describe('rewriting', () => {
  test('conjuncts and back', () => {
    const parts = [buildCall('>', [a, int(1)]), buildCall('<', [a, int(9)])];
    expect(conjuncts(conjunction(parts))).toEqual(parts);
    expect(conjuncts(conjunction([]))).toEqual([]);
  });

  test('columns are found and moved', () => {
    const rex = buildCall('=', [b, inputRef(4, type.string() as AnyType)]);
    expect(inputsOf(rex)).toEqual([1, 4]);
    expect(inputsOf(mapInputs(rex, (index) => index + 1))).toEqual([2, 5]);
    expect(
      sameRex(
        rex,
        mapInputs(rex, (index) => index),
      ),
    ).toBe(true);
  });
});

describe('folding', () => {
  test('what is constant is computed, once', () => {
    expect(foldConstants(buildCall('+', [int(2), int(3)]), context)).toMatchObject({ kind: 'literal', value: 5 });
  });

  test('1 / 0 fails before the run; a CAST that fails waits for it', () => {
    expect(() => foldConstants(buildCall('/', [int(1), int(0)]), context)).toThrow('Division by zero');
    const cast = buildCast('CAST', literal('abc', type.char(3).notNull() as AnyType), type.int() as AnyType);
    expect(foldConstants(cast, context)).toBe(cast);
  });

  test('FALSE decides an AND, and RAND() is not constant', () => {
    const no = literal(false, type.boolean().notNull() as AnyType);
    expect(foldConstants(buildCall('AND', [buildCall('>', [a, int(1)]), no]), context)).toMatchObject({ value: false });
    expect(isDeterministic(buildCall('RAND', []))).toBe(false);
    expect(foldConstants(buildCall('RAND', []), context).kind).toBe('call');
  });
});

describe('types', () => {
  test.each([
    [[type.int(), type.bigint()], 'BIGINT'],
    [[type.int().notNull(), type.decimal(2, 1).notNull()], 'DECIMAL(11, 1) NOT NULL'],
    [[type.char(3).notNull(), type.char(5)], 'VARCHAR(5)'],
    [[type.float(), type.decimal(5, 2)], 'DOUBLE'],
    [[type.array(type.int()), type.array(type.bigint())], 'ARRAY<BIGINT>'],
  ])('of %s in common', (types, expected) => {
    expect(String(leastRestrictive(types as unknown as AnyType[]))).toBe(expected);
  });

  test('numbers and texts have nothing in common', () => {
    expect(leastRestrictive([type.int() as AnyType, type.string() as AnyType])).toBeUndefined();
  });

  test('a cast to the same type is none', () => {
    expect(castTo(a, type.int().notNull() as AnyType)).toBe(a);
  });
});

describe('errors', () => {
  test.each([
    ['FOO', [int(1)], 'No match found for function signature FOO(<NUMERIC>)'],
    ['UPPER', [b, b], "Invalid number of arguments to function 'UPPER'. Was expecting 1 arguments"],
    ['+', [b, int(1)], "Cannot apply '+' to arguments of type '<VARCHAR(2147483647)> + <INTEGER>'"],
    ['ABS', [b], "Supported form(s): 'ABS(<NUMERIC>)'"],
    ['=', [a, b], 'implicit type conversion between INTEGER and VARCHAR is not supported now'],
  ])('%s', (name, operands, message) => {
    expect(() => buildCall(name, operands)).toThrow(message);
  });

  test('a misspelt function gets a suggestion', () => {
    expect(() => buildCall('UPPPER', [b])).toThrow(expect.objectContaining({ hint: 'did you mean UPPER?' }));
  });
});
