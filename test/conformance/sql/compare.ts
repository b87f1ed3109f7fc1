import type { Json } from '../cases.js';
import type { SqlCase, SqlGot, SqlResult } from './cases.js';

/** Doubles are compared with this relative tolerance: sums may be added up in another order. */
const TOLERANCE = 1e-9;

function sameValue(want: Json, have: Json): boolean {
  if (typeof want === 'number' && typeof have === 'number') {
    return want === have || Math.abs(want - have) <= TOLERANCE * Math.max(Math.abs(want), Math.abs(have));
  }
  if (Array.isArray(want) || Array.isArray(have)) {
    return (
      Array.isArray(want) &&
      Array.isArray(have) &&
      want.length === have.length &&
      want.every((item, i) => sameValue(item, have[i] as Json))
    );
  }
  if (typeof want === 'object' && want !== null && typeof have === 'object' && have !== null) {
    return sameValue((want as { $map: Json }).$map, (have as unknown as { $map: Json }).$map);
  }
  return want === have;
}

type Change = readonly [string, readonly Json[]];

const sameChange = (a: Change, b: Change): boolean => a[0] === b[0] && sameValue(a[1] as Json, b[1] as Json);

/** Whether one list is the other in another order. */
function sameMultiset<T>(want: readonly T[], have: readonly T[], same: (a: T, b: T) => boolean): boolean {
  if (want.length !== have.length) return false;
  const left = [...have];
  return want.every((item) => {
    const at = left.findIndex((other) => same(item, other));
    if (at < 0) return false;
    left.splice(at, 1);
    return true;
  });
}

/** Whether the changes can be carried out from the beginning without a row being taken away that is not there. */
function replayable(changes: readonly Change[]): boolean {
  const counts = new Map<string, number>();
  return changes.every(([kind, row]) => {
    const key = JSON.stringify(row);
    const count = (counts.get(key) ?? 0) + (kind.startsWith('+') ? 1 : -1);
    counts.set(key, count);
    return count >= 0;
  });
}

/** Names that a message quotes: they have to be in ours too. */
function quotedNames(message: string): string[] {
  return [...message.matchAll(/'([A-Za-z_][\w.]*)'/g)].map((match) => match[1] as string);
}

/** Whether a result is what Flink gave, by the rules of the case. */
export function sameSqlResult(kase: SqlCase, got: SqlGot): boolean {
  if (kase.error !== undefined) {
    if (!('error' in got) || got.error.code === 'not-implemented' || got.error.code === 'error') return false;
    if (got.error.phase !== kase.error.phase) return false;
    const { message } = got.error;
    const names = quotedNames(kase.error.contains ?? '');
    return names.every((name) => message.toLowerCase().includes((name.split('.').pop() as string).toLowerCase()));
  }
  if ('error' in got) return false;
  const want = kase.result as SqlResult;
  if (!sameMultiset(want.final, got.final, (a, b) => sameValue(a as Json, b as Json))) return false;
  if (kase.order === 'final') return true;
  if (kase.order === 'multiset') {
    return sameMultiset(want.changelog, got.changelog, sameChange) && replayable(got.changelog);
  }
  return (
    want.changelog.length === got.changelog.length &&
    want.changelog.every((change, i) => sameChange(change, got.changelog[i] as Change))
  );
}
