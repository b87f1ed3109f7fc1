import { grouped } from '../cell.js';
import { type ChartColumn, type ChartData, type ColumnKind, chartColumn } from './columns.js';
import { MOST_SERIES, type Notes } from './frame.js';

/** One thing to draw. */
export interface Point {
  readonly x: number | string;
  readonly y: number;
  readonly series: string;
}

/** The rows of a chart with two axes. */
export interface Series {
  readonly x: ChartColumn;
  readonly y: Pick<ChartColumn, 'title' | 'kind'>;
  /** What the legend is about; absent with one series only. */
  readonly by: string | undefined;
  readonly names: readonly string[];
  readonly points: readonly Point[];
}

const OTHERS = 'others';

/** The most frequent names, the rest as one: a legend has room for ten. */
function seriesNames(values: readonly string[], notes: Notes): (name: string) => string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= MOST_SERIES) return (name) => name;
  const kept = new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_SERIES - 1)
      .map(([name]) => name),
  );
  notes.say(`the ${kept.size} most frequent of ${grouped(counts.size)} series, the rest as \`${OTHERS}\``);
  return (name) => (kept.has(name) ? name : OTHERS);
}

/**
 * Rows as points: x, y, and the series they belong to, by a column or by the name of the y column where there are
 * several. Rows without x or y are left out and counted.
 */
export function seriesOf(
  data: ChartData,
  xName: string,
  yNames: readonly string[],
  byName: string | undefined,
  notes: Notes,
  xKind?: ColumnKind,
): Series {
  const x = data.column(xName, xKind);
  const ys = yNames.map((name) => data.column(name, 'quantitative'));
  const by = byName === undefined ? undefined : chartColumn(byName, data.column(byName).values, 'nominal');
  const all: Point[] = [];
  let missing = 0;
  for (const y of ys) {
    for (let i = 0; i < data.count; i++) {
      const at = x.values[i] ?? null;
      const value = y.values[i] ?? null;
      if (at === null || typeof value !== 'number') {
        missing++;
        continue;
      }
      const group = by === undefined ? undefined : String(by.values[i] ?? 'null');
      const series = ys.length === 1 ? (group ?? '') : group === undefined ? y.title : `${y.title}, ${group}`;
      all.push({ x: at, y: value, series });
    }
  }
  notes.missing(missing).rounded([x, ...ys]);
  const nameOf = seriesNames(
    all.map((point) => point.series),
    notes,
  );
  const points = all.map((point) => ({ ...point, series: nameOf(point.series) }));
  const [first] = ys;
  return {
    x,
    y: { title: ys.length === 1 && first !== undefined ? first.title : 'value', kind: 'quantitative' },
    by: by?.title ?? (ys.length > 1 ? 'column' : undefined),
    names: [...new Set(points.map((point) => point.series))],
    points,
  };
}

/** Points by series, in their order. */
export function bySeries(points: readonly Point[]): Map<string, Point[]> {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const group = groups.get(point.series);
    if (group === undefined) groups.set(point.series, [point]);
    else group.push(point);
  }
  return groups;
}

/** How the colour says the series. */
export function colourOf(series: Series): Record<string, unknown> {
  if (series.by === undefined) return {};
  return {
    color: { field: 's', type: 'nominal', title: series.by, sort: null, legend: { orient: 'bottom', columns: 5 } },
  };
}

/** The same rows and the same order each time: every n-th, and the last. */
export function everyNth<T>(items: readonly T[], max: number): T[] {
  if (items.length <= max) return [...items];
  const step = items.length / max;
  return Array.from({ length: max }, (_, i) => items[Math.floor((i + 1) * step) - 1] as T);
}
