import type { AnyType } from '../../core/types/index.js';
import { COMPACT_PRECISION } from '../../core/values/index.js';
import { BAIL, type FileColumn, isText } from './columns.js';
import type { CsvSettings } from './options.js';

/**
 * Writes the code that reads a column into its variable, `f0` for the first. It knows only the plain case: digits that fit a
 * double, the usual form of dates. Where a field is, others say.
 */
export abstract class ColumnWriter {
  private readonly empty: boolean;
  private readonly literal: boolean;

  constructor(
    protected readonly s: CsvSettings,
    protected readonly crlf: boolean,
    private readonly late: ReadonlySet<number>,
  ) {
    this.empty = s.nullLiteral === '';
    this.literal = s.nullLiteral !== null && s.nullLiteral !== '';
  }

  /** Finds the `i`-th field, from `q` to `e`, the OR of its bytes in `hi`, and makes `use` of it; '': nobody looks at it. */
  protected abstract field(i: number, last: boolean, use: string): string;
  /** Sets `p` to where the field begins. */
  protected abstract open(i: number): string;
  /** `p` is where the field must end, and `c` what stands there: goes on to the next. */
  protected abstract close(i: number, last: boolean): string;

  column(column: FileColumn, i: number, last: boolean): string {
    const v = `f${i}`;
    if (column.slot < 0) return this.field(i, last, '');
    if (this.late.has(i)) return this.field(i, last, `    q${i} = q; e${i} = e; h${i} = hi;`);
    const notNull = column.type.nullability === 'not null';
    if (!this.isNumber(column.type)) return this.field(i, last, this.cut(column, v, i, notNull));
    const number = this.number(column.type, v);
    if (!this.empty) return `${this.open(i)}${number}\n${this.close(i, last)}`;
    // The end of an empty field is where it begins.
    const isEmpty = last ? 'c === 10 || c === 13' : `c === ${this.s.delimiter}`;
    return `${this.open(i)}    c = B[p];
    if (${isEmpty}) ${this.nothing(v, notNull)} else {
${number}
    }
${this.close(i, last)}`;
  }

  /** What is done where a field is empty and that means NULL. */
  protected nothing(v: string, notNull: boolean): string {
    return notNull ? BAIL : `{ ${v} = null; }`;
  }

  protected get emptyIsNull(): boolean {
    return this.empty;
  }

  /** Whether a column is read as digits. */
  isNumber(type: AnyType): boolean {
    if (this.literal && /^[-.\d]/.test(this.s.nullLiteral as string)) return false;
    return ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'].includes(type.root);
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
