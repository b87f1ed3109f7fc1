import { Buffer, isUtf8 } from 'node:buffer';
import { types } from 'node:util';

/** Stands for a value whose getter threw; shown as such instead of failing the whole table. */
export class Unreadable {
  constructor(readonly reason: string) {}
}

/** `record[key]`, never throwing. */
export function read(record: object, key: PropertyKey): unknown {
  try {
    return (record as Record<PropertyKey, unknown>)[key];
  } catch (error) {
    return new Unreadable(error instanceof Error ? error.message : String(error));
  }
}

/** A number as JavaScript reads it back: `-0` keeps its sign, nothing is rounded or grouped. */
export function exactNumber(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

const PREVIEW_BYTES = 32;

/** Bytes as text when they are readable UTF-8, else in hexadecimal; always with their count. */
export function bytesText(bytes: Uint8Array): string {
  const size = `(${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'})`;
  if (bytes.length === 0) return size;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.subarray(0, 4096);
  // The 4,096th byte may stand in the middle of a character.
  let whole = head.length;
  if (head.length < view.length) while (whole > 0 && (head[whole] ?? view[whole] ?? 0) >> 6 === 2) whole--;
  const readable = isUtf8(head.subarray(0, whole)) ? head.toString('utf8', 0, whole) : undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (readable !== undefined && !/[\0-\x08\x0e-\x1f\x7f]/.test(readable)) {
    return `${JSON.stringify(readable.slice(0, 200)).slice(0, -1)}${readable.length > 200 || whole < view.length ? '…' : ''}" ${size}`;
  }
  const hex = view.subarray(0, PREVIEW_BYTES).toString('hex').replace(/..\B/g, '$& ');
  return `${hex}${view.length > PREVIEW_BYTES ? ' …' : ''} ${size}`;
}

class Full extends Error {}

class Writer {
  readonly parts: string[] = [];
  private length = 0;
  private readonly above = new Set<object>();

  constructor(private readonly budget: number) {}

  put(text: string): void {
    const room = this.budget - this.length;
    this.parts.push(text.length > room ? text.slice(0, room) : text);
    this.length += text.length;
    if (text.length > room) throw new Full();
  }

  value(value: unknown): void {
    if (value === null || typeof value !== 'object') this.put(primitive(value, this.budget));
    else this.object(value);
  }

  private object(value: object): void {
    const plain = this.above.has(value) ? '[circular]' : this.above.size > 40 ? '[deeper]' : opaque(value);
    if (plain !== undefined) {
      this.put(plain);
      return;
    }
    this.above.add(value);
    this.inside(value);
    this.above.delete(value);
  }

  private inside(value: object): void {
    if (Array.isArray(value)) this.list('[', value, ']');
    else if (ArrayBuffer.isView(value)) {
      const list = value as unknown as ArrayLike<unknown>;
      this.list(`${value.constructor.name}(${list.length}) [`, Array.prototype.values.call(list), ']');
    } else if (value instanceof Set) this.list(`Set(${value.size}) {`, value, '}');
    else if (value instanceof Map) {
      this.list(`Map(${value.size}) {`, value, '}', ([key, item]) => {
        this.value(key);
        this.put(' => ');
        this.value(item);
      });
    } else {
      this.list('{', Object.keys(value), '}', (key) => {
        this.put(`${JSON.stringify(key)}: `);
        this.value(read(value, key));
      });
    }
  }

  private list<T>(open: string, items: Iterable<T>, close: string, write = (item: T) => this.value(item)): void {
    this.put(open);
    let first = true;
    for (const item of items) {
      if (!first) this.put(', ');
      first = false;
      write(item);
    }
    this.put(close);
  }
}

function primitive(value: unknown, budget: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > budget ? value.slice(0, budget) : value);
    case 'number':
    case 'bigint':
      return exactNumber(value);
    case 'function':
      return `[function ${value.name || 'without a name'}]`;
    default:
      return String(value);
  }
}

/** Objects that have one text of their own: dates, bytes, errors, anything with a `toString` worth the name. */
function opaque(value: object): string | undefined {
  if (value instanceof Unreadable) return `[unreadable: ${value.reason}]`;
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (types.isUint8Array(value)) return bytesText(value);
  if (types.isNativeError(value)) return `${value.name}: ${value.message}`;
  if (types.isRegExp(value)) return String(value);
  if (types.isAnyArrayBuffer(value)) return bytesText(new Uint8Array(value));
  if (types.isPromise(value)) return '[promise]';
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value) || ArrayBuffer.isView(value)) return undefined;
  const text: unknown = Reflect.get(value, 'toString');
  if (typeof text !== 'function' || text === Object.prototype.toString) return undefined;
  return String(text.call(value));
}

/**
 * One value on one line, like JSON but complete: big integers, `undefined`, dates, bytes, maps and circles have a
 * form, and no object is so large or so ill-behaved that it holds up or fails the view.
 *
 * @param budget characters after which writing stops
 * @returns the text, and whether it is all of it
 */
export function compact(value: unknown, budget: number): { readonly text: string; readonly whole: boolean } {
  const writer = new Writer(budget);
  try {
    writer.value(value);
    return { text: writer.parts.join(''), whole: true };
  } catch (error) {
    if (error instanceof Full) return { text: writer.parts.join(''), whole: false };
    return { text: `[unreadable: ${error instanceof Error ? error.message : 'threw'}]`, whole: true };
  }
}
