import { ArgumentError } from '../core/errors.js';
import type { CsvOptions } from './csv/options.js';
import type { JsonOptions } from './json/options.js';
import type { RawOptions } from './raw.js';

const yes = (text: string, key: string): boolean => {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw new ArgumentError(`'${key}' = '${text}': true or false`);
};
const NULL_KEY_MODES = ['FAIL', 'DROP', 'LITERAL'];
const nullKeyMode = (text: string, key: string): string => {
  const mode = text.toUpperCase();
  if (NULL_KEY_MODES.includes(mode)) return mode;
  throw new ArgumentError(`'${key}' = '${text}': one of ${NULL_KEY_MODES.join(', ')}`);
};
const plain = (text: string): string => text;
/** Flink lets delimiters be written as Java escapes: `\t`, `\u0001`. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex: string | undefined, letter: string) =>
    hex === undefined
      ? ({ t: '\t', n: '\n', r: '\r' }[letter] ?? letter)
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );

type Readers = Record<string, readonly [option: string, read: (text: string, key: string) => unknown]>;

const CSV: Readers = {
  'field-delimiter': ['fieldDelimiter', unescaped],
  'disable-quote-character': ['quoteCharacter', (text, key) => (yes(text, key) ? null : undefined)],
  'quote-character': ['quoteCharacter', plain],
  'escape-character': ['escapeCharacter', plain],
  'null-literal': ['nullLiteral', plain],
  'allow-comments': ['allowComments', yes],
  'ignore-parse-errors': ['ignoreParseErrors', yes],
  'array-element-delimiter': ['arrayElementDelimiter', unescaped],
  'write-bigdecimal-in-scientific-notation': ['writeBigDecimalInScientificNotation', yes],
  header: ['header', yes],
};
const JSON_: Readers = {
  'fail-on-missing-field': ['failOnMissingField', yes],
  'ignore-parse-errors': ['ignoreParseErrors', yes],
  'timestamp-format.standard': ['timestampFormat', plain],
  'map-null-key.mode': ['mapNullKeyMode', nullKeyMode],
  'map-null-key.literal': ['mapNullKeyLiteral', plain],
  'encode.decimal-as-plain-number': ['encodeDecimalAsPlainNumber', yes],
  'encode.ignore-null-fields': ['encodeIgnoreNullFields', yes],
};
const RAW: Readers = { charset: ['charset', plain], endianness: ['endianness', plain] };

/**
 * Reads a format's options as SQL's WITH clause has them (`'csv.field-delimiter' = ';'`), under the given prefix.
 * Options of others are passed over; one of ours that does not exist is an error.
 *
 * @param prefix `csv.`, or `value.csv.` for a Kafka connector's value
 */
export function csvOptionsOf(options: Readonly<Record<string, string>>, prefix = 'csv.'): CsvOptions {
  return read(options, prefix, CSV) as CsvOptions;
}
/** The same for json. */
export function jsonOptionsOf(options: Readonly<Record<string, string>>, prefix = 'json.'): JsonOptions {
  return read(options, prefix, JSON_) as JsonOptions;
}
/** The same for raw. */
export function rawOptionsOf(options: Readonly<Record<string, string>>, prefix = 'raw.'): RawOptions {
  return read(options, prefix, RAW) as RawOptions;
}

function read(options: Readonly<Record<string, string>>, prefix: string, readers: Readers): object {
  const found: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(options)) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader === undefined) {
      throw new ArgumentError(`unknown option '${key}'`, {
        hint: `known are: ${Object.keys(readers)
          .map((n) => prefix + n)
          .join(', ')}`,
      });
    }
    const value = reader[1](text, key);
    if (value !== undefined) found[reader[0]] = value;
  }
  return found;
}
