import { ClusterRefusal } from '../errors.js';

/** A gateway takes about 4 ms to plan a row of VALUES, and its memory grows with them. */
const MOST_ROWS = 1000;
const MOST_VALUES = 5000;

/** @throws ClusterRefusal for a collection that is too large to travel */
export function checkSize(name: string, rows: number, columns: number): void {
  const most = Math.min(MOST_ROWS, Math.floor(MOST_VALUES / Math.max(1, columns)));
  if (rows <= most) return;
  throw new ClusterRefusal(
    `the collection ${name} has ${rows} rows: at most ${most} of ${columns} columns travel to a cluster as VALUES`,
    { hint: 'put them into a topic (sendRows) or a file, and read that with CREATE TABLE on both engines' },
  );
}
