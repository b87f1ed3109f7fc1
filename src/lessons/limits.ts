import vm from 'node:vm';

/** Something took longer than it may. */
export class TooLong extends Error {
  constructor(readonly limitMs: number) {
    super(`took longer than ${limitMs} ms`);
    this.name = 'TooLong';
  }
}

const KEY = '__streambookAction__';
let script: vm.Script | undefined;

/**
 * Calls `action`; a loop in it that does not end is broken off. Only what runs before the first `await` is covered, the
 * rest by `withinTime`.
 *
 * @throws TooLong, or what the action throws
 */
export function breakable<T>(action: () => T, limitMs: number): T {
  // The time limit of a script covers all that runs inside it, whoever has written it.
  script ??= new vm.Script(`globalThis.${KEY}()`, { filename: 'lesson' });
  Object.defineProperty(globalThis, KEY, { value: action, configurable: true });
  try {
    return script.runInThisContext({ timeout: limitMs, displayErrors: false }) as T;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new TooLong(limitMs);
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, KEY);
  }
}

/** Waits for `promise`, but not for ever. @throws TooLong, or what the promise is rejected with */
export async function withinTime<T>(promise: PromiseLike<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLong(limitMs)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
