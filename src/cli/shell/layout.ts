import { textWidth } from '../../core/text-width.js';
import type { AnyType } from '../../core/types/index.js';
import type { SessionColumn } from './session.js';

const NUMBERS: ReadonlySet<AnyType['root']> = new Set([
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
]);
const LEAST_WIDTH = 4;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text that does nothing to the terminal but stand there: line ends and escape sequences are spelt out. */
export function harmless(text: string): string {
  return text.replace(CONTROLS, (sign) => SHORT[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Cuts a text to so many columns of a terminal, with `…` at its end; wide characters count twice. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let used = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const wide = textWidth(segment);
    if (used + wide > width - 1) break;
    used += wide;
    kept += segment;
  }
  return `${kept}…`;
}

function padded(text: string, width: number, right: boolean): string {
  const shown = cut(text, width);
  const blank = ' '.repeat(Math.max(0, width - textWidth(shown)));
  return right ? blank + shown : shown + blank;
}

/** Rows as lines that fit a terminal. */
export interface LaidOut {
  /** The names, and a line below them. */
  readonly header: readonly string[];
  readonly lines: readonly string[];
  /** Columns there was no room for. */
  readonly hidden: number;
}

/**
 * Lays rows out in so many columns of a terminal. Wide columns are made narrower first; what still does not fit is left out
 * on the right.
 *
 * @param widths what columns were wide before: with every picture of a live table they only grow
 */
export function layOut(
  columns: readonly SessionColumn[],
  rows: readonly (readonly (string | null)[])[],
  { width, most, widths = [] }: { readonly width: number; readonly most: number; readonly widths?: number[] },
): LaidOut {
  const cells = rows.map((row) => row.map((value) => (value === null ? '<NULL>' : harmless(value))));
  const names = columns.map(({ name }) => harmless(name));
  for (const [i, name] of names.entries()) {
    const widest = cells.reduce((so, row) => Math.max(so, textWidth(row[i] ?? '')), textWidth(name));
    widths[i] = Math.max(widths[i] ?? 0, Math.min(most, widest));
  }
  const shown = fitted(widths.slice(0, columns.length), width);
  const line = (row: readonly string[]): string =>
    shown
      .map((size, i) => padded(row[i] ?? '', size, NUMBERS.has((columns[i] as SessionColumn).type.root)))
      .join('  ')
      .trimEnd();
  return {
    header: [line(names), shown.map((size) => '─'.repeat(size)).join('  ')],
    lines: cells.map(line),
    hidden: columns.length - shown.length,
  };
}

function fitted(wanted: readonly number[], width: number): number[] {
  const shown = [...wanted];
  const total = (): number => shown.reduce((sum, size) => sum + size + 2, -2);
  while (total() > width) {
    const widest = shown.indexOf(Math.max(...shown));
    if ((shown[widest] as number) > LEAST_WIDTH) {
      const others = total() - (shown[widest] as number);
      const second = Math.max(LEAST_WIDTH, ...shown.filter((_, i) => i !== widest));
      // Down to the next one at once, not column by column.
      shown[widest] = Math.max(Math.min(second, (shown[widest] as number) - 1), width - others, LEAST_WIDTH);
    } else if (shown.length > 1) shown.pop();
    else {
      shown[0] = Math.max(1, width);
      break;
    }
  }
  return shown;
}
