import type { Text } from './language.js';

/** What was looked at when an answer was found wrong. Values, not texts. */
export interface Evidence {
  /** What the student's function was given. */
  readonly given?: unknown;
  readonly expected?: unknown;
  readonly got?: unknown;
}

/** Ends a check: the answer is not right (yet). */
export class NotYet extends Error {
  constructor(
    readonly reason: Text,
    readonly evidence: Evidence = {},
  ) {
    super(reason.en);
    this.name = 'NotYet';
  }
}
