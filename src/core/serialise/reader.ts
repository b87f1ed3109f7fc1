import { StreambookError } from '../errors.js';
import { type RowClass, rowClassOf, rowKind } from '../rows/row-class.js';
import type { RowKind } from '../rows/row-kind.js';
import { parseSchema } from '../types/parse.js';
import { Timestamp } from '../values/timestamp.js';
import { revive } from './classes.js';
import { DEEPEST, OFTEN, SERIALISER_VERSION, ShapeKind, Tag, TYPED_ARRAYS } from './tags.js';

/** Raised for bytes that are no values, or values of a later version. */
export class DamagedValueError extends StreambookError {
  constructor(problem: string, at: number) {
    super('damaged-value', `the bytes are no values: ${problem}, at byte ${at}`, {
      hint: 'the file is damaged or of another kind; use an earlier snapshot',
    });
  }
}

interface Shape {
  readonly kind: number;
  readonly names: readonly string[];
  readonly row: RowClass | undefined;
  readonly className: string;
  readonly version: number;
  uses: number;
  make: ((reader: ValueReader) => object) | undefined;
}

/**
 * Reads what a `ValueWriter` wrote, in the same order, block by block as it was taken.
 *
 * @example
 *   const reader = new ValueReader(block);
 *   while (!reader.done) use(reader.read(), reader.read());
 */
export class ValueReader {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  private depth = 0;
  private begun = false;
  private readonly shapes: Shape[] = [];

  constructor(block?: Uint8Array) {
    if (block !== undefined) this.load(block);
  }

  /** The next block, after the one before is done. */
  load(block: Uint8Array): void {
    this.bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    this.at = 0;
    if (this.begun || block.length === 0) return;
    this.begun = true;
    const version = this.bytes[this.at++] as number;
    if (version > SERIALISER_VERSION || version === 0) {
      throw new DamagedValueError(`format version ${version}, this program knows ${SERIALISER_VERSION}`, 0);
    }
  }

  /** Whether the block is used up. */
  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The next value. */
  read(): unknown {
    this.depth = 0;
    return this.value();
  }

  /** @internal called by generated code */
  value(): unknown {
    if (this.at >= this.bytes.length) this.damaged('they end inside a value');
    const tag = this.bytes[this.at++] as number;
    if (tag >= Tag.SMALL) return tag - Tag.SMALL;
    if (tag >= Tag.SHORT) return this.latin1(tag - Tag.SHORT);
    switch (tag) {
      case Tag.UNDEFINED:
        return undefined;
      case Tag.NULL:
        return null;
      case Tag.FALSE:
        return false;
      case Tag.TRUE:
        return true;
      case Tag.INTEGER: {
        const zigzag = this.varint();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case Tag.DOUBLE:
        return this.double();
      case Tag.LATIN1:
        return this.latin1(this.varint());
      case Tag.UTF16: {
        const length = this.length(2) * 2;
        this.at += length;
        return this.bytes.toString('utf16le', this.at - length, this.at);
      }
      default:
        return this.rare(tag);
    }
  }

  private rare(tag: number): unknown {
    if (++this.depth > DEEPEST + 10) this.damaged('nested too deeply');
    const value = this.composite(tag);
    this.depth--;
    return value;
  }

  private composite(tag: number): unknown {
    switch (tag) {
      case Tag.BIGINT: {
        const digits = this.text();
        if (!/^-?\d+$/.test(digits)) this.damaged('a bigint without digits');
        return BigInt(digits);
      }
      case Tag.DATE:
        return new Date(this.double());
      case Tag.TIMESTAMP:
        return Timestamp.ofMs(this.number(), this.number());
      case Tag.ARRAY:
        return this.array();
      case Tag.MAP: {
        const map = new Map();
        for (let n = this.length(2); n > 0; n--) {
          const key = this.value();
          map.set(key, this.value());
        }
        return map;
      }
      case Tag.SET: {
        const set = new Set();
        for (let n = this.length(1); n > 0; n--) set.add(this.value());
        return set;
      }
      case Tag.BUFFER:
        return Buffer.from(this.binary());
      case Tag.TYPED_ARRAY:
        return this.typedArray();
      case Tag.SHAPED: {
        const shape = this.shapes[this.varint()];
        return shape === undefined ? this.damaged('a shape that was never given') : this.shaped(shape);
      }
      case Tag.NEW_SHAPE:
        return this.shaped(this.newShape());
      case Tag.DICTIONARY: {
        const object = this.byte() === ShapeKind.NULL_PROTOTYPE ? Object.create(null) : {};
        for (let n = this.length(2); n > 0; n--) define(object, this.text(), this.value());
        return object;
      }
      default:
        return this.damaged(`an unknown tag ${tag}`);
    }
  }

  private damaged(problem: string): never {
    throw new DamagedValueError(problem, this.at);
  }

  private byte(): number {
    if (this.at >= this.bytes.length) this.damaged('they end inside a value');
    return this.bytes[this.at++] as number;
  }

  private varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 50; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return this.damaged('a number without end');
  }

