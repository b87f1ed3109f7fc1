import type { TableLayout } from '../core/display.js';
import { ArgumentError } from '../core/errors.js';
import { type Cell, cellOf, counted } from './cell.js';
import type { RowSource } from './infer.js';
import { cut, type Segment, visible } from './visible.js';

export interface GridColumn {
  readonly name: readonly Segment[];
  readonly type: string | undefined;
  /** Numbers stand to the right, so that their digits line up. */
  readonly right: boolean;
}

/** A line that stands for rows not shown: `980 more rows`. */
export interface Fold {
  readonly fold: string;
}

/** What is left of a table after folding: the same for its HTML and its text. */
export interface Grid {
  readonly caption: readonly Segment[] | undefined;
  readonly columns: readonly GridColumn[];
  readonly rows: readonly (readonly Cell[] | Fold)[];
  /** Set when columns are folded: they stood before the column with this index. */
  readonly gap?: { readonly before: number; readonly text: string };
  /** Rows always shown, when the height is fixed. */
  readonly fixedRows: number | undefined;
  readonly status: string | undefined;
}

const NAME_CHARACTERS = 48;
/** What a browser can still take as one output; more are counted. */
const MOST_ROWS = 10_000;
const MOST_COLUMNS = 500;
const NUMERIC =
  /^(?:tinyint|smallint|int|integer|bigint|float|double|real|decimal|numeric|number|(?:u?int|float)\d+)(?:\(.*\))?(?: not null)?$/i;

function numeric(type: string | undefined): boolean {
  return type?.split(' | ').every((part) => NUMERIC.test(part)) ?? false;
}

function atLeastOne(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (Number.isNaN(value) || value < 1) throw new ArgumentError(`${name}: ${value} is not a number of 1 or more`);
  return Math.floor(value);
}

/** Which of `count` places are shown when `max` of them may be: from the first, and as many from the last. */
function ends(count: number, available: number, max: number): { head: number; tail: number } {
  if (count <= max && available >= count) return { head: count, tail: 0 };
  if (available < count || max < 4) return { head: Math.min(available, max), tail: 0 };
  const tail = Math.max(1, Math.floor(max / 4));
  return { head: max - tail, tail };
}

function foldText(hidden: number, noun: string, endless = false): string {
  return `${endless ? 'over ' : ''}${counted(hidden, `more ${noun}`)}`;
}

/** Lays out a table: which rows, columns and characters are shown, and how many are not. */
export function gridOf(source: RowSource, layout: TableLayout, defaultCharacters: number): Grid {
  const maxCharacters = atLeastOne('characters', layout.maxCharacters, defaultCharacters);
  const fixedRows = layout.fixedRows === undefined ? undefined : atLeastOne('fixedRows', layout.fixedRows, 1);
  const maxRows = fixedRows ?? Math.min(MOST_ROWS, atLeastOne('rows', layout.maxRows, 20));

  const width = source.columns.length;
  const across = ends(width, width, Math.min(MOST_COLUMNS, atLeastOne('columns', layout.maxColumns, 12)));
  const shown = [...Array(across.head).keys()];
  for (let i = width - across.tail; i < width; i++) shown.push(i);

  const columns = shown.map((index): GridColumn => {
    const { name, type } = source.columns[index] ?? { name: '' };
    const part = cut(String(name), NAME_CHARACTERS);
    const segments = visible(part.text, part.hidden === 0);
    if (part.hidden > 0) segments.push({ text: '…', mark: true });
    return { name: segments, type: type === undefined ? undefined : cut(String(type), 60).text, right: numeric(type) };
  });
  const mixed = shown.map((index) => {
    const type = source.columns[index]?.type;
    // Decimals are handed out as text, because a number could not hold them.
    return type !== undefined && type !== 'string' && !/^(?:var)?char|^string|^decimal\b/i.test(type);
  });
  const cells = (index: number): Cell[] => {
    const row = source.row(index);
    return shown.map((column, at) => cellOf(row[column], maxCharacters, mixed[at] ?? false));
  };

  const rows: (Cell[] | Fold)[] = [];
  let { head, tail } = ends(source.count, source.available, maxRows);
  // What comes last when nobody knows the end is not worth showing.
  if (source.endless === true) {
    head = Math.min(source.available, maxRows);
    tail = 0;
  }
  // With a fixed height the line that says what is missing takes a row's place.
  if (fixedRows !== undefined) {
    head = Math.min(source.available, source.count > maxRows ? maxRows - 1 : maxRows);
    tail = 0;
  }
  for (let i = 0; i < head; i++) rows.push(cells(i));
  const hidden = source.count - head - tail;
  if (hidden > 0) rows.push({ fold: foldText(hidden, 'row', source.endless) });
  for (let i = source.count - tail; i < source.count; i++) rows.push(cells(i));
  if (hidden <= 0 && source.endless === true) rows.push({ fold: 'more rows' });
  if (width === 0 && source.count > 0)
    rows.splice(0, rows.length, { fold: `${counted(source.count, 'row')} without columns` });
  if (source.count === 0 && fixedRows === undefined) rows.push({ fold: width === 0 ? 'nothing' : 'no rows' });

  const left = width - columns.length;
  return {
    caption: source.caption === undefined ? undefined : visible(source.caption),
    columns,
    rows,
    ...(left > 0 && { gap: { before: across.head, text: foldText(left, 'column') } }),
    fixedRows,
    status: layout.status,
  };
}
