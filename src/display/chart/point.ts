import { counted, grouped } from '../cell.js';
import type { Drawn } from '../vega.js';
import type { ChartData } from './columns.js';
import { amountAxis, axisOf, type ChartOptions, COLOURS, frameOf, Notes } from './frame.js';
import { colourOf, everyNth, seriesOf } from './series.js';

/** More than these lie on top of each other. */
const MOST_POINTS = 2000;

/** How points are drawn. */
export interface PointOptions extends ChartOptions {
  /** A column that says which colour a row has; the ten most frequent ones are told apart. */
  readonly by?: string;
}

/** A point per row; of very many, every n-th, and the subtitle says so. */
export function pointChart(data: ChartData, x: string, y: string, options: PointOptions): Drawn {
  const notes = new Notes(data);
  const series = seriesOf(data, x, [y], options.by, notes);
  const points = everyNth(series.points, MOST_POINTS);
  if (points.length < series.points.length) {
    notes.say(`${grouped(points.length)} of ${counted(series.points.length, 'point')}`);
  }
  const crowded = points.length > 500;
  const spec = {
    ...frameOf(options, notes.all),
    data: { values: points.map(({ x: at, y: value, series: s }) => ({ x: at, y: value, s })) },
    mark: { type: 'point', filled: true, color: COLOURS[0], size: crowded ? 14 : 36, opacity: crowded ? 0.5 : 0.85 },
    encoding: {
      x: axisOf('x', series.x, { scale: { zero: false } }),
      y: {
        field: 'y',
        type: 'quantitative',
        title: series.y.title,
        ...amountAxis(points.map((point) => point.y)),
        scale: { zero: false },
      },
      ...colourOf(series),
      tooltip: [
        { field: 'x', type: series.x.kind, title: series.x.title },
        { field: 'y', type: 'quantitative', title: series.y.title, format: ',' },
        ...(series.by === undefined ? [] : [{ field: 's', type: 'nominal', title: series.by }]),
      ],
    },
  };
  const head = `point chart of ${series.y.title} by ${series.x.title}, ${counted(series.points.length, 'point')}`;
  return { spec, line: [head, ...notes.all].join('; ') };
}
