import type { AnyType } from '../../core/types/index.js';
import type { EvaluationContext } from '../codegen/context.js';
import type { AggregateCall } from '../plan/rex.js';

/** What the code of one aggregate is written with. */
export interface AggregateWriter {
  readonly call: AggregateCall;
  /** Types of the operands. */
  readonly types: readonly AnyType[];
  readonly retract: boolean;
  readonly context: EvaluationContext;
  /** A value from outside under a name. */
  constant(value: unknown): string;
  /** The property of the accumulators that belongs to this call: `slot('sum')` is `s3sum`. */
  slot(name: string): string;
  /** The column of the input with this index, read from `row`. */
  column(index: number): string;
}

/**
 * How one aggregate is computed: JavaScript statements over `acc` (and `other`), and over the variables of the operands,
 * which are not null unless `nulls` says that the aggregate sees NULLs.
 */
export interface AggregateCode {
  /** Slots and what they begin with. */
  readonly slots: Readonly<Record<string, string>>;
  readonly nulls?: 'pass';
  add(operands: readonly string[]): string;
  /** Absent: nothing can be taken away. */
  remove?(operands: readonly string[]): string;
  /** Absent: two cannot be made one. */
  readonly merge?: string;
  /** An expression. */
  readonly value: string;
  /**
   * Slots that are results themselves in Flink, `value` being computed from them in a step above: where one of them changes,
   * a change goes out, though the value may be the same.
   */
  readonly results?: readonly string[];
}

export type AggregateFunction = (writer: AggregateWriter) => AggregateCode;
