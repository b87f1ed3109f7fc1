import { types } from 'node:util';
import { classOfRow, type Row, type RowClass, rowKind } from '../rows/row-class.js';
import { isTimestamp } from '../values/timestamp.js';
import { checkSerialisable, isBytes, isPlainObject, NotSerialisableError } from './check.js';
import { type RegisteredClass, registeredClassOf } from './classes.js';
import { DEEPEST, MOST_NAMES, MOST_SHAPES, OFTEN, SERIALISER_VERSION, ShapeKind, Tag, TYPED_ARRAYS } from './tags.js';

interface Shape {
  readonly id: number;
  readonly names: readonly string[];
  uses: number;
  write: ((writer: ValueWriter, object: object) => void) | undefined;
}

/**
 * Writes any number of values into a compact binary form: numbers, strings, bigints, dates, `Timestamp`s, bytes, arrays,
 * plain objects, maps, sets, rows, and instances of classes registered with `serialisable`.
 *
 * Names of fields are written once for each shape of object, so a reader has to read from the beginning. Two references
 * to one object come back as two objects.
 *
 * @example
 *   const writer = new ValueWriter();
 *   for (const [key, value] of state) { writer.write(key); writer.write(value); if (writer.size > 65536) file.write(writer.take()); }
 */
export class ValueWriter {
  private bytes = Buffer.allocUnsafe(1 << 14);
  private at = 0;
  private depth = 0;
  private shapeCount = 0;
  private readonly plain = new Map<string | undefined, Shape[]>();
  private readonly noPrototype = new Map<string | undefined, Shape[]>();
  private readonly rows = new Map<RowClass, Shape>();
  private readonly classes = new Map<RegisteredClass, number>();

  constructor() {
    this.bytes[this.at++] = SERIALISER_VERSION;
  }

  /** Bytes written and not yet taken. */
  get size(): number {
    return this.at;
  }

  /** The bytes written since the last call: whole values. The writer goes on in new memory. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.at);
    this.bytes = Buffer.allocUnsafe(this.bytes.length);
    this.at = 0;
    return taken;
  }

  /**
   * Writes one value.
   *
   * @param what how the message begins if it cannot be: ``state `cart` ``
   * @throws NotSerialisableError and then nothing was written
   */
  write(value: unknown, what = 'the value'): void {
    const start = this.at;
    const shapes = this.shapeCount;
    try {
      this.value(value);
    } catch (error) {
      this.depth = 0;
      this.at = start;
      if (this.shapeCount !== shapes) this.forgetShapes(shapes);
      if (!(error instanceof NotSerialisableError)) throw error;
      checkSerialisable(value, what); // finds the path; costs nothing as long as all goes well
      throw error;
    }
  }

