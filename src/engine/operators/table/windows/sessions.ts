/** A session in local ms, and the id under which its contents are kept. */
export interface Session {
  start: number;
  end: number;
  readonly id: number;
}

/** What happened when a time was put among the sessions of a key. */
export interface Placed {
  readonly session: Session;
  /** Sessions that are part of it now; their contents are to be added to its own. */
  readonly absorbed: readonly Session[];
  /** The end before, if it was there before and ends later now. */
  readonly endedAt: number | undefined;
}

/**
 * Puts a time among the sessions of a key, which are at least a gap apart. Sessions that touch become one.
 *
 * @param sessions changed in place
 * @see Flink: `MergingWindowSet`, `SessionWindowAssigner`
 */
export function placeInSessions(sessions: Session[], time: number, gap: number, newId: () => number): Placed {
  const [start, end] = [time, time + gap];
  const touching = sessions.filter((one) => start <= one.end && end >= one.start);
  const [first, ...absorbed] = touching;
  if (first === undefined) {
    const session = { start, end, id: newId() };
    sessions.push(session);
    return { session, absorbed: [], endedAt: undefined };
  }
  const before = first.end;
  first.start = Math.min(first.start, start, ...absorbed.map((one) => one.start));
  first.end = Math.max(first.end, end, ...absorbed.map((one) => one.end));
  for (const one of absorbed) sessions.splice(sessions.indexOf(one), 1);
  return { session: first, absorbed, endedAt: before };
}
