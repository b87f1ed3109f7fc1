import { columnAccess, type Row, type RowClass } from '../core/rows/index.js';
import type { Schema } from '../core/types/index.js';
import { type CombineCode, hashOf, newSlots, slotText } from './combine.js';
import type { TimeGrid } from './time-grid.js';

/** A column in generated code: a variable, and whether it may be null there. */
export interface ColumnCode {
  readonly value: string;
  readonly nullable: boolean;
}

/** What a program is, written for columns that lie in these variables. Statements, all at one level. */
export interface ProgramCode {
  /** The columns that `test` reads; the others need not be there before it. */
  readonly tested: ReadonlySet<number>;
  /** What has to be computed for every row. */
  readonly test: string;
  /** Whether the row is wanted: an expression, after `test`. */
  readonly keep: string;
  /** The row's time and the watermark that follows it (epoch ms), after `test`; absent: rows have no time. */
  readonly time?: ColumnCode;
  readonly watermark?: ColumnCode;
  /** Watermarks count only where they pass the end of a stretch: between rows, no others are told. Goes with `time`. */
  readonly grid?: TimeGrid;
  /** Rows are added up in the stretches of `grid`; what comes out are parts, and `since` is where the stretch begins. */
  readonly combine?: CombineCode;
  /** What is computed for rows that are kept, after `test`. */
  readonly make: string;
  /** The values of the row that comes out. */
  readonly values: readonly string[];
  /** What the code calls by name. */
  readonly constants: ReadonlyMap<string, unknown>;
}

/**
 * What becomes of a row right where it is read: a filter, columns computed, a time and watermarks. It is code and not a
 * function, so that a scanner can carry it out on the values that it has at hand, before there is a row. It must not throw.
 */
export interface RowProgram {
  /** The steps it stands for, for the source's name. */
  readonly steps: readonly string[];
  /** The class of the rows that come out. */
  readonly rowClass: RowClass;
  write(columns: readonly ColumnCode[]): ProgramCode;
  /** What is raised for a row whose time is NULL. @param where file and line */
  nullTime(where: string): Error;
}

/** Watermarks between the rows of a batch: `values[i]` comes before the row with the number `at[i]`, up to {@link NO_ROW}. */
export interface Marks {
  readonly at: number[];
  readonly values: number[];
}

/** The number of no row. */
const NO_ROW = 0x3fffffff;

/** What came out of a program so far: rows go to an array of the caller's. */
export class ProgramOutput {
  /** Rows in this batch. */
  n = 0;
  /** Lines read, those of rows that were not wanted included. */
  lines = 0;
  readonly times: number[] = [];
  /** Lists that keep their length: emptied and filled again, they would be made anew for each batch. */
  readonly marks: Marks = { at: [NO_ROW], values: [0] };
  marked = 0;
  /** The highest watermark of the rows so far, and the highest that was told. As on Flink, none is told up to 0. */
  raised = 0;
  told = 0;

  begin(): void {
    this.n = 0;
    this.marked = 0;
  }

  /** After the last row of the batch. */
  end(): void {
    this.marks.at[this.marked] = NO_ROW;
  }

  /** The watermark after the batch, if it is a new one. */
  takeWatermark(): number | undefined {
    if (!(this.raised > this.told)) return undefined;
    this.told = this.raised;
    return this.raised;
  }
}

/** What goes before the code for rows: variables that stand for fields of the `output` (a {@link ProgramOutput}). */
export function beginCode({ time, grid, combine }: ProgramCode): string {
  if (time === undefined) return 'let n = output.n;';
  return `let n = output.n, m = output.marked, raised = output.raised, told = output.told;
const T = output.times, A = output.marks.at, W = output.marks.values;
${grid === undefined ? '' : 'let due = told > 0 ? grid.nextEnd(told) : 1;'}
${combine === undefined ? '' : 'let base = n, since = 0, until = 0, slot = 0, part = 0, acc = null;'}`;
}

