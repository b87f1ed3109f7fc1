import type { Drawn } from '../vega.js';
import { barChart } from './bar.js';
import type { ChartColumn, ChartData } from './columns.js';
import { heatmapChart } from './heatmap.js';
import { histogramChart } from './histogram.js';
import { lineChart } from './line.js';
import { pointChart } from './point.js';

/** Names that repeat often enough to colour a chart by. */
function groups(column: ChartColumn | undefined): column is ChartColumn {
  if (column === undefined) return false;
  const names = new Set(column.values);
  return names.size >= 2 && names.size <= 10 && names.size <= column.values.length / 2;
}

/** A few rows, each with a name of its own. */
function isName({ values }: ChartColumn): boolean {
  return values.length <= 40 && new Set(values).size === values.length;
}

function rises(column: ChartColumn): boolean {
  const { values } = column;
  for (let i = 1; i < values.length; i++) if (!((values[i] as number) > (values[i - 1] as number))) return false;
  return values.length > 2;
}

/**
 * A chart that fits the columns: over a time, a line; names with an amount, or a few rows with a name each, bars; two amounts, points (a line where the
 * first only rises); one amount, a histogram; names alone, how often there is each.
 */
export function pickChart(data: ChartData, options: { readonly title?: string }): Drawn {
  const columns = data.all();
  const of = (kind: ChartColumn['kind']): ChartColumn[] => columns.filter((column) => column.kind === kind);
  const [time, amounts, names] = [of('temporal')[0], of('quantitative'), of('nominal')];
  const by = names.find(groups);
  const grouped = by === undefined ? {} : { by: by.name };
  const [first, second] = amounts;
  if (time !== undefined && first !== undefined)
    return lineChart(data, time.name, [first.name], { ...options, ...grouped });
  if (time !== undefined) return histogramChart(data, time.name, options);
  const [name, other] = names;
  if (name !== undefined && first !== undefined && (second === undefined || isName(name)))
    return barChart(data, name.name, first.name, options);
  if (first !== undefined && second !== undefined) {
    return rises(first)
      ? lineChart(data, first.name, [second.name], { ...options, ...grouped })
      : pointChart(data, first.name, second.name, { ...options, ...grouped });
  }
  if (first !== undefined) return histogramChart(data, first.name, options);
  if (name !== undefined && other !== undefined && !groups(name)) return barChart(data, other.name, undefined, options);
  if (name !== undefined && other !== undefined) return heatmapChart(data, name.name, other.name, options);
  return barChart(data, name?.name ?? data.names[0] ?? 'value', undefined, options);
}
