import { ArgumentError } from '../core/errors.js';
import type { DanfoFrame, FrameColumns, FrameOptions, FrameView, WantedTypes } from '../core/frames.js';
import { type AnyType, type Field, type Schema, type } from '../core/types/index.js';
import { FrameTypeError, leavingColumn } from './cells.js';
import { enteringColumns } from './entering.js';
import type { Gathered } from './gather.js';
import { loadDanfo } from './packages.js';

/** What is read of a danfojs-node 1.2 `DataFrame` or `Series`; the package itself (slow to load) is not needed. */
interface AnyDanfo {
  readonly $isSeries: boolean;
  readonly columns: readonly (string | number)[];
  readonly dtypes: readonly string[];
  readonly index: readonly (string | number)[];
  readonly shape: readonly [number, number];
  readonly values: readonly unknown[];
}

function isDanfo(value: unknown): value is AnyDanfo {
  const frame = value as Partial<AnyDanfo> | null | undefined;
  return (
    typeof frame === 'object' &&
    frame !== null &&
    typeof frame.$isSeries === 'boolean' &&
    Array.isArray(frame.columns) &&
    Array.isArray(frame.dtypes) &&
    Array.isArray(frame.shape) &&
    Array.isArray(frame.values)
  );
}

function nameOf(frame: AnyDanfo, name: string | number): string {
  return frame.$isSeries && String(name) === '0' ? 'value' : String(name);
}

/**
 * The view of a danfojs frame or series with the types danfojs gave its columns. Its index is a column of its own
 * unless it only counts the rows.
 *
 * @see danfojs: DataFrame, Series
 */
export function danfoView(value: object): FrameView | undefined {
  if (!isDanfo(value)) return undefined;
  const { values, index, $isSeries } = value;
  const counting = index.every((label, i) => label === i);
  const columns = value.columns.map((name, i) => {
    const dtype = value.dtypes[i];
    const shown = nameOf(value, name);
    return dtype === undefined ? { name: shown } : { name: shown, type: dtype };
  });
  if (!counting) columns.unshift({ name: 'index' });
  return {
    columns,
    rowCount: values.length,
    row: (at) => {
      const row = $isSeries ? [values[at]] : (values[at] as readonly unknown[]);
      return counting ? row : [index[at], ...row];
    },
  };
}

/** Frames do not keep types, and danfojs's change in place: what columns were is known by their names. */
const schemas = new WeakMap<object, Schema>();

/** A danfojs frame of columns. Its kinds of column are few: what does not fit into any is refused by name. */
export function makeDanfo(gathered: Gathered, options: FrameOptions): DanfoFrame {
  const { schema, names, rowCount } = gathered;
  if (options.timestamp === 'timestamp') {
    throw new ArgumentError("toDanfo: timestamp is 'timestamp', and danfojs knows 'date' and 'string'");
  }
  for (const field of schema?.fields ?? []) checkDanfo(field);
  const { DataFrame } = loadDanfo();
  const columns = gathered.columns.map((values, i) =>
    schema === undefined ? values : leavingColumn(schema.fields[i] as Field, values, options),
  );
  const rows: unknown[][] = new Array(rowCount);
  for (let i = 0; i < rowCount; i++) rows[i] = columns.map((column) => column[i]);
  // Without rows there is nothing it could see types in, and it refuses them; names it takes.
  const dtypes = schema?.fields.map((field) => dtypeOf(field.type, options));
  const frame = new DataFrame(rows, {
    columns: [...names],
    ...(dtypes === undefined ? {} : { dtypes }),
  }) as DanfoFrame;
  if (schema !== undefined) schemas.set(frame as object, schema);
  return frame;
}

function checkDanfo({ name, type }: Field): void {
  if (!['ARRAY', 'MULTISET', 'MAP', 'ROW', 'STRUCTURED', 'RAW', 'BINARY', 'VARBINARY'].includes(type.root)) return;
  throw new FrameTypeError(
    `column \`${name}\` is ${type}: a danfojs frame holds numbers, texts, booleans and dates`,
    'leave the column out, CAST it to STRING, or take toArquero(), which keeps it',
  );
}

function dtypeOf({ root }: AnyType, { bigint, decimal, timestamp }: FrameOptions): string {
  switch (root) {
    case 'BOOLEAN':
      return 'boolean';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return 'int32';
    case 'BIGINT':
      return bigint === 'string' ? 'string' : 'int32';
    case 'FLOAT':
    case 'DOUBLE':
      return 'float32';
    case 'DECIMAL':
      return decimal === 'number' ? 'float32' : 'string';
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestamp === 'string' ? 'string' : 'datetime';
    default:
      return 'string';
  }
}

/** The columns of a danfojs frame or series. Its index is left out, as Flink leaves pandas's out. */
export function readDanfo(frame: unknown, wanted: WantedTypes | undefined): FrameColumns {
  if (!isDanfo(frame)) {
    throw new ArgumentError('fromDanfo: this is no danfojs frame', {
      hint: 't.fromDanfo(new dfd.DataFrame({ a: [1, 2] }))',
    });
  }
  const { values, $isSeries } = frame;
  const rowCount = values.length;
  const was = schemas.get(frame);
  const columns = frame.columns.map((label, c) => {
    const name = nameOf(frame, label);
    const column: unknown[] = new Array(rowCount);
    if ($isSeries) for (let i = 0; i < rowCount; i++) column[i] = values[i];
    else for (let i = 0; i < rowCount; i++) column[i] = (values[i] as readonly unknown[])[c];
    const known = was?.fields.find((field) => field.name === name)?.type ?? said(frame.dtypes[c]);
    return { name, values: column, known, missingIsNaN: true };
  });
  return enteringColumns('fromDanfo', columns, rowCount, wanted);
}

/** What a danfojs type is for sure: its others are guesses from the first values, and texts of digits count as numbers. */
function said(dtype: string | undefined): AnyType | undefined {
  return dtype === 'float32' ? (type.double() as AnyType) : undefined;
}
