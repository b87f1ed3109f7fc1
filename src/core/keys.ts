import { types } from 'node:util';
import { StreambookError } from './errors.js';
import { classOfRow } from './rows/row-class.js';
import { isTimestamp, Timestamp } from './values/timestamp.js';

/**
 * A key in the form in which it can be looked up in a `Map`: two keys with the same content have the same id. Strings
 * and numbers are their own ids; arrays, objects, dates and bytes become a string that begins with U+0000, and so does
 * what would be mistaken for one. `1` and `'1'` are different keys.
 */
export type KeyId = string | number | boolean | null | undefined;

const NUL = '\u0000';

/** Where there is no key: an input without one, beside one that has. No key has this id. */
export const NO_KEY: KeyId = `${NUL}!`;

/** Raised for a value that cannot be a key. */
export class BadKeyError extends StreambookError {
  constructor(what: string, path: string, hint?: string) {
    super('bad-key', path === '' ? `${what} cannot be a key` : `${what} cannot be part of a key (at ${path})`, {
      hint:
        hint ??
        'keyBy takes a function that returns a string, a number, a boolean, or an array or plain object made of these',
    });
  }
}

/**
 * The id of `key`. Equality is structural: arrays by their elements, plain objects and rows by their fields in any
 * order, `Timestamp`, `Date` and bytes by content. `-0` is the key `0`, `NaN` is a key like any other, and integers
 * that fit a number are the same key whether they come as `number` or `bigint`.
 *
 * Throws `BadKeyError` for functions, symbols, maps, sets and instances of classes.
 */
export function keyIdOf(key: unknown): KeyId {
  switch (typeof key) {
    case 'string':
      return key.charCodeAt(0) === 0 ? `${NUL}${key}` : key;
    case 'number':
      return key === 0 ? 0 : key;
    case 'boolean':
    case 'undefined':
      return key;
    case 'bigint':
      return isSafe(key) ? Number(key) : `${NUL}i${key};`;
    default:
      return key === null ? null : NUL + encode(key, '');
  }
}

/** The id of a key that must not be missing. Throws `BadKeyError` for null and undefined, too, as Flink does. */
export function givenKeyIdOf(key: unknown): KeyId {
  if (key === undefined || key === null) {
    throw new BadKeyError(
      `the key selector gave ${key}: that`,
      '',
      "is the field misspelt, or missing in this element? A key of your own for such elements: keyBy((x) => x.name ?? 'unknown')",
    );
  }
  return keyIdOf(key);
}

/** The key that has this id: the key itself for plain ones, an equal one for arrays and objects (rows become plain). */
export function keyOfId(id: KeyId): unknown {
  if (typeof id !== 'string' || id.charCodeAt(0) !== 0) return id;
  if (id === NO_KEY) return undefined;
  return id.charCodeAt(1) === 0 ? id.slice(1) : new Decoder(id).value();
}

function isSafe(value: bigint): boolean {
  return value <= 9007199254740991n && value >= -9007199254740991n;
}

// One letter for the kind, then something that says itself where it ends: no two values share an encoding.
function encode(value: unknown, path: string): string {
  switch (typeof value) {
    case 'string':
      return `s${value.length}:${value}`;
    case 'number':
      return `n${value === 0 ? 0 : value};`;
    case 'bigint':
      return isSafe(value) ? `n${value};` : `i${value};`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'object':
      return value === null ? 'z' : encodeObject(value, path);
    default:
      throw new BadKeyError(`a ${typeof value}`, path);
  }
}

const DEEPEST = 100;

function encodeObject(value: object, path: string): string {
  // Paths grow by a character at least with each level.
  if (path.length > DEEPEST && path.split(/[.[]/).length > DEEPEST) throw new BadKeyError('something so deep', path);
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) text += encode(value[i], `${path}[${i}]`);
    return `${text}]`;
  }
  if (isTimestamp(value)) return `T${value.ms}.${value.nanosOfMs};`;
  if (types.isDate(value)) return `d${value.getTime()};`;
  if (types.isUint8Array(value)) {
    return `b${value.length}:${Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1')}`;
  }
  if (!isPlain(value) && classOfRow(value) === undefined) {
    throw new BadKeyError(`a ${value.constructor?.name ?? 'class'}`, path);
  }
  let text = '{';
  for (const name of sortedNames(value)) {
    text += `${name.length}:${name}${encode((value as Record<string, unknown>)[name], `${path}.${name}`)}`;
  }
  return `${text}}`;
}

// Objects made in a notebook's cell may come from another realm, with another Object.prototype.
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null &&
      Object.hasOwn(prototype, 'isPrototypeOf') &&
      !types.isMap(value) &&
      !types.isSet(value))
  );
}

function sortedNames(value: object): string[] {
  const names = Object.keys(value);
  for (let i = 1; i < names.length; i++) if ((names[i] as string) < (names[i - 1] as string)) return names.sort();
  return names;
}

class Decoder {
  private at = 1;
  constructor(private readonly id: string) {}

  value(): unknown {
    switch (this.id[this.at++]) {
      case 's':
        return this.counted();
      case 'n':
        return Number(this.until(';'));
      case 'i':
        return BigInt(this.until(';'));
      case 't':
        return true;
      case 'f':
        return false;
      case 'u':
        return undefined;
      case 'z':
        return null;
      case 'T':
        return Timestamp.ofMs(Number(this.until('.')), Number(this.until(';')));
      case 'd':
        return new Date(Number(this.until(';')));
      case 'b':
        return new Uint8Array(Buffer.from(this.counted(), 'latin1'));
      case '[': {
        const list: unknown[] = [];
        while (this.id[this.at] !== ']') list.push(this.value());
        this.at++;
        return list;
      }
      default: {
        const entries: [string, unknown][] = [];
        while (this.id[this.at] !== '}') entries.push([this.counted(), this.value()]);
        this.at++;
        return Object.fromEntries(entries);
      }
    }
  }

  private until(mark: string): string {
    const from = this.at;
    this.at = this.id.indexOf(mark, from) + 1;
    return this.id.slice(from, this.at - 1);
  }

  private counted(): string {
    const length = Number(this.until(':'));
    this.at += length;
    return this.id.slice(this.at - length, this.at);
  }
}

// A string of 13 characters or more that was cut out of a longer one keeps the longer one alive (V8 does not copy it).
export const SHORTEST_SLICE = 13;

/**
 * The same string with memory of its own. For what is put into state for the first time: a word cut out of a 64 KB
 * chunk would otherwise keep the chunk.
 */
export function ownString(text: string): string {
  if (text.length < SHORTEST_SLICE) return text;
  let union = 0;
  for (let i = 0; i < text.length; i++) union |= text.charCodeAt(i);
  const encoding = union < 256 ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}

/** The same id with memory of its own; see {@link ownString}. */
export function ownKeyId(id: KeyId): KeyId {
  return typeof id === 'string' ? ownString(id) : id;
}
