import type { Cell } from './cell.js';
import type { Fold, Grid, GridColumn } from './grid.js';
import { colour, escapeHtml, segmentsHtml } from './html.js';

// Everything is inline: style elements are taken out of notebooks that are not trusted, and on GitHub.
const LEFT = 'text-align:left;';
const RIGHT = 'text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;';
const WRAPPED = 'white-space:pre-wrap;overflow-wrap:break-word;max-width:42em;';
const ONE_LINE = 'white-space:pre;overflow:hidden;text-overflow:ellipsis;max-width:32em;';
const QUIET = `color:${colour.quiet};`;

function cellHtml(cell: Cell, column: GridColumn, oneLine: boolean): string {
  let text = segmentsHtml(cell.segments);
  if (cell.kind === 'nothing' && text !== '') text = `<em style="opacity:.55">${text}</em>`;
  if (cell.more !== undefined)
    text += `<small style="opacity:.65;white-space:nowrap"> ${escapeHtml(cell.more)}</small>`;
  const top = oneLine ? '' : 'vertical-align:top;';
  if (column.right) return `<td align="right" style="${top}${RIGHT}">${text}</td>`;
  return `<td dir="auto" style="${top}${LEFT}${oneLine ? ONE_LINE : WRAPPED}">${text}</td>`;
}

function headerHtml(column: GridColumn, oneLine: boolean, widthCh: number | undefined): string {
  const width = widthCh === undefined ? '' : `min-width:${widthCh}ch;`;
  const type =
    column.type === undefined
      ? oneLine
        ? '<br><small>&nbsp;</small>'
        : ''
      : `<br><small style="font-weight:normal;${QUIET}">${escapeHtml(column.type)}</small>`;
  const side = column.right ? 'right' : 'left';
  return `<th scope="col" align="${side}" style="text-align:${side};vertical-align:top;white-space:nowrap;${width}">${segmentsHtml(column.name)}${type}</th>`;
}

function isFold(row: readonly Cell[] | Fold): row is Fold {
  return 'fold' in row;
}

/**
 * The table as HTML without scripts, classes or outside resources, in JupyterLab's colours. What the reader's data
 * holds is text here, whatever it looks like.
 *
 * @param widths the width of each column in characters, when it must not get narrower
 */
export function tableHtml(grid: Grid, widths?: readonly number[]): string {
  const oneLine = grid.fixedRows !== undefined;
  const across = Math.max(1, grid.columns.length + (grid.gap === undefined ? 0 : 1));
  const withGap = (parts: string[], gap: string): string => {
    if (grid.gap !== undefined) parts.splice(grid.gap.before, 0, gap);
    return `<tr>${parts.join('')}</tr>`;
  };

  const header = withGap(
    grid.columns.map((column, i) => headerHtml(column, oneLine, widths?.[i])),
    `<th align="left" style="text-align:left;vertical-align:top;white-space:nowrap;font-weight:normal;${QUIET}">…<br><small>${escapeHtml(grid.gap?.text ?? '')}</small></th>`,
  );
  const body = grid.rows.map((row) =>
    isFold(row)
      ? `<tr><td colspan="${across}" style="${LEFT}${QUIET}"><small>⋮ ${escapeHtml(row.fold)}</small></td></tr>`
      : withGap(
          row.map((cell, i) => cellHtml(cell, grid.columns[i] as GridColumn, oneLine)),
          `<td style="${LEFT}${QUIET}">…</td>`,
        ),
  );
  for (let i = grid.rows.length; i < (grid.fixedRows ?? 0); i++) {
    body.push(`<tr><td colspan="${across}">&nbsp;</td></tr>`);
  }

  const caption =
    grid.caption === undefined
      ? ''
      : `<caption style="caption-side:top;text-align:left;padding:0 .5em .4em;font-weight:600;color:${colour.text};">${segmentsHtml(grid.caption)}</caption>`;
  const status =
    grid.status === undefined
      ? ''
      : `<div style="padding:.4em .5em 0;font-size:.9em;${QUIET}">${escapeHtml(grid.status)}</div>`;
  const head = grid.columns.length === 0 ? '' : `<thead>${header}</thead>`;
  const table = `<table style="margin:0;table-layout:auto;">${caption}${head}<tbody>${body.join('')}</tbody></table>`;
  return `<div style="overflow-x:auto;margin:.25em 0 .5em;">${table}${status}</div>`;
}
