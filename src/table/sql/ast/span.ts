/** Where a piece of SQL stands in the text it was parsed from. */
export interface Span {
  /** UTF-16 units before it, from 0. */
  readonly offset: number;
  /** From 1. CR, LF and CR LF each end a line. */
  readonly line: number;
  /** From 1, in UTF-16 units; a tab is one column. */
  readonly column: number;
  /** UTF-16 units. */
  readonly length: number;
}

/** What every part of a statement is: plain data with a `kind` and a place in the text. */
export interface Node {
  readonly kind: string;
  readonly span: Span;
}

/** From the first of two spans to the end of the second. */
export function spanTo(first: Span, last: Span): Span {
  return { ...first, length: last.offset + last.length - first.offset };
}
