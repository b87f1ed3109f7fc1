import { grouped, sorted } from './evaluate.js';
import type { Cell, Cells } from './run.js';

/** A row of `e (id, ts, k, v)` in one window: the row, the window's start and end in seconds. */
export type Windowed = readonly [row: Cells, start: number, end: number];

const timeOf = (row: Cells): number => row[1] as number;

/** Every window `[s, s + size)` that begins at a multiple of `slide` and holds the row; all in seconds. */
export function hop(rows: readonly Cells[], slide: number, size: number): Windowed[] {
  return rows.flatMap((row) => {
    const found: Windowed[] = [];
    for (let start = Math.floor(timeOf(row) / 1000 / slide) * slide; start + size > timeOf(row) / 1000; start -= slide)
      found.push([row, start, start + size]);
    return found;
  });
}

export const tumble = (rows: readonly Cells[], size: number): Windowed[] => hop(rows, size, size);

export function cumulate(rows: readonly Cells[], step: number, size: number): Windowed[] {
  return tumble(rows, size).flatMap(([row, start, last]) => {
    const found: Windowed[] = [];
    for (let end = start + step; end <= last; end += step) if (timeOf(row) < end * 1000) found.push([row, start, end]);
    return found;
  });
}

/** Sessions within column 2; bounds in ms. */
export function session(rows: readonly Cells[], gapMs: number): Windowed[] {
  return grouped(rows, 2).flatMap(([, group]) => {
    const found: { rows: Cells[]; start: number; end: number }[] = [];
    for (const row of sorted(group, (r) => [r[1] as Cell])) {
      const last = found.at(-1);
      const time = timeOf(row);
      if (last !== undefined && time <= last.end) {
        last.rows.push(row);
        last.end = time + gapMs;
      } else found.push({ rows: [row], start: time, end: time + gapMs });
    }
    return found.flatMap(({ rows: of, start, end }) => of.map((row): Windowed => [row, start, end]));
  });
}

/** `[...keys, start, end]` of each window and group, and the rows in it. */
export function perWindow(windowed: readonly Windowed[], ...keys: readonly number[]): [Cells, Cells[]][] {
  const flat = windowed.map(([row, start, end]): Cells => [...keys.map((i) => row[i] as Cell), start, end, ...row]);
  const width = keys.length + 2;
  const groups = grouped(flat, ...Array.from({ length: width }, (_, i) => i));
  return groups.map(([key, rows]) => [key, rows.map((row) => row.slice(width))]);
}
