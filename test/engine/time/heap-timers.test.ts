import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeapTimers } from '../../../src/engine/time/heap-timers.js';
import { TimerQueue, type Timers } from '../../../src/engine/time/timers.js';

const never = () => false;

function fired(timers: Timers<string>, to: number): string[] {
  const out: string[] = [];
  timers.advance(to, (timestamp, key, namespace) => out.push(`${timestamp}${String(key)}${namespace}`), never);
  return out;
}

const step = fc.record({
  what: fc.constantFrom('add', 'add', 'add', 'delete', 'advance'),
  at: fc.integer({ min: 0, max: 9 }),
  key: fc.constantFrom('a', 'b', 'c'),
  id: fc.constantFrom('v', 'w'),
});

describe('HeapTimers', () => {
  it('hold and fire what TimerQueue does, whatever is set, deleted and due; only in another order where times are equal', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const heap = new HeapTimers<string>();
        const queue = new TimerQueue<string>();
        for (const { what, at, key, id } of steps) {
          if (what === 'add') expect(heap.add(at, key, id, id)).toBe(queue.add(at, key, id, id));
          else if (what === 'delete') expect(heap.delete(at, key, id)).toBe(queue.delete(at, key, id));
          else {
            const [mine, theirs] = [fired(heap, at), fired(queue, at)];
            expect(mine.map((one) => one[0])).toEqual(theirs.map((one) => one[0]));
            expect(mine.sort()).toEqual(theirs.sort());
          }
          expect(heap.size).toBe(queue.size);
          expect([...heap.entries()].map(String).sort()).toEqual([...queue.entries()].map(String).sort());
          expect([...heap.slots()].map(([time, , , keys]) => [time, keys.size])).toHaveLength(
            [...queue.slots()].length,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('fire in the order of a binary heap where times are equal', () => {
    const timers = new HeapTimers<string>();
    for (const key of ['a', 'b', 'c', 'd', 'e']) timers.add(1, key, '', '');
    // The last one takes the place of the first, and stays there: no child is smaller.
    expect(fired(timers, 1)).toEqual(['1a', '1e', '1d', '1c', '1b']);
  });

  it('fire chains in the same advance, and stop where they are told to', () => {
    const timers = new HeapTimers<string>();
    timers.add(1, 'a', '', '');
    timers.add(5, 'b', '', '');
    const out: number[] = [];
    const fire = (timestamp: number): void => {
      out.push(timestamp);
      if (timestamp < 4) timers.add(timestamp + 1, 'a', '', '');
    };
    expect(timers.advance(4, fire, () => true)).toBe(false);
    expect(out).toEqual([1]);
    expect(timers.advance(4, fire, never)).toBe(true);
    expect(out).toEqual([1, 2, 3, 4]);
    expect(timers.next).toBe(5);
    expect(timers.advance(5, fire, () => true)).toBe(true);
    expect(timers.next).toBe(Number.POSITIVE_INFINITY);
  });
});
