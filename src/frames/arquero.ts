import { ArgumentError } from '../core/errors.js';
import type { ArqueroTable, FrameColumns, FrameOptions, FrameView, WantedTypes } from '../core/frames.js';
import type { Field } from '../core/types/index.js';
import { leavingColumn } from './cells.js';
import { enteringColumns } from './entering.js';
import type { Gathered } from './gather.js';
import { loadArquero } from './packages.js';
import { remember, remembered } from './remembered.js';

/** What is read of a column of an arquero table: a list, or a column of an Arrow table. */
interface ArqueroColumn {
  readonly length: number;
  at(row: number): unknown;
}

/** What is read of an arquero 8 table; the package itself is not needed to show one. */
interface AnyArquero {
  numRows(): number;
  numCols(): number;
  columnNames(): string[];
  column(name: string): ArqueroColumn;
  isFiltered(): boolean;
  isOrdered(): boolean;
  indices(): ArrayLike<number>;
}

const METHODS = ['numRows', 'numCols', 'columnNames', 'column', 'isFiltered', 'isOrdered', 'indices'] as const;

function isArquero(value: unknown): value is AnyArquero {
  return (
    typeof value === 'object' &&
    value !== null &&
    METHODS.every((name) => typeof (value as Partial<AnyArquero>)[name] === 'function')
  );
}

/**
 * The view of an arquero table, filtered and ordered as the table is.
 *
 * @see arquero: Table
 */
export function arqueroView(value: object): FrameView | undefined {
  if (!isArquero(value)) return undefined;
  const names = value.columnNames();
  const columns = names.map((name) => value.column(name));
  // A filter or an order is a list of row numbers, worked out when the first row is asked for.
  let order: ArrayLike<number> | undefined;
  const straight = !value.isFiltered() && !value.isOrdered();
  return {
    columns: names.map((name) => ({ name })),
    rowCount: value.numRows(),
    row: (index) => {
      if (!straight) order ??= value.indices();
      const at = order?.[index] ?? index;
      return columns.map((column) => column.at(at));
    },
  };
}

/** An arquero table of columns: numbers in typed arrays where no NULL is among them. */
export async function makeArquero(gathered: Gathered, options: FrameOptions): Promise<ArqueroTable> {
  const { table } = await loadArquero();
  const { schema, names } = gathered;
  const columns = gathered.columns.map((values, i) => {
    if (schema === undefined) return values;
    const field = schema.fields[i] as Field;
    const column = leavingColumn(field, values, options);
    remember(column, field.type);
    return column;
  });
  return table(new Map(names.map((name, i) => [name, columns[i]])) as never, [...names]) as ArqueroTable;
}

/** The columns of an arquero table, filtered and ordered as the table is. */
export function readArquero(frame: unknown, wanted: WantedTypes | undefined): FrameColumns {
  if (!isArquero(frame)) {
    throw new ArgumentError('fromArquero: this is no arquero table', {
      hint: "import * as aq from 'arquero'; t.fromArquero(aq.table({ a: [1, 2] }))",
    });
  }
  const rowCount = frame.numRows();
  const straight = !frame.isFiltered() && !frame.isOrdered();
  const order = straight ? undefined : frame.indices();
  const columns = frame.columnNames().map((name) => {
    const column = frame.column(name);
    return {
      name,
      values: read(column, rowCount, order),
      known: remembered(column),
      missingIsNaN: false,
    };
  });
  return enteringColumns('fromArquero', columns, rowCount, wanted);
}

function read(column: ArqueroColumn, rowCount: number, order: ArrayLike<number> | undefined): ArrayLike<unknown> {
  if (order === undefined && (Array.isArray(column) || ArrayBuffer.isView(column))) {
    return column as unknown as ArrayLike<unknown>;
  }
  // Typed arrays stay what they are: their name is their type.
  const values: unknown[] | Float64Array = ArrayBuffer.isView(column)
    ? new (column.constructor as Float64ArrayConstructor)(rowCount)
    : new Array(rowCount);
  for (let i = 0; i < rowCount; i++) values[i] = column.at(order === undefined ? i : (order[i] as number)) as number;
  return values;
}
