import type { Row, RowClass } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import { COMPACT_PRECISION } from '../../core/values/index.js';
import type { FastBuffer } from '../chunks.js';
import type { FromText } from '../from-text.js';
import { emitCode, type ProgramCode, type ProgramOutput, type RowProgram } from '../row-program.js';
import { TextCache } from '../text-cache.js';
import { dateBytes, timestampBytes } from './bytes.js';
import type { CsvSettings } from './options.js';

/** A column of the file, in the file's order. */
export interface FileColumn {
  /** Its place in the row; -1 when it is passed over. */
  readonly slot: number;
  readonly type: AnyType;
  readonly convert: FromText;
}

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

const P10 = Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * Generates the scanner for these columns. It knows only the plain case: unquoted or simply quoted fields, digits that
 * fit a double, the usual form of dates. At anything else it gives the row back, and the full parser takes it, so the
 * scanner never has to be right about odd rows, only to notice them.
 *
 * Strings are cut out of the chunk that was decoded once as latin1, where offsets are byte offsets; only a field with a
 * byte above 127 is decoded again, as UTF-8. What a program reads of the rows that it keeps goes through a cache of texts.
 *
 * @param crlf whether lines end with CR LF; rows that end otherwise go to the full parser
 * @param program what to make of the columns instead of rows of them: they are in variables then, and texts that nobody
 *   looks at before a row is kept are cut out only for those
 */
export function compileScanner(
  columns: readonly FileColumn[],
  settings: CsvSettings,
  crlf: boolean,
  row: RowClass,
  program?: RowProgram,
): Scan {
  const writer = new ScannerWriter(settings, crlf);
  const used = columns
    .flatMap((column, i) => (column.slot < 0 ? [] : [i]))
    .sort((a, b) => slotOf(columns, a) - slotOf(columns, b));
  const code = program?.write(used.map((i) => ({ value: `f${i}`, nullable: settings.nullLiteral !== null })));
  const late = lateTexts(columns, used, settings, code);
  const body = columns.map((column, i) => writer.column(column, i, i === columns.length - 1, late.has(i)));
  const variables = used.map((i) => (late.has(i) ? `f${i} = '', q${i} = 0, e${i} = 0, h${i} = 0` : `f${i} = 0`));
  const comment = settings.comments ? ' || c === 35' : '';
  const make =
    code === undefined ? `out[n++] = new Row(${used.map((i) => `f${i}`).join(', ')});` : programCode(code, late);
  const timed = code?.time !== undefined;
  const text = `'use strict';
return function scanCsv(B, chunks, p, end, out, max, output) {
  let n = output.n, lines = output.lines, c = 0, q = 0, e = 0, d = 0, a = 0, hi = 0, neg = false${variables.map((v) => `, ${v}`).join('')};
  ${timed ? 'const T = output.times, A = output.marks.at, W = output.marks.values; let raised = output.raised, told = output.told;' : ''}
  let S = ${used.some((i) => !late.has(i) && !writer.isNumber((columns[i] as FileColumn).type)) ? 'chunks.text' : "''"}, row = p;
  read: while (p < end && n < max) {
    row = p;
    c = B[p];
    if (c === 10 || c === 13${comment}) break;
${body.join('\n')}
    ${make}
    lines++;
    row = p;
  }
  output.n = n; output.lines = lines;
  ${timed ? 'output.raised = raised; output.told = told;' : ''}
  return row;
};`;
  const converts = columns.map((column) => column.convert);
  const constants = code?.constants ?? new Map<string, unknown>();
  const caches = new Map([...late].map((i) => [`K${i}`, new TextCache()]));
  const names = ['Row', 'P10', 'C', 'dateBytes', 'timestampBytes', 'NULL', ...caches.keys(), ...constants.keys()];
  const values = [program?.rowClass ?? row, P10, converts, dateBytes, timestampBytes, settings.nullLiteral];
  return new Function(...names, text)(...values, ...caches.values(), ...constants.values()) as Scan;
}

