import { ArgumentError } from '../../core/errors.js';
import type { Row } from '../../core/rows/index.js';
import { type AnyType, type FieldTypes, type Schema, schemaOf } from '../../core/types/index.js';
import type { RowEncoder } from '../format.js';
import { toText } from '../to-text.js';
import { type CsvOptions, csvSettings } from './options.js';

const LF = 10;
const CR = 13;
const BACKSLASH = 92;
/** Texts longer than this are quoted without looking, as Flink's library does. */
const LONGEST_UNQUOTED = 24;
/** Written as they are, without the look that texts get. */
const NUMBERS: ReadonlySet<string> = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'INTERVAL_YEAR_MONTH',
  'INTERVAL_DAY_TIME',
]);

/**
 * Makes an encoder of csv, byte for byte as Flink's: a text is quoted where it is longer than 24 characters, or holds a
 * backslash or any character up to the delimiter or the quote, whichever comes later. NULL is written as the null literal,
 * or as nothing; then it reads back as an empty string, and `nullLiteral` should be set.
 *
 * Where Flink's bytes could not be read back, these can: a row of one empty field is `""` and not an empty line, and without
 * quotes a delimiter inside a text is an error.
 *
 * @see Flink: CSV Format
 */
export function csvEncoder(
  fields: Schema | FieldTypes,
  options: CsvOptions = {},
): RowEncoder & { encode(row: object): string } {
  const schema = schemaOf(fields as FieldTypes);
  const settings = csvSettings(options);
  const delimiter = String.fromCharCode(settings.delimiter);
  const quote = settings.quote < 0 ? undefined : String.fromCharCode(settings.quote);
  const escapeText = settings.escapeCode < 0 ? undefined : String.fromCharCode(settings.escapeCode);
  // Up to here characters are quoted; behind it only those that mean something.
  const lastUnsafe = Math.max(settings.delimiter, settings.quote, CR);
  const { escapeCode } = settings;
  const nullText = settings.nullLiteral ?? '';
  const means = (code: number): boolean =>
    code === settings.delimiter || code === settings.quote || code === escapeCode || code === LF || code === CR;
  const has = (text: string, test: (code: number) => boolean): boolean => {
    for (let i = 0; i < text.length; i++) if (test(text.charCodeAt(i))) return true;
    return false;
  };
  const inQuotes = (text: string): string => {
    if (quote === undefined) {
      throw new ArgumentError(`csv: ${JSON.stringify(text)} holds a delimiter or line end, and quoting is off`);
    }
    const escaped = escapeText === undefined ? text : text.replaceAll(escapeText, escapeText + escapeText);
    return quote + escaped.replaceAll(quote, quote + quote) + quote;
  };
  const unsafe = (code: number): boolean => code <= lastUnsafe || code === BACKSLASH || code === escapeCode;
  const field = (text: string, first: boolean): string => {
    if (quote === undefined) return has(text, means) ? inQuotes(text) : text;
    const comment = first && settings.comments && text.startsWith('#');
    return comment || text.length > LONGEST_UNQUOTED || has(text, unsafe) ? inQuotes(text) : text;
  };
  const number = (text: string): string => (has(text, means) ? inQuotes(text) : text);
  const writers = schema.fields.map(({ type }) => ({
    write: toText(type as AnyType, settings),
    quoted: NUMBERS.has(type.root) ? number : field,
  }));
  return {
    head: settings.header ? `${schema.names.map((name, i) => field(name, i === 0)).join(delimiter)}\n` : '',
    lineEnd: '\n',
    encode(row: object): string {
      let line = '';
      for (let i = 0; i < writers.length; i++) {
        const value = (row as Row)[schema.names[i] as string];
        const { write, quoted } = writers[i] as (typeof writers)[number];
        if (i > 0) line += delimiter;
        line += value === null || value === undefined ? nullText : quoted(write(value), i === 0);
      }
      // A row of one empty field would be an empty line.
      return line === '' && quote !== undefined ? quote + quote : line;
    },
  };
}
