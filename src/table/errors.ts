import { StreambookError } from '../core/errors.js';
import type { Span } from './sql/ast/span.js';
import { excerpt } from './sql/excerpt.js';

/** Raised for SQL or a table program that reads well but means nothing: a column, table, function or type is wrong. */
export class ValidationError extends StreambookError {
  /** From 1; absent where there is no text (the Table API). */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly #message: string;
  readonly #details: { readonly hint?: string; readonly span?: Span; readonly sql?: string };

  constructor(message: string, details: { readonly hint?: string; readonly span?: Span; readonly sql?: string } = {}) {
    const { span, sql, hint } = details;
    super('sql-validation', span === undefined || sql === undefined ? message : `${message}\n${excerpt(sql, span)}`, {
      ...(span === undefined ? {} : { where: `line ${span.line}, column ${span.column}` }),
      ...(hint === undefined ? {} : { hint }),
    });
    this.line = span?.line;
    this.column = span?.column;
    this.#message = message;
    this.#details = details;
  }

  /**
   * @internal The same error with the piece of the text it is about, where it was raised without one. `place` says where
   * that is, from the place the error knows; `undefined`: nowhere in this text.
   */
  inText(sql: string, place: (known: Span | undefined) => Span | undefined): ValidationError {
    if (this.#details.sql !== undefined) return this;
    const span = place(this.#details.span);
    if (span !== undefined) return new ValidationError(this.#message, { ...this.#details, span, sql });
    const { hint } = this.#details;
    return new ValidationError(this.#message, hint === undefined ? {} : { hint });
  }
}

/** Raised for what is Flink SQL and is not carried out here. */
export class NotImplementedError extends StreambookError {
  constructor(what: string, details: { readonly hint?: string; readonly span?: Span; readonly sql?: string } = {}) {
    const { span, sql, hint } = details;
    super(
      'not-implemented',
      span === undefined || sql === undefined
        ? `${what} is not carried out yet`
        : `${what} is not carried out yet\n${excerpt(sql, span)}`,
      {
        ...(span === undefined ? {} : { where: `line ${span.line}, column ${span.column}` }),
        ...(hint === undefined ? {} : { hint }),
      },
    );
  }
}