const slotOf = (columns: readonly FileColumn[], i: number): number => (columns[i] as FileColumn).slot;

/** Columns of text that a program reads only for rows that it keeps. */
function lateTexts(
  columns: readonly FileColumn[],
  used: readonly number[],
  settings: CsvSettings,
  code: ProgramCode | undefined,
): Set<number> {
  if (code === undefined || settings.nullLiteral !== null) return new Set();
  return new Set(used.filter((i, at) => !code.tested.has(at) && isText((columns[i] as FileColumn).type)));
}

const isText = (type: AnyType): boolean => type.root === 'VARCHAR' || type.root === 'CHAR';

function programCode(code: ProgramCode, late: ReadonlySet<number>): string {
  const cuts = [...late].map(
    (i) => `if (h${i} > 127) f${i} = B.utf8Slice(q${i}, e${i});
else if (K${i}.on) f${i} = K${i}.find(B, q${i}, e${i});
else { if (S === '') S = chunks.text; f${i} = S.slice(q${i}, e${i}); }`,
  );
  const { time } = code;
  const noTime = time?.nullable === true ? `if (${time.value} === null) ${BAIL}` : '';
  return `{ ${code.test}
${noTime}
${emitCode(code, cuts.join(' '), 'Row')} }`;
}

/** CR. */
const LAST_CONTROL = 13;
const BAIL = '{ break read; }';

class ScannerWriter {
  private readonly empty: boolean;
  private readonly literal: boolean;

  constructor(
    private readonly s: CsvSettings,
    private readonly crlf: boolean,
  ) {
    this.empty = s.nullLiteral === '';
    this.literal = s.nullLiteral !== null && s.nullLiteral !== '';
  }

  /** @param late whether only the place of the text is kept */
  column(column: FileColumn, i: number, last: boolean, late: boolean): string {
    const v = `f${i}`;
    if (column.slot < 0) return this.field(last, '');
    if (late) return this.field(last, `    q${i} = q; e${i} = e; h${i} = hi;`);
    const notNull = column.type.nullability === 'not null';
    if (!this.isNumber(column.type)) return this.field(last, this.cut(column, v, i, notNull));
    const number = this.number(column.type, v);
    if (this.empty) {
      // The end of an empty field is where it begins.
      const isEmpty = last ? 'c === 10 || c === 13' : `c === ${this.s.delimiter}`;
      return `    c = B[p];
    if (${isEmpty}) ${notNull ? BAIL : `{ ${v} = null; }`} else {
${number}
    }
${this.close(last)}`;
    }
    return `${number}\n${this.close(last)}`;
  }

  isNumber(type: AnyType): boolean {
    if (this.literal && /^[-.\d]/.test(this.s.nullLiteral as string)) return false;
    return ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'].includes(type.root);
  }

  /** At the end of a field, `c` and `p` being what ends it: goes on to the next. */
  private close(last: boolean): string {
    if (!last) return `    if (c !== ${this.s.delimiter}) ${BAIL}\n    p++;`;
    return this.crlf
      ? `    if (c !== 13 || B[p + 1] !== 10) ${BAIL}\n    p += 2;`
      : `    if (c !== 10) ${BAIL}\n    p++;`;
  }

  /** Any field from `q` to `e`, found by what ends it. */
  private field(last: boolean, use: string): string {
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
    return `${both}\n${this.close(last)}${use === '' ? '' : `\n${use}`}`;
  }

