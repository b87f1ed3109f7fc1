import type { MimeBundle, TableData, TableLayout } from '../core/display.js';
import { gridOf } from './grid.js';
import { fromArrays, type RowSource } from './infer.js';
import { tableHtml } from './table-html.js';
import { columnWidths, tableText } from './table-text.js';

const HTML_CHARACTERS = 160;
const TEXT_CHARACTERS = 60;
const WIDEST = 40;

// What a table that changes in place has grown to, by the layout object its owner keeps passing.
const grown = new WeakMap<TableLayout, number[]>();

function neverNarrower(layout: TableLayout, widths: readonly number[]): number[] {
  const before = grown.get(layout) ?? [];
  const now = widths.map((width, i) => Math.max(before[i] ?? 0, Math.min(width, WIDEST)));
  grown.set(layout, now);
  return now;
}

/** The bundle of rows from any source. */
export function sourceBundle(source: RowSource, layout: TableLayout = {}): MimeBundle {
  const grid = gridOf(source, layout, HTML_CHARACTERS);
  const text = layout.maxCharacters === undefined ? gridOf(source, layout, TEXT_CHARACTERS) : grid;
  const widths = layout.fixedRows === undefined ? undefined : neverNarrower(layout, columnWidths(text));
  return { 'text/html': tableHtml(grid, widths), 'text/plain': tableText(text, widths) };
}

/** The source of rows that were taken out of something already. */
export function tableSource(data: TableData): RowSource {
  const source = fromArrays(data.rows.length, (index) => data.rows[index] ?? [], data.columns);
  return {
    ...source,
    count: Math.max(data.totalRows ?? 0, data.rows.length),
    ...(data.caption !== undefined && { caption: data.caption }),
  };
}

/**
 * A table as an escaped HTML table in JupyterLab's colours, with its twin in plain text. Types stand in the header
 * (inferred from the values where `data` gives none), numbers stand to the right and are exact, invisible characters are
 * marked, and what is folded (rows, columns, long values) is counted.
 */
export function table(data: TableData, layout: TableLayout = {}): MimeBundle {
  return sourceBundle(tableSource(data), layout);
}
