import type { Node } from './span.js';

/** A number without a sign: `1`, `1.5`, `1e3`. `text` as written, so that no digit is lost. */
export interface NumberLiteral extends Node {
  readonly kind: 'number';
  readonly form: 'integer' | 'decimal' | 'double';
  readonly text: string;
}
/** `'it''s'`, `U&'\0041'`, `_UTF8'x'`: `value` is what it stands for. */
export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
  /** Set by `_UTF8'x'` and `N'x'`. */
  readonly characterSet?: string;
}
/** `X'1F'`: the digits, in upper case. */
export interface BinaryLiteral extends Node {
  readonly kind: 'binary';
  readonly hex: string;
}
/** TRUE, FALSE, UNKNOWN, NULL. */
export interface KeywordLiteral extends Node {
  readonly kind: 'keyword';
  readonly value: 'TRUE' | 'FALSE' | 'UNKNOWN' | 'NULL';
}
/** `DATE '2024-01-31'`, `TIME '12:00:00'`, `TIMESTAMP '2024-01-31 12:00:00.123'`: the text between the quotes. */
export interface DateTimeLiteral extends Node {
  readonly kind: 'datetime';
  readonly type: 'DATE' | 'TIME' | 'TIMESTAMP';
  readonly text: string;
}
export type IntervalUnit = 'YEAR' | 'MONTH' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND';
/** `DAY(2) TO SECOND(3)`. */
export interface IntervalQualifier extends Node {
  readonly kind: 'intervalQualifier';
  readonly start: IntervalUnit;
  readonly startPrecision?: number;
  readonly end?: IntervalUnit;
  readonly fractionPrecision?: number;
}
/** `INTERVAL -'1 10:00' DAY TO MINUTE`. */
export interface IntervalLiteral extends Node {
  readonly kind: 'interval';
  readonly sign: 1 | -1;
  readonly text: string;
  readonly qualifier: IntervalQualifier;
}
/** `-1` and the like, where only a literal may stand: partition values, hints, SET. */
export interface SignedNumber extends Node {
  readonly kind: 'signedNumber';
  readonly sign: 1 | -1;
  readonly number: NumberLiteral;
}

export type Literal =
  | NumberLiteral
  | StringLiteral
  | BinaryLiteral
  | KeywordLiteral
  | DateTimeLiteral
  | IntervalLiteral
  | SignedNumber;
