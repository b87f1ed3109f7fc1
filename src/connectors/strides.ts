/** The numbers `next`, `next + step`, `next + 2 step`, ..., below `end` where there is one. Plain data. */
export interface Stride {
  readonly next: number;
  readonly step: number;
  readonly end?: number;
}

/** Every so manieth number, for each of as many subtasks. */
export function strides(from: number, parallelism: number): Stride[][] {
  return Array.from({ length: parallelism }, (_, subtask) => [{ next: from + subtask, step: parallelism }]);
}

/**
 * Shares out anew what each subtask has left, so that every number is still there once: below the farthest that one has come
 * to, the strides that there are go to one subtask each; above it, there are new ones.
 */
export function restride(before: readonly (readonly Stride[])[], parallelism: number): Stride[][] {
  if (before.length === parallelism) return before.map((mine) => [...mine]);
  const all = before.flat();
  const farthest = Math.max(0, ...all.filter(({ end }) => end === undefined).map(({ next }) => next));
  const shared: Stride[][] = Array.from({ length: parallelism }, () => []);
  all
    .map(({ next, step, end }) => ({ next, step, end: end ?? farthest }))
    .filter(({ next, end }) => next < end)
    .forEach((stride, i) => {
      shared[i % parallelism]?.push(stride);
    });
  return strides(farthest, parallelism).map((own, subtask) => [...(shared[subtask] ?? []), ...own]);
}
