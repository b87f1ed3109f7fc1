import type { FrameView } from '../core/frames.js';

/** What is read of an arquero 8 table; the package itself is not needed to show one. */
interface ArqueroTable {
  numRows(): number;
  numCols(): number;
  columnNames(): string[];
  column(name: string): { at(row: number): unknown };
  isFiltered(): boolean;
  isOrdered(): boolean;
  indices(): ArrayLike<number>;
}

const METHODS = ['numRows', 'numCols', 'columnNames', 'column', 'isFiltered', 'isOrdered', 'indices'] as const;

function isArquero(value: object): value is ArqueroTable {
  return METHODS.every((name) => typeof (value as Partial<ArqueroTable>)[name] === 'function');
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
