import { ArgumentError } from '../core/errors.js';
import type { Chunks } from './chunks.js';
import { type BadRow, BadRowError, type DecoderOptions } from './format.js';

/** Applies `onBadRow`, and counts. */
export class BadRows {
  rows: number;
  fields: number;
  private readonly policy: 'fail' | 'skip' | 'side';
  private readonly onBad: ((bad: BadRow) => void) | undefined;
  private readonly hint: string | undefined;

  constructor(options: DecoderOptions, ignoreParseErrors: boolean) {
    this.rows = options.resume?.badRows ?? 0;
    this.fields = options.resume?.badFields ?? 0;
    this.policy = options.onBadRow ?? (ignoreParseErrors ? 'skip' : 'fail');
    this.onBad = options.onBad;
    this.hint = options.badRowHint;
    if (!['fail', 'skip', 'side'].includes(this.policy)) {
      throw new ArgumentError(`onBadRow: '${this.policy}' is none of 'fail', 'skip', 'side'`);
    }
    if (this.policy === 'side' && this.onBad === undefined) {
      throw new ArgumentError("onBadRow: 'side' needs onBad, which receives the rows");
    }
  }

  /** The row in `chunks` from `at` to `next` (its line end included) cannot be read. */
  add(chunks: Chunks, next: number, problem: Problem, source = chunks.source): void {
    if (this.policy === 'skip') {
      this.rows++;
      return;
    }
    const bad: BadRow = {
      source,
      line: chunks.line + 1,
      position: chunks.positionOf(chunks.at),
      ...(problem.column === undefined ? {} : { column: problem.column }),
      reason: problem.reason,
      text: chunks.utf8(chunks.at, next).replace(/\r?\n$/, ''),
    };
    if (this.policy === 'fail') throw new BadRowError(bad, problem.cause, this.hint);
    this.rows++;
    this.onBad?.(bad);
  }
}

/** Why a row cannot be read. */
export interface Problem {
  readonly reason: string;
  readonly column?: string;
  readonly cause?: unknown;
}

/** A text in quotes, cut, for a sentence. */
export function quoted(text: string): string {
  return `'${text.length > 60 ? `${text.slice(0, 60)}...` : text}'`;
}
