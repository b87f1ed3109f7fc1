import { counted, grouped } from '../cell.js';
import type { Drawn } from '../vega.js';
import type { ChartColumn, ChartData, ChartValue, ColumnKind } from './columns.js';
import { amountAxis, type ChartOptions, frameOf, Notes, valueText } from './frame.js';
import { binsOf } from './histogram.js';

/** How a heat map is drawn. */
export interface HeatmapOptions extends ChartOptions {
  /** A column whose mean gives the colour. Default: how many rows there are. */
  readonly value?: string;
}

const MOST_NAMES = 40;
const STEPS = 30;

interface Steps {
  readonly labels: readonly string[];
  /** Which of them a value belongs to; `undefined` for none. */
  of(value: ChartValue): number | undefined;
}

/** Names as they are (the most frequent ones), numbers and moments in steps. */
function stepsOf(column: ChartColumn, notes: Notes): Steps {
  if (column.kind === 'nominal') {
    const counts = new Map<ChartValue, number>();
    for (const value of column.values) counts.set(value, (counts.get(value) ?? 0) + 1);
    const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_NAMES);
    if (counts.size > kept.length) {
      notes.say(`the ${kept.length} most frequent of ${grouped(counts.size)} in ${column.title}`);
    }
    const labels = kept.map(([name]) => (name === null ? 'null' : String(name))).sort();
    const place = new Map(labels.map((name, i) => [name, i]));
    return { labels, of: (value) => place.get(value === null ? 'null' : String(value)) };
  }
  const numbers = column.values.filter((value): value is number => typeof value === 'number');
  const bins = binsOf(numbers, STEPS, column.kind === 'temporal');
  const step = (bins[0]?.end ?? 1) - (bins[0]?.start ?? 0) || 1;
  const low = bins[0]?.start ?? 0;
  return {
    labels: stepLabels(bins, column.kind),
    of: (value) =>
      typeof value === 'number' ? Math.min(bins.length - 1, Math.max(0, Math.floor((value - low) / step))) : undefined,
  };
}

/** Moments of one day without the day. */
function stepLabels(bins: readonly { readonly start: number }[], kind: ColumnKind): string[] {
  const labels = bins.map((bin) => valueText(bin.start, kind));
  if (kind !== 'temporal' || new Set(labels.map((label) => label.slice(0, 10))).size > 1) return labels;
  return labels.map((label) => label.slice(11));
}

/** Half a row is none: a legend of few counts names each. */
function wholeSteps(counts: readonly number[]): { values?: number[] } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const count of counts) {
    low = Math.min(low, count);
    high = Math.max(high, count);
  }
  return high - low > 5 || high < low ? {} : { values: Array.from({ length: high - low + 1 }, (_, i) => low + i) };
}

/** Two columns against each other: the colour says how many rows there are, or the mean of a third column. */
export function heatmapChart(data: ChartData, x: string, y: string, options: HeatmapOptions): Drawn {
  const notes = new Notes(data);
  const columns = [data.column(x), data.column(y)] as const;
  const value = options.value === undefined ? undefined : data.column(options.value, 'quantitative');
  const [across, down] = [stepsOf(columns[0], notes), stepsOf(columns[1], notes)];
  const cells = new Map<number, { sum: number; count: number }>();
  let missing = 0;
  for (let i = 0; i < data.count; i++) {
    const column = across.of(columns[0].values[i] ?? null);
    const row = down.of(columns[1].values[i] ?? null);
    const amount = value === undefined ? 1 : (value.values[i] ?? null);
    if (column === undefined || row === undefined || typeof amount !== 'number') {
      missing++;
      continue;
    }
    const at = row * across.labels.length + column;
    const cell = cells.get(at);
    if (cell === undefined) cells.set(at, { sum: amount, count: 1 });
    else {
      cell.sum += amount;
      cell.count++;
    }
  }
  notes.missing(missing);
  const title = value === undefined ? 'rows' : `mean of ${value.title}`;
  const axis = (field: string, column: ChartColumn, labels: readonly string[]) => ({
    field,
    type: 'ordinal',
    title: column.title,
    sort: labels,
    scale: { domain: labels },
    axis: { labelOverlap: true, ...(field === 'x' && labels.length < 8 && { labelAngle: 0 }) },
  });
  const rows = [...cells].map(([at, { sum, count }]) => ({
    x: across.labels[at % across.labels.length],
    y: down.labels[Math.floor(at / across.labels.length)],
    v: value === undefined ? count : sum / count,
  }));
  const rising = columns[1].kind === 'nominal' ? down.labels : [...down.labels].reverse();
  const legend = {
    gradientLength: 160,
    ...(value === undefined ? wholeSteps(rows.map((row) => row.v)) : amountAxis(rows.map((row) => row.v)).axis),
  };
  const spec = {
    ...frameOf(options, notes.all),
    data: { values: rows },
    mark: { type: 'rect' },
    encoding: {
      x: axis('x', columns[0], across.labels),
      y: axis('y', columns[1], rising),
      color: { field: 'v', type: 'quantitative', title, scale: { scheme: 'blues' }, legend },
      tooltip: [
        { field: 'x', type: 'nominal', title: columns[0].title },
        { field: 'y', type: 'nominal', title: columns[1].title },
        { field: 'v', type: 'quantitative', title, format: ',' },
      ],
    },
  };
  const head = `heat map of ${title} by ${columns[0].title} and ${columns[1].title}`;
  return { spec, line: [`${head}, ${counted(rows.length, 'field')}`, ...notes.all].join('; ') };
}
