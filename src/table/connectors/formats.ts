import { ArgumentError } from '../../core/errors.js';
import type { Row } from '../../core/rows/index.js';
import type { Schema } from '../../core/types/index.js';
import { csvSettings } from '../../formats/csv/options.js';
import {
  csvDecoder,
  csvEncoder,
  csvMessageDecoder,
  csvOptionsOf,
  type DecoderOptions,
  jsonDecoder,
  jsonEncoder,
  jsonMessageDecoder,
  jsonOptionsOf,
  type MessageDecoder,
  type RawOptions,
  type RowDecoder,
  type RowEncoder,
  rawDecoder,
  rawEncoder,
  rawMessageDecoder,
  rawOptionsOf,
} from '../../formats/index.js';
import { jsonSettings } from '../../formats/json/options.js';
import type { TableDescription } from './contract.js';
import { honoured, type OptionList, own, withPrefix } from './option-list.js';
import { optionError, type TableOptions } from './options.js';

/** @see Flink: CSV Format */
export const CSV_OPTIONS: OptionList = {
  name: 'csv',
  entries: [
    honoured('field-delimiter', ',', 'also as a Java escape: `\\t`, `\\u0001`'),
    honoured('disable-quote-character', 'false', 'a text that holds a delimiter is an error then, and not two fields'),
    honoured('quote-character', '"'),
    honoured('allow-comments', 'false'),
    honoured('ignore-parse-errors', 'false', 'rows that are left out are counted'),
    honoured('array-element-delimiter', ';'),
    honoured('escape-character'),
    honoured('null-literal'),
    honoured(
      'write-bigdecimal-in-scientific-notation',
      'true',
      'messages: `false`, as in fact in Flink 1.20, which heeds it for these only; here for files, too',
    ),
    own('header', 'false', 'the first line of a file names the columns; they are found by name'),
  ],
};

/** @see Flink: JSON Format */
export const JSON_OPTIONS: OptionList = {
  name: 'json',
  entries: [
    honoured('fail-on-missing-field', 'false'),
    honoured('ignore-parse-errors', 'false', 'rows that are left out are counted'),
    honoured('timestamp-format.standard', 'SQL', 'decides what is written; both forms are read'),
    honoured('map-null-key.mode', 'FAIL'),
    honoured('map-null-key.literal', 'null'),
    honoured('encode.decimal-as-plain-number', 'false'),
    honoured('encode.ignore-null-fields', 'false'),
  ],
};

/** @see Flink: Raw Format */
export const RAW_OPTIONS: OptionList = {
  name: 'raw',
  entries: [
    honoured('charset', 'UTF-8', 'any for reading; UTF-8 and latin1 for writing'),
    honoured('endianness', 'big-endian'),
  ],
};

/** The formats that there are. */
export const FORMATS: readonly OptionList[] = [CSV_OPTIONS, JSON_OPTIONS, RAW_OPTIONS];

/** Flink's other formats, so that a message can tell them from a slip of the pen. */
const ELSEWHERE = [
  'avro',
  'avro-confluent',
  'parquet',
  'orc',
  'protobuf',
  'debezium-json',
  'canal-json',
  'maxwell-json',
];
const MORE_ELSEWHERE = ['ogg-json', 'debezium-avro-confluent'];

/** How rows are read and written. */
export interface TableFormat {
  readonly name: string;
  /** Of the bytes of a file. */
  rows(schema: Schema, options: DecoderOptions): RowDecoder;
  /** Of messages, one row each. */
  messages(schema: Schema, options: DecoderOptions): MessageDecoder;
  encoder(schema: Schema): RowEncoder;
  /** Makes the function that makes a message of a row; `null`: one without a value. */
  message(schema: Schema): (row: object) => Buffer | null;
  /** Whether a message without a value is a row of NULL, and not none. */
  readonly nothingIsNull: boolean;
}

/**
 * The format that an option names.
 *
 * @param prefix what its options begin with, before its own name: nothing, `value.`, `key.`
 * @param badRows whether rows that cannot be read can go into a table
 */
