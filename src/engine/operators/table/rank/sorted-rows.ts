import type { Row } from '../../../../core/rows/index.js';

/** Rows by their sort key; those with the same key in the order in which they came. */
export type SortedRows = Row[][];

/** Where the rows with this row's sort key are, or would be. */
export function placeOf(
  sorted: SortedRows,
  row: Row,
  compare: (a: Row, b: Row) => number,
): { readonly at: number; readonly known: boolean } {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare((sorted[middle] as Row[])[0] as Row, row);
    if (order === 0) return { at: middle, known: true };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return { at: low, known: false };
}

/** Adds a row behind those with its key. @returns the place of its key */
export function addSorted(sorted: SortedRows, row: Row, compare: (a: Row, b: Row) => number): number {
  const { at, known } = placeOf(sorted, row, compare);
  if (known) (sorted[at] as Row[]).push(row);
  else sorted.splice(at, 0, [row]);
  return at;
}
