import { StreambookError } from '../core/errors.js';

/**
 * The positions of a snapshot, if they are of this kind of source; a wrong one must not begin from the beginning silently.
 *
 * @throws StreambookError `snapshot-mismatch`
 */
export function positionsFor<P>(
  source: string,
  positions: readonly unknown[],
  isPosition: (position: Partial<P>) => boolean,
): readonly P[] {
  for (const position of positions) {
    if (typeof position === 'object' && position !== null && isPosition(position as Partial<P>)) continue;
    throw new StreambookError('snapshot-mismatch', `the snapshot holds no position of a ${source}`, {
      hint: 'was it taken of another source with this uid, or by another version? Give the source another uid',
    });
  }
  return positions as readonly P[];
}
