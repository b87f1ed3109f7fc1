import { ArgumentError } from '../../core/errors.js';
import type { Offsets } from '../reading/start.js';

/**
 * When receiving ends; with several, at the first of them.
 * - `'end'`: at the last message that is there when the loop begins
 * - `count`: after so many messages
 * - `idleMs`: when nothing came for so long
 * - `forMs`: after so long in all
 * - `timestamp`: before the first message at or after that time (epoch ms)
 * - `offsets`: before these offsets, per partition
 * - `signal`: when it aborts
 */
export type Until =
  | 'end'
  | AbortSignal
  | {
      readonly end?: boolean | undefined;
      readonly count?: number | undefined;
      readonly idleMs?: number | undefined;
      readonly forMs?: number | undefined;
      readonly timestamp?: number | undefined;
      readonly offsets?: Offsets | undefined;
      readonly signal?: AbortSignal | undefined;
    };

export interface Limits {
  /** Where partitions end; known before reading begins. */
  readonly ends: 'end' | { readonly timestamp: number } | { readonly offsets: Offsets } | undefined;
  readonly count: number;
  readonly idleMs: number | undefined;
  readonly forMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

const NAMES = ['end', 'count', 'idleMs', 'forMs', 'timestamp', 'offsets', 'signal'];

/** @throws `bad-argument` */
export function limitsOf(until: Until | undefined): Limits {
  const none: Limits = {
    ends: undefined,
    count: Number.POSITIVE_INFINITY,
    idleMs: undefined,
    forMs: undefined,
    signal: undefined,
  };
  if (until === undefined) return none;
  if (until === 'end') return { ...none, ends: 'end' };
  if (until instanceof AbortSignal) return { ...none, signal: until };
  const unknown =
    typeof until === 'object' && until !== null ? Object.keys(until).find((name) => !NAMES.includes(name)) : '';
  if (unknown !== undefined) {
    throw new ArgumentError(unknown === '' ? `until is \`${String(until)}\`` : `until has no \`${unknown}\``, {
      hint: "'end', an AbortSignal, or some of { count, idleMs, forMs, timestamp, offsets, signal, end: true }",
    });
  }
  const { end, count, idleMs, forMs, timestamp, offsets, signal } = until;
  if (count !== undefined && !(Number.isInteger(count) && count >= 0)) {
    throw new ArgumentError(`until.count is ${count}`, { hint: 'a whole number of messages' });
  }
  for (const [name, value] of Object.entries({ idleMs, forMs })) {
    if (value !== undefined && !(value >= 0))
      throw new ArgumentError(`until.${name} is ${value}`, { hint: 'milliseconds' });
  }
  if ([end === true, timestamp !== undefined, offsets !== undefined].filter(Boolean).length > 1) {
    throw new ArgumentError('until names more than one of `end`, `timestamp` and `offsets`');
  }
  const ends = end ? 'end' : timestamp !== undefined ? { timestamp } : offsets !== undefined ? { offsets } : undefined;
  return { ends, count: count ?? Number.POSITIVE_INFINITY, idleMs, forMs, signal };
}