  /** @internal called by generated code */
  value(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.number(value);
        return;
      case 'string':
        this.string(value);
        return;
      case 'boolean':
        this.byte(value ? Tag.TRUE : Tag.FALSE);
        return;
      case 'undefined':
        this.byte(Tag.UNDEFINED);
        return;
      case 'bigint':
        this.byte(Tag.BIGINT);
        this.string(String(value));
        return;
      case 'object':
        if (value === null) this.byte(Tag.NULL);
        else this.object(value);
        return;
      default:
        this.refuse();
    }
  }

  private refuse(): never {
    throw new NotSerialisableError('the value', '', 'cannot be kept', '');
  }

  private room(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  private byte(value: number): void {
    if (this.at === this.bytes.length) this.room(1);
    this.bytes[this.at++] = value;
  }

  /** A count: 7 bits a byte. */
  private varint(value: number): void {
    this.room(8);
    let rest = value;
    while (rest > 127) {
      this.bytes[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }

  private double(value: number): void {
    this.room(8);
    this.at = this.bytes.writeDoubleLE(value, this.at);
  }

  private number(value: number): void {
    if ((value | 0) === value && (value !== 0 || !Object.is(value, -0))) {
      if (value >= 0 && value < 192) {
        this.byte(Tag.SMALL + value);
        return;
      }
      this.byte(Tag.INTEGER);
      this.varint(((value << 1) ^ (value >> 31)) >>> 0);
      return;
    }
    this.byte(Tag.DOUBLE);
    this.double(value);
  }

  private string(value: string): void {
    const { length } = value;
    let union = 0;
    if (length < 32) {
      this.room(33);
      const { bytes } = this;
      let at = this.at + 1;
      for (let i = 0; i < length; i++) {
        const code = value.charCodeAt(i);
        union |= code;
        bytes[at++] = code;
      }
      if (union < 256) {
        bytes[this.at] = Tag.SHORT + length;
        this.at = at;
        return;
      }
    } else for (let i = 0; i < length && union < 256; i++) union |= value.charCodeAt(i);
    const latin1 = union < 256;
    this.byte(latin1 ? Tag.LATIN1 : Tag.UTF16);
    this.varint(length);
    this.room(latin1 ? length : length * 2);
    this.at += this.bytes.write(value, this.at, latin1 ? 'latin1' : 'utf16le');
  }

  private object(value: object): void {
    if (++this.depth > DEEPEST) this.refuse();
    if (Object.getPrototypeOf(value) === Object.prototype) this.fields(value, false);
    else if (Array.isArray(value)) this.array(value);
    else this.special(value);
    this.depth--;
  }

  private array(value: readonly unknown[]): void {
    this.byte(Tag.ARRAY);
    this.varint(value.length);
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (item === undefined && !(i in value)) this.byte(Tag.HOLE);
      else this.value(item);
    }
  }

  private special(value: object): void {
    const row = classOfRow(value);
    if (row !== undefined) this.row(value as Row, row);
    else if (isTimestamp(value)) {
      this.byte(Tag.TIMESTAMP);
      this.number(value.ms);
      this.number(value.nanosOfMs);
    } else if (types.isMap(value)) {
      this.byte(Tag.MAP);
      this.varint(value.size);
      for (const [key, item] of value) {
        this.value(key);
        this.value(item);
      }
    } else if (types.isSet(value)) {
      this.byte(Tag.SET);
      this.varint(value.size);
      for (const item of value) this.value(item);
    } else if (types.isDate(value)) {
      this.byte(Tag.DATE);
      this.double(value.getTime());
    } else if (isBytes(value)) this.binary(value as Uint8Array | ArrayBuffer);
    else this.instance(value);
  }

  private instance(value: object): void {
    const known = registeredClassOf(value);
    if (known === undefined) {
      if (!isPlainObject(value)) this.refuse();
      this.fields(value, Object.getPrototypeOf(value) === null);
      return;
    }
    const id = this.classes.get(known);
    if (id === undefined) {
      this.classes.set(known, this.newShape(ShapeKind.INSTANCE));
      this.string(known.name);
      this.varint(known.version);
    } else this.shaped(id);
    this.value(known.toPlain(value));
  }

  private binary(value: Uint8Array | ArrayBuffer): void {
    const view = ArrayBuffer.isView(value)
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      : Buffer.from(value);
    if (Buffer.isBuffer(value)) this.byte(Tag.BUFFER);
    else {
      this.byte(Tag.TYPED_ARRAY);
      const name = Object.prototype.toString.call(value).slice(8, -1);
      const number = TYPED_ARRAYS.findIndex((type) => type.name === name);
      if (number < 0 && name !== 'ArrayBuffer') this.refuse();
      this.byte(number < 0 ? 255 : number);
    }
    this.varint(view.length);
    this.room(view.length);
    this.bytes.set(view, this.at);
    this.at += view.length;
  }

  private newShape(kind: number): number {
    this.byte(Tag.NEW_SHAPE);
    this.byte(kind);
    return this.shapeCount++;
  }

  private shaped(id: number): void {
    this.byte(Tag.SHAPED);
    this.varint(id);
  }

  private row(value: Row, row: RowClass): void {
    let shape = this.rows.get(row);
    if (shape === undefined) {
      shape = { id: this.newShape(ShapeKind.ROW), names: row.schema.names, uses: 0, write: undefined };
      this.string(String(row.schema));
      this.rows.set(row, shape);
    } else this.shaped(shape.id);
    this.byte(value[rowKind]);
    this.content(shape, value);
  }

  private fields(value: object, noPrototype: boolean): void {
    const names = Object.keys(value);
    const shape = names.length > MOST_NAMES ? undefined : this.shapeOf(names, noPrototype);
    if (shape !== undefined) {
      this.content(shape, value);
      return;
    }
    this.byte(Tag.DICTIONARY);
    this.byte(noPrototype ? ShapeKind.NULL_PROTOTYPE : ShapeKind.PLAIN);
    this.varint(names.length);
    for (const name of names) {
      this.string(name);
      this.value((value as Record<string, unknown>)[name]);
    }
  }

  /** Writes the shape's number, or the shape; `undefined` when there are too many. */
  private shapeOf(names: string[], noPrototype: boolean): Shape | undefined {
    const all = noPrototype ? this.noPrototype : this.plain;
    let same = all.get(names[0]);
    if (same === undefined) {
      if (this.shapeCount >= MOST_SHAPES) return undefined;
      same = [];
      all.set(names[0], same);
    }
    search: for (const shape of same) {
      if (shape.names.length !== names.length) continue;
      for (let i = 1; i < names.length; i++) if (shape.names[i] !== names[i]) continue search;
      this.shaped(shape.id);
      return shape;
    }
    if (this.shapeCount >= MOST_SHAPES) return undefined;
    const id = this.newShape(noPrototype ? ShapeKind.NULL_PROTOTYPE : ShapeKind.PLAIN);
    this.varint(names.length);
    for (const name of names) this.string(name);
    const shape: Shape = { id, names, uses: 0, write: undefined };
    same.push(shape);
    return shape;
  }

  private content(shape: Shape, value: object): void {
    if (shape.write !== undefined) {
      shape.write(this, value);
      return;
    }
    // Generated code reads fields far faster than a loop over names, but has to be compiled.
    if (++shape.uses === OFTEN) {
      const lines = shape.names.map((name) => `w.value(o[${JSON.stringify(name)}]);`);
      shape.write = new Function('w', 'o', lines.join('\n')) as NonNullable<Shape['write']>;
    }
    for (const name of shape.names) this.value((value as Record<string, unknown>)[name]);
  }

  /** After a refusal: shapes that were not written after all. */
  private forgetShapes(from: number): void {
    this.shapeCount = from;
    for (const all of [this.plain, this.noPrototype]) {
      for (const [name, shapes] of all)
        all.set(
          name,
          shapes.filter((shape) => shape.id < from),
        );
    }
    for (const [row, shape] of this.rows) if (shape.id >= from) this.rows.delete(row);
    for (const [known, id] of this.classes) if (id >= from) this.classes.delete(known);
  }
}

/** One value as bytes, readable by itself. For many values, a `ValueWriter` is far smaller and faster. */
export function serialise(value: unknown, what?: string): Buffer {
  const writer = new ValueWriter();
  writer.write(value, what);
  return writer.take();
}
