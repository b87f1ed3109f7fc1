import { type Duration, seconds } from '../core/duration.js';
import { ArgumentError } from '../core/errors.js';

/**
 * The gap between two messages in this notebook, in ms: 3 s as in class, unless the cell says otherwise. What runs
 * notebooks unwatched (`npm run notebooks`) sets `STREAMBOOK_PACE`, in ms, which then counts instead: 0 is as fast as
 * possible.
 *
 * @param inClass the gap when somebody watches
 * @example
 *   const everyMs = pace();            // 3000; 0 in CI
 *   const quicker = pace(seconds(0.2));
 * @throws `bad-argument` for a gap that is no length of time
 */
export function pace(inClass: Duration = seconds(3)): number {
  const given = process.env.STREAMBOOK_PACE;
  const gap = given === undefined || given.trim() === '' ? inClass : Number(given);
  if (!Number.isFinite(gap) || gap < 0) {
    const from = gap === inClass ? `pace(${gap})` : `STREAMBOOK_PACE=${given}`;
    throw new ArgumentError(`${from}: no length of time`, { hint: 'milliseconds, 0 or more: pace(seconds(3))' });
  }
  return gap;
}
