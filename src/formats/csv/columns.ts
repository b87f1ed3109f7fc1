import type { RowClass } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import type { FromText } from '../from-text.js';
import { beginCode, emitCode, endCode, namesIn, type ProgramCode, type RowProgram } from '../row-program.js';
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

/** What is to be read: the same for all the ways to find out where the fields are. */
export interface ReadPlan {
  readonly columns: readonly FileColumn[];
  readonly settings: CsvSettings;
  /** Whether lines end with CR LF; rows that end otherwise go to the full parser. */
  readonly crlf: boolean;
  /** The class of the rows that come out. */
  readonly rowClass: RowClass;
  readonly program?: RowProgram | undefined;
}

/** Leaves the row to the full parser, in generated code. */
export const BAIL = '{ break read; }';

export const isText = (type: AnyType): boolean => type.root === 'VARCHAR' || type.root === 'CHAR';

const P10 = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** The part of a reader's code that has nothing to do with where fields begin and end. */
export class RowCode {
  /** The columns that are read, in the order of the row. */
  readonly used: readonly number[];
  /**
   * Texts that a program reads only for rows that it keeps: before, there is no more of them than their place (`q1`, `e1`)
   * and their bytes put together by OR (`h1`).
   */
  readonly late: ReadonlySet<number>;
  private readonly code: ProgramCode | undefined;
  private readonly caches: ReadonlyMap<string, TextCache>;

  constructor(private readonly plan: ReadPlan) {
    const { columns, settings, program } = plan;
    const slotOf = (i: number): number => (columns[i] as FileColumn).slot;
    this.used = columns.flatMap((column, i) => (column.slot < 0 ? [] : [i])).sort((a, b) => slotOf(a) - slotOf(b));
    const nullable = settings.nullLiteral !== null;
    const code = program?.write(this.used.map((i) => ({ value: `f${i}`, nullable })));
    this.code = code;
    this.late = new Set(
      code === undefined || nullable
        ? []
        : this.used.filter((i, at) => !code.tested.has(at) && isText((columns[i] as FileColumn).type)),
    );
    this.caches = new Map([...this.late].map((i) => [`K${i}`, new TextCache()]));
  }

  /** The variables of the columns, each with a first value of its kind. */
  get variables(): string[] {
    return this.used.map((i) => (this.late.has(i) ? `f${i} = '', q${i} = 0, e${i} = 0, h${i} = 0` : `f${i} = 0`));
  }

  /** Whether texts are cut out of the chunk for every row. */
  cutsText(isNumber: (type: AnyType) => boolean): boolean {
    return this.used.some((i) => !this.late.has(i) && !isNumber((this.plan.columns[i] as FileColumn).type));
  }

  /** What goes before the rows and after them. */
  get begin(): string {
    return this.code === undefined ? 'let n = output.n;' : beginCode(this.code);
  }
  get end(): string {
    return this.code === undefined ? 'output.n = n;' : endCode(this.code);
  }

  /** Makes a row of the columns' variables, or what the program makes of them. */
  get make(): string {
    const { code } = this;
    if (code === undefined) return `out[n++] = new Row(${this.used.map((i) => `f${i}`).join(', ')});`;
    // A cache has the hash of what it finds at hand; of other texts it is made.
    const hashed = (i: number): string => (code.combine === undefined ? '' : ` K${i}.at = hashOf(f${i});`);
    const cuts = [...this.late].map(
      (i) => `if (h${i} > 127) { f${i} = B.utf8Slice(q${i}, e${i});${hashed(i)} }
else if (K${i}.on) f${i} = K${i}.find(B, q${i}, e${i});
else { if (S === '') S = chunks.text; f${i} = S.slice(q${i}, e${i});${hashed(i)} }`,
    );
    const hashes = new Map([...this.late].map((i) => [`f${i}`, `K${i}.at`]));
    const noTime = code.time?.nullable === true ? `if (${code.time.value} === null) ${BAIL}` : '';
    return `{ ${code.test}
${noTime}
${emitCode(code, cuts.join(' '), 'Row', hashes)} }`;
  }

  /** Compiles the text of a function that uses this code, and what else it names. */
  compile(text: string, more: Readonly<Record<string, unknown>> = {}): unknown {
    const { columns, settings, rowClass } = this.plan;
    const constants = new Map<string, unknown>([
      ...Object.entries({ Row: rowClass, P10, C: columns.map(({ convert }) => convert), dateBytes, timestampBytes }),
      ...Object.entries({ NULL: settings.nullLiteral, ...more }),
      ...this.caches,
      ...(this.code === undefined ? [] : namesIn(this.code)),
    ]);
    return new Function(...constants.keys(), text)(...constants.values());
  }
}
