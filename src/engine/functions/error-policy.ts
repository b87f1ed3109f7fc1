import { ArgumentError } from '../../core/errors.js';
import { OutputTag } from '../channels/output-tag.js';

/** An element that a function failed on, in a side output. */
export interface FailedElement {
  readonly element: unknown;
  /** What was thrown. */
  readonly error: unknown;
  readonly operator: string;
}

/**
 * What becomes of an element on which a function of an operator throws: `'fail'`, the job fails (default); `'skip'`, it is
 * left out and counted; a tag, it is put into that side output and counted.
 */
export type ErrorPolicy = 'fail' | 'skip' | OutputTag<FailedElement>;

/** @throws ArgumentError */
export function checkErrorPolicy(policy: ErrorPolicy): ErrorPolicy {
  if (policy === 'fail' || policy === 'skip' || policy instanceof OutputTag) return policy;
  throw new ArgumentError(`onError: ${String(policy)} is not 'fail', 'skip' or an OutputTag`);
}
