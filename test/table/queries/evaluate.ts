import type { Cell, Cells } from './run.js';

// What SQL says, written out once more over rows that stand still: no plan, no changes.

export type Number_ = number | null;

export const known = (list: readonly Cell[]): number[] => list.filter((one): one is number => typeof one === 'number');
export const sum = (list: readonly Cell[]): Number_ =>
  known(list).length === 0 ? null : known(list).reduce((a, b) => a + b, 0);
export const max = (list: readonly Cell[]): Number_ => (known(list).length === 0 ? null : Math.max(...known(list)));
export const min = (list: readonly Cell[]): Number_ => (known(list).length === 0 ? null : Math.min(...known(list)));
export const count = (list: readonly Cell[]): number => list.filter((one) => one !== null).length;
export const equal = (a: Cell | undefined, b: Cell | undefined): boolean => a !== null && a === b;
export const above = (a: Cell | undefined, b: number): boolean => typeof a === 'number' && a > b;
export const column = (rows: readonly Cells[], i: number): Cell[] => rows.map((row) => row[i] as Cell);

export const unique = (rows: readonly Cells[]): Cells[] =>
  [...new Set(rows.map((row) => JSON.stringify(row)))].map((text) => JSON.parse(text) as Cells);

/** Rows by the columns `keys`, in the order in which the groups came. */
export function grouped(rows: readonly Cells[], ...keys: readonly number[]): [Cells, Cells[]][] {
  const found = new Map<string, [Cells, Cells[]]>();
  for (const row of rows) {
    const key = keys.map((i) => row[i] as Cell);
    const text = JSON.stringify(key);
    const group = found.get(text) ?? [key, []];
    group[1].push(row);
    found.set(text, group);
  }
  return [...found.values()];
}

/** Ascending by what `by` gives; NULL is lowest. */
export const sorted = (rows: readonly Cells[], by: (row: Cells) => readonly Cell[]): Cells[] =>
  [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)];
    for (const [i, one] of x.entries()) {
      const [p, q] = [one ?? Number.NEGATIVE_INFINITY, y[i] ?? Number.NEGATIVE_INFINITY] as [number, number];
      if (p !== q) return p < q ? -1 : 1;
    }
    return 0;
  });

/** An outer, semi or anti join. */
export function joined(
  kind: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti',
  left: readonly Cells[],
  right: readonly Cells[],
  matches: (l: Cells, r: Cells) => boolean,
): Cells[] {
  if (kind === 'semi' || kind === 'anti')
    return left.filter((l) => right.some((r) => matches(l, r)) === (kind === 'semi'));
  const nulls = (of: readonly Cells[], width: number): Cell[] =>
    (of[0] ?? Array.from({ length: width })).map(() => null);
  const rows: Cells[] = left.flatMap((l) => right.filter((r) => matches(l, r)).map((r) => [...l, ...r]));
  if (kind === 'left' || kind === 'full') {
    const alone = left.filter((l) => !right.some((r) => matches(l, r)));
    rows.push(...alone.map((l) => [...l, ...nulls(right, l.length)]));
  }
  if (kind === 'right' || kind === 'full') {
    const alone = right.filter((r) => !left.some((l) => matches(l, r)));
    rows.push(...alone.map((r) => [...nulls(left, r.length), ...r]));
  }
  return rows;
}
