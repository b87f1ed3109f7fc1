import { ArgumentError } from '../core/errors.js';
import { type Row, type RowClass, rowClassOf } from '../core/rows/index.js';
import { type AnyType, type FieldTypes, type Schema, schemaOf } from '../core/types/index.js';
import { longOf } from '../core/values/index.js';
import { BadRows } from './bad.js';
import { Chunks } from './chunks.js';
import type { DecoderOptions, DecoderPosition, MessageDecoder, RowDecoder, RowEncoder } from './format.js';

/**
 * How single values are written. Names and defaults are those of Flink's raw format.
 *
 * @see Flink: Raw Format
 */
export interface RawOptions {
  /** Of STRING: any name that `TextDecoder` knows for reading; writing is UTF-8 or latin1. Default `UTF-8`. */
  readonly charset?: string;
  /** Of numbers. Default `'big-endian'`. */
  readonly endianness?: 'big-endian' | 'little-endian';
}

interface Codec {
  /** `undefined` when the bytes are no such value. */
  read(bytes: Buffer): unknown;
  write(value: never): Buffer;
}

function fixed<T>(size: number, read: (b: Buffer) => T, write: (b: Buffer, value: T) => unknown): Codec {
  return {
    read: (bytes) => (bytes.length === size ? read(bytes) : undefined),
    write: (value: T) => {
      const bytes = Buffer.alloc(size);
      write(bytes, value);
      return bytes;
    },
  };
}

function codecOf(type: AnyType, options: RawOptions): Codec {
  const big = (options.endianness ?? 'big-endian') === 'big-endian';
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return textCodec(options.charset ?? 'UTF-8');
    case 'BINARY':
    case 'VARBINARY':
      return { read: (bytes) => Buffer.from(bytes), write: (value: Uint8Array) => Buffer.from(value) };
    case 'BOOLEAN':
      return fixed(
        1,
        (b) => b[0] !== 0,
        (b, value: boolean) => b.writeUInt8(value ? 1 : 0),
      );
    case 'TINYINT':
      return fixed(
        1,
        (b) => b.readInt8(),
        (b, v: number) => b.writeInt8(v),
      );
    case 'SMALLINT':
      return big
        ? fixed(
            2,
            (b) => b.readInt16BE(),
            (b, v: number) => b.writeInt16BE(v),
          )
        : fixed(
            2,
            (b) => b.readInt16LE(),
            (b, v: number) => b.writeInt16LE(v),
          );
    case 'INT':
      return big
        ? fixed(
            4,
            (b) => b.readInt32BE(),
            (b, v: number) => b.writeInt32BE(v),
          )
        : fixed(
            4,
            (b) => b.readInt32LE(),
            (b, v: number) => b.writeInt32LE(v),
          );
    case 'BIGINT':
      return big
        ? fixed(
            8,
            (b) => longOf(b.readBigInt64BE()),
            (b, v: number | bigint) => b.writeBigInt64BE(BigInt(v)),
          )
        : fixed(
            8,
            (b) => longOf(b.readBigInt64LE()),
            (b, v: number | bigint) => b.writeBigInt64LE(BigInt(v)),
          );
    case 'FLOAT':
      return big
        ? fixed(
            4,
            (b) => b.readFloatBE(),
            (b, v: number) => b.writeFloatBE(v),
          )
        : fixed(
            4,
            (b) => b.readFloatLE(),
            (b, v: number) => b.writeFloatLE(v),
          );
    case 'DOUBLE':
      return big
        ? fixed(
            8,
            (b) => b.readDoubleBE(),
            (b, v: number) => b.writeDoubleBE(v),
          )
        : fixed(
            8,
            (b) => b.readDoubleLE(),
            (b, v: number) => b.writeDoubleLE(v),
          );
    default:
      throw new ArgumentError(`raw cannot hold a ${type}`, { hint: 'raw takes one STRING, BYTES, BOOLEAN or number' });
  }
}

