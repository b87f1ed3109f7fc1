import { endianness } from 'node:os';
import type { FastBuffer } from '../chunks.js';
import type { CsvSettings } from './options.js';
import { HIGH_BITS, LINE_ENDS, program, RETURNS, TEXT } from './wasm/program.js';

/** How many bytes of text there is room for. */
const CAPACITY = 1 << 17;
/** What is read and written past the end, at most. */
const SPARE = 64;
const POSITIONS = TEXT + CAPACITY + SPARE;
/** A position for each byte, if all are delimiters. */
const NUMBERS = POSITIONS + 4 * CAPACITY + 2 * SPARE;
/** A number needs a byte at least, and so does what ends it. */
const LENGTH = NUMBERS + 8 * CAPACITY;
const PAGE = 65536;
/** In no text. */
const NO_CHARACTER = 0xff;
const COMMENT = 35;

// What is used of WebAssembly; its types are those of a browser.
interface Memory {
  readonly buffer: ArrayBuffer;
}
interface Functions {
  index(from: number, end: number, out: number, delimiter: number, odd1: number, odd2: number, odd3: number): number;
  rows(position: number, count: number, stride: number, crlf: number): number;
  integers(position: number, count: number, stride: number, before: number, out: number): void;
}
interface Wasm {
  readonly Memory: new (size: { initial: number; maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Functions };
}

let compiled: object | undefined;

/**
 * Where the fields of many rows are, found by comparing sixteen bytes at once. It stands for text in which each line is a row
 * of as many fields as there are columns, with no quotes, escapes or comments anywhere; of other text there is no index.
 *
 * The work is done by a small module of WebAssembly (`wasm/program.ts`), in whose memory the text has to be.
 */
export class RowIndex {
  /** Where the text has to be. */
  readonly bytes: FastBuffer;
  /** That before the first field of the first row, then of each field that behind it: delimiters and line ends. */
  readonly positions: Int32Array;
  /** Columns of whole numbers, a number for each row; NaN for what is none, or one of more than 16 digits. */
  readonly numbers: ReadonlyMap<number, Float64Array>;
  /** How many rows it has, and the first that was not read. */
  rows = 0;
  row = 0;
  /** Whether there are bytes above 127. */
  wide = false;
  private made = false;
  private readonly results: DataView;

  /**
   * @param columns how many fields a row has
   * @param integers which of them are whole numbers
   * @returns `undefined` where there is no WebAssembly, or nothing to gain
   */
  static create(
    columns: number,
    integers: readonly number[],
    settings: CsvSettings,
    crlf: boolean,
  ): RowIndex | undefined {
    // With one column an empty line is a row.
    if (columns < 2 || endianness() !== 'LE') return undefined;
    try {
      const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;
      compiled ??= new Module(program());
      const pages = Math.ceil(LENGTH / PAGE);
      const memory = new Memory({ initial: pages, maximum: pages });
      return new RowIndex(
        memory.buffer,
        new Instance(compiled, { env: { memory } }).exports,
        columns,
        integers,
        settings,
        crlf,
      );
    } catch {
      // Switched off, an old processor, no room for addresses: the scanner does it all.
      return undefined;
    }
  }

  private constructor(
    memory: ArrayBuffer,
    private readonly functions: Functions,
    private readonly columns: number,
    integers: readonly number[],
    private readonly settings: CsvSettings,
    private readonly crlf: boolean,
  ) {
    this.bytes = Buffer.from(memory, TEXT, CAPACITY) as FastBuffer;
    this.positions = new Int32Array(memory, POSITIONS, CAPACITY + SPARE / 4);
    this.results = new DataView(memory, 0, TEXT);
    const most = Math.floor(CAPACITY / columns);
    this.numbers = new Map(integers.map((i, at) => [i, new Float64Array(memory, NUMBERS + 8 * most * at, most)]));
  }

  /** Says that the text is another one now. */
  forget(): void {
    this.made = false;
    this.rows = this.row = 0;
  }

  /** Whether the next row, which begins at `at`, is the index's `row`-th. It is made when it is first asked for. */
  has(at: number, end: number): boolean {
    if (!this.made) this.make(at, end);
    // The full parser may have read one in between.
    if (this.row < this.rows && this.startOf(this.row) < at) this.row++;
    return this.row < this.rows && this.startOf(this.row) === at;
  }

  /** Where a row begins. */
  startOf(row: number): number {
    return (this.positions[row * this.columns] as number) + 1;
  }

  private make(at: number, end: number): void {
    this.made = true;
    const { functions, columns, results, settings, crlf } = this;
    const { delimiter, quote, escapeCode, comments } = settings;
    const orNone = (code: number): number => (code < 0 ? NO_CHARACTER : code);
    this.positions[0] = at - 1;
    const odd = [orNone(quote), orNone(escapeCode), comments ? COMMENT : NO_CHARACTER] as const;
    const fields = functions.index(at, end, POSITIONS + 4, delimiter, ...odd);
    const rows = results.getInt32(LINE_ENDS, true);
    if (fields !== rows * columns || results.getInt32(RETURNS, true) !== (crlf ? rows : 0)) return;
    // So many line ends, each at the end of so many fields: there are none elsewhere.
    const stride = columns * 4;
    if (functions.rows(POSITIONS + stride, rows, stride, crlf ? 1 : 0) === 0) return;
    for (const [i, { byteOffset }] of this.numbers) {
      functions.integers(POSITIONS + i * 4, rows, stride, crlf && i === columns - 1 ? 1 : 0, byteOffset);
    }
    this.wide = results.getInt32(HIGH_BITS, true) !== 0;
    this.rows = rows;
    this.row = 0;
  }
}
