import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerQueue, VOID_NAMESPACE } from '../../../src/engine/time/timers.js';

const never = () => false;

function fired(queue: TimerQueue<string>, to: number): string[] {
  const out: string[] = [];
  queue.advance(to, (timestamp, key, namespace) => out.push(`${timestamp}${String(key)}${namespace}`), never);
  return out;
}

describe('timers', () => {
  it('fire in the order of their timestamps, each once, and not before', () => {
    const queue = new TimerQueue<string>();
    queue.add(30, 'a', 'w', 'w');
    queue.add(10, 'b', 'w', 'w');
    queue.add(10, 'b', 'w', 'w');
    queue.add(10, 'a', 'v', 'v');
    queue.add(20, 'a', 'w', 'w');
    queue.delete(20, 'a', 'w');
    expect(queue.size).toBe(3);
    expect(fired(queue, 9)).toEqual([]);
    expect(fired(queue, 29)).toEqual(['10bw', '10av']);
    expect(fired(queue, 30)).toEqual(['30aw']);
    expect(queue.next).toBe(Number.POSITIVE_INFINITY);
  });

  it('fire in the same advance when a fired one sets them at or before its end, whole chains', () => {
    const queue = new TimerQueue<string>();
    const out: number[] = [];
    queue.add(1, 'a', VOID_NAMESPACE, '');
    queue.add(5, 'b', VOID_NAMESPACE, '');
    const fire = (timestamp: number): void => {
      out.push(timestamp);
      if (timestamp < 4) queue.add(timestamp + 1, 'a', VOID_NAMESPACE, '');
      if (timestamp === 5) queue.add(2, 'c', VOID_NAMESPACE, '');
    };
    expect(queue.advance(5, fire, never)).toBe(true);
    // The chain that 5 begins anew at 2 runs to its end, too.
    expect(out).toEqual([1, 2, 3, 4, 5, 2, 3, 4]);
  });

  it('can be set for the end of time', () => {
    const queue = new TimerQueue<string>();
    expect(fired(queue, Number.POSITIVE_INFINITY)).toEqual([]);
    queue.add(Number.POSITIVE_INFINITY, 'a', 'w', 'w');
    expect(fired(queue, 1e15)).toEqual([]);
    expect(fired(queue, Number.POSITIVE_INFINITY)).toEqual(['Infinityaw']);
  });

  it('go on where they paused', () => {
    const queue = new TimerQueue<string>();
    for (const key of 'abcdef') queue.add(7, key, 'w', 'w');
    const out: unknown[] = [];
    let slices = 0;
    while (
      !queue.advance(
        7,
        (_t, key) => out.push(key),
        () => out.length % 2 === 0,
      )
    )
      slices++;
    expect(out.join('')).toBe('abcdef');
    expect(slices).toBeGreaterThanOrEqual(2);
  });

  it('agree with a sorted list, whatever is added and deleted', () => {
    const action = fc.record({
      kind: fc.constantFrom('add', 'add', 'delete', 'advance'),
      at: fc.integer({ min: 0, max: 20 }),
      key: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const queue = new TimerQueue<string>();
        let model = new Set<string>();
        for (const { kind, at, key } of actions) {
          const id = `${String(at).padStart(3, '0')}${key}`;
          if (kind === 'add') {
            queue.add(at, key, 'w', 'w');
            model.add(id);
          } else if (kind === 'delete') {
            queue.delete(at, key, 'w');
            model.delete(id);
          } else {
            const got: string[] = [];
            queue.advance(at, (t, k) => got.push(`${String(t).padStart(3, '0')}${String(k)}`), never);
            const due = [...model].filter((one) => Number(one.slice(0, 3)) <= at);
            expect([...got].sort()).toEqual(due.sort());
            expect(got.map((one) => one.slice(0, 3))).toEqual(due.map((one) => one.slice(0, 3)).sort());
            model = new Set([...model].filter((one) => Number(one.slice(0, 3)) > at));
          }
          expect(queue.size).toBe(model.size);
        }
      }),
    );
  });
});
