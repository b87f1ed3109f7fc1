import type { TimeWindow } from './window.js';

const MASK = (1n << 64n) - 1n;

/** Flink: `TimeWindow.hashCode`, `MathUtils.longToIntWithBitMixing`. */
function hashOf({ start, end }: TimeWindow): number {
  let bits = BigInt.asUintN(64, BigInt(start) + BigInt(end));
  bits = ((bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  bits = ((bits ^ (bits >> 27n)) * 0x94d049bb133111ebn) & MASK;
  bits ^= bits >> 31n;
  return Number(BigInt.asIntN(32, bits));
}

/**
 * Windows in the order of a Java `HashSet` that they were put into one after the other. Flink merges sessions in that order: it
 * shows in which of their contents is first, and so in the fields that `sum`, `min` and `max` keep.
 *
 * @see Flink: `TimeWindow.mergeWindows`, `MergingWindowSet`
 */
export function inHashOrder(windows: readonly TimeWindow[]): readonly TimeWindow[] {
  let capacity = 16;
  while (windows.length > capacity * 0.75) capacity *= 2;
  return windows
    .map((window) => {
      const hash = hashOf(window);
      return { window, bucket: (hash ^ (hash >>> 16)) & (capacity - 1) };
    })
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ window }) => window);
}
