import { currentCell } from './cell.js';
import { KeyboardInterrupt } from './interrupt.js';
import { runtimeName } from './patches/instrument.js';
import { noteAwait } from './stack.js';

/** What instrumented code calls; see `patches/instrument.ts`. */
export interface Runtime {
  /** Memory shared with the thread that hears the interrupts; slot 0 is not 0 when a busy loop shall end. */
  readonly flag: Int32Array;
  /** Throws, unless somebody else has acted upon the interrupt meanwhile. */
  hit(): void;
  wait(value: unknown, line: number, column: number): unknown;
  each(source: unknown, line: number, column: number): AsyncIterable<unknown>;
  /** Defines what a module or cell exports. */
  readonly Object: Pick<ObjectConstructor, 'defineProperty'>;
}

/**
 * @param script the name of the code that will call it
 * @param take takes the interrupt, so that nobody else acts upon it; false: there is none any more
 * @param object defines exports
 */
export function createRuntime(
  script: string,
  flag: Int32Array,
  take: () => boolean,
  object: Runtime['Object'],
): Runtime {
  return {
    flag,
    Object: object,
    hit() {
      if (take()) throw new KeyboardInterrupt();
    },
    wait(value, line, column) {
      const scope = currentCell()?.interrupts;
      return scope === undefined ? value : scope.wait(value, (error) => noteAwait(error, script, line, column));
    },
    each(source, line, column) {
      const iterator = open(source);
      const note = (error: unknown): void => noteAwait(error, script, line, column);
      const { return: close } = iterator;
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => currentCell()?.interrupts.next(iterator, note) ?? iterator.next(),
          ...(close === undefined ? {} : { return: async (value?: unknown) => close.call(iterator, value) }),
        }),
      };
    },
  };
}

/** For local files that cells import: there one global serves all. */
export function installRuntime(runtime: Runtime): void {
  Object.defineProperty(globalThis, runtimeName, { value: runtime, enumerable: false });
}

/** The iterator that `for await` would take: the asynchronous one, else the plain one with its values awaited. */
function open(source: unknown): AsyncIterator<unknown> {
  const iterable = source as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined;
  const asynchronous = iterable?.[Symbol.asyncIterator]?.();
  if (asynchronous !== undefined) return asynchronous;
  const plain = iterable?.[Symbol.iterator]?.();
  if (plain === undefined)
    throw new TypeError(`for await: ${source === null ? 'null' : typeof source} is not async iterable`);
  const settle = async (result: IteratorResult<unknown>): Promise<IteratorResult<unknown>> =>
    ({ done: result.done ?? false, value: await result.value }) as IteratorResult<unknown>;
  return {
    next: async () => settle(plain.next()),
    ...(plain.return === undefined ? {} : { return: async (value?: unknown) => settle(plain.return!(value)) }),
  };
}
