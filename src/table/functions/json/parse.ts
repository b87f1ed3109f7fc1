import { StreambookError } from '../../../core/errors.js';
import { doubleText } from '../../../core/values/index.js';

/** A number that was written with a point or an exponent: Java's Double, which prints as one. */
export class Real {
  constructor(readonly value: number) {}
  valueOf(): number {
    return this.value;
  }
}

/** JSON as values: objects are Maps, so that keys keep their order; integers keep all their digits. */
export type Json = null | boolean | string | number | bigint | Real | Json[] | Map<string, Json>;

/** Raised for a text that is no JSON. */
export class JsonError extends StreambookError {
  constructor(message: string) {
    super('bad-json', message, { hint: 'JSON_VALUE(..., ... NULL ON ERROR) gives NULL instead' });
  }
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const WORD = /true|false|null/y;
const DEEPEST = 1000;

class Parser {
  #at = 0;
  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.#value(0);
    this.#take(SPACE);
    if (this.#at < this.text.length) this.#fail();
    return value;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #fail(): never {
    const rest = this.text.slice(this.#at, this.#at + 20);
    const token = /^[\w$]+/.exec(rest)?.[0];
    if (token !== undefined && /^[A-Za-z_$]/.test(token)) {
      const expected = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'";
      throw new JsonError(`Unrecognized token '${token}' at position ${this.#at}: was expecting (${expected})`);
    }
    throw new JsonError(rest === '' ? 'JSON ends too early' : `no JSON at position ${this.#at}: '${rest}'`);
  }

  #accept(char: string): boolean {
    this.#take(SPACE);
    if (this.text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #value(depth: number): Json {
    if (depth > DEEPEST) throw new JsonError(`JSON is nested deeper than ${DEEPEST}`);
    if (this.#accept('{')) return this.#object(depth);
    if (this.#accept('[')) return this.#array(depth);
    const char = this.text[this.#at];
    if (char === '"') return this.#string();
    const word = this.#take(WORD);
    if (word !== null) return word[0] === 'null' ? null : word[0] === 'true';
    const found = this.#take(NUMBER) ?? this.#fail();
    const [digits, fraction, exponent] = found;
    if (fraction !== undefined || exponent !== undefined) return new Real(Number(digits));
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number + 0 : BigInt(digits);
  }

  #string(): string {
    const found = this.#take(STRING) ?? this.#fail();
    try {
      return JSON.parse(found[0]) as string;
    } catch {
      return this.#fail();
    }
  }

  #object(depth: number): Map<string, Json> {
    const made = new Map<string, Json>();
    if (this.#accept('}')) return made;
    do {
      this.#take(SPACE);
      const key = this.#string();
      if (!this.#accept(':')) this.#fail();
      made.set(key, this.#value(depth + 1));
    } while (this.#accept(','));
    if (!this.#accept('}')) this.#fail();
    return made;
  }

  #array(depth: number): Json[] {
    const made: Json[] = [];
    if (this.#accept(']')) return made;
    do made.push(this.#value(depth + 1));
    while (this.#accept(','));
    if (!this.#accept(']')) this.#fail();
    return made;
  }
}

/** Reads JSON. Throws `JsonError`. */
export function parseJson(text: string): Json {
  return new Parser(text).whole();
}

/** Whether it is neither an object nor an array. */
export function isScalar(value: Json): boolean {
  return !Array.isArray(value) && !(value instanceof Map);
}

/** JSON again, without blanks. */
export function jsonText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : scalarText(value);
}

/** A scalar as Java prints it. */
export function scalarText(value: Json): string {
  return value instanceof Real ? doubleText(value.value) : String(value);
}
