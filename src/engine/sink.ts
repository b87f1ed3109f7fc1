import type { TransactionFactory } from './checkpoint/transaction.js';
import type { StreamOperator } from './operator.js';

/**
 * What a failure may do to what a sink has written: `none`, anything; `at-least-once`, double it; `exactly-once`, nothing,
 * for those who read what is committed.
 *
 * @see Flink: `DeliveryGuarantee`
 */
export type DeliveryGuarantee = 'none' | 'at-least-once' | 'exactly-once';

/** Where a stream ends; for `stream.sinkTo(...)`. */
export interface Sink<T> {
  readonly name: string;
  /** A new operator for a subtask of an attempt. */
  createOperator(): StreamOperator<never>;
  /** Whether what it writes has to be committed when the job ends, although no checkpoints are taken. */
  readonly commits?: boolean;
  /** The outside transaction that its operators write in. */
  readonly transaction?: TransactionFactory | undefined;
  /** What it takes; for the type checker only. */
  readonly _element?: (value: T) => void;
}