/** What goes behind the code for rows. */
export function endCode({ time }: ProgramCode): string {
  return `output.n = n;${time === undefined ? '' : ' output.marked = m; output.raised = raised; output.told = told;'}`;
}

/** What the code calls by name besides `constants`. */
export function namesIn({ grid, combine, constants }: ProgramCode): ReadonlyMap<string, unknown> {
  const more = combine === undefined ? {} : { hashOf, slots: newSlots() };
  return new Map([...constants, ...Object.entries({ grid, ...more })]);
}

/**
 * A row comes out, between {@link beginCode} and {@link endCode}.
 *
 * @param cut reads what is read only for rows that are kept
 * @param hashes of values that have been read
 */
export function emitCode(
  code: ProgramCode,
  cut: string,
  row: string,
  hashes: ReadonlyMap<string, string> = new Map(),
): string {
  const { time, watermark, grid, combine, values, make, keep } = code;
  const tell = 'A[m] = n; W[m++] = raised; told = raised;';
  const due =
    grid === undefined
      ? `if (raised > told) { ${tell} }`
      : `if (raised >= due) { ${tell} due = grid.nextEnd(told);${combine === undefined ? '' : ' base = n;'} }`;
  const made = `new ${row}(${values.join(', ')})`;
  const put =
    combine === undefined ? `T[n] = ${time?.value}; out[n++] = ${made};` : combineCode(code, combine, made, hashes);
  const after =
    watermark === undefined
      ? ''
      : `if (${watermark.nullable ? `${watermark.value} !== null && ` : ''}${watermark.value} > raised) raised = ${watermark.value};`;
  return `if (${keep}) {
${cut}
${make}
${time === undefined ? `out[n++] = ${made};` : `${due}\n${put}`}
}
${after}`;
}

/**
 * Only parts of this batch, made since the last watermark, can take rows: what is left in a slot from before is told by its
 * place, or by not being of this key and stretch.
 */
function combineCode(
  { time }: ProgramCode,
  combine: CombineCode,
  made: string,
  hashes: ReadonlyMap<string, string>,
): string {
  const { keys, add } = combine;
  const other = [{ column: combine.time, value: 'since' }, ...keys].map(
    ({ column, value }) => `${columnAccess('acc', column)} !== ${value}`,
  );
  const moment = time?.value;
  return `if (!(${moment} >= since && ${moment} < until)) { since = grid.startOf(${moment}); until = grid.endOf(${moment}); }
slot = ${slotText(combine, hashes)};
part = slots[slot];
if (part < base || part >= n || (acc = out[part], ${other.join(' || ')})) {
slots[slot] = n; T[n] = since; out[n++] = acc = ${made};
}
${add}`;
}

/** Carries a program out on a row that was read the long way. @throws the program's `nullTime` */
export type RunProgram = (row: Row, out: Row[], output: ProgramOutput, where: () => string) => void;

/** Makes the function that does to a row of `schema` what the scanner does without one. */
export function compileProgram(program: RowProgram, schema: Schema): RunProgram {
  const columns = schema.fields.map(({ name, type }, i) => ({
    value: `c${i}`,
    nullable: type.nullability === 'nullable',
    read: columnAccess('row', name),
  }));
  const code = program.write(columns);
  const { time } = code;
  const text = `'use strict';
return function runProgram(row, out, output, where) {
${beginCode(code)}
${columns.map(({ value, read }) => `const ${value} = ${read};`).join('\n')}
${code.test}
${time?.nullable === true ? `if (${time.value} === null) throw nullTime(where());` : ''}
${emitCode(code, '', 'Made')}
${endCode(code)}
};`;
  const names = namesIn(code);
  const values = [program.rowClass, (where: string) => program.nullTime(where), ...names.values()];
  return new Function('Made', 'nullTime', ...names.keys(), text)(...values) as RunProgram;
}
