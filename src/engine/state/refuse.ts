import { StreambookError } from '../../core/errors.js';

const PLAIN = new Set<unknown>([Object.prototype, null, Array.prototype, Map.prototype, Set.prototype, Date.prototype]);

/** Prototypes of classes that know how to come back from a snapshot: row classes, registered ones. */
const registered = new Map<object, string>();

/** Lets instances of a class into state: they come back as instances of it. */
export function allowInState(name: string, prototype: object): void {
  registered.set(prototype, name);
}

/** The name under which a prototype was allowed. */
export function registeredName(prototype: object): string | undefined {
  return registered.get(prototype);
}

/** The prototype that was allowed under a name. */
export function registeredPrototype(name: string): object | undefined {
  for (const [prototype, known] of registered) if (known === name) return prototype;
  return undefined;
}

/** What in `value` a snapshot could not keep, as a path; `undefined` if all of it can be kept. */
function culprit(value: unknown, path: string, seen: Set<object>): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `${path} is a ${typeof value}`;
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!PLAIN.has(prototype) && !registered.has(prototype as object) && !isOwn(value)) {
    return `${path} is a ${value.constructor?.name ?? 'class'}`;
  }
  const inner: Iterable<[unknown, unknown]> =
    value instanceof Map
      ? value.entries()
      : value instanceof Set || Array.isArray(value)
        ? [...(value as Iterable<unknown>)].map((item, index) => [index, item])
        : Object.entries(value);
  for (const [name, item] of inner) {
    const found = culprit(item, `${path}.${String(name)}`, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

// Our own small classes inside lists, maps and windows.
function isOwn(value: object): boolean {
  return (value as { constructor?: { name?: string } }).constructor?.name === 'TimedValue';
}

/**
 * Refuses, at the first put, what could not be written into a snapshot: functions, symbols, instances of classes.
 *
 * @throws StreambookError `state-not-serialisable`, with the path to what cannot be kept
 */
export function refuseUnserialisable(state: string, value: unknown): void {
  const found = culprit(value, 'value', new Set());
  if (found === undefined) return;
  throw new StreambookError('state-not-serialisable', `the state \`${state}\` cannot keep this: ${found}`, {
    hint: 'keep plain objects, arrays, maps, sets, dates, numbers and strings in state',
  });
}
