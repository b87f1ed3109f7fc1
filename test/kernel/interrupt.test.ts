import { describe, expect, test } from 'vitest';
import { InterruptScope, KeyboardInterrupt } from '../../src/kernel/interrupt.js';

const nothing = (): void => undefined;
const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let done = false;
  promise.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  return done;
};

describe('waiting', () => {
  test('values and results pass', async () => {
    const scope = new InterruptScope();
    expect(scope.wait(5, nothing)).toBe(5);
    expect(await scope.wait(Promise.resolve('a'), nothing)).toBe('a');
    // biome-ignore lint/suspicious/noThenProperty: what other libraries call a promise
    expect(await scope.wait({ then: (done: (v: number) => void) => done(7) }, nothing)).toBe(7);
  });

  test('errors pass, and their place is noted', async () => {
    const scope = new InterruptScope();
    const noted: unknown[] = [];
    const error = new Error('x');
    await expect(scope.wait(Promise.reject(error), (each) => noted.push(each))).rejects.toBe(error);
    expect(noted).toEqual([error]);
  });

  test('an interrupt ends the waits of now, not those that come after', async () => {
    const scope = new InterruptScope();
    const waiting = scope.wait(new Promise(nothing), nothing);
    scope.interrupt();
    await expect(waiting).rejects.toBeInstanceOf(KeyboardInterrupt);
    expect(await scope.wait(Promise.resolve(1), nothing)).toBe(1);
  });

  test('after the end nothing comes back', async () => {
    const scope = new InterruptScope();
    scope.kill();
    expect(await settled(Promise.resolve(scope.wait(Promise.resolve(1), nothing)))).toBe(false);
  });
});

describe('loops', () => {
  /** Consumes as the runtime's `each` makes `for await` do. */
  async function loop(scope: InterruptScope, source: AsyncIterator<number>, seen: number[]): Promise<void> {
    const iterable = {
      [Symbol.asyncIterator]: () => ({
        next: () => scope.next(source, nothing),
        return: async () => (await source.return?.()) ?? { done: true as const, value: undefined },
      }),
    };
    for await (const value of iterable) seen.push(value);
  }

  test('an interrupt closes the source before the loop ends', async () => {
    const scope = new InterruptScope();
    const order: string[] = [];
    let more = nothing;
    async function* source() {
      try {
        yield 1;
        await new Promise<void>((resolve) => {
          more = resolve;
        });
        yield 2;
        order.push('not reached');
      } finally {
        order.push('source closed');
      }
    }
    const seen: number[] = [];
    const running = loop(scope, source(), seen).catch((error: Error) => order.push(error.name));
    await settled(running);
    scope.interrupt();
    expect(await settled(running)).toBe(false);
    more();
    await running;
    expect(order).toEqual(['source closed', 'KeyboardInterrupt']);
    expect(seen).toEqual([1]);
  });

  test('a source that cannot be closed, or fails to, ends the loop all the same', async () => {
    const next = (): Promise<IteratorResult<number>> => new Promise(nothing);
    const failing = () => {
      throw new Error('no');
    };
    for (const source of [{ next }, { next, return: failing }] as AsyncIterator<number>[]) {
      const scope = new InterruptScope();
      const running = loop(scope, source, []);
      await settled(running.catch(nothing));
      scope.interrupt();
      await expect(running).rejects.toBeInstanceOf(KeyboardInterrupt);
    }
  });
});
