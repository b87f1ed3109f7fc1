import { ArgumentError } from '../../core/errors.js';
import { counted, grouped } from '../cell.js';
import type { Drawn } from '../vega.js';
import type { ChartData } from './columns.js';
import {
  amountAxis,
  axisOf,
  type ChartOptions,
  COLOURS,
  frameOf,
  MOST_MARKS,
  Notes,
  sparkline,
  valueText,
} from './frame.js';
import { bySeries, colourOf, type Point, type Series, seriesOf } from './series.js';

/** How a line is drawn. */
export interface LineOptions extends ChartOptions {
  /** A column that says which line a row belongs to; the ten most frequent ones are told apart. */
  readonly by?: string;
  /**
   * Only the last stretch of the x axis: milliseconds where it is a time (`seconds(30)`), else in its own unit. Moves on
   * with a running stream.
   */
  readonly horizon?: number;
  /** The y axis begins at zero. Default: it begins near the lowest value. */
  readonly zero?: boolean;
}

/** The lowest and the highest point of each step: what is thinned out keeps its outline. */
function outline(points: readonly Point[], steps: number): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length <= 2 * steps) return [...points];
  const [from, to] = [Number(first.x), Number(last.x)];
  const kept: Point[] = [];
  let step = -1;
  let low: Point | undefined;
  let high: Point | undefined;
  const close = (): void => {
    if (low === undefined || high === undefined) return;
    if (low === high) kept.push(low);
    else kept.push(...(Number(low.x) <= Number(high.x) ? [low, high] : [high, low]));
  };
  for (const [i, point] of points.entries()) {
    const share = to > from ? (Number(point.x) - from) / (to - from) : i / points.length;
    const own = Math.min(steps - 1, Math.floor(share * steps));
    if (own !== step) {
      close();
      step = own;
      low = point;
      high = point;
    }
    if (low === undefined || point.y < low.y) low = point;
    if (high === undefined || point.y > high.y) high = point;
  }
  close();
  return kept;
}

function thinned(series: Series, notes: Notes): Point[] {
  const groups = bySeries(series.points);
  const sorted = [...groups.values()].map((group) =>
    series.x.kind === 'nominal' ? group : group.sort((a, b) => Number(a.x) - Number(b.x)),
  );
  if (series.points.length <= MOST_MARKS) return sorted.flat();
  const steps = Math.max(50, Math.floor(MOST_MARKS / 2 / Math.max(1, groups.size)));
  const thin = sorted.flatMap((group) => outline(group, steps));
  notes.say(`${counted(series.points.length, 'point')}: the lowest and the highest in each of ${grouped(steps)} steps`);
  return thin;
}

/** A line over a column, one for each value of another. */
export function lineChart(data: ChartData, x: string, y: readonly string[], options: LineOptions): Drawn {
  const notes = new Notes(data);
  const { horizon } = options;
  if (horizon !== undefined && !(horizon > 0)) throw new ArgumentError(`chart: the horizon is ${horizon}, not above 0`);
  let series = seriesOf(data, x, y, options.by, notes);
  let domain: readonly [number, number] | undefined;
  if (horizon !== undefined && series.x.kind !== 'nominal' && series.points.length > 0) {
    let end = Number.NEGATIVE_INFINITY;
    for (const point of series.points) end = Math.max(end, Number(point.x));
    domain = [end - horizon, end];
    series = { ...series, points: series.points.filter((point) => Number(point.x) >= end - horizon) };
  }
  const points = thinned(series, notes);
  const ordered = series.x.kind === 'nominal' ? { sort: null } : {};
  const spec = {
    ...frameOf(options, notes.all),
    data: { values: points.map(({ x: at, y: value, series: s }) => ({ x: at, y: value, s })) },
    mark: {
      type: 'line',
      color: COLOURS[0],
      strokeWidth: 1.8,
      strokeJoin: 'round',
      clip: true,
      ...(points.length <= 60 && { point: { size: 28, filled: true } }),
    },
    encoding: {
      x: axisOf('x', series.x, { ...ordered, scale: domain === undefined ? { nice: false } : { domain, nice: false } }),
      y: {
        field: 'y',
        type: 'quantitative',
        title: series.y.title,
        ...amountAxis(points.map((point) => point.y)),
        scale: { zero: options.zero === true },
      },
      ...colourOf(series),
      tooltip: [
        { field: 'x', type: series.x.kind, title: series.x.title, ...(series.x.kind === 'temporal' && UTC) },
        { field: 'y', type: 'quantitative', title: series.y.title, format: ',' },
        ...(series.by === undefined ? [] : [{ field: 's', type: 'nominal', title: series.by }]),
      ],
    },
  };
  return { spec, line: textOf(series, points, notes) };
}

const UTC = { timeUnit: 'utcyearmonthdatehoursminutessecondsmilliseconds' };

function textOf(series: Series, points: readonly Point[], notes: Notes): string {
  const { x, y, names } = series;
  const many = names.length > 1 ? `, ${names.length} lines` : '';
  const head = `line chart of ${y.title} by ${x.title}${many}, ${counted(series.points.length, 'point')}`;
  const values = points.map((point) => point.y);
  if (values.length === 0) return [head, ...notes.all].join('; ');
  let [low, high] = [values[0] as number, values[0] as number];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = `${valueText(low, 'quantitative')} to ${valueText(high, 'quantitative')}`;
  const drawn = names.length > 1 ? '' : ` ${sparkline(values)}`;
  return [`${head}: ${range}${drawn}`, ...notes.all].join('; ');
}
