import { StreambookError } from './errors.js';

/**
 * A key in the form in which it can be looked up in a `Map`: two keys with the same content have the same id. Strings
 * and numbers are their own ids; arrays, objects, dates and bytes become a string that begins with U+0000.
 */
export type KeyId = string | number | boolean | null | undefined;

const NUL = '\u0000';

/** The id of `key`. Integers that fit a number are the same key whether they come as `number` or `bigint`. */
export function keyIdOf(key: unknown): KeyId {
  switch (typeof key) {
    case 'string':
      return key.charCodeAt(0) === 0 ? `${NUL}s${key}` : key;
    case 'number':
      return key === 0 ? 0 : key;
    case 'boolean':
    case 'undefined':
      return key;
    case 'bigint':
      return key >= Number.MIN_SAFE_INTEGER && key <= Number.MAX_SAFE_INTEGER ? Number(key) : `${NUL}n${key}`;
    case 'object':
      return key === null ? null : `${NUL}j${encode(key)}`;
    default:
      throw new StreambookError('bad-key', `a ${typeof key} cannot be a key`, {
        hint: 'keyBy takes a function that returns a string, a number, a boolean or an object made of these',
      });
  }
}

/** The key that has this id: the key itself for plain ones, an equal one for arrays and objects. */
export function keyOfId(id: KeyId): unknown {
  if (typeof id !== 'string' || id.charCodeAt(0) !== 0) return id;
  const rest = id.slice(2);
  if (id[1] === 's') return rest;
  return id[1] === 'n' ? BigInt(rest) : decode(JSON.parse(rest));
}

// JSON in which what JSON cannot say is an object with one key `$...`.
function encode(key: object): string {
  return JSON.stringify(toPlain(key));
}

function toPlain(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : { $: 'f', v: String(value) };
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
        ? Number(value)
        : { $: 'n', v: String(value) };
    case 'undefined':
      return { $: 'u' };
    case 'object':
      break;
    default:
      throw new StreambookError('bad-key', `a ${typeof value} cannot be part of a key`);
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Date) return { $: 'd', v: value.getTime() };
  if (value instanceof Uint8Array) return { $: 'b', v: Buffer.from(value).toString('base64') };
  // Keys are told apart by content: the order in which fields were written must not matter.
  const fields: [string, unknown][] = [];
  for (const name of Object.keys(value).sort()) fields.push([name, toPlain((value as Record<string, unknown>)[name])]);
  return { $: 'o', v: fields };
}

function decode(plain: unknown): unknown {
  if (plain === null || typeof plain !== 'object') return plain;
  if (Array.isArray(plain)) return plain.map(decode);
  const tagged = plain as { $: string; v: never };
  switch (tagged.$) {
    case 'f':
      return Number(tagged.v);
    case 'n':
      return BigInt(tagged.v);
    case 'u':
      return undefined;
    case 'd':
      return new Date(tagged.v);
    case 'b':
      return new Uint8Array(Buffer.from(tagged.v, 'base64'));
    default:
      return Object.fromEntries((tagged.v as [string, unknown][]).map(([name, value]) => [name, decode(value)]));
  }
}

// A string of 13 characters or more that was cut out of a longer one keeps the longer one alive (V8 does not copy it).
const SHORTEST_SLICE = 13;

/**
 * The same string with memory of its own. For what is put into state for the first time: a word cut out of a 64 KB
 * chunk would otherwise keep the chunk.
 */
export function ownString(text: string): string {
  if (text.length < SHORTEST_SLICE) return text;
  let union = 0;
  for (let i = 0; i < text.length; i++) union |= text.charCodeAt(i);
  return union < 256
    ? Buffer.from(text, 'latin1').toString('latin1')
    : Buffer.from(text, 'utf16le').toString('utf16le');
}

/** The same id with memory of its own; see {@link ownString}. */
export function ownKeyId(id: KeyId): KeyId {
  return typeof id === 'string' ? ownString(id) : id;
}
