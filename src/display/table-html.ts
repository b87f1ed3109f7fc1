import type { Cell } from './cell.js';
import type { Fold, Grid, GridColumn } from './grid.js';
import { escapeHtml, QUIET, segmentsHtml, strong, textHtml, tint } from './html.js';

// Everything is inline: style elements are taken out of notebooks that are not trusted, and on GitHub.
const LEFT = 'text-align:left;';
const RIGHT = 'text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;';
const WRAPPED = 'white-space:pre-wrap;overflow-wrap:break-word;min-width:16em;max-width:42em;';
// A date or a key broken over two lines is harder to read than a table that scrolls.
const UNBROKEN = 'white-space:pre;';
const UNBROKEN_CHARACTERS = 36;
const ONE_LINE = 'white-space:pre;overflow:hidden;text-overflow:ellipsis;max-width:32em;';

function cellHtml(cell: Cell, column: GridColumn, oneLine: boolean): string {
  let text = segmentsHtml(cell.segments);
  if (cell.kind === 'nothing' && text !== '') text = `<em style="${QUIET}">${text}</em>`;
  if (cell.more !== undefined) text += ` <small style="${QUIET}white-space:nowrap;">${escapeHtml(cell.more)}</small>`;
  // First lines stand on one line, whatever script they are in.
  const top = oneLine ? '' : 'vertical-align:baseline;';
  if (column.right) return `<td align="right" style="${top}${RIGHT}">${text}</td>`;
  const length = cell.segments.reduce((sum, segment) => sum + segment.text.length, 0);
  const breaking = oneLine ? ONE_LINE : length <= UNBROKEN_CHARACTERS ? UNBROKEN : WRAPPED;
  return `<td dir="auto" style="${top}${LEFT}${breaking}">${text}</td>`;
}

function headerHtml(column: GridColumn, oneLine: boolean, widthCh: number | undefined): string {
  const width = widthCh === undefined ? '' : `min-width:${widthCh}ch;`;
  const type =
    column.type === undefined
      ? oneLine
        ? '<br><small>&nbsp;</small>'
        : ''
      : `<br><small style="font-weight:normal;${QUIET}">${textHtml(column.type)}</small>`;
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
    `<th style="text-align:center;vertical-align:top;font-weight:normal;"><span style="${QUIET}">…</span></th>`,
  );
  const body = grid.rows.map((row) =>
    isFold(row)
      ? `<tr><td colspan="${across}" style="${LEFT}"><small style="${QUIET}">⋮ ${escapeHtml(row.fold)}</small></td></tr>`
      : withGap(
          row.map((cell, i) => cellHtml(cell, grid.columns[i] as GridColumn, oneLine)),
          `<td style="text-align:center;"><span style="${QUIET}">…</span></td>`,
        ),
  );
  for (let i = grid.rows.length; i < (grid.fixedRows ?? 0); i++) {
    body.push(`<tr><td colspan="${across}">&nbsp;</td></tr>`);
  }

  // No <caption>: it would be broken into lines as wide as the table, and a table may be narrow.
  const caption =
    grid.caption === undefined
      ? ''
      : `<div style="padding:0 .5em .4em;overflow-wrap:anywhere;${tint('color', 'text')}">${strong(segmentsHtml(grid.caption))}</div>`;
  const notes = [grid.gap === undefined ? undefined : `… ${grid.gap.text}`, grid.status]
    .filter((note): note is string => note !== undefined)
    .map((note) => `<div style="padding:.4em .5em 0;font-size:.9em;${QUIET}">${escapeHtml(note) || '&nbsp;'}</div>`);
  const head = grid.columns.length === 0 ? '' : `<thead>${header}</thead>`;
  const table = `<table style="margin:0;table-layout:auto;">${head}<tbody>${body.join('')}</tbody></table>`;
  return `<div style="margin:.25em 0 .5em;">${caption}<div style="overflow-x:auto;">${table}</div>${notes.join('')}</div>`;
}
