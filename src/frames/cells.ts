import { StreambookError } from '../core/errors.js';
import type { FrameOptions } from '../core/frames.js';
import type { AnyType, Field } from '../core/types/index.js';
import { Timestamp, toCell } from '../core/values/index.js';

/** Raised for a column whose values a frame cannot hold. */
export class FrameTypeError extends StreambookError {
  constructor(message: string, hint: string) {
    super('frame-type', message, { hint });
  }
}

/** A column of the engine's values as a frame holds it. Columns that need no change are handed on as they are. */
export function leavingColumn(field: Field, values: ArrayLike<unknown>, options: FrameOptions): ArrayLike<unknown> {
  const { type, name } = field;
  switch (type.root) {
    case 'BIGINT':
      return bigintColumn(field, values, options);
    case 'FLOAT':
      return floatColumn(type, values);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return mapped(values, timestampCell(type.precision, options.timestamp ?? 'date', `column \`${name}\``));
    default:
      return changes(type) ? mapped(values, toCell(type, cellOptions(options), `column \`${name}\``)) : values;
  }
}

function cellOptions({ bigint, decimal }: FrameOptions): {
  bigint?: 'number' | 'bigint';
  decimal?: 'string' | 'number';
} {
  return {
    ...(bigint === undefined ? {} : { bigint: bigint === 'number' ? bigint : 'bigint' }),
    ...(decimal === undefined ? {} : { decimal }),
  };
}

/** Whether values leave in another form than the engine has them in. */
function changes(type: AnyType): boolean {
  return ['DECIMAL', 'DATE', 'TIME', 'ARRAY', 'MULTISET', 'MAP', 'ROW', 'STRUCTURED'].includes(type.root);
}

function mapped(values: ArrayLike<unknown>, convert: (value: unknown) => unknown): unknown[] {
  const made: unknown[] = new Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    made[i] = value === null ? null : convert(value);
  }
  return made;
}

function bigintColumn({ type, name }: Field, values: ArrayLike<unknown>, options: FrameOptions): ArrayLike<unknown> {
  if (options.bigint === 'string') return mapped(values, String);
  if (options.bigint !== 'bigint') {
    const check = toCell(type, {}, `column \`${name}\``);
    for (let i = 0; i < values.length; i++) if (typeof values[i] === 'bigint') check(values[i]);
    return values;
  }
  const made = mapped(values, (value) => BigInt(value as number | bigint));
  return made.includes(null) ? made : BigInt64Array.from(made as bigint[]);
}

/** The shortest digits that mean the same 32 bits: 0.1, and not 0.10000000149011612. */
function floatColumn(type: AnyType, values: ArrayLike<unknown>): ArrayLike<unknown> {
  const made = mapped(values, toCell(type));
  return values instanceof Float64Array ? Float64Array.from(made as number[]) : made;
}

function timestampCell(
  precision: number,
  form: 'date' | 'timestamp' | 'string',
  where: string,
): (value: unknown) => unknown {
  const whole = (value: unknown): Timestamp =>
    precision <= 3 ? Timestamp.ofMs(value as number) : (value as Timestamp);
  if (form === 'timestamp') return whole;
  if (form === 'string') return (value) => whole(value).format(precision);
  return (value) => {
    if (precision <= 3) return new Date(value as number);
    const { ms, nanosOfMs } = value as Timestamp;
    if (nanosOfMs === 0) return new Date(ms);
    throw new FrameTypeError(
      `${where}: ${(value as Timestamp).format(precision)} is finer than a millisecond, which a Date cannot hold`,
      "pass { timestamp: 'string' } (arquero also takes 'timestamp'), or CAST the column to TIMESTAMP(3)",
    );
  };
}