  /** A count of things of at least so many bytes: never more than could still come. */
  private length(least: number): number {
    const length = this.varint();
    if (length * least > this.bytes.length - this.at) this.damaged(`a length of ${length}`);
    return length;
  }

  private double(): number {
    if (this.at + 8 > this.bytes.length) this.damaged('they end inside a number');
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  private number(): number {
    const number = this.value();
    return typeof number === 'number' ? number : this.damaged('a number was expected');
  }

  private latin1(length: number): string {
    this.at += length;
    if (this.at > this.bytes.length) this.damaged('they end inside a string');
    return this.bytes.toString('latin1', this.at - length, this.at);
  }

  private text(): string {
    const text = this.value();
    return typeof text === 'string' ? text : this.damaged('a string was expected');
  }

  private binary(): Buffer {
    const length = this.length(1);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private array(): unknown[] {
    const length = this.length(1);
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) {
      if (this.bytes[this.at] === Tag.HOLE) {
        this.at++;
        list.length = i + 1;
      } else list.push(this.value());
    }
    return list;
  }

  private typedArray(): unknown {
    const number = this.byte();
    // Its own memory: aligned, and not the whole block.
    const bytes = new Uint8Array(this.binary());
    if (number === 255) return bytes.buffer;
    const type = TYPED_ARRAYS[number];
    if (type === undefined || bytes.length % type.BYTES_PER_ELEMENT !== 0) return this.damaged('a typed array');
    return new type(bytes.buffer);
  }

  private newShape(): Shape {
    const kind = this.byte();
    const common = { kind, names: [], row: undefined, className: '', version: 0, uses: 0, make: undefined };
    let shape: Shape;
    if (kind === ShapeKind.ROW) {
      const row = rowClassOf(parseSchema(this.text()));
      shape = { ...common, row, names: row.schema.names };
    } else if (kind === ShapeKind.INSTANCE) {
      shape = { ...common, className: this.text(), version: this.varint() };
    } else if (kind === ShapeKind.PLAIN || kind === ShapeKind.NULL_PROTOTYPE) {
      const names: string[] = [];
      for (let n = this.length(1); n > 0; n--) names.push(this.text());
      shape = { ...common, names };
    } else return this.damaged(`a shape of kind ${kind}`);
    this.shapes.push(shape);
    return shape;
  }

  private shaped(shape: Shape): unknown {
    if (shape.make !== undefined) return shape.make(this);
    if (shape.row !== undefined) {
      const kind = this.byte();
      if (kind > 3) this.damaged('a row of an unknown kind');
      const made = shape.row.of(shape.names.map(() => this.value()));
      made[rowKind] = kind as RowKind;
      return made;
    }
    if (shape.kind === ShapeKind.INSTANCE) return revive(shape.className, shape.version, this.value());
    if (shape.kind === ShapeKind.PLAIN && ++shape.uses === OFTEN) shape.make = generate(shape.names);
    const object = shape.kind === ShapeKind.PLAIN ? {} : Object.create(null);
    for (const name of shape.names) define(object, name, this.value());
    return object;
  }
}

function define(object: object, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else (object as Record<string, unknown>)[name] = value;
}

/** An object literal: one hidden class for all of the shape. A computed name also keeps `__proto__` an ordinary field. */
function generate(names: readonly string[]): (reader: ValueReader) => object {
  const name = (text: string) => (text === '__proto__' ? `["__proto__"]` : JSON.stringify(text));
  return new Function('r', `return { ${names.map((n) => `${name(n)}: r.value()`).join(', ')} };`) as never;
}

/** The value that `serialise` wrote. */
export function deserialise(bytes: Uint8Array): unknown {
  const reader = new ValueReader(bytes);
  const value = reader.read();
  if (!reader.done) throw new DamagedValueError('something follows the value', bytes.length);
  return value;
}
