import { StreambookError } from '../../core/errors.js';

/** Raised for a step or an expression of a plan that Flink SQL has no words for, or that lives in this process alone. */
export class NotInFlinkSqlError extends StreambookError {
  constructor(what: string, hint?: string) {
    super('not-on-cluster', `${what} cannot be sent to a cluster`, hint === undefined ? {} : { hint });
  }
}
