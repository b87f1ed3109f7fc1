import { types } from 'node:util';
import { ArgumentError } from '../core/errors.js';
import type { FrameColumns, WantedTypes } from '../core/frames.js';
import { type AnyType, type FieldTypes, Schema, schemaOf, UnknownColumnError } from '../core/types/index.js';
import { DAY_MS, fromCell } from '../core/values/index.js';
import { inferColumn } from './infer.js';

/** A column of a frame. */
export interface FrameColumn {
  readonly name: string;
  readonly values: ArrayLike<unknown>;
  /** The type it had in the table it came from, or that the frame itself says. */
  readonly known?: AnyType | undefined;
  /** Whether NaN stands for a value that is not there, as in danfojs. */
  readonly missingIsNaN: boolean;
}

/**
 * A frame's columns as the engine's. With `wanted` these columns, by name, as these types; otherwise all of them, as what
 * they were or what their values say.
 *
 * @param call for errors: `fromArquero`
 */
export function enteringColumns(
  call: string,
  columns: readonly FrameColumn[],
  rowCount: number,
  wanted: WantedTypes | undefined,
): FrameColumns {
  if (wanted === undefined) {
    if (columns.length === 0) throw new ArgumentError(`${call}: the frame has no columns`);
    const typed = columns.map((column) => entered(column));
    const schema = new Schema(columns.map(({ name }, i) => ({ name, type: (typed[i] as Entered).type })));
    return { schema, rowCount, columns: typed.map(({ values }) => values) };
  }
  const schema = schemaOf(wanted as FieldTypes);
  const found = matched(columns, schema);
  return {
    schema,
    rowCount,
    columns: schema.fields.map(({ type }, i) => converted(found[i] as FrameColumn, type)),
  };
}

/** By name; by position where the columns have no names of their own: danfojs calls them 0, 1 and so on. */
function matched(columns: readonly FrameColumn[], schema: Schema): FrameColumn[] {
  const unnamed = columns.every(({ name }, i) => name === String(i));
  if (unnamed && columns.length === schema.length && !schema.names.some((name) => /^\d+$/.test(name))) {
    return [...columns];
  }
  return schema.names.map((name) => {
    const column = columns.find((one) => one.name === name);
    if (column !== undefined) return column;
    throw new UnknownColumnError(
      name,
      columns.map((one) => one.name),
      'a data frame',
    );
  });
}

interface Entered {
  readonly type: AnyType;
  readonly values: ArrayLike<unknown>;
}

function entered(column: FrameColumn): Entered {
  const { known } = column;
  if (known !== undefined) {
    try {
      return { type: known, values: converted(column, known) };
    } catch {
      // Somebody put other values in: then these say what it is.
    }
  }
  const type = inferColumn(column);
  return { type, values: converted(column, type) };
}

/** Which typed arrays hold nothing but the engine's values of a type already. */
const AS_THEY_ARE: Readonly<Record<string, (values: unknown) => boolean>> = {
  DOUBLE: (values) => types.isFloat64Array(values) || types.isFloat32Array(values),
  FLOAT: types.isFloat32Array,
  TINYINT: types.isInt8Array,
  SMALLINT: (values) => types.isInt16Array(values) || types.isInt8Array(values) || types.isUint8Array(values),
  INT: (values) => types.isInt32Array(values) || types.isInt16Array(values) || types.isUint16Array(values),
  BIGINT: (values) => types.isInt32Array(values) || types.isUint32Array(values),
};

function converted({ name, values, missingIsNaN }: FrameColumn, type: AnyType): ArrayLike<unknown> {
  if (AS_THEY_ARE[type.root]?.(values) === true) return values;
  const before = inFrames(type);
  const nanIsNull = missingIsNaN && type.root !== 'DOUBLE' && type.root !== 'FLOAT';
  const convert = fromCell(type, `column \`${name}\``);
  const made: unknown[] = new Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let value = values[i];
    if (nanIsNull && typeof value === 'number' && Number.isNaN(value)) value = null;
    if (before !== undefined) value = before(value);
    try {
      made[i] = convert(value);
    } catch {
      // Once more, to say which row it is.
      fromCell(type, `column \`${name}\`, row ${i}`)(value);
    }
  }
  return made;
}

/** What frames hold besides what cells give. */
function inFrames(type: AnyType): ((value: unknown) => unknown) | undefined {
  switch (type.root) {
    case 'DATE':
      return (value) => {
        const ms = types.isDate(value) ? value.getTime() : undefined;
        return ms !== undefined && ms % DAY_MS === 0 ? new Date(ms).toISOString().slice(0, -14) : value;
      };
    case 'BIGINT':
      return (value) => (typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value) ? BigInt(value) : value);
    default:
      return undefined;
  }
}