  private cut({ type, convert: _ }: FileColumn, v: string, i: number, notNull: boolean): string {
    const nulls = this.s.nullLiteral !== null;
    if (type.root === 'DATE' && !nulls) return this.checkedNumber(v, 'dateBytes(B, q, e)');
    if ((type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ') && type.precision <= 3 && !nulls) {
      const unit = 10 ** (3 - type.precision);
      const cutOff = unit === 1 ? '' : `\n    ${v} = Math.floor(${v} / ${unit}) * ${unit};`;
      return this.checkedNumber(v, 'timestampBytes(B, q, e)') + cutOff;
    }
    const text = `    ${v} = hi < 128 ? S.slice(q, e) : B.utf8Slice(q, e);`;
    const convert = isText(type) ? '' : `${v} = C[${i}](${v}); if (${v} === undefined) ${BAIL}`;
    if (!nulls) return `${text}\n    ${convert}`;
    return `${text}\n    if (${v} === NULL) ${notNull ? BAIL : `${v} = null;`}${convert === '' ? '' : ` else { ${convert} }`}`;
  }

  private checkedNumber(v: string, read: string): string {
    return `    ${v} = ${read};\n    if (${v} !== ${v}) ${BAIL}`;
  }

  /** Digits read while they are found; afterwards `c` is what follows them. */
  private number(type: AnyType, v: string): string {
    const loop = `while ((c = B[p] ^ 48) < 10) { ${v} = ${v} * 10 + c; p++; }`;
    const whole = `      neg = B[p] === 45; if (neg) p++;
      q = p; ${v} = 0;
      ${loop}`;
    if (type.root === 'BIGINT' || type.root === 'INT' || type.root === 'SMALLINT' || type.root === 'TINYINT') {
      if (type.root === 'BIGINT') return this.long(v);
      const most = { INT: 2147483647, SMALLINT: 32767, TINYINT: 127 }[type.root];
      return `${whole}
      if (p === q || ${v} > ${most}) ${BAIL}
      c = B[p]; if (neg) ${v} = 0 - ${v};`;
    }
    const fraction = `      d = 0; e = p - q;
      if (c === 30) { q = ++p; ${loop} d = p - q; e += d; }
      if (e === 0 || e > 15) ${BAIL}
      c = B[p];`;
    if (type.root === 'DECIMAL') {
      const { precision, scale } = type;
      // Both bounds keep the scaled number exact and inside the type.
      const scaled =
        precision <= COMPACT_PRECISION
          ? `${v} = ${v} * P10[${scale} - d]; if (${v} >= ${10 ** precision}) ${BAIL} if (neg) ${v} = 0 - ${v};`
          : `${v} = BigInt(${v}) * 10n ** BigInt(${scale} - d); if (neg) ${v} = -${v};`;
      const fits = precision <= COMPACT_PRECISION ? '' : ` || e - d > ${precision - scale}`;
      return `${whole}\n${fraction}\n      if (d > ${scale}${fits}) ${BAIL}\n      ${scaled}`;
    }
    // Below 2^53 over a power of ten up to 10^22 is one correctly rounded division; 7 digits do the same for 32 bits.
    const float = type.root === 'FLOAT';
    return `${whole}\n${fraction}${float ? `\n      if (e > 7) ${BAIL}` : ''}
      if (d > 0) ${v} = ${v} / P10[d];
      if (neg) ${v} = -${v};${float ? `\n      ${v} = Math.fround(${v});` : ''}`;
  }

  /**
   * Nine digits at a time fit an integer of 32 bits, where a step takes half as long as on doubles. Numbers beyond 2^53
   * round, but never back below it.
   */
  private long(v: string): string {
    const nine = 'a = 0; e = p + 9; while (p < e && (c = B[p] ^ 48) < 10) { a = (a * 10 + c) | 0; p++; }';
    return `      neg = B[p] === 45; if (neg) p++;
      q = p; ${nine}
      ${v} = a;
      if (p === e) {
        d = p; ${nine}
        ${v} = ${v} * P10[p - d] + a;
        while ((c = B[p] ^ 48) < 10) { ${v} = ${v} * 10 + c; p++; }
      }
      if (p === q || ${v} > ${Number.MAX_SAFE_INTEGER}) ${BAIL}
      c = B[p]; if (neg) ${v} = 0 - ${v};`;
  }
}
