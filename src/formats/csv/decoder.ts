import { StreambookError } from '../../core/errors.js';
import { type Row, type RowClass, rowClassOf } from '../../core/rows/index.js';
import { type FieldTypes, type Schema, schemaOf, UnknownColumnError } from '../../core/types/index.js';
import { BadRows, type Problem, quoted } from '../bad.js';
import { Chunks } from '../chunks.js';
import type { DecoderOptions, DecoderPosition, MessageDecoder, RowDecoder } from '../format.js';
import { type FromText, fromText } from '../from-text.js';
import { compileProgram, type Marks, ProgramOutput, type RunProgram } from '../row-program.js';
import { type FileColumn, type ReadPlan, RowCode } from './columns.js';
import { compileIndexed, integerColumns, type ReadIndexed } from './indexed.js';
import { type CsvOptions, type CsvSettings, csvSettings } from './options.js';
import { CsvParser } from './parser.js';
import { RowIndex } from './row-index.js';
import { compileScanner, type Scan } from './scanner.js';

/** Smaller inputs are read before an index has paid for its memory. */
const INDEX_FROM_BYTES = 16 * 1024;

/** Raised when a file's header lacks columns of the schema. */
export class CsvHeaderError extends StreambookError {
  constructor(source: string, missing: readonly string[], header: readonly string[]) {
    super('csv-header', `the header has no column ${missing.map((name) => `\`${name}\``).join(', ')}`, {
      where: `${source}, line 1`,
      hint: `it has: ${header.join(', ')}`,
    });
  }
}

/**
 * Makes a decoder of csv: bytes to rows of `rowClassOf(schema)` (or of the `columns` used), through a scanner generated
 * for just these columns.
 *
 * Columns that are not used are not parsed, so nothing that is wrong inside them is noticed. Empty lines are passed
 * over, unless the schema has a single column.
 *
 * @example
 *   const decoder = csvDecoder({ name: type.string(), amount: type.bigint() }, { header: true, source: 'tx.csv' });
 * @see Flink: CSV Format
 */
export function csvDecoder(fields: Schema | FieldTypes, options: CsvOptions & DecoderOptions = {}): RowDecoder {
  return new CsvDecoder(schemaOf(fields as FieldTypes), options);
}

/** Makes a decoder of messages that are one csv row each. A `header` makes no sense there and is ignored. */
export function csvMessageDecoder(
  fields: Schema | FieldTypes,
  options: CsvOptions & DecoderOptions = {},
): MessageDecoder {
  const decoder = new CsvDecoder(schemaOf(fields as FieldTypes), {
    ...options,
    header: false,
    indexFromBytes: Number.POSITIVE_INFINITY,
  });
  return {
    rowClass: decoder.rowClass,
    decode: (bytes, where) => decoder.decodeMessage(bytes, where),
    get badRows() {
      return decoder.badRows;
    },
    get badFields() {
      return decoder.badFields;
    },
  };
}

class CsvDecoder implements RowDecoder {
  readonly rowClass: RowClass;
  private readonly settings: CsvSettings;
  private readonly chunks: Chunks;
  private readonly parser: CsvParser;
  private readonly bad: BadRows;
  private readonly output = new ProgramOutput();
  private readonly used: Schema;
  private readonly usedClass: RowClass;
  private header: readonly string[] | undefined;
  private columns: readonly FileColumn[] | undefined;
  private plan: ReadPlan | undefined;
  private code!: RowCode;
  private scan: Scan | undefined;
  private index: RowIndex | undefined;
  private readIndexed: ReadIndexed | undefined;
  private indexFromBytes: number;
  private readonly program: RunProgram | undefined;
  /** What a row could not be read for; rows before it were to go out first. */
  private failure: unknown;
  private where: string | undefined;

  constructor(
    private readonly schema: Schema,
    private readonly options: CsvOptions & DecoderOptions,
  ) {
    this.settings = csvSettings(options);
    this.chunks = new Chunks(options.source ?? 'input', options);
    this.parser = new CsvParser(this.chunks, this.settings);
    this.bad = new BadRows(options, this.settings.ignoreParseErrors);
    this.indexFromBytes = options.indexFromBytes ?? INDEX_FROM_BYTES;
    this.used = options.columns === undefined ? schema : schema.project(options.columns);
    this.usedClass = rowClassOf(this.used);
    this.rowClass = options.program?.rowClass ?? this.usedClass;
    this.program = options.program === undefined ? undefined : compileProgram(options.program, this.used);
    // Types that csv cannot hold are refused here, and not at the first row.
    for (const field of this.used.fields) fromText(field.type, this.settings.elementDelimiter);
    if (!this.settings.header) this.columns = this.columnsOf(schema.names);
    else if (options.resume?.header !== undefined) this.useHeader(options.resume.header);
  }

  get badRows(): number {
    return this.bad.rows;
  }
  get badFields(): number {
    return this.bad.fields;
  }

  feed(bytes: Uint8Array): void {
    this.chunks.feed(bytes);
    this.index?.forget();
  }
  end(): void {
    this.chunks.finish();
    this.index?.forget();
  }

  position(): DecoderPosition {
    const { chunks, bad, header } = this;
    return {
      position: chunks.positionOf(chunks.at),
      line: chunks.line,
      badRows: bad.rows,
      badFields: bad.fields,
      ...(header === undefined ? {} : { header }),
    };
  }

  get times(): readonly number[] {
    return this.output.times;
  }
  get marks(): Marks {
    return this.output.marks;
  }
  takeWatermark(): number | undefined {
    return this.output.takeWatermark();
  }

  read(out: Row[], max: number): number {
    const { chunks, output } = this;
    this.throwFailure();
    if (this.columns === undefined && !this.readHeader()) return 0;
    output.begin();
    // How lines end shows in the first of them.
    if (chunks.at < chunks.end) this.plan ??= this.makePlan();
    while (chunks.at < chunks.end && output.n < max) {
      output.lines = 0;
      chunks.at = this.readPlain(this.plan as ReadPlan, out, max);
      // That only takes rows of one line.
      chunks.line += output.lines;
      if (chunks.at >= chunks.end || output.n >= max) break;
      if (this.passComment()) continue;
      if (!this.parser.split()) {
        chunks.waitForMore();
        break;
      }
      try {
        this.readSlowly(out);
      } catch (error) {
        this.failure = error;
        if (output.n === 0) this.throwFailure();
        break;
      }
      chunks.at = this.parser.next;
      chunks.line += this.parser.lines;
    }
    output.end();
    return output.n;
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private readSlowly(out: Row[]): void {
    const row = this.slowRow();
    if (row === undefined) return;
    if (this.program === undefined) out[this.output.n++] = row;
    else this.program(row, out, this.output, () => `${this.chunks.source}, line ${this.chunks.line + 1}`);
  }

  decodeMessage(bytes: Uint8Array, where: string | undefined): Row | undefined {
    this.where = where;
    this.chunks.load(bytes);
    this.failure = undefined;
    const rows: Row[] = [];
    const n = this.read(rows, 2);
    this.throwFailure();
    if (n < 2) return rows[0];
    this.chunks.at = 0;
    this.chunks.line = 0;
    this.bad.add(this.chunks, this.chunks.end, { reason: 'the message holds more than one row' }, where);
    return undefined;
  }

  private makePlan(): ReadPlan {
    const { bytes, at } = this.chunks;
    const lineEnd = bytes.indexOf(10, at);
    const plan = {
      columns: this.columns as FileColumn[],
      settings: this.settings,
      crlf: lineEnd > at && bytes[lineEnd - 1] === 13,
      rowClass: this.rowClass,
      program: this.options.program,
    };
    this.code = new RowCode(plan);
    return plan;
  }

  /** Rows until one that needs the full parser. @returns where it begins */
  private readPlain(plan: ReadPlan, out: Row[], max: number): number {
    const { chunks, output } = this;
    if (chunks.end - chunks.at >= this.indexFromBytes) this.makeIndex(plan);
    const { index } = this;
    if (index !== undefined && chunks.bytes === index.bytes && index.has(chunks.at, chunks.end)) {
      this.readIndexed ??= compileIndexed(plan, this.code, index);
      index.row = this.readIndexed(chunks.bytes, chunks, index, index.row, out, max, output);
      return index.startOf(index.row);
    }
    this.scan ??= compileScanner(plan, this.code);
    return this.scan(chunks.bytes, chunks, chunks.at, chunks.end, out, max, output);
  }

  /** Tried once: what is too long for its memory stays so. */
  private makeIndex(plan: ReadPlan): void {
    this.indexFromBytes = Number.POSITIVE_INFINITY;
    const { columns, settings, crlf } = plan;
    this.index = RowIndex.create(columns.length, integerColumns(plan, this.code), settings, crlf);
    if (this.index !== undefined) this.chunks.moveTo(this.index.bytes);
  }

  private columnsOf(names: readonly string[]): FileColumn[] {
    return names.map((name) => {
      const slot = this.used.indexOf(name);
      const known = this.schema.indexOf(name) >= 0 ? this.schema.typeOf(name) : this.schema.fields[0]?.type;
      if (known === undefined) throw new UnknownColumnError(name, this.schema.names);
      const convert: FromText = slot < 0 ? () => null : fromText(known, this.settings.elementDelimiter);
      return { slot, type: known, convert };
    });
  }

  private passComment(): boolean {
    const { chunks } = this;
    if (!this.settings.comments || chunks.bytes[chunks.at] !== 35) return false;
    chunks.at = chunks.bytes.indexOf(10, chunks.at) + 1;
    chunks.line++;
    return true;
  }

  private readHeader(): boolean {
    const { chunks, parser } = this;
    while (chunks.at < chunks.end && this.passComment());
    if (chunks.at >= chunks.end) return false;
    if (!parser.split()) {
      chunks.waitForMore();
      return false;
    }
    const names = parser.fields.map((name) => name.trim());
    chunks.at = parser.next;
    chunks.line += parser.lines;
    this.useHeader(names);
    return true;
  }

  private useHeader(names: readonly string[]): void {
    const missing = this.used.names.filter((name) => !names.includes(name));
    if (missing.length > 0) throw new CsvHeaderError(this.chunks.source, missing, names);
    const twice = this.used.names.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
    if (twice !== undefined) {
      throw new StreambookError('csv-header', `the header has two columns \`${twice}\``, {
        where: `${this.chunks.source}, line 1`,
      });
    }
    this.header = names;
    this.columns = this.columnsOf(names);
  }

  /** The row that the parser has split; `undefined` when there is none to give out. */
  private slowRow(): Row | undefined {
    const { parser, settings } = this;
    const columns = this.columns as readonly FileColumn[];
    const { fields } = parser;
    if (parser.problem !== undefined) return this.refuse({ reason: parser.problem });
    if (fields.length === 1 && fields[0] === '' && columns.length > 1) return undefined;
    // Missing fields can be NULL; with too many, nobody knows which are which.
    if (fields.length > columns.length || (fields.length < columns.length && !settings.ignoreParseErrors)) {
      const are = fields.length === 1 ? 'is 1 field' : `are ${fields.length} fields`;
      return this.refuse({ reason: `there ${are}, the schema has ${columns.length}` });
    }
    return this.convert(fields, columns);
  }

  private convert(fields: readonly string[], columns: readonly FileColumn[]): Row | undefined {
    const values: unknown[] = new Array(this.used.length).fill(null);
    for (let i = 0; i < columns.length; i++) {
      const { slot, type, convert } = columns[i] as FileColumn;
      if (slot < 0) continue;
      const text = fields[i];
      const isNull = text === undefined || text === this.settings.nullLiteral;
      let value = isNull ? null : convert(text);
      if (value === null ? type.nullability === 'not null' : value === undefined) {
        if (!this.settings.ignoreParseErrors || type.nullability === 'not null') {
          const reason = isNull ? `NULL in a column of ${type}` : `${quoted(text)} is no ${type.nullable()}`;
          return this.refuse({ reason, column: this.used.names[slot] as string });
        }
        this.bad.fields++;
        value = null;
      }
      values[slot] = value;
    }
    return this.usedClass.of(values);
  }

  private refuse(problem: Problem): undefined {
    this.bad.add(this.chunks, this.parser.next, problem, this.where);
    return undefined;
  }
}
