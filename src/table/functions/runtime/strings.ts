import { JavaOrderedMap } from '../../../core/java-ordered-map.js';
// What Flink's string functions do, with its oddities: where it counts Java's characters, these are JavaScript's units.

/** LPAD, RPAD: cut or filled up to a length; NULL below 0 or with nothing to fill with. */
export function pad(side: 'left' | 'right'): (text: string, length: number, filler: string) => string | null {
  return (text, length, filler) => {
    if (length < 0 || filler === '') return null;
    if (length <= text.length) return text.slice(0, length);
    const missing = length - text.length;
    const fill = filler.repeat(Math.ceil(missing / filler.length)).slice(0, missing);
    return side === 'left' ? fill + text : text + fill;
  };
}

/** OVERLAY: `length` characters from `start` (from 1) give way. */
export function overlay(text: string, by: string, start: number, length = by.length): string {
  if (start <= 0 || start > text.length) return text;
  const rest = start + length <= text.length && length > 0 ? text.slice(start - 1 + length) : '';
  return text.slice(0, start - 1) + by + rest;
}

/** TRIM: any of `characters` at the ends goes. */
export function trim(text: string, characters: string, side: 'BOTH' | 'LEADING' | 'TRAILING'): string {
  const set = new Set(characters);
  const chars = [...text];
  let start = 0;
  let end = chars.length;
  if (side !== 'TRAILING') while (start < end && set.has(chars[start] as string)) start++;
  if (side !== 'LEADING') while (end > start && set.has(chars[end - 1] as string)) end--;
  return chars.slice(start, end).join('');
}

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** INITCAP: words are made of ASCII letters and digits. */
export function initCap(text: string): string {
  let made = '';
  let inside = false;
  for (const char of text) {
    const word = char.length === 1 && isWord(char.charCodeAt(0));
    made += !word ? char : inside ? char.toLowerCase() : char.toUpperCase();
    inside = word;
  }
  return made;
}

export function reverse(text: string): string {
  return [...text].reverse().join('');
}

/** The part with this number (from 0); NULL when there is none. An empty text has no parts. */
export function splitIndex(text: string, separator: string | number, index: number): string | null {
  if (index < 0 || text === '') return null;
  const by = typeof separator === 'number' ? String.fromCharCode(separator) : separator;
  const parts = by === '' ? text.split(/\s/) : text.split(by);
  return parts[index] ?? null;
}

/** SPLIT: an empty separator takes every character apart, an empty text has no parts. */
export function split(text: string, separator: string): string[] {
  if (text === '') return [];
  if (separator === '') return [...text];
  return text.split(separator);
}

/** As Java's `String.split(regex)`: empty parts at the end go. */
function javaSplit(text: string, by: RegExp): string[] {
  const parts = text.split(by);
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** STR_TO_MAP: both separators are regular expressions. The keys come in the order of Java's `HashMap`. */
export function strToMap(text: string, pairs: RegExp, values: RegExp): Map<string, string | null> {
  const made = new JavaOrderedMap<string | null>();
  for (const pair of text === '' ? [] : javaSplit(text, pairs)) {
    const found = new RegExp(values.source, values.flags.replace('g', '')).exec(pair);
    if (found === null) made.set(pair, null);
    else made.set(pair.slice(0, found.index), pair.slice(found.index + found[0].length));
  }
  return new Map(made.entries() as readonly [string, string | null][]);
}

const PARTS: Readonly<Record<string, (url: URL, given: string) => string | null>> = {
  PROTOCOL: (url) => url.protocol.slice(0, -1),
  HOST: (url) => url.hostname,
  AUTHORITY: (_, given) => /^[^:]+:\/\/([^/?#]*)/.exec(given)?.[1] ?? null,
  USERINFO: (_, given) => /^[^:]+:\/\/([^/?#@]*)@/.exec(given)?.[1] ?? null,
  PATH: (_, given) => /^[^:]+:\/\/[^/?#]*([^?#]*)/.exec(given)?.[1] ?? '',
  QUERY: (_, given) => /\?([^#]*)/.exec(given)?.[1] ?? null,
  REF: (_, given) => /#(.*)$/.exec(given)?.[1] ?? null,
  FILE: (_, given) => /^[^:]+:\/\/[^/?#]*([^#]*)/.exec(given)?.[1] ?? '',
};

/** PARSE_URL: a part of an address; NULL for what is no address, or has no such part. */
export function parseUrl(text: string, part: string, key?: string): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  if (key !== undefined) {
    if (part !== 'QUERY') return null;
    const query = PARTS.QUERY?.(url, text) ?? null;
    if (query === null) return null;
    const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`(?:&|^)${escaped}=([^&]*)`).exec(query)?.[1] ?? null;
  }
  return PARTS[part]?.(url, text) ?? null;
}

/** ASCII: the first byte, as Java sees it (with a sign); 0 for an empty text. */
export function ascii(text: string): number {
  const byte = Buffer.from(text.slice(0, 2), 'utf8')[0] ?? 0;
  return (byte << 24) >> 24;
}

/** CHR: one of 256 characters; nothing below 0. */
export function chr(code: number | bigint): string {
  if (code < 0) return '';
  return String.fromCharCode(Number(BigInt.asUintN(8, BigInt(code))));
}

const CHARSETS: Readonly<Record<string, BufferEncoding>> = {
  'US-ASCII': 'latin1',
  'ISO-8859-1': 'latin1',
  'UTF-8': 'utf8',
  'UTF-16LE': 'utf16le',
};

/** ENCODE: NULL for a charset that is not known. */
export function encode(text: string, charset: string): Uint8Array | null {
  const name = charset.toUpperCase();
  if (name === 'UTF-16' || name === 'UTF-16BE') {
    const bytes = Buffer.from(text, 'utf16le').swap16();
    return new Uint8Array(name === 'UTF-16' ? Buffer.concat([Buffer.from([0xfe, 0xff]), bytes]) : bytes);
  }
  const encoding = CHARSETS[name];
  if (encoding === undefined) return null;
  if (encoding !== 'latin1') return new Uint8Array(Buffer.from(text, encoding));
  const limit = name === 'US-ASCII' ? 0x80 : 0x100;
  return Uint8Array.from([...text], (char) => ((char.codePointAt(0) as number) < limit ? char.charCodeAt(0) : 63));
}

/** DECODE: the reverse. */
export function decode(bytes: Uint8Array, charset: string): string | null {
  const name = charset.toUpperCase();
  const buffer = Buffer.from(bytes);
  if (name === 'UTF-16' || name === 'UTF-16BE') {
    const even = buffer.subarray(0, buffer.length & ~1);
    if (even[0] === 0xff && even[1] === 0xfe) return even.subarray(2).toString('utf16le');
    const big = Buffer.from(even).swap16().toString('utf16le');
    return name === 'UTF-16' ? big.replace(/^\ufeff/, '') : big;
  }
  const encoding = CHARSETS[name];
  if (encoding === undefined) return null;
  if (name === 'US-ASCII')
    return Array.from(buffer, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\ufffd')).join('');
  return buffer.toString(encoding);
}