export function tableFormat(
  name: string,
  prefix: string,
  table: TableDescription,
  options: TableOptions,
  badRows: boolean,
): TableFormat {
  const list = FORMATS.find((one) => one.name === name);
  if (list === undefined) throw noFormat(name, table);
  const own = `${prefix}${name}.`;
  const entries = withPrefix(list, own);
  const more: DecoderOptions = { badRowHint: hintOf(own, name, badRows) };
  switch (name) {
    case 'csv': {
      const csv = options.format(entries, (given) => {
        if (given[`${own}disable-quote-character`] === 'true' && given[`${own}quote-character`] !== undefined) {
          throw new ArgumentError(
            'Format cannot define a quote character and disabled quote character at the same time.',
          );
        }
        return checked(csvOptionsOf(given, own), csvSettings);
      });
      return {
        name,
        rows: (schema, given) => csvDecoder(schema, { ...csv, ...more, ...given }),
        messages: (schema, given) => csvMessageDecoder(schema, { ...csv, ...more, ...given }),
        encoder: (schema) => csvEncoder(schema, csv),
        // Unless it was set, Flink writes decimals of messages plainly, whatever the default on its page.
        message: (schema) => bytesOf(csvEncoder(schema, { writeBigDecimalInScientificNotation: false, ...csv })),
        nothingIsNull: false,
      };
    }
    case 'json': {
      const json = options.format(entries, (given) => checked(jsonOptionsOf(given, own), jsonSettings));
      return {
        name,
        rows: (schema, given) => jsonDecoder(schema, { ...json, ...more, ...given }),
        messages: (schema, given) => jsonMessageDecoder(schema, { ...json, ...more, ...given }),
        encoder: (schema) => jsonEncoder(schema, json),
        message: (schema) => bytesOf(jsonEncoder(schema, json)),
        nothingIsNull: false,
      };
    }
    default: {
      const raw = options.format(entries, (given) => checked(rawOptionsOf(given, own), checkRaw));
      return {
        name,
        // Of a single column there is nothing to choose from.
        rows: (schema, { columns: _, ...given }) => rawDecoder(schema, { ...raw, ...more, ...given }),
        messages: (schema, { columns: _, ...given }) => rawMessageDecoder(schema, { ...raw, ...more, ...given }),
        encoder: (schema) => rawEncoder(schema, raw),
        message: (schema) => {
          const [name = ''] = schema.names;
          const bytes = bytesOf(rawEncoder(schema, raw));
          return (row) => ((row as Row)[name] === null ? null : bytes(row));
        },
        nothingIsNull: true,
      };
    }
  }
}

function bytesOf(encoder: RowEncoder): (row: object) => Buffer {
  return (row) => {
    const made = encoder.encode(row);
    return typeof made === 'string' ? Buffer.from(made) : Buffer.from(made.buffer, made.byteOffset, made.byteLength);
  };
}

function checked<T>(options: T, check: (options: T) => unknown): T {
  check(options);
  return options;
}

function checkRaw({ charset, endianness = 'big-endian' }: RawOptions): void {
  if (endianness !== 'big-endian' && endianness !== 'little-endian') {
    throw new ArgumentError(`Unsupported endianness name: ${endianness}`, { hint: "'big-endian' or 'little-endian'" });
  }
  try {
    new TextDecoder(charset);
  } catch {
    throw new ArgumentError(`Unsupported 'charset' name: ${charset}`);
  }
}

function hintOf(prefix: string, name: string, badRows: boolean): string {
  const ignore =
    name === 'raw' ? [] : [`'${prefix}ignore-parse-errors' = 'true' leaves such rows out, and counts them`];
  const aside = badRows ? ["'bad-rows' = '<a table>' puts them there"] : [];
  return [...ignore, ...aside].join('; ');
}

function noFormat(name: string, table: TableDescription): Error {
  const there = `there are: ${FORMATS.map((one) => one.name).join(', ')}`;
  if ([...ELSEWHERE, ...MORE_ELSEWHERE].includes(name)) {
    return optionError(table, `the format '${name}' is Flink's, and is not carried out here`, there);
  }
  return optionError(table, `no format '${name}'`, there);
}
