import { textWidth as visibleWidth } from '../../core/text-width.js';
import type { AnyType } from '../../core/types/index.js';

const CONTROLS = /\p{Control}/gu;

/** Flink counts line breaks and tabs as one column each, so that its frames look the same. */
function textWidth(text: string): number {
  return visibleWidth(text.replace(CONTROLS, ' '));
}

/** A column to print. */
export interface PrintedColumn {
  readonly name: string;
  readonly type: AnyType;
}

/** Flink's `sql-client.display.max-column-width`. */
export const MAX_COLUMN_WIDTH = 30;
const NULL_TEXT = '<NULL>';
const OP_WIDTH = 2;

/** The column is as wide as any value of its type can be: rows print before the later ones are known. */
function widthOfType(type: AnyType, most: number): number {
  switch (type.root) {
    case 'BOOLEAN':
      return 5;
    case 'TINYINT':
      return 4;
    case 'SMALLINT':
      return 6;
    case 'INT':
      return 11;
    case 'BIGINT':
      return 20;
    case 'DECIMAL':
      return type.precision + 2;
    case 'DATE':
      return 10;
    case 'TIME':
      return type.precision === 0 ? 8 : 9 + type.precision;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return type.precision === 0 ? 19 : 20 + type.precision;
    default:
      return most;
  }
}

/** Cuts to `width` columns of a terminal, the last three of them dots. */
function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let used = 0;
  let kept = '';
  for (const character of text) {
    const wide = textWidth(character);
    if (used + wide > width - 3) break;
    used += wide;
    kept += character;
  }
  return `${kept}...`;
}

function right(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/**
 * Rows as Flink's SQL client prints them: a frame of `+`, `-` and `|`, columns aligned to the right, `op` first where
 * rows are changes.
 *
 * @see Flink: SQL Client, result modes
 */
export class Tableau {
  private readonly widths: readonly number[];
  private readonly columns: readonly PrintedColumn[];
  /** In lists of names and the like NULL is nothing. */
  private readonly nullText: string;
  private rows = 0;

  /**
   * @param contents the rows, where all are known: columns are only as wide as what stands in them. Otherwise the width
   *   follows from the type
   */
  constructor(
    columns: readonly PrintedColumn[],
    private readonly withOp: boolean,
    contents?: readonly (readonly (string | null)[])[],
    private readonly maxColumnWidth = MAX_COLUMN_WIDTH,
  ) {
    this.columns = columns;
    this.nullText = contents === undefined ? NULL_TEXT : '';
    this.widths = columns.map(({ name, type }, i) => {
      if (contents === undefined) {
        return Math.max(textWidth(name), NULL_TEXT.length, widthOfType(type, maxColumnWidth));
      }
      const widest = contents.reduce((most, row) => Math.max(most, textWidth(row[i] ?? this.nullText)), 0);
      return Math.max(textWidth(name), Math.min(widest, maxColumnWidth));
    });
  }

  private line(cells: readonly string[], op?: string): string {
    const all = cells.map((cell, i) => right(cell, this.widths[i] as number));
    return `| ${(op === undefined ? all : [right(op, OP_WIDTH), ...all]).join(' | ')} |`;
  }

  private border(): string {
    const widths = this.withOp ? [OP_WIDTH, ...this.widths] : this.widths;
    return `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  }

  /** Three lines: a border, the names, a border. */
  header(): string {
    const names = this.columns.map(({ name }) => name);
    return [this.border(), this.line(names, this.withOp ? 'op' : undefined), this.border()].join('\n');
  }

  row(values: readonly (string | null)[], op = '+I'): string {
    this.rows++;
    const cells = values.map((value, i) =>
      fitted(value ?? this.nullText, Math.max(this.maxColumnWidth, this.widths[i] as number)),
    );
    return this.line(cells, this.withOp ? op : undefined);
  }

  /** The border below, and the count. */
  footer(): string {
    return `${this.border()}\n${this.rows} ${this.rows === 1 ? 'row' : 'rows'} in set`;
  }
}

/** What Flink prints where there is no row at all. */
export const EMPTY_SET = 'Empty set';
