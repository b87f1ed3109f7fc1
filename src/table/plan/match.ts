import type { AnyType } from '../../core/types/index.js';
import type { AggregateCall, Rex } from './rex.js';

/** A variable of a pattern, how often it comes, and whether it takes as many rows as it can. */
export interface MatchVariable {
  readonly name: string;
  readonly min: number;
  /** Absent: as often as there are rows. */
  readonly max?: number;
  readonly greedy: boolean;
}

/**
 * Something that DEFINE or MEASURES take from the rows of a match. `variable` is a position in the pattern; absent: all
 * rows of the match.
 */
export type MatchTerm =
  /** A value of one row: the first or last one of the variable, `offset` further in. */
  | {
      readonly kind: 'row';
      readonly variable?: number;
      readonly from: 'first' | 'last';
      readonly offset: number;
      /** Over the input's columns. */
      readonly expression: Rex;
      readonly type: AnyType;
    }
  /** The event time at which the match is given: that of the last row, or later where an earlier start had to be waited for. */
  | { readonly kind: 'time'; readonly type: AnyType }
  /** An aggregate over the rows of the variable. */
  | {
      readonly kind: 'aggregate';
      readonly variable?: number;
      /** Its operands are columns of `operands`. */
      readonly call: AggregateCall;
      readonly operands: readonly Rex[];
      readonly type: AnyType;
    };

/** An expression over terms: term `i` is column `i`. */
export interface MatchExpression {
  readonly terms: readonly MatchTerm[];
  readonly expression: Rex;
}

/** What the `pattern` of a `Match` holds: DEFINE for each variable, MEASURES for each column after the partition's. */
export interface MatchPattern {
  readonly variables: readonly MatchVariable[];
  /** Absent: every row fits. */
  readonly conditions: readonly (MatchExpression | undefined)[];
  readonly measures: readonly MatchExpression[];
}
