import { setImmediate as macrotask } from 'node:timers/promises';
import { trackRunning } from '../core/running.js';

const STOPPED = Symbol('stopped');
/** A source that never waits would keep Jupyter from interrupting it. */
const YIELD_EVERY_MS = 10;

/** How a sequence ended. */
export type Ending = 'ended' | 'stopped' | 'full';

/**
 * Takes the elements of a sequence as they come, and calls `redraw` at intervals while there is something new.
 *
 * @param take returns false when it has enough
 * @returns how it ended: by itself, by Jupyter's Interrupt, or because `take` had enough
 * @throws what the sequence throws
 */
export async function follow<T>(
  what: string,
  items: AsyncIterable<T>,
  take: (item: T) => boolean,
  redraw: () => void,
  everyMs: number,
): Promise<Ending> {
  const iterator = items[Symbol.asyncIterator]();
  let stop: (value: typeof STOPPED) => void = () => {};
  const stopped = new Promise<typeof STOPPED>((resolve) => {
    stop = resolve;
  });
  const untrack = trackRunning({ what, stop: () => stop(STOPPED) });
  let fresh = false;
  let failure: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    if (!fresh) return;
    fresh = false;
    try {
      redraw();
    } catch (error) {
      failure ??= { error };
      stop(STOPPED);
    }
  }, everyMs);
  let ending: Ending | undefined;
  let failed = false;
  let rested = performance.now();
  try {
    while (ending === undefined) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next === STOPPED) ending = 'stopped';
      else if (next.done === true) ending = 'ended';
      else if (!take(next.value)) ending = 'full';
      else fresh = true;
      if (performance.now() - rested < YIELD_EVERY_MS) continue;
      await macrotask();
      rested = performance.now();
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    untrack();
    clearInterval(timer);
    // Not awaited: a source that was stopped in the middle of a wait may take its time to close.
    if (ending !== 'ended' && !failed) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
  if (failure !== undefined) throw failure.error;
  return ending;
}
