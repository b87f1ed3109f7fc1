import { StreambookError } from '../../../../core/errors.js';
import type { Row } from '../../../../core/rows/index.js';

/** One variable of a pattern. */
export interface PatternElement {
  readonly name: string;
  readonly min: number;
  /** `Infinity`: as many as there are. */
  readonly max: number;
  /** Takes a row rather than go on to the next variable, where both are possible. */
  readonly greedy: boolean;
}

/** Where matching goes on after a match. */
export interface SkipTo {
  readonly to: 'next row' | 'past last row' | 'first' | 'last';
  /** Which variable, for `first` and `last`. */
  readonly element?: number;
}

/** A row, numbered in the order of its key. */
export interface NumberedRow {
  readonly id: number;
  readonly time: number;
  readonly row: Row;
}

/** A match that has begun: the rows of each variable so far, and at which variable it is. */
export interface Run {
  readonly rows: readonly (readonly NumberedRow[])[];
  readonly at: number;
}

/** Whether the last row of a variable fits it. */
export type Accepts = (element: number, rows: Run['rows']) => boolean;

const firstOf = (run: Run): NumberedRow => run.rows.find((rows) => rows.length > 0)?.[0] as NumberedRow;
const lastOf = (run: Run): NumberedRow => run.rows.findLast((rows) => rows.length > 0)?.at(-1) as NumberedRow;

/**
 * Finds rows that follow each other as a pattern says, without a row between them.
 *
 * @see Flink: Pattern Recognition; `NFA`
 */
export class PatternMatcher {
  /** From which variable on nothing more is needed. */
  private readonly optionalFrom: number;

  constructor(
    private readonly elements: readonly PatternElement[],
    private readonly accepts: Accepts,
    private readonly skip: SkipTo,
    /** The last row comes less than so many ms after the first. */
    private readonly withinMs: number,
  ) {
    this.optionalFrom = elements.findLastIndex((element) => element.min > 0) + 1;
  }

  /** What becomes of the runs of a key with its next row. Both lists are changed in place. */
  take(row: NumberedRow, partial: Run[], completed: Run[]): void {
    const before = [...partial, { rows: this.elements.map(() => []), at: 0 }];
    partial.length = 0;
    for (const run of before) this.step(run, run.at, row, partial, completed);
  }

  /** Gives up runs that take too long. */
  expire(time: number, partial: Run[]): void {
    if (this.withinMs === Number.POSITIVE_INFINITY) return;
    const kept = partial.filter((run) => time - firstOf(run).time < this.withinMs);
    partial.splice(0, partial.length, ...kept);
  }

  /** The matches that are certain now: those before which no other that began earlier can come. */
  release(partial: Run[], completed: Run[]): Run[] {
    const out: Run[] = [];
    completed.sort((a, b) => firstOf(a).id - firstOf(b).id);
    for (;;) {
      const [earliest] = completed;
      if (earliest === undefined) return out;
      const start = firstOf(earliest).id;
      if (partial.some((run) => firstOf(run).id < start)) return out;
      completed.shift();
      out.push(earliest);
      const stays = this.staysAfter(earliest);
      for (const list of [partial, completed]) list.splice(0, list.length, ...list.filter(stays));
    }
  }

  private step(run: Run, at: number, row: NumberedRow, partial: Run[], completed: Run[]): void {
    const element = this.elements[at];
    if (element === undefined) return;
    const count = (run.rows[at] as readonly NumberedRow[]).length;
    let fits = false;
    if (count < element.max || element.greedy) {
      const rows = run.rows.map((list, i) => (i === at ? [...list, row] : list));
      fits = this.accepts(at, rows);
      if (fits && count < element.max) {
        const made = { rows, at };
        if (count + 1 >= element.min && at + 1 >= this.optionalFrom) completed.push(made);
        if (count + 1 < element.max || at + 1 < this.elements.length) partial.push(made);
      }
    }
    // As on Flink, a row that fits a greedy variable is no row of the next one, though the variable has all it may have.
    if (count >= element.min && !(fits && element.greedy)) this.step(run, at + 1, row, partial, completed);
  }

  private staysAfter(match: Run): (run: Run) => boolean {
    const { to, element } = this.skip;
    const first = firstOf(match).id;
    if (to === 'next row') return (run) => firstOf(run).id > first;
    if (to === 'past last row') {
      const last = lastOf(match).id;
      return (run) => firstOf(run).id > last;
    }
    const rows = match.rows[element as number] as readonly NumberedRow[];
    const target = to === 'first' ? rows[0] : rows.at(-1);
    const name = this.elements[element as number]?.name;
    if (target === undefined) {
      throw new StreambookError('match-skip', `Could not skip to ${name}: no row of the match is ${name}`);
    }
    if (target.id === first) {
      throw new StreambookError('match-skip', `Could not skip to first element of a match: ${name} is where it began`);
    }
    return (run) => firstOf(run).id >= target.id;
  }
}
