import type { Schema } from '../../../core/types/index.js';
import {
  csvEncoder,
  csvMessageDecoder,
  csvOptionsOf,
  jsonEncoder,
  jsonMessageDecoder,
  jsonOptionsOf,
  type MessageDecoder,
  type RowEncoder,
  rawEncoder,
  rawMessageDecoder,
  rawOptionsOf,
} from '../../../formats/index.js';
import type { TableDescription } from '../contract.js';
import { optionError, type TableOptions } from '../options.js';

/** How keys or values are read and written. */
export interface MessageFormat {
  /** For these columns; only those in `used` are looked at. */
  decoder(schema: Schema, used: readonly string[]): MessageDecoder;
  encoder(schema: Schema): (row: object) => Buffer;
}

function bytesOf(encoder: RowEncoder): (row: object) => Buffer {
  return (row) => {
    const made = encoder.encode(row);
    return typeof made === 'string' ? Buffer.from(made) : Buffer.from(made.buffer, made.byteOffset, made.byteLength);
  };
}

/**
 * The format that an option names.
 *
 * @param prefixes before the format's own options, the first that has some: `value.csv.`, `csv.`
 */
export function messageFormat(
  name: string,
  table: TableDescription,
  options: TableOptions,
  prefixes: readonly string[],
): MessageFormat {
  const given = Object.keys(table.options);
  const prefix = prefixes.map((one) => `${one}${name}.`).find((one) => given.some((key) => key.startsWith(one)));
  const read = <T>(reader: (all: Readonly<Record<string, string>>, prefix: string) => T): T => {
    const used = prefix ?? `${name}.`;
    return options.format((all) => reader(all, used), used);
  };
  switch (name) {
    case 'csv': {
      const csv = read(csvOptionsOf);
      return {
        decoder: (schema, columns) => csvMessageDecoder(schema, { ...csv, columns }),
        encoder: (schema) => bytesOf(csvEncoder(schema, csv)),
      };
    }
    case 'json': {
      const json = read(jsonOptionsOf);
      return {
        decoder: (schema, columns) => jsonMessageDecoder(schema, { ...json, columns }),
        encoder: (schema) => bytesOf(jsonEncoder(schema, json)),
      };
    }
    case 'raw': {
      const raw = read(rawOptionsOf);
      return {
        decoder: (schema) => rawMessageDecoder(schema, raw),
        encoder: (schema) => bytesOf(rawEncoder(schema, raw)),
      };
    }
    default:
      throw optionError(table, `no format '${name}'`, 'there are: csv, json, raw');
  }
}
