/** What is done side by side. */
const AT_ONCE = 50;

/**
 * Does something to every item, a few at a time; then whoever else waits has a turn, for there may be ten thousand.
 *
 * @returns the results, in the order of the items
 */
export async function inSlices<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(action))));
    if (at + AT_ONCE < items.length) await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}
