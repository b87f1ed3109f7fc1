import type { Row } from '../../core/rows/index.js';
import type { FastBuffer } from '../chunks.js';
import type { ProgramOutput } from '../row-program.js';
import { ColumnWriter } from './column-writer.js';
import { BAIL, type FileColumn, type ReadPlan, type RowCode } from './columns.js';
import type { RowIndex } from './row-index.js';

/**
 * Reads rows from the `row`-th of the index on, until `out` holds `max`, or until a row that needs the full parser.
 *
 * @returns the first row that was not read
 */
export type ReadIndexed = (
  bytes: FastBuffer,
  chunks: { readonly text: string },
  index: RowIndex,
  row: number,
  out: Row[],
  max: number,
  output: ProgramOutput,
) => number;

/** The columns of whole numbers that an index has to read. */
export function integerColumns({ columns, settings, crlf }: ReadPlan, code: RowCode): number[] {
  const writer = new IndexWriter(settings, crlf, code.late, columns.length);
  return code.used.filter((i) => writer.isInteger(columns[i] as FileColumn));
}

/**
 * Generates the reader of rows whose fields are known from a {@link RowIndex}: no byte is looked at that nobody asks for, and
 * whole numbers are there already. What it makes of them, and what it leaves to the full parser, is as in the scanner.
 */
export function compileIndexed({ columns, settings, crlf }: ReadPlan, code: RowCode, index: RowIndex): ReadIndexed {
  const writer = new IndexWriter(settings, crlf, code.late, columns.length);
  const body = columns.map((column, i) => writer.column(column, i, i === columns.length - 1));
  const numbers = Object.fromEntries([...index.numbers].map(([i, table]) => [`N${i}`, table]));
  const text = `'use strict';
return function readIndexed(B, chunks, index, r, out, max, output) {
  const rows = index.rows, wide = index.wide, first = r;
  let ${['k = 0, p = 0, c = 0, q = 0, e = 0, d = 0, a = 0, hi = 0, neg = false', ...code.variables].join(', ')};
  ${code.begin}
  let S = ${code.cutsText((type) => writer.isNumber(type)) ? 'chunks.text' : "''"};
  read: for (; r < rows && n < max; r++) {
    k = r * ${columns.length};
${body.filter((line) => line !== '').join('\n')}
    ${code.make}
  }
  output.lines += r - first;
  ${code.end}
  return r;
};`;
  return code.compile(text, { P: index.positions, orOf, ...numbers }) as ReadIndexed;
}

function orOf(bytes: Uint8Array, from: number, to: number): number {
  let or = 0;
  for (let i = from; i < to; i++) or |= bytes[i] as number;
  return or;
}

const MOST = { BIGINT: Number.MAX_SAFE_INTEGER, INT: 2147483647, SMALLINT: 32767, TINYINT: 127 } as const;

/** Fields between the positions of the index: that before the `i`-th field is `P[k + i]`, that behind it the next. */
class IndexWriter extends ColumnWriter {
  constructor(
    settings: ReadPlan['settings'],
    crlf: boolean,
    late: ReadonlySet<number>,
    private readonly width: number,
  ) {
    super(settings, crlf, late);
  }

  isInteger({ type, slot }: FileColumn): boolean {
    return slot >= 0 && type.root in MOST && this.isNumber(type);
  }

  override column(column: FileColumn, i: number, last: boolean): string {
    if (!this.isInteger(column)) return super.column(column, i, last);
    const most = MOST[column.type.root as keyof typeof MOST];
    const v = `f${i}`;
    const odd = this.emptyIsNull
      ? `{ if (${this.from(i)} === ${this.to(i)}) ${this.nothing(v, column.type.nullability === 'not null')} else ${BAIL} }`
      : BAIL;
    // NaN is no number in these bounds.
    return `    ${v} = N${i}[r];\n    if (!(${v} >= -${most} && ${v} <= ${most})) ${odd}`;
  }

  protected override field(i: number, _last: boolean, use: string): string {
    if (use === '') return '';
    const or = use.includes('hi') ? ' hi = wide ? orOf(B, q, e) : 0;' : '';
    return `    q = ${this.from(i)}; e = ${this.to(i)};${or}\n${use}`;
  }

  protected override open(i: number): string {
    return `    p = ${this.from(i)};\n`;
  }

  protected override close(i: number): string {
    return `    if (p !== ${this.to(i)}) ${BAIL}`;
  }

  private from(i: number): string {
    return `P[k + ${i}] + 1`;
  }

  private to(i: number): string {
    return `P[k + ${i + 1}]${i + 1 === this.width && this.crlf ? ' - 1' : ''}`;
  }
}
