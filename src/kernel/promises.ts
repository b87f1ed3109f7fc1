import { type InspectOptions, inspect, types } from 'node:util';

/** What Node's async hooks write into each promise (up to Node 22): nothing of it is the student's. */
const BOOKKEEPING = new Set(['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore']);

/**
 * Lets a promise be printed as `Promise { <pending> }`. Because we follow each cell through its promises, Node would add
 * the numbers and the whole of our own cell to every one that is shown.
 */
export function hideBookkeeping(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, { value: plainPromise, configurable: true, writable: true });
}

function plainPromise(this: object, _depth: number, options: InspectOptions): unknown {
  if (!types.isPromise(this)) return this;
  for (const symbol of Object.getOwnPropertySymbols(this))
    if (BOOKKEEPING.has(symbol.description ?? '')) Reflect.defineProperty(this, symbol, { enumerable: false });
  // Once more, and this time as Node does it. What lies inside is shown as always.
  if (!Reflect.defineProperty(this, inspect.custom, { value: undefined, configurable: true })) return '[Promise]';
  try {
    return inspect(this, options);
  } finally {
    Reflect.deleteProperty(this, inspect.custom);
  }
}

/** What a cell shows whose last value is a promise: most often an `await` was forgotten. */
export function promiseText(value: unknown): string | undefined {
  if (!types.isPromise(value)) return undefined;
  return `${inspect(value)}\nhint: a promise; \`await\` before it waits for what it brings`;
}
