import { ArgumentError } from '../../core/errors.js';
import { textWidth } from '../../core/text-width.js';
import { counted, grouped } from '../cell.js';
import type { Drawn } from '../vega.js';
import { type ChartData, type ChartValue, chartColumn } from './columns.js';
import { amountAxis, axisOf, type ChartOptions, COLOURS, countAxis, frameOf, Notes, valueText } from './frame.js';
import { colourOf, type Series, seriesOf } from './series.js';

/** What becomes of several rows with one name. */
export type Aggregate = 'sum' | 'mean' | 'min' | 'max' | 'count';

/** How bars are drawn. */
export interface BarOptions extends ChartOptions {
  /** A column that divides each bar into colours. */
  readonly by?: string;
  /** What becomes of several rows with one name: their `sum` (default), `mean`, `min`, `max` or `count`. */
  readonly aggregate?: Aggregate;
  /** `'value'`: largest first (default where x holds names); `'none'`: as they come; `'x'`: by x. */
  readonly sort?: 'value' | 'x' | 'none';
  /** How many bars. The rest is counted. Default 40. */
  readonly top?: number;
}

interface Bar {
  readonly x: ChartValue;
  readonly series: string;
  sum: number;
  count: number;
  min: number;
  max: number;
}

const READ: Readonly<Record<Aggregate, (bar: Bar) => number>> = {
  sum: (bar) => bar.sum,
  mean: (bar) => bar.sum / bar.count,
  min: (bar) => bar.min,
  max: (bar) => bar.max,
  count: (bar) => bar.count,
};

/** The series where only rows are counted. */
function counts(data: ChartData, x: string, by: string | undefined): Series {
  const names = data.column(x).values.map((value) => (value === null ? 'null' : value));
  const groups = by === undefined ? undefined : chartColumn(by, data.column(by).values, 'nominal');
  const column = data.column(x);
  const points = names.map((at, i) => ({ x: at, y: 1, series: String(groups?.values[i] ?? '') }));
  return {
    x: column,
    y: { title: 'rows', kind: 'quantitative' },
    by: groups?.title,
    names: [...new Set(points.map((point) => point.series))],
    points,
  };
}

function barsOf(series: Series): Bar[] {
  const bars = new Map<string, Bar>();
  for (const { x, y, series: name } of series.points) {
    const key = `${typeof x}${x}\u0000${name}`;
    const bar = bars.get(key);
    if (bar === undefined) bars.set(key, { x, series: name, sum: y, count: 1, min: y, max: y });
    else {
      bar.sum += y;
      bar.count++;
      bar.min = Math.min(bar.min, y);
      bar.max = Math.max(bar.max, y);
    }
  }
  return [...bars.values()];
}

/** Which names are drawn, in which order. */
function order(bars: readonly Bar[], read: (bar: Bar) => number, sort: 'value' | 'x' | 'none'): ChartValue[] {
  const totals = new Map<ChartValue, number>();
  for (const bar of bars) totals.set(bar.x, (totals.get(bar.x) ?? 0) + read(bar));
  const all = [...totals];
  if (sort === 'value') all.sort((a, b) => b[1] - a[1]);
  if (sort === 'x') all.sort(([a], [b]) => ((a as number) < (b as number) ? -1 : a === b ? 0 : 1));
  return all.map(([x]) => x);
}

/**
 * A bar per name; rows with the same name are put together. Long names lie beside horizontal bars.
 *
 * @param y the amounts; `undefined` counts rows
 */
export function barChart(data: ChartData, x: string, y: string | undefined, options: BarOptions): Drawn {
  const notes = new Notes(data);
  const { top = 40, aggregate = y === undefined ? 'count' : 'sum' } = options;
  if (!(top >= 1 && top <= 1000)) throw new ArgumentError(`chart: top is ${top}, not 1 to 1000`);
  const read = READ[aggregate];
  if (read === undefined) {
    throw new ArgumentError(`chart: no aggregate \`${aggregate}\``, { hint: `one of ${Object.keys(READ).join(', ')}` });
  }
  const series = y === undefined ? counts(data, x, options.by) : seriesOf(data, x, [y], options.by, notes);
  const bars = barsOf(series);
  const names = order(bars, read, options.sort ?? (series.x.kind === 'nominal' ? 'value' : 'x'));
  const kept = names.slice(0, top);
  if (names.length > kept.length) notes.say(`${grouped(kept.length)} of ${counted(names.length, 'bar')}`);
  const place = new Map(kept.map((name, i) => [name, i]));
  const label = (value: ChartValue): string => valueText(value, series.x.kind).replaceAll(',', '');
  const rows = bars
    .filter((bar) => place.has(bar.x))
    .sort((a, b) => (place.get(a.x) ?? 0) - (place.get(b.x) ?? 0))
    .map((bar) => ({ x: label(bar.x), y: read(bar), s: bar.series }));
  const merged = bars.some((bar) => bar.count > 1);
  const title = merged && aggregate !== 'count' ? `${aggregate} of ${series.y.title}` : series.y.title;
  const longest = kept.reduce<number>((most, name) => Math.max(most, textWidth(label(name))), 0);
  const lying = longest * kept.length > 90;
  const few = kept.length > 0 && (options.width ?? 640) / kept.length > 2 * WIDEST;
  const nameAxis = axisOf('x', { ...series.x, kind: 'nominal' }, { sort: kept.map(label), ...(!lying && UPRIGHT) });
  const amounts = (aggregate === 'count' ? countAxis : amountAxis)(rows.map((row) => row.y));
  const valueAxis = {
    field: 'y',
    type: 'quantitative',
    title,
    ...amounts,
    stack: aggregate === 'sum' || aggregate === 'count',
  };
  const spec = {
    ...frameOf({ ...(lying && { height: Math.min(5000, 90 + 17 * kept.length) }), ...options }, notes.all),
    data: { values: rows },
    mark: { type: 'bar', color: COLOURS[0], cornerRadiusEnd: 2, ...(!lying && few && { width: WIDEST }) },
    encoding: {
      ...(lying ? { x: valueAxis, y: nameAxis } : { x: nameAxis, y: valueAxis }),
      ...colourOf(series),
      tooltip: [
        { field: 'x', type: 'nominal', title: series.x.title },
        { field: 'y', type: 'quantitative', title, format: ',' },
        ...(series.by === undefined ? [] : [{ field: 's', type: 'nominal', title: series.by }]),
      ],
    },
  };
  const most = rows.slice(0, 3).map((row) => `${row.x} ${valueText(row.y, 'quantitative')}`);
  const head = `bar chart of ${title} by ${series.x.title}, ${counted(names.length, 'bar')}`;
  return {
    spec,
    line: [most.length === 0 ? head : `${head}: ${most.join(', ')}${names.length > 3 ? ', …' : ''}`, ...notes.all].join(
      '; ',
    ),
  };
}

/** A few bars do not fill all of the width, pixels. */
const WIDEST = 80;
const UPRIGHT = { axis: { labelAngle: 0 } };
