import { StreambookError } from '../../core/errors.js';
import { excerpt } from './excerpt.js';

/** What a syntax error is made of. */
export interface SyntaxProblem {
  readonly sql: string;
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
  readonly found?: string;
  readonly expected?: readonly string[];
}

/**
 * SQL that is not Flink SQL: what was found, what was expected, and where.
 *
 * `line` and `column` (both from 1) are those that Flink reports for the same text; the caret stands under the
 * piece that is wrong.
 *
 * @example
 *   try { parseStatement('SELECT value FROM t'); } catch (error) { console.log(error.line, error.column); } // 1 8
 */
export class SqlSyntaxError extends StreambookError {
  readonly sql: string;
  /** UTF-16 units before the piece, from 0. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** What stands there, as written; absent at the end of the text. */
  readonly found: string | undefined;
  /** What could have stood there, for people: keywords, signs, `an expression`. Empty where that is not the point. */
  readonly expected: readonly string[];

  constructor(problem: SyntaxProblem) {
    const { sql, offset, length, line, column, message, hint } = problem;
    const where = `line ${line}, column ${column}`;
    super(
      'sql-syntax',
      `${message}\n${excerpt(sql, { offset, length })}`,
      hint === undefined ? { where } : { where, hint },
    );
    this.sql = sql;
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.found = problem.found;
    this.expected = problem.expected ?? [];
  }
}
