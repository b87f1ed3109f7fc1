import { type ErrorDetails, StreambookError } from '../core/errors.js';

/** Raised when the cluster does not answer, or something else than a cluster does. */
export class ClusterConnectionError extends StreambookError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('cluster-unreachable', message, details);
  }
}

/** Raised for what a cluster cannot run, before anything is sent: what it is, and the way out. */
export class ClusterRefusal extends StreambookError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('not-on-cluster', message, details);
  }
}

/** Raised for what Flink refused, or for a job of it that failed. */
export class FlinkError extends StreambookError {
  /** The Java exception that says what is wrong: `java.lang.ArithmeticException`. */
  readonly exception: string | undefined;
  /** All that Flink said, with its stack traces. */
  readonly serverText: string;

  constructor(
    code: 'flink-error' | 'flink-job-failed' | 'function-failed',
    message: string,
    details: ErrorDetails & { readonly exception?: string; readonly serverText: string },
  ) {
    super(code, message, details);
    this.exception = details.exception;
    this.serverText = details.serverText;
  }
}