function textCodec(charset: string): Codec {
  const name = charset.toLowerCase();
  const utf8 = name === 'utf-8' || name === 'utf8';
  const latin1 = ['latin1', 'iso-8859-1', 'us-ascii'].includes(name);
  const decoder = utf8 || latin1 ? undefined : new TextDecoder(charset);
  return {
    read: (bytes) => (decoder === undefined ? bytes.toString(utf8 ? 'utf8' : 'latin1') : decoder.decode(bytes)),
    write: (value: string) => {
      if (decoder !== undefined)
        throw new ArgumentError(`raw: cannot write ${charset}`, { hint: 'UTF-8 and latin1 can be written' });
      return Buffer.from(value, utf8 ? 'utf8' : 'latin1');
    },
  };
}

function onlyColumn(schema: Schema): { name: string; type: AnyType } {
  const [column, ...more] = schema.fields;
  if (column === undefined || more.length > 0) {
    throw new ArgumentError(`raw takes a schema of one column, this one has ${schema.length}`);
  }
  return column;
}

/** Makes a decoder of messages that are one value each. A message of no bytes at all is an empty text. */
export function rawMessageDecoder(
  fields: Schema | FieldTypes,
  options: RawOptions & DecoderOptions = {},
): MessageDecoder {
  const schema = schemaOf(fields as FieldTypes);
  const { name, type } = onlyColumn(schema);
  const codec = codecOf(type, options);
  const rowClass = rowClassOf(schema);
  const chunks = new Chunks(options.source ?? 'input', options);
  const bad = new BadRows(options, false);
  return {
    rowClass,
    decode(bytes, where) {
      const value = codec.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (value !== undefined) return rowClass.of([value]);
      chunks.load(bytes);
      bad.add(chunks, chunks.end, { reason: `${bytes.length} bytes are no ${type}`, column: name }, where);
      return undefined;
    },
    get badRows() {
      return bad.rows;
    },
    get badFields() {
      return 0;
    },
  };
}

/** Makes a decoder of lines: each line of text is one row of one STRING (or BYTES) column, without its line end. */
export function rawDecoder(fields: Schema | FieldTypes, options: RawOptions & DecoderOptions = {}): RowDecoder {
  const schema = schemaOf(fields as FieldTypes);
  const { type } = onlyColumn(schema);
  if (!['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY'].includes(type.root)) {
    throw new ArgumentError(`raw: lines of a file cannot be ${type}`, { hint: 'lines are STRING or BYTES' });
  }
  return new LineDecoder(rowClassOf(schema), codecOf(type, options), options);
}

class LineDecoder implements RowDecoder {
  readonly badRows = 0;
  readonly badFields = 0;
  private readonly chunks: Chunks;

  constructor(
    readonly rowClass: RowClass,
    private readonly codec: Codec,
    options: DecoderOptions,
  ) {
    this.chunks = new Chunks(options.source ?? 'input', options);
  }

  feed(bytes: Uint8Array): void {
    this.chunks.feed(bytes);
  }
  end(): void {
    this.chunks.finish();
  }
  position(): DecoderPosition {
    const { chunks } = this;
    return { position: chunks.positionOf(chunks.at), line: chunks.line, badRows: 0, badFields: 0 };
  }

  read(out: Row[], max: number): number {
    const { chunks } = this;
    let n = 0;
    while (chunks.at < chunks.end && n < max) {
      const { bytes, at } = chunks;
      const lineEnd = chunks.text.indexOf('\n', at);
      const end = lineEnd > at && bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd;
      out[n++] = this.rowClass.of([this.codec.read(bytes.subarray(at, end))]);
      chunks.at = lineEnd + 1;
      chunks.line++;
    }
    return n;
  }
}

/** Makes an encoder of single values. */
export function rawEncoder(fields: Schema | FieldTypes, options: RawOptions = {}): RowEncoder {
  const { name, type } = onlyColumn(schemaOf(fields as FieldTypes));
  const codec = codecOf(type, options);
  return {
    head: '',
    lineEnd: '\n',
    encode(row) {
      const value = (row as Row)[name];
      return value === null || value === undefined ? Buffer.alloc(0) : codec.write(value as never);
    },
  };
}
