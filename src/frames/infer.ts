import { types } from 'node:util';
import { ArgumentError } from '../core/errors.js';
import { type AnyType, type } from '../core/types/index.js';
import { commonType, typeOfValue } from '../table/rows.js';
import type { FrameColumn } from './entering.js';

/** What typed arrays say of themselves. */
function typeOfArray(values: unknown): AnyType | undefined {
  if (!ArrayBuffer.isView(values)) return undefined;
  if (types.isFloat64Array(values)) return type.double();
  if (types.isFloat32Array(values)) return type.float();
  if (types.isInt8Array(values)) return type.tinyint();
  if (types.isInt16Array(values) || types.isUint8Array(values) || types.isUint8ClampedArray(values))
    return type.smallint();
  if (types.isInt32Array(values) || types.isUint16Array(values)) return type.int();
  if (types.isUint32Array(values) || types.isBigInt64Array(values)) return type.bigint();
  if (types.isBigUint64Array(values)) return type.decimal(20, 0);
  return undefined;
}

/**
 * The type of a frame's column by what is in it: whole numbers are BIGINT, others DOUBLE, texts STRING, dates
 * TIMESTAMP_LTZ(3); typed arrays are what they are called. Where every value is missing: STRING.
 *
 * @throws ArgumentError where values are of several kinds
 */
export function inferColumn({ name, values, missingIsNaN }: FrameColumn): AnyType {
  const typed = typeOfArray(values);
  if (typed !== undefined) return typed;
  const where = `column \`${name}\``;
  let found: AnyType | undefined;
  let bigints = false;
  let doubles = false;
  let numbers = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    if (typeof value === 'number') {
      // NaN may be a number that is missing, and -0 is no integer.
      if (Number.isNaN(value) && missingIsNaN) continue;
      numbers = true;
      doubles ||= !Number.isSafeInteger(value) || Object.is(value, -0);
    } else if (typeof value === 'bigint') bigints = true;
    else if (found?.root !== 'VARCHAR' || typeof value !== 'string') {
      found = commonType(found, typeOfValue(value, where), where);
    }
  }
  if (bigints && doubles) throw mixed(where, 'bigints', 'numbers with fractions');
  if ((bigints || numbers) && found !== undefined) throw mixed(where, String(found), 'numbers');
  if (bigints) return type.bigint();
  if (numbers) return doubles ? type.double() : type.bigint();
  return found ?? type.string();
}

function mixed(where: string, one: string, other: string): ArgumentError {
  return new ArgumentError(`${where}: ${one} and ${other}, which no type holds`, {
    hint: 'make them alike before, or leave the column out: { schema: { ... } } names those that are taken',
  });
}
