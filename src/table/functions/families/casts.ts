import { type AnyType, sameTypeIgnoringNull } from '../../../core/types/index.js';
import type { RexCall } from '../../plan/rex.js';
import { CastError, converter } from '../cast/convert.js';
import type { CodeWriter, ScalarFunction } from '../definition.js';
import { isDecimal, isInteger, withNull } from '../types.js';

const WIDTH: Readonly<Record<string, number>> = { TINYINT: 1, SMALLINT: 2, INT: 3, BIGINT: 4 };

/** Casts that change nothing about the value. */
function isFree(from: AnyType, to: AnyType): boolean {
  if (sameTypeIgnoringNull(from, to)) return true;
  if (isInteger(from) && isInteger(to)) return (WIDTH[from.root] as number) <= (WIDTH[to.root] as number);
  if (from.root === 'FLOAT' && to.root === 'DOUBLE') return true;
  if (isInteger(from) && from.root !== 'BIGINT' && to.root === 'DOUBLE') return true;
  return to.root === 'VARCHAR' && (from.root === 'CHAR' || from.root === 'VARCHAR') && from.length <= to.length;
}

function code([value]: readonly string[], call: RexCall, writer: CodeWriter): string {
  const operand = call.operands[0];
  const from = operand?.type as AnyType;
  if (isFree(from, call.type)) return value as string;
  // A TIME's precision is not in the type of the result.
  const to = (call.options?.type as AnyType | undefined) ?? call.type;
  const convert = converter(from, to, writer.context.timeZone);
  if (convert === undefined) throw new Error(`no cast from ${from} to ${call.type}`);
  const tries = call.function === 'TRY_CAST' || writer.context.legacyCast === true;
  return `${writer.constant(tries ? trying(convert as (value: unknown) => unknown) : convert)}(${value})`;
}

function trying(convert: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => {
    try {
      return convert(value);
    } catch (error) {
      if (error instanceof CastError) return null;
      throw error;
    }
  };
}

function cast(name: 'CAST' | 'TRY_CAST'): ScalarFunction {
  return {
    name,
    // Made by `castTo` and `buildCast`, which know the type.
    resolve: ({ operands, options }) => ({
      type: withNull(options.type as AnyType, name === 'TRY_CAST' || operands[0]?.type.nullability === 'nullable'),
    }),
    inline: code,
    mayBeNull: (call) => isDecimal(call.type) || call.function === 'TRY_CAST',
  };
}

export const CASTS: readonly ScalarFunction[] = [
  cast('CAST'),
  cast('TRY_CAST'),
  {
    // What a planner adds where a type is only said to be another one.
    name: 'REINTERPRET',
    resolve: ({ operands }) => ({ type: operands[0]?.type as AnyType }),
    inline: ([value]) => value as string,
  },
];
