import type { Row } from '../../core/rows/index.js';
import type { FastBuffer } from '../chunks.js';
import type { ProgramOutput } from '../row-program.js';
import { ColumnWriter } from './column-writer.js';
import { BAIL, type ReadPlan, type RowCode } from './columns.js';

/**
 * Reads rows from `at` until `end`, until `out` holds `max`, or until a row that needs the full parser.
 *
 * @returns where the first row that was not read begins
 */
export type Scan = (
  bytes: FastBuffer,
  chunks: { readonly text: string },
  at: number,
  end: number,
  out: Row[],
  max: number,
  output: ProgramOutput,
) => number;

/**
 * Generates the scanner for these columns. It knows only the plain case: unquoted or simply quoted fields, digits that
 * fit a double, the usual form of dates. At anything else it gives the row back, and the full parser takes it, so the
 * scanner never has to be right about odd rows, only to notice them.
 *
 * Strings are cut out of the chunk that was decoded once as latin1, where offsets are byte offsets; only a field with a
 * byte above 127 is decoded again, as UTF-8. What a program reads of the rows that it keeps goes through a cache of texts.
 */
export function compileScanner({ columns, settings, crlf }: ReadPlan, code: RowCode): Scan {
  const writer = new ScanWriter(settings, crlf, code.late);
  const body = columns.map((column, i) => writer.column(column, i, i === columns.length - 1));
  const comment = settings.comments ? ' || c === 35' : '';
  return code.compile(`'use strict';
return function scanCsv(B, chunks, p, end, out, max, output) {
  let lines = output.lines, ${['c = 0, q = 0, e = 0, d = 0, a = 0, hi = 0, neg = false', ...code.variables].join(', ')};
  ${code.begin}
  let S = ${code.cutsText((type) => writer.isNumber(type)) ? 'chunks.text' : "''"}, row = p;
  read: while (p < end && n < max) {
    row = p;
    c = B[p];
    if (c === 10 || c === 13${comment}) break;
${body.join('\n')}
    ${code.make}
    lines++;
    row = p;
  }
  output.lines = lines;
  ${code.end}
  return row;
};`) as Scan;
}

/** CR. */
const LAST_CONTROL = 13;

/** Fields one after the other: `p` stands where the next begins. */
class ScanWriter extends ColumnWriter {
  protected override open(): string {
    return '';
  }

  protected override close(_i: number, last: boolean): string {
    if (!last) return `    if (c !== ${this.s.delimiter}) ${BAIL}\n    p++;`;
    return this.crlf
      ? `    if (c !== 13 || B[p + 1] !== 10) ${BAIL}\n    p += 2;`
      : `    if (c !== 10) ${BAIL}\n    p++;`;
  }

  protected override field(i: number, last: boolean, use: string): string {
    const { delimiter, quote, escapeCode } = this.s;
    const hi = use === '' ? '' : 'hi |= c; ';
    // One comparison for most bytes: letters and digits are above what ends a field.
    const highest = Math.max(delimiter, LAST_CONTROL, escapeCode);
    const stop = `(c = B[p]) > ${highest} || c !== ${delimiter} && c !== 10${last && this.crlf ? ' && c !== 13' : ''}${escapeCode >= 0 ? ` && c !== ${escapeCode}` : ''}`;
    // Four bytes at a time where nobody looks at them.
    const above = [0, 1, 2, 3].map((i) => `B[p + ${i}] > ${highest}`).join(' && ');
    const skip = use === '' ? `while (${above}) p += 4;\n      ` : '';
    const plain = `      q = p; ${use === '' ? '' : 'hi = 0; '}
      ${skip}while (${stop}) { ${hi}p++; }
      e = p;${last && !this.crlf ? `\n      if (p > q && B[p - 1] === 13) ${BAIL}` : ''}`;
    const inQuotes = `(c = B[p]) !== ${quote} && c !== 10${escapeCode >= 0 ? ` && c !== ${escapeCode}` : ''}`;
    const both =
      quote < 0
        ? plain
        : `    if (B[p] === ${quote}) {
      q = ++p; ${use === '' ? '' : 'hi = 0; '}
      while (${inQuotes}) { ${hi}p++; }
      if (c !== ${quote}) ${BAIL}
      e = p; c = B[++p];
    } else {
${plain}
    }`;
    return `${both}\n${this.close(i, last)}${use === '' ? '' : `\n${use}`}`;
  }
}
