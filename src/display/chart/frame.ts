import { ArgumentError } from '../../core/errors.js';
import { counted, grouped } from '../cell.js';
import type { VegaLiteSpec } from '../vega.js';
import { type ChartColumn, type ChartValue, labelOf } from './columns.js';

/** What all charts can be told. */
export interface ChartOptions {
  /** A line above the chart. */
  readonly title?: string;
  /** Of the whole picture, in pixels. Default 640. */
  readonly width?: number;
  /** Of the whole picture, in pixels. Default 320. */
  readonly height?: number;
}

/** Colours that can be told apart, and read on white and on near-black. */
export const COLOURS = [
  '#4a90d9',
  '#f28e2b',
  '#45a35c',
  '#e15759',
  '#a877c9',
  '#3aa8a4',
  '#d4a72c',
  '#a9745b',
  '#e377a8',
  '#7f8c9b',
] as const;

/** More series than these are drawn as one: a legend of more cannot be read. */
export const MOST_SERIES = COLOURS.length;
/** Marks a browser draws without anybody waiting. */
export const MOST_MARKS = 5000;

function size(what: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!(value >= 50 && value <= 5000)) throw new ArgumentError(`chart: ${what} is ${value}, not 50 to 5000 pixels`);
  return Math.round(value);
}

/** A title and what is to be said besides it; a subtitle alone stands in its place. */
export function titleOf(title: string | undefined, subtitle: string): VegaLiteSpec {
  const quiet = { fontStyle: 'italic', fontWeight: 'normal', fontSize: 11 };
  if (title === undefined) return { text: subtitle, anchor: 'start', ...quiet };
  return { text: title, anchor: 'start', ...(subtitle === '' ? {} : { subtitle, subtitleFontStyle: 'italic' }) };
}

/** What all specifications have in common. No colours of text or ground: those are the page's. */
export function frameOf(options: ChartOptions, notes: readonly string[]): VegaLiteSpec {
  const subtitle = notes.join('; ');
  const title = options.title === undefined ? undefined : labelOf(options.title);
  return {
    width: size('width', options.width, 640),
    height: size('height', options.height, 320),
    // The size never depends on the data, so that a chart can change in place.
    autosize: { type: 'fit', contains: 'padding' },
    ...((title !== undefined || subtitle !== '') && { title: titleOf(title, subtitle) }),
    config: {
      aria: false,
      view: { stroke: null },
      axis: { gridOpacity: 0.25, labelLimit: 160, titleFontWeight: 'normal' },
      legend: { titleFontWeight: 'normal', labelLimit: 160 },
      range: { category: [...COLOURS] },
    },
  };
}

/** How moments are written over a range of so many milliseconds. */
export function timeFormat(spanMs: number): string {
  if (spanMs < 3_000) return '%M:%S.%L';
  if (spanMs < 600_000) return '%H:%M:%S';
  if (spanMs < 86_400_000) return '%H:%M';
  return spanMs < 5 * 86_400_000 ? '%b %d %H:%M' : '%Y-%m-%d';
}

function spanOf(values: readonly ChartValue[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number') continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

/** From here on, zeros cannot be counted any more. */
const HUGE = 1e12;

/** How an axis takes amounts: huge ones by their power of ten. */
export function amountAxis(values: Iterable<ChartValue>): { axis?: VegaLiteSpec } {
  for (const value of values) {
    if (typeof value === 'number' && Math.abs(value) >= HUGE) return { axis: { format: '~g', labelOverlap: true } };
  }
  return {};
}

/** How an axis takes counts of rows: half a row is none. By this format Vega-Lite knows; larger counts have whole steps anyway. */
export function countAxis(counts: readonly number[]): { axis?: VegaLiteSpec } {
  return counts.every((count) => count < 20) ? { axis: { format: 'd' } } : {};
}

/** How an axis takes a column: UTC for moments, as everywhere here. */
export function axisOf(field: string, column: ChartColumn, more: Readonly<Record<string, unknown>> = {}): VegaLiteSpec {
  const { kind, title } = column;
  const scale = { ...(kind === 'temporal' ? { type: 'utc' } : {}), ...(more.scale as object | undefined) };
  // Vega moves the outermost labels inwards, and then does not see that they stand in the next ones.
  const time = { format: timeFormat(spanOf(column.values)), labelOverlap: true, labelFlush: false };
  const axis = kind === 'temporal' ? { axis: time } : kind === 'quantitative' ? amountAxis(column.values) : {};
  return { field, type: kind, title, ...axis, ...more, ...(Object.keys(scale).length > 0 && { scale }) };
}

/** A value as a tooltip and a line of text write it. */
export function valueText(value: ChartValue, kind: ChartColumn['kind']): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return value;
  if (kind === 'temporal') {
    const date = new Date(value);
    if (Number.isNaN(date.getTime())) return String(value);
    return date
      .toISOString()
      .replace('T', ' ')
      .replace(/(?:\.000)?Z$/, '');
  }
  return Number.isInteger(value) ? grouped(value) : String(Number(value.toPrecision(6)));
}

export const NO_ROWS = 'no rows';

/** What a chart leaves out or cannot say exactly, in words for its subtitle. */
export class Notes {
  readonly all: string[] = [];

  constructor(data: { readonly count: number; readonly endless: boolean }) {
    if (data.count === 0) this.all.push(NO_ROWS);
    if (data.endless) this.all.push(`the first ${counted(data.count, 'row')}`);
  }

  /** Rows without a value in one of the columns are not drawn. */
  missing(rows: number): this {
    if (rows > 0) this.all.push(`${counted(rows, 'row')} without a value left out`);
    return this;
  }

  rounded(columns: readonly ChartColumn[]): this {
    const rounded = columns.reduce((sum, column) => sum + column.rounded, 0);
    if (rounded > 0) this.all.push(`${counted(rounded, 'number')} beyond 2^53 rounded`);
    return this;
  }

  say(text: string | undefined): this {
    if (text !== undefined) this.all.push(text);
    return this;
  }
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** Numbers as a line of little bars: 24 of them at most, each the mean of its share. */
export function sparkline(values: readonly number[], width = 24): string {
  if (values.length === 0) return '';
  const steps = Math.min(width, values.length);
  const means: number[] = [];
  for (let i = 0; i < steps; i++) {
    const part = values.slice(Math.floor((i * values.length) / steps), Math.floor(((i + 1) * values.length) / steps));
    means.push(part.reduce((sum, value) => sum + value / part.length, 0));
  }
  let least = means[0] as number;
  let most = least;
  for (const mean of means) {
    least = Math.min(least, mean);
    most = Math.max(most, mean);
  }
  const blockOf = (mean: number): string =>
    BLOCKS[most === least ? 3 : Math.min(7, Math.floor(((mean - least) / (most - least)) * 8))] ?? '';
  return means.map(blockOf).join('');
}
