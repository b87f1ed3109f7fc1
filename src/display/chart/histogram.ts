import { ArgumentError } from '../../core/errors.js';
import { counted } from '../cell.js';
import type { Drawn } from '../vega.js';
import type { ChartData } from './columns.js';
import { axisOf, type ChartOptions, COLOURS, countAxis, frameOf, Notes, sparkline, valueText } from './frame.js';

/** How a histogram is drawn. */
export interface HistogramOptions extends ChartOptions {
  /** About how many steps; they begin at round numbers. Default 30. */
  readonly bins?: number;
}

/** Round stretches of time, from a second to four weeks. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]
  .concat([2, 7, 14, 28].map((days) => days * 86_400))
  .map((seconds) => seconds * 1000);

/** A round step (1, 2, 5 times a power of ten) that divides `span` into about `count` parts. */
export function roundStep(span: number, count: number, time = false): number {
  const rough = span / count;
  const [step] = time ? TIME_STEPS.filter((one) => one >= rough * 0.999) : [];
  if (step !== undefined && rough >= 1000) return step;
  const power = 10 ** Math.floor(Math.log10(rough));
  const [factor = 10] = [1, 2, 5, 10].filter((one) => one * power >= rough * 0.999);
  return factor * power;
}

/** Bins with their counts; equal values are one bin. */
export function binsOf(
  values: readonly number[],
  count: number,
  time = false,
): { start: number; end: number; count: number }[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (values.length === 0) return [];
  const span = high - low;
  // Numbers too far apart or too close together for steps between them are one bin.
  if (span === 0 || !Number.isFinite(span)) return [{ start: low, end: high, count: values.length }];
  const step = roundStep(span, count, time);
  const first = Math.floor(low / step);
  const bins = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => ({
    start: round((first + i) * step),
    end: round((first + i + 1) * step),
    count: 0,
  }));
  for (const value of values) {
    const bin = bins[Math.min(bins.length - 1, Math.max(0, Math.floor(value / step) - first))];
    if (bin !== undefined) bin.count++;
  }
  return bins;
}

function round(value: number): number {
  return Number(value.toPrecision(15));
}

/** How often values of a column fall into each step of its range. All rows are counted, however many there are. */
export function histogramChart(data: ChartData, x: string, options: HistogramOptions): Drawn {
  const { bins: wanted = 30 } = options;
  if (!(wanted >= 1 && wanted <= 1000)) throw new ArgumentError(`chart: bins is ${wanted}, not 1 to 1000`);
  const found = data.column(x);
  const column = found.kind === 'nominal' ? data.column(x, 'quantitative') : found;
  const values = column.values.filter((value): value is number => typeof value === 'number');
  const notes = new Notes(data).missing(column.values.length - values.length).rounded([column]);
  const bins = binsOf(values, wanted, column.kind === 'temporal');
  const only = bins.length === 1 && bins[0]?.start === bins[0]?.end;
  const across = axisOf('x', column, { bin: { binned: true }, scale: { nice: false, zero: false } });
  const spec = {
    ...frameOf(options, notes.all),
    data: {
      values: bins.map(({ start, end, count }) =>
        only ? { x: start - 0.5, x2: end + 0.5, y: count } : { x: start, x2: end, y: count },
      ),
    },
    mark: { type: 'bar', color: COLOURS[0], binSpacing: 1 },
    encoding: {
      x: { ...across, axis: { ...(across.axis as object | undefined), tickCount: 12, labelFlush: false } },
      x2: { field: 'x2' },
      y: { field: 'y', type: 'quantitative', title: 'rows', ...countAxis(bins.map((bin) => bin.count)) },
      tooltip: [
        { field: 'x', type: column.kind, title: 'from' },
        { field: 'x2', type: column.kind, title: 'below' },
        { field: 'y', type: 'quantitative', title: 'rows', format: ',' },
      ],
    },
  };
  const head = `histogram of ${column.title}, ${counted(values.length, 'row')}`;
  const [first, last] = [bins[0], bins.at(-1)];
  const range =
    first === undefined || last === undefined
      ? ''
      : `: ${valueText(first.start, column.kind)} to ${valueText(last.end, column.kind)} ${sparkline(bins.map((bin) => bin.count))}`;
  return { spec, line: [`${head}${range}`, ...notes.all].join('; ') };
}
