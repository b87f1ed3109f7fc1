/** Letters to change, drop, add or swap with a neighbour to make one word of the other; stops counting above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] as number) + 1);
      }
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}

/** The candidate, not `word` itself, that it was most likely meant to be, if any is near enough; case hardly counts. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = word.length <= 3 ? 1 : word.length <= 7 ? 2 : 3;
  const upper = word.toUpperCase();
  let found: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(upper, candidate.toUpperCase(), limit);
    if (candidate !== word && distance < least) {
      least = distance;
      found = candidate;
    }
  }
  return found;
}
