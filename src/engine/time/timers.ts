import { quoted } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import type { KeyId } from '../../core/keys.js';
import { MinHeap } from './min-heap.js';

/** The part of a bucket that belongs to one namespace: its keys in the order in which they registered. */
interface Slot<N> {
  readonly namespace: N;
  readonly keys: Set<KeyId>;
}

/** What a timer belongs to besides its key: a window's id, or nothing. */
export type NamespaceId = string | number;

/** The namespace of timers and state that belong to the key alone. */
export const VOID_NAMESPACE: NamespaceId = '';

/** The time of a timer of the user's. @throws ArgumentError unless it is one */
export function timerTime(time: number): number {
  if (typeof time === 'number' && !Number.isNaN(time)) return time;
  throw new ArgumentError(`a timer cannot be set for ${quoted(time)}: not a time in epoch ms`);
}

/** Called for each timer that is due. */
export type FireTimer<N> = (timestamp: number, key: KeyId, namespace: N) => void;

/** Timers, each once per key, namespace and timestamp, fired in the order of their timestamps. */
export interface Timers<N> {
  readonly size: number;
  /** The earliest timestamp with a timer, `Infinity` if there is none. */
  readonly next: number;
  /** @returns whether there was no such timer yet */
  add(timestamp: number, key: KeyId, id: NamespaceId, namespace: N): boolean;
  /** @returns whether there was such a timer */
  delete(timestamp: number, key: KeyId, id: NamespaceId): boolean;
  /**
   * Fires what is due at `to`, including what the fired ones register at or before it.
   *
   * @param pause asked after every timer; `true` stops the work, and a later call goes on
   * @returns whether everything due has fired
   */
  advance(to: number, fire: FireTimer<N>, pause: () => boolean): boolean;
  /** Every group of timers that share timestamp and namespace, with their keys. */
  slots(): Iterable<[timestamp: number, id: NamespaceId, namespace: N, keys: ReadonlySet<KeyId>]>;
  /** Every timer: timestamp, key, namespace; in no particular order between timestamps. */
  entries(): Iterable<[timestamp: number, key: KeyId, namespace: N]>;
}

/**
 * Timers of which those with one timestamp fire in the order in which they were registered.
 *
 * They lie in one bucket per timestamp, and only the timestamps are in a heap: most timers share theirs with many others
 * (the end of a window), and a composed string per timer was the dearest mistake measured.
 *
 * @see Flink: `InternalTimerServiceImpl`
 */
export class TimerQueue<N> implements Timers<N> {
  size = 0;
  private readonly buckets = new Map<number, Map<NamespaceId, Slot<N>>>();
  private readonly timestamps = new MinHeap();

  get next(): number {
    return this.timestamps.min;
  }

  add(timestamp: number, key: KeyId, id: NamespaceId, namespace: N): boolean {
    let bucket = this.buckets.get(timestamp);
    if (bucket === undefined) {
      bucket = new Map();
      this.buckets.set(timestamp, bucket);
      this.timestamps.push(timestamp);
    }
    let slot = bucket.get(id);
    if (slot === undefined) {
      slot = { namespace, keys: new Set() };
      bucket.set(id, slot);
    }
    const before = slot.keys.size;
    slot.keys.add(key);
    if (slot.keys.size === before) return false;
    this.size++;
    return true;
  }

  delete(timestamp: number, key: KeyId, id: NamespaceId): boolean {
    const bucket = this.buckets.get(timestamp);
    const slot = bucket?.get(id);
    if (bucket === undefined || slot === undefined || !slot.keys.delete(key)) return false;
    this.size--;
    // The timestamp stays in the heap; an empty bucket is thrown away when its time comes.
    if (slot.keys.size === 0) bucket.delete(id);
    return true;
  }

  advance(to: number, fire: FireTimer<N>, pause: () => boolean): boolean {
    while (this.timestamps.size > 0 && this.next <= to) {
      const timestamp = this.next;
      const bucket = this.buckets.get(timestamp);
      if (bucket === undefined || bucket.size === 0) {
        this.buckets.delete(timestamp);
        this.timestamps.pop();
        continue;
      }
      for (const [id, slot] of bucket) {
        for (const key of slot.keys) {
          slot.keys.delete(key);
          this.size--;
          if (slot.keys.size === 0) bucket.delete(id);
          fire(timestamp, key, slot.namespace);
          if (pause() && (this.size > 0 || this.next <= to)) return false;
          if (this.next < timestamp) break;
        }
        if (this.next < timestamp) break;
      }
    }
    return true;
  }

  *slots(): Generator<[timestamp: number, id: NamespaceId, namespace: N, keys: ReadonlySet<KeyId>]> {
    for (const [timestamp, bucket] of this.buckets) {
      for (const [id, slot] of bucket) yield [timestamp, id, slot.namespace, slot.keys];
    }
  }

  *entries(): Generator<[timestamp: number, key: KeyId, namespace: N]> {
    for (const [timestamp, bucket] of this.buckets) {
      for (const slot of bucket.values()) for (const key of slot.keys) yield [timestamp, key, slot.namespace];
    }
  }
}
