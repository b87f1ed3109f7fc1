import { textWidth } from '../core/text-width.js';
import type { Cell } from './cell.js';
import type { Grid } from './grid.js';
import { joined } from './visible.js';

// Hebrew, Arabic and their neighbours: set apart, or they would reorder the columns beside them.
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

function cellText(cell: Cell): string {
  const text = joined(cell.segments);
  const whole = cell.more === undefined ? text : `${text} ${cell.more}`;
  return RIGHT_TO_LEFT.test(whole) ? `\u2068${whole}\u2069` : whole;
}

/** The columns a terminal or a fixed-width font gives to `text`: Chinese takes two each, marks of combination none. */
export function displayWidth(text: string): number {
  return textWidth(text);
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
}

/** How wide each column of the grid is, in characters of a fixed-width font. */
export function columnWidths(grid: Grid): number[] {
  return grid.columns.map((column, i) => {
    let width = Math.max(displayWidth(joined(column.name)), displayWidth(column.type ?? ''));
    for (const row of grid.rows) {
      const cell = 'fold' in row ? undefined : row[i];
      if (cell !== undefined) width = Math.max(width, displayWidth(cellText(cell)));
    }
    return width;
  });
}

/**
 * The table as plain text: names, types, a rule, then the rows, aligned by display width.
 *
 * @param atLeast columns are not narrower than this
 */
export function tableText(grid: Grid, atLeast?: readonly number[]): string {
  const widths = columnWidths(grid).map((width, i) => Math.max(width, atLeast?.[i] ?? 0));
  const line = (parts: string[], gap: string): string => {
    const padded = parts.map((part, i) => pad(part, widths[i] ?? 0, grid.columns[i]?.right ?? false));
    if (grid.gap !== undefined) padded.splice(grid.gap.before, 0, gap);
    return padded.join('  ').trimEnd();
  };

  const lines: string[] = [];
  if (grid.caption !== undefined) lines.push(joined(grid.caption));
  if (grid.columns.length > 0) {
    lines.push(
      line(
        grid.columns.map((column) => joined(column.name)),
        '…',
      ),
    );
    if (grid.columns.some((column) => column.type !== undefined)) {
      lines.push(
        line(
          grid.columns.map((column) => column.type ?? ''),
          ' ',
        ),
      );
    }
    lines.push(
      line(
        widths.map((width) => '─'.repeat(width)),
        '─',
      ),
    );
  }
  for (const row of grid.rows) lines.push('fold' in row ? `⋮ ${row.fold}` : line(row.map(cellText), '…'));
  if (grid.gap !== undefined) lines.push(`… ${grid.gap.text}`);
  if (grid.status !== undefined) lines.push(grid.status);
  return lines.join('\n');
}
