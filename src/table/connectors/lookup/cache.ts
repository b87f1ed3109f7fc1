import type { Clock } from '../../../core/clock.js';
import type { KeyId } from '../../../core/keys.js';

/** How long answers are kept. */
export interface LookupCache {
  /** At most so many keys; the one that was not asked for the longest goes first. Default: no bound. */
  readonly maxRows?: number | undefined;
  /** Milliseconds after which an answer is asked for again. Default: never. */
  readonly expireAfterWriteMs?: number | undefined;
  /** Milliseconds without being asked for after which an answer goes. Default: never. */
  readonly expireAfterAccessMs?: number | undefined;
  /** Whether that there is no row for a key is an answer, too. Default `true`. */
  readonly cacheMissingKey?: boolean | undefined;
}

interface Kept<V> {
  readonly value: V;
  readonly writtenAt: number;
  askedAt: number;
}

/**
 * Answers by key.
 *
 * @see Flink: `DefaultLookupCache`
 */
export class PartialCache<V> {
  private readonly kept = new Map<KeyId, Kept<V>>();

  constructor(
    private readonly options: LookupCache,
    private readonly clock: Clock,
  ) {}

  get(key: KeyId): V | undefined {
    const found = this.kept.get(key);
    if (found === undefined) return undefined;
    const now = this.clock.now();
    const { expireAfterWriteMs = Number.POSITIVE_INFINITY, expireAfterAccessMs = Number.POSITIVE_INFINITY } =
      this.options;
    this.kept.delete(key);
    if (now - found.writtenAt >= expireAfterWriteMs || now - found.askedAt >= expireAfterAccessMs) return undefined;
    // The map's order is that of the last questions.
    found.askedAt = now;
    this.kept.set(key, found);
    return found.value;
  }

  set(key: KeyId, value: V): void {
    const now = this.clock.now();
    this.kept.delete(key);
    this.kept.set(key, { value, writtenAt: now, askedAt: now });
    const { maxRows = Number.POSITIVE_INFINITY } = this.options;
    if (this.kept.size <= maxRows) return;
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }
}
