import type { KeyId } from '../../core/keys.js';
import type { FireTimer, NamespaceId, Timers } from './timers.js';

interface Timer<N> {
  readonly timestamp: number;
  readonly key: KeyId;
  readonly id: NamespaceId;
  readonly namespace: N;
  /** Where it lies in the heap. */
  index: number;
}

/**
 * Timers that fire in the order in which Flink fires them, also those that are due at the same time: that order falls out of
 * Flink's binary heap, which this one follows step by step. It can be seen where one timestamp fires several windows of
 * different ends: continuous triggers, triggers of one's own. Dearer than `TimerQueue`.
 *
 * @see Flink: `HeapPriorityQueue`, `InternalTimerServiceImpl`
 */
export class HeapTimers<N> implements Timers<N> {
  /** From 1 on, as in Flink: the children of `i` are `2i` and `2i + 1`. */
  private readonly heap: (Timer<N> | undefined)[] = [undefined];
  private readonly known = new Map<number, Map<NamespaceId, Map<KeyId, Timer<N>>>>();

  get size(): number {
    return this.heap.length - 1;
  }

  get next(): number {
    return this.heap[1]?.timestamp ?? Number.POSITIVE_INFINITY;
  }

  add(timestamp: number, key: KeyId, id: NamespaceId, namespace: N): boolean {
    let slots = this.known.get(timestamp);
    if (slots === undefined) {
      slots = new Map();
      this.known.set(timestamp, slots);
    }
    let keys = slots.get(id);
    if (keys === undefined) {
      keys = new Map();
      slots.set(id, keys);
    }
    if (keys.has(key)) return false;
    const timer: Timer<N> = { timestamp, key, id, namespace, index: this.heap.length };
    keys.set(key, timer);
    this.heap.push(timer);
    this.siftUp(timer);
    return true;
  }

  delete(timestamp: number, key: KeyId, id: NamespaceId): boolean {
    const timer = this.known.get(timestamp)?.get(id)?.get(key);
    if (timer === undefined) return false;
    this.remove(timer);
    return true;
  }

  advance(to: number, fire: FireTimer<N>, pause: () => boolean): boolean {
    for (;;) {
      const first = this.heap[1];
      if (first === undefined || first.timestamp > to) return true;
      this.remove(first);
      fire(first.timestamp, first.key, first.namespace);
      if (pause() && this.next <= to) return false;
    }
  }

  *slots(): Generator<[timestamp: number, id: NamespaceId, namespace: N, keys: ReadonlySet<KeyId>]> {
    for (const [timestamp, slots] of this.known) {
      for (const [id, keys] of slots) {
        for (const { namespace } of keys.values()) {
          yield [timestamp, id, namespace, new Set(keys.keys())];
          break;
        }
      }
    }
  }

  *entries(): Generator<[timestamp: number, key: KeyId, namespace: N]> {
    for (const timer of this.heap) if (timer !== undefined) yield [timer.timestamp, timer.key, timer.namespace];
  }

  private remove(timer: Timer<N>): void {
    this.forget(timer);
    const last = this.heap.pop() as Timer<N>;
    if (last === timer) return;
    this.put(last, timer.index);
    this.siftDown(last);
    if (this.heap[timer.index] === last) this.siftUp(last);
  }

  private forget({ timestamp, id, key }: Timer<N>): void {
    const slots = this.known.get(timestamp);
    const keys = slots?.get(id);
    keys?.delete(key);
    if (keys?.size === 0) slots?.delete(id);
    if (slots?.size === 0) this.known.delete(timestamp);
  }

  private put(timer: Timer<N>, index: number): void {
    this.heap[index] = timer;
    timer.index = index;
  }

  private siftUp(timer: Timer<N>): void {
    let { index } = timer;
    for (let parent = index >>> 1; parent > 0; parent >>>= 1) {
      const above = this.heap[parent] as Timer<N>;
      if (!(timer.timestamp < above.timestamp)) break;
      this.put(above, index);
      index = parent;
    }
    this.put(timer, index);
  }

  private siftDown(timer: Timer<N>): void {
    let { index } = timer;
    for (;;) {
      let below = this.heap[index << 1];
      const second = this.heap[(index << 1) + 1];
      if (below !== undefined && second !== undefined && second.timestamp < below.timestamp) below = second;
      if (below === undefined || !(below.timestamp < timer.timestamp)) break;
      const next: number = below.index;
      this.put(below, index);
      index = next;
    }
    this.put(timer, index);
  }
}
