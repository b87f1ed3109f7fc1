import type { Examiner } from './examiner.js';
import type { Text } from './language.js';

/** One exercise of the course. A chapter's are listed in `chapters/chapter-NN.ts`. */
export interface Exercise {
  /** Chapter and number: `05.2`. */
  readonly id: string;
  readonly title: Text;
  /** A ladder, from a nudge to almost the answer: two or more. In them `` `code` `` and `*stress*` are set as such. */
  readonly hints: readonly Text[];
  readonly solution: {
    /** The whole cell, which runs in the notebook below the cells before it and ends with `await check('05.2', ...)`. */
    readonly code: string | Text;
    /** Why it is right, in one or two sentences. */
    readonly why: Text;
  };
  /**
   * Looks at what was handed in, by what it does: never at its source text. Returns when it is right; otherwise the
   * examiner's methods end the check with a reason.
   */
  check(answer: unknown, examiner: Examiner): void | Promise<void>;
}
