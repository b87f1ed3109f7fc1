import { types } from 'node:util';
import { StreambookError } from '../errors.js';
import { classOfRow } from '../rows/row-class.js';
import { isTimestamp } from '../values/timestamp.js';
import { registeredClassOf } from './classes.js';
import { DEEPEST } from './tags.js';

/** Raised for a value that could not come back from a snapshot. */
export class NotSerialisableError extends StreambookError {
  /** From the value to what cannot be kept: `.orders[3].callback`. */
  readonly path: string;

  constructor(what: string, path: string, problem: string, hint: string) {
    super('not-serialisable', `${what}${path === '' ? '' : ` ${path}`} ${problem} and cannot be kept in a snapshot`, {
      hint,
    });
    this.path = path;
  }
}

const PLAIN_HINT = 'keep plain objects, arrays, maps, sets, dates, numbers and strings in state';

/** Whether an object is plain, whatever realm it comes from (a notebook's cells have one of their own). */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** Whether bytes of this value can be kept: every view but DataView, and ArrayBuffer. */
export function isBytes(value: object): boolean {
  return types.isTypedArray(value) || types.isArrayBuffer(value);
}

function step(name: unknown): string {
  if (typeof name === 'number') return `[${name}]`;
  const text = String(name);
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text) ? `.${text}` : `[${JSON.stringify(text)}]`;
}

function shownKey(key: unknown): string {
  if (typeof key === 'string') return `'${key}'`;
  return typeof key === 'object' && key !== null ? '...' : String(key);
}

function visit(what: string, value: unknown, path: string, above: Set<object>): void {
  const kind = typeof value;
  if (kind === 'function' || kind === 'symbol') {
    throw new NotSerialisableError(what, path, `is a ${kind}`, PLAIN_HINT);
  }
  if (kind !== 'object' || value === null) return;
  const object = value as object;
  if (above.has(object)) {
    throw new NotSerialisableError(what, path, 'leads back to itself', 'keep an id in place of the object');
  }
  if (above.size > DEEPEST) {
    throw new NotSerialisableError(what, '', `is nested deeper than ${DEEPEST}`, 'keep a list in place of a chain');
  }
  if (isTimestamp(object) || types.isDate(object) || isBytes(object)) return;
  above.add(object);
  if (types.isMap(object)) {
    for (const [key, item] of object) {
      visit(what, key, `${path}.keys()`, above);
      visit(what, item, `${path}.get(${shownKey(key)})`, above);
    }
  } else if (types.isSet(object)) {
    for (const item of object) visit(what, item, `${path}.values()`, above);
  } else if (Array.isArray(object)) {
    for (let i = 0; i < object.length; i++) visit(what, object[i], path + step(i), above);
  } else {
    visitFields(what, object, path, above);
  }
  above.delete(object);
}

function visitFields(what: string, object: object, path: string, above: Set<object>): void {
  const known = registeredClassOf(object);
  if (known !== undefined) {
    visit(what, known.toPlain(object), path, above);
    return;
  }
  if (classOfRow(object) === undefined && !isPlainObject(object)) {
    const name = object.constructor?.name || 'class';
    throw new NotSerialisableError(
      what,
      path,
      `is an instance of ${name}`,
      `register the class with serialisable(${name}), or keep plain objects`,
    );
  }
  if (Object.getOwnPropertySymbols(object).length > 0) {
    throw new NotSerialisableError(what, path, 'has a field under a symbol', PLAIN_HINT);
  }
  for (const name of Object.keys(object)) {
    visit(what, (object as Record<string, unknown>)[name], path + step(name), above);
  }
}

/**
 * Refuses what could not come back from a snapshot: functions, symbols, instances of classes that are not registered,
 * cycles. For the first put into a state.
 *
 * @param what how the message begins: ``state `cart`, value``
 * @throws NotSerialisableError with the path to the culprit
 */
export function checkSerialisable(value: unknown, what = 'the value'): void {
  if (typeof value === 'string' || typeof value === 'number') return;
  // The line of the program's that put it there lies below ours, however deep the culprit.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEPEST + limit;
  try {
    visit(what, value, '', new Set());
  } finally {
    Error.stackTraceLimit = limit;
  }
}
